// Several processes train one model: the same bits as one process, whatever MPI there is; and all end where one fails.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectCloseHistory, testEndings } from './endings.ts';
import { failureOf, isThere, launch, launchers, run } from './launch.ts';
import { alone, bothNetworks, type Order, parse, type Results, script } from './train.ts';

/** Threads and relaxed SIMD need Node 22 or later. */
const isNew = Number(process.versions.node.split('.')[0]) >= 22;

describe.each(launchers)('%s', (_, launcher, settings) => {
  describe.skipIf(!isThere(launcher))(`(left out where there is no ${launcher})`, () => {
    const start = (ranks: number, order: Order = {}) =>
      launch(launcher, settings, ranks, [script, JSON.stringify({ networks: bothNetworks, ...order })]);
    const ranks = async (count: number, order?: Order) => parse((await start(count, order)).stdout)[0];

    const failure = (count: number, order: Order) =>
      failureOf(() => start(count, { networks: ['dense'], ...order }));

    let expected: Results;
    beforeAll(async () => {
      expected = await alone();
    });

    test.each([2, 4, 8])('%i ranks come to the bits of one process', async (count) => {
      expect(await ranks(count)).toEqual(expected);
    });

    test('as do three, which share eight parts unevenly, and more ranks than parts', async () => {
      expect(await ranks(3)).toEqual(expected);
      const fit = { microBatches: 2 };
      expect(await ranks(3, { networks: ['dense'], fit })).toEqual(await alone({ networks: ['dense'], fit }));
    });

    test('as do ranks whose sums begin before the last gradient is there', async () => {
      const order = { networks: ['wide'], samples: 256 };
      const one = await alone(order);
      for (const count of [2, 3]) expect(await ranks(count, order)).toEqual(one);
      const { wide } = await ranks(2, { ...order, fit: { deterministic: false } });
      expectCloseHistory(wide, one.wide);
    });

    test.skipIf(!isNew)('as do two threads (Node 22 or later), alone and on each rank', async () => {
      expect(await alone({ threads: 2 })).toEqual(expected);
      expect(await ranks(2, { threads: 2 })).toEqual(expected);
    });

    test.skipIf(!isNew)(
      'with relaxed SIMD (Node 22 or later) they come to the bits of that, on one machine',
      async () => {
        const order = { variant: 'relaxed' };
        const one = await alone(order);
        expect(one.convnet.weights).not.toBe(expected.convnet.weights);
        expect(await ranks(2, order)).toEqual(one);
      },
    );

    test('every rank has the weights, the history and the predictions', async () => {
      const { stdout } = await start(2, { networks: ['dense'], everyRank: true });
      expect(parse(stdout)).toEqual([{ dense: expected.dense }, { dense: expected.dense }]);
    });

    test.each([
      ['adam', {}],
      ['adam', { clipping: { globalClipNorm: 0.1 } }],
      ['lamb', { optimizer: 'lamb' }],
    ])('and with the memory of %s split among three, %o', async (_, optimizer) => {
      const order = { ...optimizer, isTwice: true };
      expect(await ranks(3, { ...order, fit: { shardOptimizer: true } })).toEqual(await alone(order));
    });

    test("in an order of MPI's own they are close", async () => {
      const { dense } = await ranks(3, { networks: ['dense'], fit: { deterministic: false } });
      expectCloseHistory(dense, expected.dense);
    });

    test('datasets: whole, or of each batch what a rank reads for itself', async () => {
      const order = { networks: ['dense'], dataset: 'whole' };
      const one = await alone(order);
      expect(await ranks(2, order)).toEqual(one);
      for (const count of [2, 4]) expect(await ranks(count, { ...order, dataset: 'own' })).toEqual(one);
    });

    test('a rank whose own dataset is shorter than the others’ is a sentence', async () => {
      const { said } = await failure(2, { dataset: 'own', shortOn: 1 });
      expect(said).toContain('of a batch of 32 in 8 parts rank 0 of 2 has 16; it read 32.');
    });

    test('the profile has what ranks say to each other, as a share of the time', async () => {
      const fit = { profile: true, shardOptimizer: true };
      const { exchanges } = (await ranks(2, { networks: ['dense'], fit })).dense;
      const of = (what: string) => exchanges!.find(({ layers }) => layers === what);
      // Two epochs of three steps.
      // 101,770 weights, a loss and metrics, each in whole vectors.
      expect(of('parts')).toMatchObject({ shape: '[101784]', runs: 6 });
      expect(of('weights')?.runs).toBe(6);
      expect(of('stop and learning rate')?.runs).toBeGreaterThanOrEqual(6);
      const share = exchanges!.reduce((sum, entry) => sum + entry.share, 0);
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThan(1);
    });

    test('callbacks, which the first rank calls, count for all: rates, stops, weights', async () => {
      const order = { networks: ['dense'], callbacks: 'change' };
      const one = await alone(order);
      expect(one.dense.rates.length).toBe(5);
      expect(await ranks(2, order)).toEqual(one);
    });

    test('a rank that is killed ends all within seconds; fewer go on to the same bits', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'lanegrad-'));
      const order = { networks: ['dense'], checkpoint: folder, every: 1 };
      try {
        const sabotage = { rank: 1, call: 50, signal: 'SIGKILL' };
        const { said, seconds } = await failure(3, { ...order, sabotage });
        expect(seconds).toBeLessThan(20);
        expect(readdirSync(folder), said).not.toEqual([]);
        expect((await ranks(2, order)).dense.weights).toBe(expected.dense.weights);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    test('a checkpoint of an epoch has what all remember', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'lanegrad-'));
      const order = { networks: ['dense'], checkpoint: folder, every: 'epoch' };
      try {
        await ranks(3, { ...order, fit: { shardOptimizer: true, epochs: 1 } });
        const { dense } = await alone(order);
        expect(dense.weights).toBe(expected.dense.weights);
        expect(dense.remembered).toBe(expected.dense.remembered);
        const fit = { shardOptimizer: true, epochs: 3 };
        const { said } = await failure(2, { ...order, every: 1, fit });
        expect(said).toContain('What the optimizer remembers is split among the ranks of a cluster');
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    testEndings(failure);

    test('processes that do not know of each other say so', async () => {
      const order = JSON.stringify({ networks: [] });
      const alone = run([process.execPath, script, order], { SLURM_STEP_NUM_TASKS: '4' });
      await expect(alone).rejects.toThrow(
        /4 processes were started together, but .* knows of one: .* srun --mpi=pmix/,
      );
    });

    test('other data on a rank is a sentence', async () => {
      const { said } = await failure(2, { oddSamples: 1, fit: { validationSplit: 0 } });
      expect(said).toContain('rank 1 has another number of samples than rank 0: 401, not 400.');
    });
  });
});
