// Arrays beside weights: for each weight some more of its shape, laid out as the weights are.

import { floatBytes } from '../bytes.ts';
import type { Block } from '../engine/block.ts';
import { engine } from '../engine/engine.ts';
import { internal, LanegradError } from '../errors.ts';
import { sizeOf } from '../graph/shape.ts';
import { Range } from './range.ts';
import type { Weights } from './weights.ts';

/**
 * What an optimizer keeps of each weight. Every block of weights has a block beside it, with a mirror of its layout
 * for each slot: where weights lie side by side, their slots do too. Slots live as long as these and the weights do.
 */
export class Slots {
  readonly #initial: readonly number[];
  readonly #isScratch: boolean;
  readonly #mirrors = new WeakMap<Block, Block>();
  /** Where several processes share them: the parts of blocks that this one has, and what it knows of the others' for a while. */
  readonly #split = new Map<Block, Span>();

  /**
   * @param initial the value that each slot begins with
   * @param isScratch whether what they hold means nothing between runs of programs
   */
  constructor(initial: readonly number[], isScratch = false) {
    this.#initial = initial;
    this.#isScratch = isScratch;
  }

  /** Makes slots of weights that have none. The weights are settled. */
  add(variables: readonly Weights[]): void {
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
    const mirrors = this.#allocate(bytes);
    for (const [i, value] of this.#initial.entries()) {
      // Blocks begin with zeros.
      if (value !== 0) mirrors.write(i * bytes, this.#beginning(i, bytes / floatBytes));
    }
    return mirrors;
  }

  /** @param bytes of each slot */
  #allocate(bytes: number): Block {
    // A block of no bytes is none.
    const size = Math.max(this.#initial.length * bytes, floatBytes);
    return engine().allocate(size, `the optimizer's state`, this.#isScratch ? 'zeros' : 'kept');
  }

  /** @internal A slot, counted from 0, of the weights in a range. */
  beside(range: Range, slot: number): Range {
    const mirrors = this.#mirrors.get(range.block);
    if (!mirrors) throw internal(`${range.name} has no slots.`);
    const span = this.#split.get(range.block);
    const { start, end } = span ?? { start: 0, end: range.block.bytes };
    if (span && (range.offset < start || range.offset + sizeOf(range.shape) * floatBytes > end))
      throw splitError();
    const offset = slot * (end - start) + range.offset - start;
    return new Range(range.name, range.shape, mirrors, offset, this.#isScratch);
  }

  /** @internal A copy of a weight's slot. */
  read(slot: number, { range }: Weights): Float32Array<ArrayBuffer> {
    const span = this.#split.get(range.block);
    if (!span) return this.beside(range, slot).read();
    if (!span.borrowed) throw splitError();
    return this.#borrowedOf(span.borrowed, range, slot).slice();
  }

  /** @internal Keeps of the slots beside some blocks no more than what is beside some ranges: others keep the rest. */
  narrow(blocks: Iterable<Block>, ranges: readonly Range[]): void {
    for (const block of new Set(blocks)) {
      const own = ranges.filter((range) => range.block === block);
      const start = Math.min(...own.map(({ offset }) => offset), block.bytes);
      const end = Math.max(start, ...own.map((range) => range.end));
      const all = this.#mirrors.get(block)!;
      const bytes = end - start;
      const kept = this.#allocate(bytes);
      for (const slot of this.#initial.keys())
        kept.write(slot * bytes, all.readFloats(slot * block.bytes + start, bytes / floatBytes));
      all.free();
      this.#mirrors.set(block, kept);
      this.#split.set(block, { start, end });
    }
  }

  /** @internal Makes room on the heap for what others keep; reading finds it there. */
  borrow(): void {
    for (const [block, span] of this.#split) {
      const { start, end } = span;
      const bytes = end - start;
      const borrowed = new Float32Array((this.#initial.length * block.bytes) / floatBytes);
      for (const slot of this.#initial.keys()) {
        const own = this.#mirrors.get(block)!.readFloats(slot * bytes, bytes / floatBytes);
        borrowed.set(own, (slot * block.bytes + start) / floatBytes);
      }
      span.borrowed = borrowed;
    }
  }

  /** @internal Each slot beside a range of this process's own, as it lies, lent to messages. */
  ownOf(range: Range): Float32Array[] {
    return [...this.#initial.keys()].map((slot) => this.beside(range, slot).lend());
  }

  /** @internal Each slot beside a range of another process's, in the room for it. */
  borrowedOf(range: Range): Float32Array[] {
    const { borrowed } = this.#split.get(range.block)!;
    return [...this.#initial.keys()].map((slot) => this.#borrowedOf(borrowed!, range, slot));
  }

  #borrowedOf(borrowed: Float32Array, { block, offset, shape }: Range, slot: number): Float32Array {
    const first = (slot * block.bytes + offset) / floatBytes;
    return borrowed.subarray(first, first + sizeOf(shape));
  }

  /** @internal Forgets what others keep. */
  giveBack(): void {
    for (const span of this.#split.values()) span.borrowed = undefined;
  }

  /** @internal Keeps everything again: what was borrowed. */
  widen(): void {
    for (const [block, { borrowed }] of this.#split) {
      this.#mirrors.get(block)!.free();
      const all = this.#allocate(block.bytes);
      all.write(0, borrowed!);
      this.#mirrors.set(block, all);
    }
    this.#split.clear();
  }

  /** @internal @param values as many as the weight's shape says; by default what the slot begins with */
  write(slot: number, { range, shape }: Weights, values = this.#beginning(slot, sizeOf(shape))): void {
    this.beside(range, slot).write(values);
  }

  #beginning(slot: number, size: number): Float32Array {
    return new Float32Array(size).fill(this.#initial[slot]);
  }
}

/** The bytes of a block beside which this process has slots. */
interface Span {
  readonly start: number;
  readonly end: number;
  /** All slots of the block, one after the other, while they are lent. */
  borrowed?: Float32Array | undefined;
}

const splitError = () =>
  new LanegradError(
    'What the optimizer remembers is split among the ranks of a cluster while fit runs (shardOptimizer). It can be read ' +
      "in the callbacks at the end of an epoch, as by checkpoint({ every: 'epoch' }), and after fit.",
  );

/** A place for each weight's gradient: it is read in the run that computes it, and means nothing afterwards. */
export const gradientSlots = (): Slots => new Slots([0], true);
