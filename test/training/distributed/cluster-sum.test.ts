// When ranks begin to add up what they contribute. That the sums are right is tested with real ranks, in test/mpi.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { engine } from '../../../src/engine/engine.ts';
import * as tf from '../../../src/index.ts';
import { startOfShare } from '../../../src/numeric/shares.ts';
import type { Cluster, Exchange } from '../../../src/training/distributed/cluster.ts';
import { ClusterSum } from '../../../src/training/distributed/cluster-sum.ts';
import { Contributions } from '../../../src/training/distributed/contributions.ts';
import { planParts } from '../../../src/training/distributed/parts.ts';

const over: Exchange = { isDone: () => true, wait: () => {} };

/** One of some ranks; the others have nothing to say. Notes what begins. */
function oneOf(size: number, begun: string[], rank = 0): Cluster {
  return {
    rank,
    size,
    version: tf.version.lanegrad,
    exchange: () => {},
    begin: (messages, channel) => {
      const told = messages.map(
        ({ rank: other, isSent, numbers }) => `${isSent ? 'to' : 'from'} ${other}: ${numbers.length}`,
      );
      begun.push(`channel ${channel}, ${told.join(', ')}`);
      return over;
    },
    beginAllReduce: (values) => {
      begun.push(`sum of ${values.length}`);
      return over;
    },
    fail: () => {},
  };
}

/** What a step of training does, in order: sums that begin, and runs of programs in between. */
async function eventsOf(units: number, size = 2): Promise<string[]> {
  const events: string[] = [];
  const cluster = oneOf(size, events);
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 256, inputShape: [1024], useBias: false }),
      tf.layers.dense({ units, useBias: false }),
    ],
  });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const { run } = engine();
  vi.spyOn(engine(), 'run').mockImplementation((...given) => {
    if (events.length > 0) events.push('run');
    run.apply(engine(), given);
  });
  await model.fit(tf.ones([4, 1024]), tf.ones([4, units]), { cluster, deterministic: false, verbose: 0 });
  return events;
}

afterEach(() => {
  vi.restoreAllMocks();
});

test.each([
  [8, ['12 to 20', '0 to 12']],
  [9, ['8 to 20', '0 to 8']],
  [1, ['12 to 20', '8 to 12', '0 to 8']],
  [21, ['0 to 20']],
])('stretches of %i floats or more', (least, expected) => {
  const vectors = new Contributions([[7], [2, 2], [8]]);
  expect(vectors.stretches(least).map(({ start, end }) => `${start} to ${end}`)).toEqual(expected);
});

describe('the sum of what ranks contribute', () => {
  test('of the last layer begins while the gradient of the first is computed', async () => {
    const events = await eventsOf(1024);
    // Two losses in whole vectors behind 256 · 1024 weights, then 1024 · 256.
    expect(events.filter((event) => event !== 'run')).toEqual(['sum of 262152', 'sum of 262144']);
    const [first, second] = ['sum of 262152', 'sum of 262144'].map((event) => events.indexOf(event));
    // The own piece of the second is put in place by a run of its own.
    expect(events.slice(first, second).filter((event) => event === 'run').length).toBeGreaterThan(1);
  });

  test.each([
    ['they are few', 8, 2],
    ['the last are few', 1000, 2],
    ['ranks are many', 1024, 100],
  ])('waits until all are there where %s', async (_, units, size) => {
    const events = await eventsOf(units, size);
    expect(events.filter((event) => event !== 'run')).toEqual([`sum of ${1024 * 256 + 256 * units + 8}`]);
  });

  test.each<[string, { size: number; rank: number; parts: number; shapes: number[][] }]>([
    ['a few floats: the first adds all', { size: 3, rank: 0, parts: 6, shapes: [[5], [80]] }],
    ['a few floats: another sends its own', { size: 3, rank: 1, parts: 6, shapes: [[5], [80]] }],
    ['no less than is worth one', { size: 3, rank: 1, parts: 6, shapes: [[4096], [50]] }],
    ['equal slices of whole vectors, the first', { size: 3, rank: 0, parts: 3, shapes: [[30_001]] }],
    ['equal slices of whole vectors, the last', { size: 3, rank: 2, parts: 3, shapes: [[30_001]] }],
    ['ranks that have two pieces', { size: 3, rank: 1, parts: 8, shapes: [[12_288]] }],
    ['a rank without parts', { size: 3, rank: 2, parts: 2, shapes: [[12_288]] }],
    ['two stretches', { size: 2, rank: 1, parts: 2, shapes: [[300, 1000], [5], [270_000]] }],
  ])('messages of %s', (_, { size, rank, parts, shapes }) => {
    const begun: string[] = [];
    const cluster = oneOf(size, begun, rank);
    const vectors = new Contributions(shapes);
    const [from, to] = [rank, rank + 1].map((of) => startOfShare(parts, size, of));
    const plan = planParts(parts, from, to);
    const sum = new ClusterSum({ cluster, vectors, parts, plan, isDeterministic: true });
    sum.finish();
    expect(begun).toMatchSnapshot();
    sum.dispose();
    vectors.dispose();
  });

  test.each([
    ['one piece', { size: 2, rank: 0, parts: 2 }, [[0, 3]], 3],
    [
      'two pieces',
      { size: 3, rank: 1, parts: 8 },
      [
        [1, 3],
        [2, 4],
      ],
      7,
    ],
    ['no parts', { size: 3, rank: 2, parts: 2 }, [], 0],
  ])('in any order takes all that a rank with %s has', (_, { size, rank, parts }, pieces, expected) => {
    const given: number[][] = [];
    const cluster: Cluster = {
      ...oneOf(size, [], rank),
      beginAllReduce: (values) => {
        given.push([...values]);
        values.fill(99);
        return over;
      },
    };
    const vectors = new Contributions([[4]]);
    const [from, to] = [rank, rank + 1].map((of) => startOfShare(parts, size, of));
    const plan = planParts(parts, from, to);
    expect(plan.subtotals.map(({ vector }) => vector)).toEqual(pieces.map(([vector]) => vector));
    const sum = new ClusterSum({
      cluster,
      vectors,
      parts,
      plan: { ...plan, rest: [] },
      isDeterministic: false,
    });
    // In the second step the sum of the first is still there.
    for (let step = 0; step < 2; step++) {
      for (const [vector, value] of pieces) vectors.vector(vector).lend().fill(value);
      sum.finish();
    }
    expect(given).toEqual([Array(4).fill(expected), Array(4).fill(expected)]);
    sum.dispose();
    vectors.dispose();
  });

  test.each([
    [
      true,
      [
        'begin 1',
        'ask 1',
        'ask 1',
        'begin 2',
        'begin 3',
        'wait for 3',
        'begin 4',
        'wait for 2',
        'wait for 4',
      ],
      ['begin 1', 'begin 3', 'wait for 1', 'begin 2', 'wait for 3', 'begin 4', 'wait for 2', 'wait for 4'],
    ],
    [
      false,
      ['begin a', 'ask a', 'ask a', 'begin b', 'ask a', 'ask b', 'wait for a', 'wait for b'],
      ['begin c', 'begin d', 'ask c', 'ask d', 'wait for c', 'wait for d'],
    ],
  ])(
    'is asked how far it is while more is computed, and waited for at the end: in order: %s',
    (isDeterministic, watched, whole) => {
      const events: string[] = [];
      const names = [...'abcd'];
      const begin = (name: string | number): Exchange => {
        events.push(`begin ${name}`);
        let asked = 0;
        return {
          // There when it is asked again.
          isDone: () => events.push(`ask ${name}`) > 0 && ++asked > 1,
          wait: () => void events.push(`wait for ${name}`),
        };
      };
      const cluster: Cluster = {
        ...oneOf(2, []),
        begin: (_, channel) => begin(channel),
        beginAllReduce: () => begin(names.shift()!),
      };
      const vectors = new Contributions([[300, 1000], [5], [270_000]]);
      const sum = new ClusterSum({ cluster, vectors, parts: 2, plan: planParts(2, 0, 1), isDeterministic });
      // The last array is a stretch by itself; of the other two the first is computed last.
      const { from, told } = sum.watcher([5, 4, 2], (work) => work());
      expect(from).toBe(2);
      for (const commands of [2, 3, 5]) told(commands);
      sum.finish();
      expect(events).toEqual(watched);
      events.length = 0;
      sum.finish();
      expect(events).toEqual(whole);
      sum.dispose();
      vectors.dispose();
    },
  );
});
