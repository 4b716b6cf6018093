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
 *
 * Arrays of one size are gone through in the order in which they begin: those that may be in the way of one are then
 * alive when it begins, or larger and begin while it is alive. Both are few ranges of bytes, so the time grows like
 * n log n, and with the number of different sizes.
 */
export function placeGreedily(lifetimes: readonly Lifetime[]): number {
  const placed = new Placed(lifetimes.reduce((stages, { last }) => Math.max(stages, last + 1), 1));
  const ordered = [...lifetimes].sort((a, b) => b.bytes - a.bytes || a.first - b.first);
  for (let i = 0; i < ordered.length; ) {
    const { bytes } = ordered[i];
    placed.beginAgain();
    const from = i;
    for (; i < ordered.length && ordered[i].bytes === bytes; i++) placed.place(ordered[i]);
    for (const lifetime of ordered.slice(from, i)) placed.remember(lifetime);
  }
  return lifetimes.reduce((end, lifetime) => Math.max(end, endOf(lifetime)), 0);
}

/** The arrays placed so far, gone through from the first stage to the last once for each size. */
class Placed {
  readonly #beginAt: Lifetime[][];
  readonly #goneAt: Lifetime[][];
  /** A binary tree over the stages: the bytes of all arrays that begin at the stages of each of its nodes. */
  readonly #begun: Ranges[] = [];
  readonly #leaves: number;
  #alive = new Ranges();
  #stage = 0;

  constructor(stages: number) {
    this.#beginAt = Array.from({ length: stages }, () => []);
    this.#goneAt = Array.from({ length: stages + 1 }, () => []);
    this.#leaves = 2 ** Math.ceil(Math.log2(stages));
  }

  beginAgain(): void {
    this.#alive = new Ranges();
    this.#stage = 0;
  }

  /** Gives an array its offset. Arrays of one size come in the order of the stages at which they begin. */
  place(lifetime: Lifetime): void {
    const { first, last, bytes } = lifetime;
    this.#goTo(first);
    lifetime.offset = firstGap([this.#alive, ...this.#begunFrom(first + 1, last)], alignUp(bytes));
    this.#alive.add(lifetime.offset, endOf(lifetime));
    this.#goneAt[last + 1].push(lifetime);
  }

  /** Lets smaller arrays find one when they come to the stage at which it begins. */
  remember(lifetime: Lifetime): void {
    this.#beginAt[lifetime.first].push(lifetime);
    for (let node = lifetime.first + this.#leaves; node > 0; node >>= 1) {
      this.#begun[node] ??= new Ranges();
      this.#begun[node].add(lifetime.offset, endOf(lifetime));
    }
  }

  #goTo(stage: number): void {
    for (; this.#stage <= stage; this.#stage++) {
      for (const gone of this.#goneAt[this.#stage]) this.#alive.remove(gone.offset, endOf(gone));
      for (const begun of this.#beginAt[this.#stage]) this.#alive.add(begun.offset, endOf(begun));
    }
  }

  /** The bytes of what begins at stages from `first` to `last`: the largest tree nodes that together are these. */
  #begunFrom(first: number, last: number): Ranges[] {
    const nodes: number[] = [];
    let [left, right] = [first + this.#leaves, last + 1 + this.#leaves];
    for (; left < right; left >>= 1, right >>= 1) {
      if (left & 1) nodes.push(left++);
      if (right & 1) nodes.push(--right);
    }
    return nodes.map((node) => this.#begun[node]).filter((ranges) => ranges !== undefined);
  }
}

/** The lowest offset at which `bytes` bytes are free in all of the sets. */
function firstGap(all: readonly Ranges[], bytes: number): number {
  // The first range of each set that may be in the way: they are gone through together, once.
  const next = all.map(() => 0);
  let offset = 0;
  for (let agreed = 0, i = 0; agreed < all.length; i = (i + 1) % all.length) {
    const { begins, ends } = all[i];
    const before = offset;
    while (ends[next[i]] <= offset) next[i]++;
    while (begins[next[i]] < offset + bytes) offset = ends[next[i]++];
    agreed = offset === before ? agreed + 1 : 1;
  }
  return offset;
}

/** A set of bytes: ranges that do not touch, in order. */
class Ranges {
  readonly begins: number[] = [];
  readonly ends: number[] = [];

  add(begin: number, end: number): void {
    if (begin === end) return;
    // The ranges that touch the new one become one with it.
    const { begins, ends } = this;
    const from = firstAtLeast(ends, begin);
    let to = from;
    while (begins[to] <= end) to++;
    if (to === from) {
      begins.splice(from, 0, begin);
      ends.splice(from, 0, end);
      return;
    }
    begins[from] = Math.min(begins[from], begin);
    ends[from] = Math.max(ends[to - 1], end);
    if (to === from + 1) return;
    begins.splice(from + 1, to - from - 1);
    ends.splice(from + 1, to - from - 1);
  }

  /** Takes out bytes that lie in one range. */
  remove(begin: number, end: number): void {
    if (begin === end) return;
    const { begins, ends } = this;
    const at = firstAtLeast(ends, end);
    const isFirst = begins[at] === begin;
    const isLast = ends[at] === end;
    if (isFirst && isLast) {
      begins.splice(at, 1);
      ends.splice(at, 1);
    } else if (isFirst) {
      begins[at] = end;
    } else if (isLast) {
      ends[at] = begin;
    } else {
      begins.splice(at + 1, 0, end);
      ends.splice(at, 0, begin);
    }
  }
}

/** Index of the first of ascending numbers that is not below `least`. */
function firstAtLeast(numbers: readonly number[], least: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] >= least) high = middle;
    else low = middle + 1;
  }
  return low;
}
