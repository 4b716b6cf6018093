// Where arrays lie in one arena, given when each is alive.

import { alignUp } from '../bytes.ts';

/** An array's bytes and the stages between which it is alive. */
export interface Lifetime {
  readonly bytes: number;
  readonly first: number;
  last: number;
  /** Bytes from the start of the arena, once it is placed. */
  offset: number;
}

const endOf = ({ offset, bytes }: Lifetime) => offset + alignUp(bytes);

/** Each array behind the other. Returns the arena's bytes. */
export function placeApart(lifetimes: readonly Lifetime[]): number {
  let end = 0;
  for (const lifetime of lifetimes) {
    lifetime.offset = end;
    end = endOf(lifetime);
  }
  return end;
}

/**
 * Greedy by size: the largest array first, each at the lowest offset where no array that is alive at the same time
 * lies. Returns the arena's bytes.
 * (Pisarchyk and Lee, "Efficient memory management for deep neural net inference", 2020.)
 */
export function placeGreedily(lifetimes: readonly Lifetime[]): number {
  const placed = new Placed();
  for (const lifetime of [...lifetimes].sort((a, b) => b.bytes - a.bytes || a.first - b.first))
    lifetime.offset = placed.place(lifetime);
  return lifetimes.reduce((end, lifetime) => Math.max(end, endOf(lifetime)), 0);
}

/**
 * The arrays placed so far, the lowest first: the bytes that they take, and the stages between which they are alive. Each
 * that is placed goes through them up to its place: plain lists do for thousands of arrays, and lists of numbers are gone
 * through twice as fast as lists of objects.
 */
class Placed {
  readonly #begins: number[] = [];
  readonly #ends: number[] = [];
  readonly #firsts: number[] = [];
  readonly #lasts: number[] = [];

  /** Takes the lowest bytes that are free while an array is alive; returns where they begin. */
  place({ bytes, first, last }: Lifetime): number {
    const [begins, ends, firsts, lasts] = [this.#begins, this.#ends, this.#firsts, this.#lasts];
    const size = alignUp(bytes);
    let offset = 0;
    let at = 0;
    for (; at < begins.length && begins[at] < offset + size; at++)
      if (firsts[at] <= last && lasts[at] >= first && ends[at] > offset) offset = ends[at];
    while (at > 0 && begins[at - 1] > offset) at--;
    begins.splice(at, 0, offset);
    ends.splice(at, 0, offset + size);
    firsts.splice(at, 0, first);
    lasts.splice(at, 0, last);
    return offset;
  }
}
