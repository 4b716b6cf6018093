// The state of a model's random numbers: a key made of the seed, the number of the step, the number of its part.

import { RandomStateWord } from '../../assembly/words.ts';
import type { Block } from '../engine/block.ts';
import { engine } from '../engine/engine.ts';
import type { Storage } from '../graph/graph.ts';
import { mixSeed } from '../random/seed.ts';

/** Keeps dropout's random numbers apart from those that shuffle and initialise. */
const dropoutKey = 0x64726f70;

/** What a program's random numbers are made of, where no steps are counted: other numbers for each key. */
export function wordsOfKey(key0: number, key1: number): Int32Array {
  const words = new Int32Array(4);
  words[RandomStateWord.key0] = key0;
  words[RandomStateWord.key1] = key1;
  return words;
}

/** Four words: the key's two, the step and its part. */
export class RandomState implements Storage {
  readonly name = 'random state';
  readonly shape = [4];
  readonly block: Block = engine().allocate(16, 'a random state');
  #words = wordsOfKey(0, 0);

  readonly offset = 0;

  /** Seeds the steps to come. */
  seed(seed: number): void {
    this.#words = wordsOfKey(mixSeed(seed, dropoutKey), dropoutKey);
  }

  /** Has the next run of a program draw the numbers of part `part` of step `step`, both counted from 0. */
  beginStep(step: number, part = 0): void {
    this.#words[RandomStateWord.step] = step;
    this.#words[RandomStateWord.part] = part;
    this.block.write(this.offset, this.#words);
  }

  /** Gives its memory back at once. */
  dispose(): void {
    this.block.free();
  }
}
