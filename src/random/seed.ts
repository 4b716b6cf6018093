// The seed of a script, and sub-seeds made of it.

import { LanegradError, shown } from '../errors.ts';

// Drawn on first use, not on import: edge runtimes refuse randomness while a module loads.
let root: number | null = null;
let taken = 0;

/** A bijection of 32 bits with little bias: Wellons, "Prospecting for hash functions" (lowbias32), 2018. */
function scramble(x: number): number {
  let h = x ^ (x >>> 16);
  h = Math.imul(h, 0x7feb352d);
  h ^= h >>> 15;
  h = Math.imul(h, 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * Derives a sub-seed, a uint32: seed `a`'s child number `b`. Different children of one seed never coincide,
 * nor do the b-th children of different seeds; mixSeed(a, b) and mixSeed(b, a) have nothing in common.
 */
export function mixSeed(a: number, b: number): number {
  // The golden ratio's bits keep seed 0 from mapping to 0.
  return scramble(scramble((a + 0x9e3779b9) >>> 0) + (b >>> 0));
}

/**
 * Fixes every random number that follows in a script: initial weights, shuffling, dropout.
 * @param seed an integer; it counts modulo 2^32
 */
export function setSeed(seed: number): void {
  if (!Number.isSafeInteger(seed))
    throw new LanegradError(`setSeed: seed must be an integer; got ${shown(seed)}.`);
  root = seed >>> 0;
  taken = 0;
}

/** Where the script's sequence of seeds is. */
export interface SeedPosition {
  readonly root: number | null;
  readonly taken: number;
}

/** How far the script's sequence has come. */
export const seedPosition = (): SeedPosition => ({ root, taken });

/** Goes on in a script's sequence where it was. */
export function setSeedPosition(position: SeedPosition): void {
  ({ root, taken } = position);
}

/** The next seed of the script, a uint32: a fixed sequence after `setSeed`, otherwise different in every run. */
export function nextSeed(): number {
  root ??= Math.floor(Math.random() * 2 ** 32);
  return mixSeed(root, taken++);
}

/** A seed as a uint32: integers modulo 2^32; texts and fractions, which TensorFlow.js takes too, by their letters. */
export const seedWord = (seed: number | string): number =>
  Number.isInteger(seed) ? (seed as number) >>> 0 : hashOf(String(seed));

/** 32-bit FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193);
  return hash >>> 0;
}
