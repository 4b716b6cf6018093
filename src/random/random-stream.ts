// A stream of random numbers, from words that are drawn ahead.

import { normalQuantile, truncatedNormalQuantile } from './normal-quantiles.ts';
import { philox4x32 } from './philox.ts';
import { seedWord } from './seed.ts';

/** What draws many words faster than JavaScript does. */
export interface WordSource {
  /**
   * Draws the words of successive counters under a key.
   * @param words as many as there is room for, a multiple of 16
   * @param counter the first counter's lowest word, modulo 2^32; the others are 0
   */
  randomWords(words: Uint32Array, counter: number, key: readonly [number, number]): void;
}

let manyWords: WordSource | undefined;

/** From now on streams of which many words are drawn have them from `source`, if there is one. They are the same words. */
export function drawManyBy(source: WordSource | undefined): void {
  manyWords = source;
}

const WORDS_PER_BLOCK = 4;
/** The fewest and the most words that are drawn at once by what draws many. */
const LEAST_MANY = 64;
const MOST_MANY = 4096;
const TWO_POW_32 = 2 ** 32;
const TWO_POW_MINUS_24 = 2 ** -24;
const TWO_POW_MINUS_32 = 2 ** -32;

/**
 * A stream of random numbers whose bits are the same on every engine.
 *
 * Word i is lane i mod 4 of Philox4x32-10 with counter [⌊i/4⌋ mod 2^32, 0, 0, 0] and key [seed, stream]. Streams of
 * one seed are independent of each other.
 */
export class RandomStream {
  readonly #key: readonly [number, number];
  /** Words drawn ahead, the place of the next one, and how many were drawn in all. */
  #words = new Uint32Array(WORDS_PER_BLOCK);
  #next = WORDS_PER_BLOCK;
  #drawn = 0;

  /** @param stream an integer, which counts modulo 2^32 */
  constructor(seed: number | string, stream: number) {
    this.#key = [seedWord(seed), stream >>> 0];
  }

  /** The next 32 random bits, as an unsigned integer. */
  nextUint32(): number {
    if (this.#next === this.#words.length) this.#drawAhead();
    return this.#words[this.#next++];
  }

  /** Uniform in [0, 1), a multiple of 2^−24: exact in float32, and the same mapping as the kernels'. */
  uniform(): number {
    return (this.nextUint32() >>> 8) * TWO_POW_MINUS_24;
  }

  /** A uniform integer in [0, n), unbiased; n is an integer in [1, 2^32]. */
  below(n: number): number {
    for (;;) {
      const word = this.nextUint32();
      // By division: engines take longer for the remainder of numbers that are no small integers.
      const multiple = Math.floor(word / n) * n;
      // The words from the last multiple of n upwards would favour small results: draw again.
      if (multiple + n <= TWO_POW_32) return word - multiple;
    }
  }

  /** A standard normal number, one word each: the quantile of (word + ½)·2^−32, so within ±6.4. */
  normal(): number {
    return normalQuantile(this.#fraction());
  }

  /** A standard normal number, cut off at two standard deviations; one word each. */
  truncatedNormal(): number {
    return truncatedNormalQuantile(this.#fraction());
  }

  /** Puts `items` in random order, in place (Fisher–Yates). */
  shuffle(items: Uint32Array): void {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const item = items[i];
      items[i] = items[j];
      items[j] = item;
    }
  }

  /** Uniform in (0, 1), never an end: the middle of one of 2^32 equal intervals. */
  #fraction(): number {
    return (this.nextUint32() + 0.5) * TWO_POW_MINUS_32;
  }

  /** Draws a block or, where many were drawn, as many again: more will be wanted then. */
  #drawAhead(): void {
    const count = manyWords && this.#drawn >= LEAST_MANY ? Math.min(this.#drawn, MOST_MANY) : WORDS_PER_BLOCK;
    if (this.#words.length !== count) this.#words = new Uint32Array(count);
    const counter = this.#drawn / WORDS_PER_BLOCK;
    if (count > WORDS_PER_BLOCK) manyWords!.randomWords(this.#words, counter, this.#key);
    else philox4x32([counter >>> 0, 0, 0, 0], this.#key, this.#words);
    this.#drawn += count;
    this.#next = 0;
  }
}
