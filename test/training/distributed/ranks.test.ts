// Ranks of a cluster come to the bits of one process. They are threads here, so that nothing need be installed; with
// MPI, as real processes, test/mpi does the same.

import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleInternals } from '../../bundled.ts';

const script = new URL('ranks.script.mjs', import.meta.url);

type Order = Record<string, unknown>;
interface Result {
  readonly history: Record<string, number[]>;
  readonly exchanges?: readonly string[];
  readonly [what: string]: unknown;
}

let library: string;
beforeAll(async () => {
  library = await bundleInternals();
});
afterAll(() => rmSync(dirname(library), { recursive: true }));

/** Has some ranks train what is ordered, one after the other; with none, one process does. @returns what each came to */
function ranks(size: number, orders: readonly Order[]): Promise<(Result | string)[][]> {
  const ports = Array.from({ length: size }, (): MessagePort[] => []);
  for (let a = 0; a < size; a++)
    for (let b = 0; b < a; b++) {
      const { port1, port2 } = new MessageChannel();
      [ports[a][b], ports[b][a]] = [port1, port2] as unknown as MessagePort[];
    }
  const events = new Int32Array(new SharedArrayBuffer(4 * Math.max(size, 1)));
  const started = Array.from({ length: Math.max(size, 1) }, (_, rank) => {
    const own = Array.from({ length: size }, (_, other) => ports[rank]?.[other]);
    const worker = new Worker(script, {
      workerData: { library, rank, size, ports: own, events, orders },
      transferList: own.filter((port) => port !== undefined) as never,
    });
    return new Promise<(Result | string)[]>((resolve, reject) => {
      worker.once('message', resolve).once('error', reject);
    });
  });
  return Promise.all(started);
}

const everywhere: Record<string, Order> = {
  'callbacks that change weights and rates, and stop in the midst': {
    ...{ network: 'dense', change: 'all', fit: { epochs: 3 } },
  },
  'metrics that are sums, and one of all samples, of uneven parts': {
    ...{ network: 'binary', metrics: ['accuracy', 'auc', 'precision'], count: 29 },
  },
  'an optimizer whose memory is split': {
    ...{ network: 'dense', change: 'all', fit: { shardOptimizer: true, epochs: 3 } },
  },
  'one whose memory was whole before': {
    ...{ network: 'dense', trained: 'together', fit: { shardOptimizer: true, epochs: 1 } },
  },
  'one that looks at each weight as a whole': {
    ...{ network: 'dense', optimizer: 'lamb', fit: { shardOptimizer: true } },
  },
  'random numbers of batches that are predicted and evaluated': { network: 'drawing' },
  'masks that leave out steps': { network: 'masked' },
  'models that each rank has trained by itself before: the first one counts, and what its optimizer remembers':
    {
      ...{ network: 'dense', trained: 'alone', fit: { epochs: 1 } },
    },
  'batches of a dataset': { network: 'dense', dataset: 'whole', count: 40 },
  'fewer samples than parts in the last batch': { network: 'dense', count: 22, fit: { microBatches: 16 } },
};

describe('ranks', () => {
  const orders = Object.values(everywhere);
  let alone: (Result | string)[];
  beforeAll(async () => {
    [alone] = await ranks(0, orders);
  });

  test.each([2, 5])('%i of them come to the bits of one process, each of them', async (size) => {
    const names = Object.keys(everywhere);
    for (const [rank, own] of (await ranks(size, orders)).entries()) {
      // What callbacks noted is the first rank's.
      const expected = alone.map((each) => (rank === 0 ? each : { ...(each as Result), rates: undefined }));
      expect(named(names, own)).toEqual(named(names, expected));
    }
  });
});

const named = (names: readonly string[], results: readonly unknown[]) =>
  names.map((name, i) => [name, results[i]]);

describe('long vectors', () => {
  const wide = { network: 'wide', count: 20, fit: { epochs: 1, validationSplit: 0 } };

  test('are added up in stretches, the last first, to the same bits, however many parts steps have', async () => {
    const [[[alone]], all] = [await ranks(0, [wide]), await ranks(3, [wide])];
    for (const [own] of all)
      expect({ ...(own as Result), rates: undefined }).toEqual({ ...(alone as Result), rates: undefined });
  });

  test('in the order that the cluster likes they come to nearly the same', async () => {
    const free = { ...wide, fit: { ...wide.fit, deterministic: false } };
    const [[[alone]], [[first], ...others]] = [await ranks(0, [free]), await ranks(3, [free])];
    const { history, ...rest } = first as Result;
    for (const [own] of others) expect(own).toEqual({ history, ...rest, rates: undefined });
    for (const [name, values] of Object.entries((alone as Result).history))
      for (const [i, value] of values.entries()) expect(history[name][i]).toBeCloseTo(value, 3);
  });
});

test('the profile tells what travelled, and how often', async () => {
  const fit = { profile: true, epochs: 1, shardOptimizer: true };
  const [[masked, binary]] = await ranks(2, [
    { network: 'masked', fit },
    { network: 'binary', metrics: ['auc'], fit },
  ]);
  expect([masked, binary].map((each) => (each as Result).exchanges)).toMatchInlineSnapshot(`
    [
      [
        "counts [4] ×2",
        "parts [56] ×2",
        "stop and learning rate [2] ×5",
        "weights [44] ×2",
      ],
      [
        "metrics [39] ×1",
        "metrics [48] ×1",
        "parts [44] ×2",
        "stop and learning rate [2] ×5",
        "weights [36] ×2",
      ],
    ]
  `);
});

test('a model that is disposed of gives back what ranks need for their sums', async () => {
  const orders = ['masked', 'wide'].flatMap((network) => {
    const order = { network, fit: { epochs: 1, shardOptimizer: network === 'masked' }, isMeasured: true };
    // What is made once and for all shows the first time.
    return [order, order];
  });
  // The optimizer keeps its rate and the like.
  for (const own of await ranks(2, orders))
    expect(own).toEqual([expect.anything(), { kept: 28 }, expect.anything(), { kept: 28 }]);
});

describe('a dataset of which each rank reads its own samples', () => {
  test('trains as one that all read', async () => {
    const own = { network: 'dense', dataset: 'own', count: 40 };
    const [[alone]] = await ranks(0, [{ ...own, dataset: 'whole' }]);
    for (const [result] of await ranks(2, [own]))
      expect({ ...(result as Result), rates: [] }).toEqual({ ...(alone as Result), rates: [] });
  });
});

describe('what does not go together is a sentence on every rank', () => {
  const dense = { network: 'dense', fit: { epochs: 1 } };
  const ownParts = (what: string) =>
    `fitDataset: with readsOwn a rank reads the samples of its own parts: of a batch of ${what}`;
  const differs = (what: string) =>
    `fit: every rank of a cluster does the same, but rank 1 has another ${what}`;
  test.each<[string, Order, string]>([
    ['an error in a callback', { ...dense, change: 'throw' }, 'the disk is full'],
    [
      'another number of samples',
      { ...dense, odd: { samples: 5 } },
      differs('number of samples than rank 0: 33, not 29.'),
    ],
    [
      'other options',
      { ...dense, odd: { fit: { shuffle: false } } },
      differs('shuffle than rank 0: false, not true.'),
    ],
    [
      'a dataset that ends early on one rank',
      { network: 'dense', dataset: 'own', count: 40, odd: { short: 1 } },
      ownParts('4 in 4 parts rank 0 of 2 has 2; it read 4.'),
    ],
    [
      'a dataset whose batches no part is whole of',
      { network: 'dense', dataset: 'own', count: 40, fit: { microBatches: 3 } },
      ownParts('8 in 3 parts rank 0 of 2 has 6; it read 4.'),
    ],
  ])('%s', async (_, order, sentence) => {
    const said = (await ranks(2, [order])).flat();
    // Where both find out, which of them the other hears first is chance.
    const others = [0, 1].map((rank) => `rank ${rank} failed: ${sentence}`);
    expect(said).toContain(sentence);
    for (const each of said) expect([sentence, ...others]).toContain(each);
  });
});
