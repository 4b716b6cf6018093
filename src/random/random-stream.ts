// A stream of random numbers, and where it stands.

import { normalQuantile, truncatedNormalQuantile } from './normal-quantiles.ts';
import { philox4x32 } from './philox.ts';
import { seedWord } from './seed.ts';

/** Where a `RandomStream` stands: plain numbers, for a checkpoint. */
export interface StreamPosition {
  readonly seed: number;
  readonly stream: number;
  /** How many words have been drawn. */
  readonly position: number;
}

const WORDS_PER_BLOCK = 4;
const TWO_POW_32 = 2 ** 32;
const TWO_POW_MINUS_24 = 2 ** -24;
const TWO_POW_MINUS_32 = 2 ** -32;

/**
 * A stream of random numbers whose bits are the same on every engine.
 *
 * Word i is lane i mod 4 of Philox4x32-10 with counter [⌊i/4⌋ mod 2^32, ⌊i/4⌋ div 2^32, 0, 0] and key
 * [seed, stream]. Streams of one seed are independent of each other.
 */
export class RandomStream {
  readonly #counter = new Uint32Array(WORDS_PER_BLOCK);
  readonly #block = new Uint32Array(WORDS_PER_BLOCK);
  #key: readonly [number, number];
  #position = 0;

  /** @param stream an integer, which counts modulo 2^32 */
  constructor(seed: number | string, stream: number) {
    this.#key = [seedWord(seed), stream >>> 0];
  }

  /** The next 32 random bits, as an unsigned integer. */
  nextUint32(): number {
    const lane = this.#position % WORDS_PER_BLOCK;
    if (lane === 0) this.#drawBlock();
    this.#position++;
    return this.#block[lane];
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

  /** Where the stream stands; give it to `restore` to draw the same numbers again. */
  state(): StreamPosition {
    return { seed: this.#key[0], stream: this.#key[1], position: this.#position };
  }

  /** Continues from `state`, whatever stream it was taken of. */
  restore(state: StreamPosition): void {
    this.#key = [state.seed >>> 0, state.stream >>> 0];
    this.#position = state.position;
    if (state.position % WORDS_PER_BLOCK !== 0) this.#drawBlock();
  }

  /** Uniform in (0, 1), never an end: the middle of one of 2^32 equal intervals. */
  #fraction(): number {
    return (this.nextUint32() + 0.5) * TWO_POW_MINUS_32;
  }

  #drawBlock(): void {
    const block = Math.floor(this.#position / WORDS_PER_BLOCK);
    this.#counter[0] = block >>> 0;
    this.#counter[1] = Math.floor(block / TWO_POW_32);
    philox4x32(this.#counter, this.#key, this.#block);
  }
}
