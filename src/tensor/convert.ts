// Arguments of functions as tensors: what TensorFlow.js calls "a Tensor or TensorLike".

import { LanegradError, shown } from '../errors.ts';
import { type Graph, Value } from '../graph/graph.ts';
import { constant, parameter } from '../graph/ops/sources.ts';
import { formatShape, type Shape, sameShape } from '../graph/shape.ts';
import { Trace } from '../state/trace.ts';
import { convert, type DataType } from './data-type.ts';
import { flattenValues, isNumericArray, maxDepth, type TensorLike } from './nested-array.ts';
import { storageOf } from './structure.ts';
import { handOut, isLive, modelTrace, recorder, Tensor, tensorOf, versionOf } from './tensor.ts';

/** What a function takes where it works on tensors. */
export type TensorArgument = Tensor | TensorLike;

/** What a script's own regularizers and constraints are, as in TensorFlow.js: functions of tensors by the name of `apply`. */
export interface AppliesToTensors {
  apply(x: Tensor): Tensor;
}

/**
 * The argument as a tensor; one that is a tensor already is returned as it is.
 * @param argument its name, and `where` that of the function, for the error
 * @param dtype what numbers become, and what a tensor must have; bytes are as good as int32 and float32
 * @throws LanegradError when it is neither a tensor nor numbers, of another type, or was disposed of.
 */
export function toTensor(where: string, argument: string, given: unknown, dtype?: DataType): Tensor {
  if (given instanceof Tensor) {
    given.throwIfDisposed();
    if (!dtype || given.dtype === dtype || (given.dtype === 'uint8' && dtype !== 'bool')) return given;
    throw wrongType(where, argument, dtype, given.dtype);
  }
  if (typeof given === 'number' && !dtype) return new Tensor(Float32Array.of(given), [], 'float32');
  if (isText(given)) throw wrongType(where, argument, dtype ?? 'numeric', 'string');
  const isNumbers =
    typeof given === 'number' || typeof given === 'boolean' || Array.isArray(given) || isNumericArray(given);
  if (!isNumbers) {
    throw new LanegradError(
      `${where}: Argument '${argument}' passed to '${where}' must be a Tensor or TensorLike, numbers that is; got ${shown(given)}.`,
    );
  }
  const flat = flattenValues(where, given as TensorLike);
  const { data, shape, dtype: own } = flat;
  if (!dtype || dtype === own) return tensorOf(flat);
  const fraction = dtype === 'int32' ? data.find((value) => !Number.isInteger(value)) : undefined;
  if (fraction !== undefined) {
    throw new LanegradError(
      `${where}: Argument '${argument}' passed to '${where}' must be whole numbers; got ${fraction}.`,
    );
  }
  return new Tensor(convert(where, data, dtype), shape, dtype);
}

/** What is computed of an argument that may be a node of a model that is being traced; scripts get a tensor of its own. */
export function applied(
  where: string,
  argument: string,
  given: unknown,
  compute: (value: Value) => Value,
): Value {
  const value = toValue(where, argument, given);
  const result = compute(value);
  return result instanceof Tensor ? handOut(result, [value]) : result;
}

function toValue(where: string, argument: string, given: unknown): Value {
  if (given instanceof Value && !(given instanceof Tensor)) return given;
  const tensor = toTensor(where, argument, given);
  const trace = modelTrace();
  return trace && isLive(tensor) ? liftInto(trace.graph, tensor) : tensor;
}

/** Whether an argument is text, or nested arrays of it. */
function isText(given: unknown): boolean {
  let first = given;
  for (let depth = 0; depth < maxDepth && Array.isArray(first); depth++) first = first[0];
  return typeof first === 'string';
}

const wrongType = (where: string, argument: string, wanted: string, got: string): LanegradError =>
  new LanegradError(
    `${where}: Argument '${argument}' passed to '${where}' must be ${wanted} tensor, but got ${got} tensor.`,
  );

/** The same for a list of tensors. */
export function toTensors(where: string, argument: string, given: unknown, dtype?: DataType): Tensor[] {
  if (Array.isArray(given))
    return Array.from(given, (each, i) => toTensor(where, `${argument}[${i}]`, each, dtype));
  throw new LanegradError(
    `${where}: Argument ${argument} passed to ${where} must be a \`Tensor[]\` or \`TensorLike[]\`; got ${shown(given)}.`,
  );
}

/** A script's tensor as a node of a model that is being traced: a constant, or the weights or variable that it is. */
export function liftInto(graph: Graph, tensor: Tensor): Value {
  if (tensor.graph === graph) return tensor;
  const running = Trace.running?.graph === graph ? Trace.running : undefined;
  if (tensor.graph !== recorder) {
    // What the gradient of a script's own kept, when its graph was another.
    const standIn = running?.standInFor(tensor);
    if (standIn) return standIn;
    throw graph.error("an input belongs to another model's trace.");
  }
  if (isLive(tensor)) tensor.placeInMemory();
  const version = versionOf(tensor);
  const storage = storageOf(version);
  if (storage) return running ? running.read(storage) : parameter(graph, storage);
  const numbers = (version as Tensor).computed();
  if (tensor.dtype === 'int32') return constant(graph, Int32Array.from(numbers), tensor.shape, 'int32');
  const dtype = tensor.dtype === 'bool' ? 'bool' : 'float32';
  return constant(graph, Float32Array.from(numbers), tensor.shape, dtype);
}

/**
 * What a function of a user gave, as a tensor.
 * @param who whose it is and what it gives: 'dense_1: activation'
 * @throws LanegradError unless it is one, of the shape that is expected, if any
 */
export function givenTensor(who: string, given: unknown, shape?: Shape): Value {
  const expected = shape ? `a tensor of shape ${formatShape(shape)}` : 'a tensor';
  if (!(given instanceof Value)) {
    throw new LanegradError(`${who} must give ${expected}; got ${shown(given)}.`);
  }
  if (!shape || sameShape(given.shape, shape)) return given;
  throw new LanegradError(`${who} must give ${expected}; got one of shape ${formatShape(given.shape)}.`);
}
