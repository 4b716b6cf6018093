import { afterEach, describe, expect, test, vi } from 'vitest';
import { LanegradError } from '../../src/errors.ts';
import * as tf from '../../src/index.ts';
import {
  mixSeed,
  nextSeed,
  seedPosition,
  seedWord,
  setSeed,
  setSeedPosition,
} from '../../src/random/seed.ts';

function popCount(x: number): number {
  let count = 0;
  for (let bits = x; bits !== 0; bits = (bits & (bits - 1)) >>> 0) count++;
  return count;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('mixSeed', () => {
  test('gives a uint32 that depends on both and on their order', () => {
    for (const [a, b] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [-1, 5],
      [2 ** 32 - 1, 2 ** 32 - 1],
    ]) {
      const mixed = mixSeed(a, b);
      expect(mixed).toBe(mixed >>> 0);
      expect(mixed).not.toBe(0);
      if (a !== b) expect(mixed).not.toBe(mixSeed(b, a));
    }
  });

  test('is lowbias32 of its paper, of the seed beside the golden ratio and of the child', () => {
    // "Prospecting for hash functions": x ^= x >> 16; x *= 0x7feb352d; x ^= x >> 15; x *= 0x846ca68b; x ^= x >> 16.
    const lowbias32 = (x: bigint) => {
      const once = BigInt.asUintN(32, (x ^ (x >> 16n)) * 0x7feb352dn);
      const twice = BigInt.asUintN(32, (once ^ (once >> 15n)) * 0x846ca68bn);
      return twice ^ (twice >> 16n);
    };
    const word = (x: bigint) => BigInt.asUintN(32, x);
    for (const [a, b] of [
      [0, 0],
      [42, 7],
      [2 ** 31, 2 ** 32 - 1],
    ]) {
      const seed = lowbias32(word(BigInt(a) + 0x9e3779b9n));
      expect(mixSeed(a, b)).toBe(Number(lowbias32(word(seed + BigInt(b)))));
    }
  });

  test('never gives two children of a seed, or one child of two seeds, the same number', () => {
    const count = 100_000;
    expect(new Set(Array.from({ length: count }, (_, i) => mixSeed(42, i))).size).toBe(count);
    expect(new Set(Array.from({ length: count }, (_, i) => mixSeed(i, 42))).size).toBe(count);
  });

  test.each(['first', 'second'])('flips half of the bits when one bit of the %s argument flips', (which) => {
    let flipped = 0;
    const rounds = 200;
    for (let i = 0; i < rounds; i++) {
      for (let bit = 0; bit < 32; bit++) {
        const other = (i ^ (1 << bit)) >>> 0;
        const changed = which === 'first' ? mixSeed(other, 3) : mixSeed(3, other);
        flipped += popCount((changed ^ (which === 'first' ? mixSeed(i, 3) : mixSeed(3, i))) >>> 0);
      }
    }
    expect(Math.abs(flipped / (rounds * 32) - 16)).toBeLessThan(0.3);
  });
});

describe('setSeed', () => {
  test('fixes the sequence that follows', () => {
    setSeed(42);
    const first = [nextSeed(), nextSeed(), nextSeed()];
    setSeed(42);
    expect([nextSeed(), nextSeed(), nextSeed()]).toEqual(first);
    expect(new Set(first).size).toBe(3);
    setSeed(43);
    expect(nextSeed()).not.toBe(first[0]);
  });

  test.each([NaN, 1.5, Infinity])('refuses %d', (seed) => {
    expect(() => setSeed(seed)).toThrow(new LanegradError(`setSeed: seed must be an integer; got ${seed}.`));
  });
});

test('a script goes on from a position that it noted, whatever it has drawn or seeded since', () => {
  setSeed(7);
  nextSeed();
  const noted = seedPosition();
  const next = [nextSeed(), nextSeed()];
  setSeed(8);
  setSeedPosition(noted);
  expect([nextSeed(), nextSeed()]).toEqual(next);
  expect(noted).toEqual({ root: 7, taken: 1 });
});

describe('nextSeed before any setSeed', () => {
  test('starts from 32 bits of Math.random, on first use and once', async () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.75 + 2 ** -40);
    vi.resetModules();
    const fresh = await import('../../src/random/seed.ts');
    expect(random).not.toHaveBeenCalled();
    expect(fresh.seedPosition()).toEqual({ root: null, taken: 0 });
    expect(fresh.nextSeed()).toBe(mixSeed(0.75 * 2 ** 32, 0));
    expect(fresh.nextSeed()).toBe(mixSeed(0.75 * 2 ** 32, 1));
    expect(random).toHaveBeenCalledTimes(1);
  });
});

test('seeds are words: integers modulo 2^32, and by 32-bit FNV-1a, of its published vectors, what has letters', () => {
  expect([0, 5, 2 ** 31, -1, 2 ** 32 + 3].map(seedWord)).toEqual([0, 5, 2 ** 31, 2 ** 32 - 1, 3]);
  expect(['', 'a', 'foobar'].map(seedWord)).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  expect(seedWord(1.5)).toBe(seedWord('1.5'));
});

test('fractions and texts are seeds of their own, wherever a seed is taken', () => {
  const drawn = (seed: number) => ({
    initial: [...tf.initializers.varianceScaling({ seed }).apply([4]).dataSync()],
    dropped: [
      ...tf.layers
        .dropout({ rate: 0.5, seed })
        .apply(tf.ones([32]), { training: true })
        .dataSync(),
    ],
    uniform: [...tf.randomUniform([4], 0, 1, 'float32', seed).dataSync()],
  });
  const [some, again, others, whole] = [3.14, 3.14, 0.25, 3].map(drawn);
  expect(again).toEqual(some);
  for (const one of [others, whole]) {
    for (const key of ['initial', 'dropped', 'uniform'] as const) expect(one[key]).not.toEqual(some[key]);
  }
});
