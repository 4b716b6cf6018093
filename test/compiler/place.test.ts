// The places of arrays: those that are alive together lie apart, each as low as larger ones let it.

import { expect, test } from 'vitest';
import { type Lifetime, placeApart, placeGreedily } from '../../src/compiler/place.ts';
import { RandomStream } from '../../src/random/random-stream.ts';

const alignment = 64;
const aligned = (bytes: number) => Math.ceil(bytes / alignment) * alignment;

function randomLifetimes(seed: number, count: number): Lifetime[] {
  const random = new RandomStream(seed, 1);
  const upTo = (end: number) => Math.floor(random.uniform() * end);
  return Array.from({ length: count }, () => {
    const first = upTo(20);
    return { bytes: 30 * upTo(3) + 100 * upTo(4), first, last: first + upTo(upTo(12) + 1), offset: 0 };
  });
}

const meet = (a: Lifetime, b: Lifetime) => a.first <= b.last && b.first <= a.last;

/** Greedy placement in its plainest words: every offset is tried against every array placed before. */
function placedPlainly(lifetimes: readonly Lifetime[]): number[] {
  const placed: Lifetime[] = [];
  const offsets = new Map<Lifetime, number>();
  for (const lifetime of [...lifetimes].sort((a, b) => b.bytes - a.bytes || a.first - b.first)) {
    const inTheWay = placed.filter((other) => meet(other, lifetime));
    const isFree = (offset: number) =>
      inTheWay.every((other) => {
        const begin = offsets.get(other)!;
        return offset + aligned(lifetime.bytes) <= begin || begin + aligned(other.bytes) <= offset;
      });
    let offset = 0;
    while (!isFree(offset)) offset += alignment;
    offsets.set(lifetime, offset);
    placed.push(lifetime);
  }
  return lifetimes.map((lifetime) => offsets.get(lifetime)!);
}

test.each(Array.from({ length: 60 }, (_, i) => i))('random lifetimes %i', (seed) => {
  const lifetimes = randomLifetimes(seed, 1 + seed);
  const bytes = placeGreedily(lifetimes);
  expect(lifetimes.map(({ offset }) => offset)).toEqual(placedPlainly(lifetimes));
  expect(bytes).toBe(Math.max(...lifetimes.map((each) => each.offset + aligned(each.bytes))));
});

test('apart, nothing shares a byte', () => {
  const lifetimes = [100, 64, 0, 1].map((bytes) => ({ bytes, first: 0, last: 0, offset: 0 }));
  expect(placeApart(lifetimes)).toBe(256);
  expect(lifetimes.map(({ offset }) => offset)).toEqual([0, 128, 192, 192]);
});
