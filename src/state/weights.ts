// Weights and other numbers that outlive programs: a name, a shape, and a place in linear memory.

import { floatBytes, padded } from '../bytes.ts';
import type { Constraint } from '../constraints/constraints.ts';
import type { Block } from '../engine/block.ts';
import { engine } from '../engine/engine.ts';
import { internal, LanegradError } from '../errors.ts';
import type { Storage, Value } from '../graph/graph.ts';
import { type Shape, sizeOf } from '../graph/shape.ts';
import { Range } from './range.ts';
import { Trace } from './trace.ts';

interface WeightsOptions {
  readonly name: string;
  readonly shape: Shape;
  /** What it begins with, in row-major order, or what makes that when it is first needed. It is not copied. */
  readonly values: Float32Array | (() => Float32Array);
  readonly trainable?: boolean;
  readonly constraint?: Constraint;
}

/** A block, and how many variables in it are not disposed of. */
interface Settlement {
  readonly block: Block;
  residents: number;
}

/**
 * Numbers that programs read and change. They wait on the JavaScript heap until somebody first needs them in linear
 * memory; `settle` then gives them a part of a block, and from then on they are what it holds.
 */
export class Weights implements Storage {
  readonly name: string;
  readonly shape: Shape;
  readonly constraint: Constraint | undefined;
  /** Called once, before its numbers change: somebody may still read those that it has now. */
  #beforeChange: (() => void) | undefined;
  /**
   * How many variables have such: where none has, no program that changes some looks at each. One that is collected stays
   * counted, which costs time alone.
   */
  static #followed = 0;
  #trainable: boolean;
  #isFrozen = false;
  #initial: WeightsOptions['values'] | undefined;
  #range: Range | undefined;
  #settlement: Settlement | undefined;
  #isDisposed = false;

  constructor(options: WeightsOptions) {
    this.name = options.name;
    this.shape = options.shape;
    this.#trainable = options.trainable ?? true;
    this.constraint = options.constraint;
    this.#initial = options.values;
  }

  /** @internal Whether any variable was ever frozen, or made trainable or not later on: who never did pays nothing. */
  static someTurned = false;

  /** Whether optimizers may move it, if its layer is trainable too. */
  get trainable(): boolean {
    return this.#trainable;
  }

  set trainable(trainable: boolean) {
    if (trainable !== this.#trainable) Weights.someTurned = true;
    this.#trainable = trainable;
  }

  /** @internal Whether its layer, or a model around that, is not trainable: what steps of loops of one's own ask. */
  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  /** @internal */
  set isFrozen(isFrozen: boolean) {
    if (isFrozen !== this.#isFrozen) Weights.someTurned = true;
    this.#isFrozen = isFrozen;
  }

  /** @internal Whether steps of loops of one's own move it. */
  get isMovable(): boolean {
    return this.#trainable && !this.#isFrozen;
  }

  /** The name it was made with, which it keeps. */
  get originalName(): string {
    return this.name;
  }

  get dtype(): 'float32' {
    return 'float32';
  }

  /** @internal */
  get isSettled(): boolean {
    return this.#range !== undefined;
  }

  /** @internal Where its numbers are. */
  get range(): Range {
    this.#throwIfDisposed();
    if (!this.#range) throw internal(`${this.name} is not settled.`);
    return this.#range;
  }

  /** @internal The memory it lives in, which must outlive every program that reads it. */
  get block(): Block {
    return this.range.block;
  }

  /** @internal */
  get offset(): number {
    return this.range.offset;
  }

  /** @internal Floats it takes in its block: whole vectors, so that an optimizer needs no tail. */
  get footprint(): number {
    return padded(sizeOf(this.shape));
  }

  /** Its value at this point of the layers that are being called; outside of a layer's `call` a tensor of what it is now. */
  read(): Value {
    return Trace.read(this);
  }

  /** A copy of its numbers. */
  values(): Float32Array<ArrayBuffer> {
    return this.#begin()?.slice() ?? this.range.read();
  }

  /** @internal Copies its numbers into an array, from number `at` on. */
  copyTo(target: Float32Array, at: number): void {
    const initial = this.#begin();
    if (initial) target.set(initial, at);
    else this.range.copyTo(target, at);
  }

  /** What it begins with, until it has a place. */
  #begin(): Float32Array<ArrayBuffer> | undefined {
    if (typeof this.#initial === 'function') this.#initial = this.#initial();
    return this.#initial as Float32Array<ArrayBuffer> | undefined;
  }

  /** @param values as many as the shape says; they are copied */
  write(values: Float32Array): void {
    this.writeNumbers(values);
  }

  /** @internal As `write`, of numbers of any type. */
  writeNumbers(values: ArrayLike<number>): void {
    this.take(this.#range && values instanceof Float32Array ? values : new Float32Array(values));
  }

  /** @internal As `write`, of values that nobody else has or that are not needed any more: they may not be copied. */
  take(values: Float32Array): void {
    this.#throwIfDisposed();
    Weights.announceChange([this]);
    if (this.#range) this.#range.write(values);
    else this.#initial = values;
  }

  /** Gives its memory back at once, with the last of those that were settled beside it. */
  dispose(): void {
    if (this.#isDisposed) return;
    Weights.announceChange([this]);
    this.#isDisposed = true;
    this.#range = undefined;
    this.#initial = undefined;
    if (this.#settlement && --this.#settlement.residents === 0) this.#settlement.block.free();
  }

  #throwIfDisposed(): void {
    if (this.#isDisposed)
      throw new LanegradError(`${this.name}: was disposed of; it has no numbers any more.`);
  }

  /** @internal To be called before a program changes variables: whoever still reads the numbers that they have takes a copy. */
  static announceChange(variables: readonly Weights[]): void {
    if (Weights.#followed === 0) return;
    for (const variable of variables) {
      const beforeChange = variable.#beforeChange;
      if (!beforeChange) continue;
      variable.#beforeChange = undefined;
      Weights.#followed--;
      beforeChange();
    }
  }

  /** @internal Has `act` be called once, before its numbers change. */
  onceBeforeChange(act: () => void): void {
    if (!this.#beforeChange) Weights.#followed++;
    this.#beforeChange = act;
  }

  /** @internal Puts variables that have no place yet side by side into one block of linear memory. */
  static settle(variables: readonly Weights[], purpose: string): void {
    const unplaced = variables.filter(({ isSettled }) => !isSettled);
    if (unplaced.length === 0) return;
    for (const variable of unplaced) variable.#throwIfDisposed();
    const floats = unplaced.reduce((sum, { footprint }) => sum + footprint, 0);
    const block = engine().allocate(floats * floatBytes, purpose);
    const settlement = { block, residents: unplaced.length };
    let offset = 0;
    for (const variable of unplaced) {
      variable.#settlement = settlement;
      variable.#range = new Range(variable.name, variable.shape, block, offset);
      variable.#range.write(variable.#begin()!);
      variable.#initial = undefined;
      offset += variable.footprint * floatBytes;
    }
  }
}
