// Ranks by the MPI libraries of other releases of Debian: the right one is found, the same bits, an end where one fails.

import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectCloseHistory, testEndings } from './endings.ts';
import { whyNoHosts } from './hosts.ts';
import { lossOf } from './launch.ts';
import { launch, type Mpi, mpis, packageOf, runTests, whyNot } from './roots.ts';
import { alone, bothNetworks, type Order, parse, type Results, script } from './train.ts';

const speaker = join(import.meta.dirname, 'library.script.mjs');

const reasons = await Promise.all(mpis.map(whyNot));
for (const reason of new Set(reasons))
  if (reason) console.log(`Tests of MPI in other releases of Debian are left out: ${reason}.`);

/** Other releases' launchers end wrongly now and then, without lanegrad too: docs/cluster.md says which. */
const again = { retry: 1 };

let expected: Results;
beforeAll(async () => {
  expected = await alone();
});

describe.each(mpis.map((mpi, i) => [mpi.name, mpi, reasons[i]] as const))('%s', (_, mpi, reason) => {
  describe.skipIf(reason)(reason ? `(left out: ${reason})` : packageOf(mpi), again, () => {
    const start = (count: number, order: Order = {}) =>
      launch(mpi, count, [script, JSON.stringify({ networks: bothNetworks, ...order })]);
    const failure = (count: number, order: Order) =>
      lossOf(() => start(count, { networks: ['dense'], ...order }));

    /** Which ranks there are, and which libraries they have loaded. */
    async function loaded(how: Mpi, ...parameters: string[]) {
      const { stdout } = await launch(how, 2, [speaker, ...parameters]);
      const ranks = stdout.trim().split('\n').sort();
      return ranks.map((line) => JSON.parse(line));
    }
    const libraries = [expect.stringMatching(new RegExp(`^${mpi.file}`))];
    const both = [
      { rank: 0, size: 2, libraries },
      { rank: 1, size: 2, libraries },
    ];

    test('the library of the launcher is loaded, and no other', async () => {
      expect(await loaded(mpi)).toEqual(both);
    });

    test('or what is named, where others are', async () => {
      expect(await loaded({ ...mpi, hidden: [] }, mpi.library)).toEqual(both);
    });

    test.each([2, 4])('%i ranks come to the bits of one process', async (count) => {
      expect(parse((await start(count)).stdout)[0]).toEqual(expected);
    });

    test("in an order of MPI's own they are close", async () => {
      const order = { networks: ['dense'], fit: { deterministic: false } };
      const { dense } = parse((await start(3, order)).stdout)[0];
      expectCloseHistory(dense, expected.dense);
    });

    test('a rank that is killed ends all within seconds, and the launcher says so, or nothing', async () => {
      const sabotage = { rank: 1, call: 12, signal: 'SIGKILL' };
      const { said, seconds } = await failure(3, { sabotage });
      expect(said).toMatch(/\bkilled\b|^$/i);
      expect(seconds).toBeLessThan(20);
    });

    testEndings(failure);
  });
});

/** Why ranks on several hosts cannot be tested in a root, of which all libraries are used. */
const reasonOf = (root: string) =>
  reasons.find((reason, i) => reason && mpis[i].root === root) ?? whyNoHosts();

describe.each([...new Set(mpis.map(({ root }) => root))])('several hosts in %s', (root) => {
  const reason = reasonOf(root);
  test.skipIf(reason)(
    reason ? `(left out: ${reason})` : 'all tests of them pass',
    { ...again, timeout: 300_000 },
    async () => {
      expect(new Set(await runTests(root, 'test/mpi/hosts.test.ts'))).toEqual(new Set(['passed']));
    },
  );
});
