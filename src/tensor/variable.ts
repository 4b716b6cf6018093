// Tensors that change: `tf.variable`.

import { LanegradError } from '../errors.ts';
import { sameShape } from '../graph/shape.ts';
import { type TensorArgument, toTensor } from './convert.ts';
import type { DataType, TypedArray } from './data-type.ts';
import { disposeOf, keep } from './scopes.ts';
import { formatShape } from './shape.ts';
import { recorder, Tensor, type Versioned } from './tensor.ts';

/** By name, as optimizers and `variableGrads` find them. */
const registered = new Map<string, Variable>();
let unnamed = 0;

/** All trainable variables that were not disposed of. */
export const trainableVariables = (): Variable[] =>
  [...registered.values()].filter(({ trainable }) => trainable);

/**
 * A tensor that changes by `assign`, and that optimizers move. An operation reads what it holds when the operation is
 * called; `tidy` leaves it alone.
 */
export class Variable extends Tensor implements Versioned {
  readonly name: string;
  /** Whether optimizers may move it. */
  trainable: boolean;
  #version: Tensor;

  /** @throws LanegradError when there is a variable of that name. */
  constructor(initial: Tensor, trainable = true, name = `variable_${unnamed++}`, dtype?: DataType) {
    super(recorder.leaf(initial.shape, dtype ?? initial.dtype));
    if (registered.has(name)) {
      throw new LanegradError(`variable: Variable with name ${name} was already registered.`);
    }
    this.name = name;
    this.trainable = trainable;
    this.#version = dtype && dtype !== initial.dtype ? initial.cast(dtype) : versionHolding(initial);
    keep(this);
    registered.set(name, this);
  }

  get version(): Tensor {
    return this.#version;
  }

  override dataSync(): TypedArray {
    this.throwIfDisposed();
    return this.#version.dataSync();
  }

  /**
   * Changes what it holds.
   * @throws LanegradError when the new value has another shape or type.
   */
  assign(value: TensorArgument): void {
    this.throwIfDisposed();
    const next = toTensor('assign', 'newValue', value);
    if (next.dtype !== this.dtype) {
      throw new LanegradError(
        `${this.name}: dtype of the new value (${next.dtype}) and previous value (${this.dtype}) must match.`,
      );
    }
    if (!sameShape(next.shape, this.shape)) {
      throw new LanegradError(
        `${this.name}: shape of the new value (${formatShape(next.shape)}) and previous value (${formatShape(this.shape)}) must match.`,
      );
    }
    this.#version = versionHolding(next);
  }

  override dispose(): void {
    if (registered.get(this.name) === this) registered.delete(this.name);
    disposeOf(this);
  }
}

/** A tensor with the numbers of another, which may be disposed of. */
function versionHolding(tensor: Tensor): Tensor {
  return new Tensor(tensor.dataSync(), tensor.shape, tensor.dtype);
}

/**
 * A variable that begins with a tensor's numbers.
 * @param trainable whether optimizers may move it; true by default
 * @param name `variable_0` and so on by default
 * @param dtype the tensor's by default
 */
export function variable(
  initialValue: TensorArgument,
  trainable = true,
  name?: string,
  dtype?: DataType,
): Variable {
  const initial = toTensor('variable', 'initialValue', initialValue);
  return new Variable(initial, trainable, name, dtype);
}
