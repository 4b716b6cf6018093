// Arrays beside weights: for each weight some more of its shape, laid out as the weights are.

import type { Block } from '../engine/block.ts';
import { engine } from '../engine/engine.ts';
import { internal } from '../errors.ts';
import { floatBytes, Range } from './range.ts';
import type { Variable } from './variable.ts';

/**
 * What an optimizer keeps of each weight. Every block of weights has a block beside it, with a mirror of its layout
 * for each slot: where weights lie side by side, their slots do too. Slots live as long as these and the weights do.
 */
export class Slots {
  readonly #initial: readonly number[];
  readonly #isScratch: boolean;
  readonly #mirrors = new WeakMap<Block, Block>();

  /**
   * @param initial the value that each slot begins with
   * @param isScratch whether what they hold means nothing between runs of programs
   */
  constructor(initial: readonly number[], isScratch = false) {
    this.#initial = initial;
    this.#isScratch = isScratch;
  }

  /** Whether there are slots of a weight. */
  has(variable: Variable): boolean {
    return variable.isSettled && this.#mirrors.has(variable.block);
  }

  /** Makes slots of weights that have none. The weights are settled. */
  add(variables: readonly Variable[]): void {
    for (const { block } of variables) {
      if (!this.#mirrors.has(block)) this.#mirrors.set(block, this.#newMirrors(block));
    }
  }

  /** Gives the slots beside blocks of weights back at once, where the weights are gone. */
  drop(blocks: Iterable<Block>): void {
    for (const block of blocks) {
      if (!block.isFreed) continue;
      this.#mirrors.get(block)?.free();
      this.#mirrors.delete(block);
    }
  }

  #newMirrors({ bytes }: Block): Block {
    // A block of no bytes is none.
    const mirrors = engine().allocate(
      Math.max(this.#initial.length * bytes, floatBytes),
      `the optimizer's state`,
      this.#isScratch,
    );
    for (const [i, value] of this.#initial.entries()) {
      const values = new Float32Array(bytes / floatBytes).fill(value);
      if (value !== 0) mirrors.write(i * bytes, values);
    }
    return mirrors;
  }

  /** A slot, counted from 0, of the weights in a range. */
  beside(range: Range, slot: number): Range {
    const mirrors = this.#mirrors.get(range.block);
    if (!mirrors) throw internal(`${range.name} has no slots.`);
    const offset = slot * range.block.bytes + range.offset;
    return new Range(range.name, range.shape, mirrors, offset, this.#isScratch);
  }

  /** A copy of a weight's slot. */
  read(slot: number, { range }: Variable): Float32Array<ArrayBuffer> {
    return this.beside(range, slot).read();
  }

  /** @param values as many as the weight's shape says */
  write(slot: number, { range }: Variable, values: Float32Array): void {
    this.beside(range, slot).write(values);
  }
}

/** A place for each weight's gradient: it is read in the run that computes it, and means nothing afterwards. */
export const gradientSlots = (): Slots => new Slots([0], true);
