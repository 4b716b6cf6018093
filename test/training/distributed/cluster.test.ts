// What ranks say to each other, by clusters of every size in one process: each rank acts in its turn, and what it awaits
// of those behind it comes when all have acted.

import { describe, expect, test } from 'vitest';
import * as tf from '../../../src/index.ts';
import { startOfShare } from '../../../src/numeric/shares.ts';
import {
  broadcast,
  type Cluster,
  gather,
  type Message,
  requireAgreement,
  sharedNumber,
  sharedValue,
} from '../../../src/training/distributed/cluster.ts';

/** Has each of some ranks act. @returns what each gives, and how many messages each has sent */
function ranks<T>(size: number, act: (cluster: Cluster) => T): { results: T[]; sent: number[] } {
  const underWay = new Map<string, Message['numbers'][]>();
  const between = (from: number, to: number) => {
    const key = `from ${from} to ${to}`;
    underWay.set(key, underWay.get(key) ?? []);
    return underWay.get(key)!;
  };
  const awaited: { from: number; to: number; room: Message['numbers'] }[] = [];
  const take = (from: number, to: number, room: Message['numbers']) => {
    const numbers = between(from, to).shift();
    expect(numbers?.length, `what ${to} awaits of ${from}`).toBe(room.length);
    room.set(numbers!);
  };
  const sent = new Array<number>(size).fill(0);
  const results = Array.from({ length: size }, (_, rank) => {
    const exchange = (messages: readonly Message[]) => {
      for (const { rank: other, isSent, numbers } of messages) {
        expect(other).not.toBe(rank);
        if (isSent) between(rank, other).push(numbers.slice());
        else if (other < rank) take(other, rank, numbers);
        else awaited.push({ from: other, to: rank, room: numbers });
        if (isSent) sent[rank]++;
      }
    };
    return act({ rank, size, exchange } as unknown as Cluster);
  });
  for (const { from, to, room } of awaited) take(from, to, room);
  expect([...underWay].filter(([, messages]) => messages.length > 0)).toEqual([]);
  return { results, sent };
}

const sizes = Array.from({ length: 17 }, (_, i) => i + 1);

describe.each(sizes)('%i ranks', (size) => {
  test('have what the first has, and none passes it on to more than it must', () => {
    const first = Float32Array.of(3, 1, 4);
    const { results, sent } = ranks(size, (cluster) => {
      const numbers = cluster.rank === 0 ? first : new Float32Array(3);
      broadcast(cluster, numbers);
      return numbers;
    });
    expect(results).toEqual(results.map(() => first));
    expect(Math.max(...sent)).toBe(Math.ceil(Math.log2(size)));
    expect(sent.reduce((a, b) => a + b)).toBe(size - 1);
  });

  test('have the first one\u2019s number, and its value', () => {
    const value = { seed: 7, none: undefined, lists: [Float32Array.of(1, 2), { at: Float32Array.of(-1) }] };
    const { results } = ranks(size, (cluster) => [
      sharedNumber(cluster, 10 + cluster.rank),
      sharedValue(cluster, cluster.rank === 0 ? value : undefined),
    ]);
    expect(results).toEqual(results.map(() => [10, value]));
  });

  test.each([0, 1, 5, 17, 40])('have all of %i numbers, of which each had its part', (count) => {
    const startOf = (rank: number) => startOfShare(count, size, rank);
    const { results, sent } = ranks(size, (cluster) => {
      const own = (i: number) => i >= startOf(cluster.rank) && i < startOf(cluster.rank + 1);
      const numbers = Float32Array.from({ length: count }, (_, i) => (own(i) ? i + 1 : 0));
      gather(cluster, numbers, startOf);
      return numbers;
    });
    expect(results).toEqual(results.map(() => Float32Array.from({ length: count }, (_, i) => i + 1)));
    // Who has nothing says nothing.
    expect(sent).toEqual(sent.map((_, rank) => (startOf(rank) < startOf(rank + 1) ? size - 1 : 0)));
  });

  test('share out as evenly as can be, the first having more', () => {
    const starts = Array.from({ length: size + 1 }, (_, rank) => startOfShare(40, size, rank));
    const counts = starts.slice(1).map((start, rank) => start - starts[rank]);
    expect([starts[0], starts[size]]).toEqual([0, 40]);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(counts[0] - counts[size - 1]).toBeLessThanOrEqual(1);
  });
});

test('one process alone has its own number', () => {
  expect(sharedNumber(undefined, 3)).toBe(3);
});

test('a message goes to each in another order, so that no rank is asked by all at once', () => {
  const asked: string[] = [];
  ranks(4, (cluster) => {
    const { exchange } = cluster;
    cluster.exchange = (messages) => {
      asked.push(messages.map(({ rank, isSent }) => (isSent ? `to ${rank}` : `of ${rank}`)).join(' '));
      exchange(messages);
    };
    gather(cluster, new Float32Array(4), (rank) => rank);
  });
  expect(asked).toEqual([
    'to 1 of 3 to 2 of 2 to 3 of 1',
    'to 2 of 0 to 3 of 3 to 0 of 2',
    'to 3 of 1 to 0 of 0 to 1 of 3',
    'to 0 of 2 to 1 of 1 to 2 of 0',
  ]);
});

test.each([
  [{ epochs: 3 }, { epochs: 4 }, 'another epochs than rank 0: 4, not 3.'],
  [{ epochs: 3 }, {}, 'another epochs than rank 0: undefined, not 3.'],
  [{}, { shuffle: true }, 'another shuffle than rank 0: true, not undefined.'],
])('what %o and %o differ by is told', (first, second, sentence) => {
  const act = () =>
    ranks(2, (cluster) => requireAgreement(cluster, 'fit', cluster.rank === 0 ? first : second));
  expect(act).toThrow(
    new tf.LanegradError(`fit: every rank of a cluster does the same, but rank 1 has ${sentence}`),
  );
});
