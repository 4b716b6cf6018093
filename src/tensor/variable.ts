// Tensors that change: `tf.variable`.

import { LanegradError } from '../errors.ts';
import { stopGradient } from '../graph/ops/sources.ts';
import { formatShape, sameShape } from '../graph/shape.ts';
import type { Trace } from '../state/trace.ts';
import { Weights } from '../state/weights.ts';
import { liftInto, type TensorArgument, toTensor } from './convert.ts';
import { convert, countedAs, type DataType, type DataTypeMap, type TypedArray } from './data-type.ts';
import type { TensorLike } from './nested-array.ts';
import type { Rank } from './rank.ts';
import { isPassing } from './recorded-step.ts';
import { CountedArrays, count, disposeOf, isInScope, noteAssigned, noteLeft, recount } from './scopes.ts';
import { cutPiece, modelTrace, recorder, Tensor, type Versioned } from './tensor.ts';
import { becomeVersion, versionOfWeights } from './weights.ts';

/** By name, as optimizers and `variableGrads` find them. */
const registered = new Map<string, Variable>();
let unnamed = 0;

/** All trainable variables that were not disposed of. */
export const trainableVariables = (): Variable[] =>
  [...registered.values()].filter(({ trainable }) => trainable);

/** Layers' weights as variables; by name, those that somebody has asked for. */
const layerVariables = new WeakMap<Weights, Variable>();
const layerVariablesByName = new Map<string, WeakRef<Variable>>();

/** Tensors that were read or copied of a layer's weights: where variables are asked for they stand for them. */
const standIns = new WeakMap<Tensor, Weights>();

/** Has a tensor stand for a layer's weights. */
export function standFor(weights: Weights, tensor: Tensor): Tensor {
  if (!standIns.has(tensor)) standIns.set(tensor, weights);
  return tensor;
}

/** A copy of a layer's weights, which stands for them. Scripts ask it for what TensorFlow.js's, a variable, has. */
class WeightsCopy extends Tensor {
  get name(): string {
    return standIns.get(this)!.name;
  }

  /** Sets the weights. The copy stays as it is. */
  assign(newValue: TensorArgument): void {
    variableOf(standIns.get(this)!).assign(newValue);
  }
}

/** A copy of a layer's weights, which stands for them. */
export const copyOf = (weights: Weights): Tensor =>
  standFor(weights, new WeightsCopy(weights.values(), weights.shape, 'float32'));

/** What stands for variables: layers' weights, and what `read` and `getWeights` gave of them, too. */
export type VariableList = readonly (Variable | Weights | Tensor)[];

/** The variable that is meant: the given one itself, or the variable of the weights that a tensor stands for. */
export function variableMeant(given: unknown): Variable | undefined {
  if (given instanceof Variable) return given;
  const weights = given instanceof Weights ? given : standIns.get(given as Tensor);
  return weights && variableOf(weights);
}

/** A layer's weights as a variable. */
export function variableOf(weights: Weights): Variable {
  const known = layerVariables.get(weights);
  if (known) return known;
  const made = new Variable(weights, weights.trainable, unusedName(weights.name));
  layerVariables.set(weights, made);
  layerVariablesByName.set(made.name, new WeakRef(made));
  return made;
}

/** A name that no variable of other weights has: layers of two models may have one name. */
function unusedName(name: string): string {
  let unused = name;
  for (let i = 1; variableNamed(unused); i++) unused = `${name}_${i}`;
  return unused;
}

/** Disposes of all variables that have a name, trainable or not; TensorFlow.js's optimizers keep theirs among them. */
export function disposeVariables(): void {
  for (const each of [...registered.values()]) each.dispose();
  CountedArrays.clear();
}

/** The variable of a name, if there is one. */
export const variableNamed = (name: string): Variable | undefined =>
  registered.get(name) ?? layerVariablesByName.get(name)?.deref();

/** Variables by name, and those of layers that somebody has asked for, as whoever took gradients has. */
export const variablesByName = (): Record<string, Variable> =>
  Object.fromEntries(
    [...layerVariablesByName.keys(), ...registered.keys()].flatMap((name) => {
      const variable = variableNamed(name);
      return variable ? [[name, variable]] : [];
    }),
  );

/**
 * A tensor that changes by `assign`, and that optimizers move. An operation reads what it holds when the operation is
 * called; `tidy` leaves it alone.
 */
export class Variable<R extends Rank = Rank> extends Tensor<R> implements Versioned {
  readonly name: string;
  /** What it holds, until an optimizer moves it. */
  #version: Tensor | undefined;
  /** Where it is once an optimizer moves it. */
  #weights: Weights | undefined;
  #trainable: boolean;

  /** @throws LanegradError when there is a variable of that name. */
  constructor(initial: Tensor | Weights, trainable = true, name?: string | null) {
    const own = name ?? `variable_${unnamed++}`;
    const isTensor = initial instanceof Tensor;
    super(recorder.leaf(initial.shape, isTensor ? initial.dtype : 'float32'));
    if (isTensor && registered.has(own)) {
      throw new LanegradError(`variable: Variable with name ${own} was already registered.`);
    }
    this.name = own;
    this.#trainable = trainable;
    this.isKept = true;
    if (!isTensor) {
      this.#weights = initial;
      return;
    }
    this.#hold(initial);
    registered.set(own, this);
    count(this);
  }

  /** Whether optimizers may move it. */
  get trainable(): boolean {
    return this.#weights?.isMovable ?? this.#trainable;
  }

  set trainable(trainable: boolean) {
    this.#trainable = trainable;
    if (this.#weights) this.#weights.trainable = trainable;
  }

  /** @internal */
  get version(): Tensor {
    return this.#version ?? versionOfWeights(this.#weights!);
  }

  /** @internal Whether it has its place in linear memory. */
  get isSettled(): boolean {
    return this.#weights !== undefined;
  }

  /** @internal Its place in linear memory; made when it is first asked for. */
  get weights(): Weights {
    if (this.#weights) return this.#weights;
    const { name, shape } = this;
    const trainable = this.#trainable;
    const version = this.#version!;
    const values = Float32Array.from(version.computed());
    this.#weights = new Weights({ name, shape, values, trainable });
    noteLeft(version);
    this.#version = undefined;
    return this.#weights;
  }

  /**
   * @internal Moves variables that lie on the heap into linear memory, side by side. What was recorded of them reads them there.
   */
  static settle(variables: readonly Variable[]): void {
    const unplaced = variables.filter((variable) => variable.#version);
    if (unplaced.length === 0) return;
    const versions = unplaced.map((variable) => variable.#version!);
    const weights = unplaced.map((variable) => variable.weights);
    Weights.settle(weights, 'variables');
    for (const [i, version] of versions.entries()) becomeVersion(version, weights[i]);
  }

  /** @internal Whether programs can read it in each step: linear memory holds floats. */
  get isPlaceable(): boolean {
    return this.dtype === 'float32';
  }

  /** @internal */
  placeInMemory(): void {
    Variable.settle([this as Variable]);
  }

  /** The trace into whose program it goes; undefined where no model is traced. */
  get #trace(): Trace | undefined {
    return this.isPlaceable ? modelTrace() : undefined;
  }

  /** As it is in each step of that program. */
  get #traced(): Tensor | undefined {
    const trace = this.#trace;
    return trace && (liftInto(trace.graph, this) as Tensor);
  }

  override reshape<T extends Tensor = Tensor>(shape: readonly number[]): T {
    return this.#traced?.reshape<T>(shape) ?? super.reshape<T>(shape);
  }

  override cast<T extends Tensor = Tensor<R>>(dtype: DataType): T {
    return this.#traced?.cast<T>(dtype) ?? super.cast<T>(dtype);
  }

  override clone<T extends Tensor = Tensor<R>>(): T {
    return (this.#traced?.clone() ?? super.clone()) as Tensor as T;
  }

  override dataSync<D extends DataType = DataType>(): DataTypeMap[D] {
    this.throwIfDisposed();
    return this.#version?.dataSync<D>() ?? (this.#weights!.values() as DataTypeMap[D]);
  }

  /** @internal */
  override computed(): TypedArray {
    this.throwIfDisposed();
    return this.#version?.computed() ?? this.#weights!.values();
  }

  /**
   * Changes what it holds: at once or, in what a model is traced of, in each step of its program. Bytes are as good as int32,
   * and int32 within their range as bytes.
   * @throws LanegradError when the new value has another shape or type.
   */
  assign(newValue: TensorArgument): void {
    this.throwIfDisposed();
    const given = toTensor('assign', 'newValue', newValue);
    if (countedAs(given.dtype) !== countedAs(this.dtype)) {
      throw new LanegradError(
        `${this.name}: dtype of the new value (${given.dtype}) and previous value (${this.dtype}) must match.`,
      );
    }
    if (!sameShape(given.shape, this.shape)) {
      throw new LanegradError(
        `${this.name}: shape of the new value (${formatShape(given.shape)}) and previous value (${formatShape(this.shape)}) must match.`,
      );
    }
    const trace = this.#trace;
    if (trace) {
      this.placeInMemory();
      trace.assign(this.weights, liftInto(trace.graph, given));
      return;
    }
    const next = inType(this.name, given, this.dtype);
    if (!this.#weights) {
      recount(this, () => this.#hold(next));
      return;
    }
    const values = next.computed() as Float32Array;
    // The step that is recorded now may have read what it holds.
    if (isPassing()) this.version.noteReader();
    this.#weights.write(values);
  }

  #hold(tensor: Tensor): void {
    noteLeft(this.#version);
    if (this.#version) this.#version.isHeld = false;
    this.#version = versionHolding(tensor);
    this.#version.isHeld = true;
    if (isInScope()) noteAssigned(this.#version);
    else cutPiece([this.#version]);
    this.sharers = this.#version.sharers;
  }

  override dispose(): void {
    if (registered.get(this.name) === this) registered.delete(this.name);
    noteLeft(this.#version);
    disposeOf(this);
  }
}

/** A tensor's numbers in a type, if it has another: in a tensor that no user sees. */
const inType = (where: string, tensor: Tensor, dtype: DataType): Tensor =>
  tensor.dtype === dtype ? tensor : new Tensor(convert(where, tensor.computed(), dtype), tensor.shape, dtype);

/**
 * A tensor with what another holds, which may be disposed of. It need not be computed yet. No gradient flows through it:
 * a variable is where gradients end.
 */
function versionHolding(tensor: Tensor): Tensor {
  // What is recorded in a step does not outlive it.
  if (isPassing()) tensor.computed();
  return stopGradient(tensor) as Tensor;
}

/**
 * A variable that begins with a tensor's numbers.
 * @param trainable whether optimizers may move it; true by default
 * @param name `variable_0` and so on by default
 * @param dtype the tensor's by default
 */
export function variable<R extends Rank = Rank>(
  initialValue: Tensor<R> | TensorLike,
  trainable = true,
  name?: string | null,
  dtype?: DataType | null,
): Variable<R> {
  const initial = toTensor('variable', 'initialValue', initialValue);
  const isOther = (dtype ?? initial.dtype) !== initial.dtype;
  return new Variable(isOther ? initial.cast(dtype!) : initial, trainable, name);
}
