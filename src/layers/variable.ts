import type { Constraint } from '../constraints/constraints.ts';
import { type Block, engine } from '../engine/engine.ts';
import { internal, LanegradError } from '../errors.ts';
import type { Storage, Value } from '../graph/graph.ts';
import { formatShape, type Shape, sameShape, sizeOf } from '../graph/shape.ts';
import type { Regularizer } from '../regularizers/regularizers.ts';
import { Trace } from '../state/trace.ts';
import { Tensor } from '../tensor/tensor.ts';

export interface VariableOptions {
  readonly name: string;
  readonly shape: Shape;
  readonly values: Float32Array;
  readonly trainable?: boolean;
  readonly regularizer?: Regularizer;
  readonly constraint?: Constraint;
}

/** Floats that a variable takes in its block: whole vectors, so that the optimizer needs no tail. */
const paddedSize = (variable: Variable) => Math.ceil(sizeOf(variable.shape) / 4) * 4;

/**
 * Weights of a layer. They wait on the JavaScript heap until a model first runs; `settle` then gives
 * them their place in linear memory, where they stay.
 */
export class Variable implements Storage {
  readonly name: string;
  readonly shape: Shape;
  readonly regularizer: Regularizer | undefined;
  readonly constraint: Constraint | undefined;
  /** Whether the optimizer may move it, if its layer is trainable too. */
  trainable: boolean;
  #initial: Float32Array | undefined;
  #block: Block | undefined;
  #offset = 0;

  constructor(options: VariableOptions) {
    this.name = options.name;
    this.shape = options.shape;
    this.trainable = options.trainable ?? true;
    this.regularizer = options.regularizer;
    this.constraint = options.constraint;
    this.#initial = options.values;
  }

  /** The memory it lives in, which must outlive every program that reads it. */
  get block(): Block {
    if (!this.#block) throw internal(`${this.name} is not settled.`);
    return this.#block;
  }

  get address(): number {
    return this.block.address + this.#offset;
  }

  /** Floats it takes in linear memory, padding included. */
  get footprint(): number {
    return paddedSize(this);
  }

  /** Its value at this point of the model that is being traced. To be called in a layer's `call`. */
  read(): Value {
    return Trace.current.read(this);
  }

  /** A copy of its numbers. */
  values(): Float32Array {
    return this.#initial?.slice() ?? engine().readFloats(this.address, sizeOf(this.shape));
  }

  /** @throws LanegradError when the tensor has another shape. */
  write(tensor: Tensor): void {
    if (!sameShape(tensor.shape, this.shape)) {
      throw new LanegradError(
        `${this.name}: expected weights of shape ${formatShape(this.shape)}; got ${formatShape(tensor.shape)}.`,
      );
    }
    const values = Float32Array.from(tensor.dataSync());
    if (this.#block) engine().write(this.address, values);
    else this.#initial = values;
  }

  toTensor(): Tensor {
    return new Tensor(this.values() as Float32Array<ArrayBuffer>, this.shape, 'float32');
  }

  /** Puts variables that have no place yet side by side into one block of linear memory. */
  static settle(variables: readonly Variable[], purpose: string): void {
    const unplaced = variables.filter((variable) => !variable.#block);
    if (unplaced.length === 0) return;
    const floats = unplaced.reduce((sum, variable) => sum + variable.footprint, 0);
    const block = engine().allocate(floats * 4, purpose);
    let offset = 0;
    for (const variable of unplaced) {
      variable.#block = block;
      variable.#offset = offset;
      engine().write(variable.address, variable.#initial!);
      variable.#initial = undefined;
      offset += variable.footprint * 4;
    }
  }
}
