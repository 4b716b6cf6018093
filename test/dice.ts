// What is drawn, by seed.

import { RandomStream } from '../src/random/random-stream.ts';

export class Dice {
  readonly #random: RandomStream;

  constructor(seed: number) {
    this.#random = new RandomStream(seed, 1);
  }

  /** A whole number from 0 to before `end`. */
  below(end: number): number {
    return Math.floor(this.#random.uniform() * end);
  }

  between(least: number, most: number): number {
    return least + (most - least) * this.#random.uniform();
  }

  chance(share: number): boolean {
    return this.#random.uniform() < share;
  }

  among<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }

  shuffled<T>(list: readonly T[]): T[] {
    return list
      .map((value) => ({ value, rank: this.#random.uniform() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ value }) => value);
  }
}
