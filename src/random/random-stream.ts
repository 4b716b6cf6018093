// A stream of random numbers, and where it stands.

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

/** Uniform in [0, 1), a multiple of 2^−24: exact in float32, and the same mapping as the kernels'. */
export const uniformOf = (word: number): number => (word >>> 8) * TWO_POW_MINUS_24;

/** Uniform in (0, 1), never an end: the middle of one of 2^32 equal intervals. */
const fractionOf = (word: number): number => (word + 0.5) * TWO_POW_MINUS_32;

/** A standard normal number: the quantile of (word + ½)·2^−32, so within ±6.4. */
export const normalOf = (word: number): number => normalQuantile(fractionOf(word));

/** A standard normal number, cut off at two standard deviations. */
export const truncatedNormalOf = (word: number): number => truncatedNormalQuantile(fractionOf(word));

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
    // Who draws one by one is taken to need as many more as he has drawn.
    if (this.#next === this.#words.length) this.#drawOn(this.#drawn);
    return this.#words[this.#next++];
  }

  /** Fills `words` with the next ones: as `nextUint32` and, where they are many, several times as fast. */
  fill(words: Uint32Array): void {
    for (let i = 0; i < words.length; ) {
      if (this.#next === this.#words.length) this.#drawOn(words.length - i);
      if (this.#words.length === WORDS_PER_BLOCK) words[i++] = this.#words[this.#next++];
      else {
        const ahead = this.#words.subarray(this.#next, this.#next + words.length - i);
        words.set(ahead, i);
        this.#next += ahead.length;
        i += ahead.length;
      }
    }
  }

  /** See `uniformOf`. */
  uniform(): number {
    return uniformOf(this.nextUint32());
  }

  /** See `normalOf`. */
  normal(): number {
    return normalOf(this.nextUint32());
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

  /** Puts `items` in random order, in place (Fisher–Yates). */
  shuffle(items: Uint32Array): void {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const item = items[i];
      items[i] = items[j];
      items[j] = item;
    }
  }

  /** Draws ahead: a block or, where they are many, a piece of the `wanted` words. */
  #drawOn(wanted: number): void {
    const many = Math.min(wanted - (wanted % LEAST_MANY), MOST_MANY);
    const count = manyWords && many > 0 ? many : WORDS_PER_BLOCK;
    if (this.#words.length !== count) this.#words = new Uint32Array(count);
    const counter = this.#drawn / WORDS_PER_BLOCK;
    if (count > WORDS_PER_BLOCK) manyWords!.randomWords(this.#words, counter, this.#key);
    else philox4x32([counter >>> 0, 0, 0, 0], this.#key, this.#words);
    this.#drawn += count;
    this.#next = 0;
  }
}
