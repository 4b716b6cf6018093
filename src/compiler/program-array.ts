// An array of a program as JavaScript has it: where a batch is written, and where results are read.

import { floatBytes } from '../bytes.ts';
import { copy, type Numbers } from '../engine/copy.ts';
import type { Engine } from '../engine/engine.ts';
import { wordOf } from '../engine/words.ts';
import type { Storage, Value } from '../graph/graph.ts';
import { sizeOf } from '../graph/shape.ts';

/** An input or output of a program, which must live as long as this is used. */
export class ProgramArray {
  readonly shape: readonly number[];
  readonly size: number;
  readonly #dtype: Value['dtype'];
  readonly #engine: Engine;
  /** Where it is now; the program says. */
  address: number;

  constructor(engine: Engine, address: number, { shape, size, dtype }: Value) {
    this.shape = shape;
    this.size = size;
    this.#dtype = dtype;
    this.#engine = engine;
    this.address = address;
  }

  /** Whether it lies within what outlives the program, which it may be a part of or a copy of a part. */
  liesIn(storage: Storage): boolean {
    const { block, offset, shape } = storage;
    const begin = block.address + offset;
    return begin <= this.address && this.address < begin + floatBytes * sizeOf(shape);
  }

  /** Element i, of an array of floats. */
  at(i: number): number {
    return this.#engine.f32[wordOf(this.address) + i];
  }

  /** A copy of its floats. */
  read(): Float32Array<ArrayBuffer> {
    return this.#engine.readFloats(this.address, this.size);
  }

  /** A copy of its numbers as arrays on the heap have them: a bool is a byte of 0 or 1. */
  copy(): Numbers {
    const first = this.#first();
    const end = first + this.size;
    const memory = this.#memory();
    // `from` of typed arrays takes one and a half times as long.
    return this.#dtype === 'bool' ? new Uint8Array(memory.subarray(first, end)) : memory.slice(first, end);
  }

  /** Copies its floats into an array that is long enough, from `offset` on. */
  readInto(target: Float32Array, offset: number): void {
    this.#engine.copyFloats(this.address, target, offset, this.size);
  }

  /** Writes `count` elements of `source`, from `start` on. */
  write(source: Numbers, start = 0, count = this.size): void {
    copy(source, start, this.#memory(), this.#first(), count);
  }

  /** Writes `count` runs of `size` elements of `source`: those that `order` numbers, from `start` on. */
  gather(source: Numbers, size: number, order: Uint32Array, start: number, count: number): void {
    const memory = this.#memory();
    const first = this.#first();
    // Every run's first number before the rest of any, so that the waits for memory overlap.
    for (let i = 0; i < count; i++) memory[first + i * size] = source[order[start + i] * size];
    if (size === 1) return;
    for (let i = 0; i < count; i++) copy(source, order[start + i] * size, memory, first + i * size, size);
  }

  #first(): number {
    return this.#dtype === 'uint8' ? this.address : wordOf(this.address);
  }

  #memory(): Numbers {
    if (this.#dtype === 'uint8') return this.#engine.u8;
    return this.#dtype === 'int32' ? this.#engine.i32 : this.#engine.f32;
  }
}
