// Where a program takes in or gives out one array: the only way to its numbers from outside.

import type { Engine } from '../engine/engine.ts';
import { wordOf } from '../engine/words.ts';
import type { Value } from '../graph/graph.ts';

/** Numbers of a value on the JavaScript heap. Those of a bool are bytes 0 and 1. */
export type Numbers = Float32Array | Int32Array | Uint8Array;

export class Port {
  readonly #engine: Engine;
  readonly #value: Value;
  readonly #address: number;

  constructor(engine: Engine, value: Value, address: number) {
    this.#engine = engine;
    this.#value = value;
    this.#address = address;
  }

  /** Copies numbers in; they are of the value's type. */
  write(numbers: Numbers): void {
    const { f32, i32, u8 } = this.#engine;
    const { dtype } = this.#value;
    if (dtype === 'uint8') u8.set(numbers, this.#address);
    else if (dtype === 'int32') i32.set(numbers, wordOf(this.#address));
    else f32.set(numbers, wordOf(this.#address));
  }

  /** A copy of the numbers, as the value's type is stored on the heap. */
  read(): Numbers {
    const { f32, i32, u8 } = this.#engine;
    const { dtype, size } = this.#value;
    if (dtype === 'uint8') return u8.slice(this.#address, this.#address + size);
    const first = wordOf(this.#address);
    if (dtype === 'int32') return i32.slice(first, first + size);
    if (dtype === 'bool') return Uint8Array.from(f32.subarray(first, first + size));
    return f32.slice(first, first + size);
  }
}
