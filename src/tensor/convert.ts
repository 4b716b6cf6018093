// Arguments of functions as tensors: what TensorFlow.js calls "a Tensor or TensorLike".

import { LanegradError } from '../errors.ts';
import type { Graph, Value } from '../graph/graph.ts';
import { constant, parameter } from '../graph/ops/sources.ts';
import { storageOf } from './evaluate.ts';
import { flattenValues, isNumericArray, type TensorLike } from './nested-array.ts';
import { recorder, Tensor, versionOf } from './tensor.ts';

/** What a function takes where it works on tensors. */
export type TensorArgument = Tensor | TensorLike;

/**
 * The argument as a tensor; one that is a tensor already is returned as it is.
 * @param argument its name, and `where` that of the function, for the error
 * @throws LanegradError when it is neither a tensor nor numbers, or was disposed of.
 */
export function toTensor(where: string, argument: string, given: unknown): Tensor {
  if (given instanceof Tensor) {
    given.throwIfDisposed();
    return given;
  }
  if (typeof given === 'number') return new Tensor(Float32Array.of(given), [], 'float32');
  const isNumbers = typeof given === 'boolean' || Array.isArray(given) || isNumericArray(given);
  if (!isNumbers) {
    throw new LanegradError(
      `${where}: Argument '${argument}' passed to '${where}' must be a Tensor or TensorLike, numbers that is; got ${describe(given)}.`,
    );
  }
  const { data, shape, dtype } = flattenValues(where, given as TensorLike);
  return new Tensor(data, shape, dtype);
}

/** The same for a list of tensors. */
export function toTensors(where: string, argument: string, given: unknown): Tensor[] {
  if (Array.isArray(given)) return given.map((each, i) => toTensor(where, `${argument}[${i}]`, each));
  throw new LanegradError(
    `${where}: Argument ${argument} passed to ${where} must be a \`Tensor[]\` or \`TensorLike[]\`; got ${describe(given)}.`,
  );
}

/** A script's tensor as a node of a model that is being traced: a constant, or the weights that it is. */
export function liftInto(graph: Graph, tensor: Tensor): Value {
  if (tensor.graph === graph) return tensor;
  if (tensor.graph !== recorder) throw graph.error("an input belongs to another model's trace.");
  const version = versionOf(tensor);
  const storage = storageOf(version);
  if (storage) return parameter(graph, storage);
  return constant(graph, Float32Array.from((version as Tensor).dataSync()), tensor.shape);
}

function describe(given: unknown): string {
  if (typeof given === 'string') return JSON.stringify(given);
  if (typeof given === 'object' && given !== null) return 'an object';
  return typeof given === 'function' ? 'a function' : String(given);
}
