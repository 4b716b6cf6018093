// The functions that layers, losses and metrics are composed of, for whoever writes their own. They take values
// of the graph that is being traced, or tensors, to which they are applied at once.

import { Graph, type Value } from './graph/graph.ts';
import * as elementwise from './graph/ops/elementwise.ts';
import * as products from './graph/ops/matmul.ts';
import * as movement from './graph/ops/movement.ts';
import * as reductions from './graph/ops/reductions.ts';
import * as normalized from './graph/ops/softmax.ts';
import * as sources from './graph/ops/sources.ts';
import { Trace } from './state/trace.ts';
import type { DataType } from './tensor/data-type.ts';
import { lift } from './tensor/eager.ts';
import { randomUniform as uniformTensor } from './tensor/random.ts';
import type { Tensor } from './tensor/tensor.ts';

export const abs = lift(elementwise.abs);
export const add = lift(elementwise.add);
export const clipByValue = lift(elementwise.clip);
export const div = lift(elementwise.div);
export const equal = lift(elementwise.equal);
export const erf = lift(elementwise.erf);
export const exp = lift(elementwise.exp);
export const expm1 = lift(elementwise.expm1);
export const floor = lift(elementwise.floor);
export const greater = lift(elementwise.greater);
export const greaterEqual = lift(elementwise.greaterEqual);
export const less = lift(elementwise.less);
export const lessEqual = lift(elementwise.lessEqual);
export const log = lift(elementwise.log);
export const log1p = lift(elementwise.log1p);
export const maximum = lift(elementwise.maximum);
export const minimum = lift(elementwise.minimum);
export const mul = lift(elementwise.mul);
export const neg = lift(elementwise.neg);
export const pow = lift(elementwise.pow);
export const reciprocal = lift(elementwise.reciprocal);
export const relu = lift(elementwise.relu);
export const sigmoid = lift(elementwise.sigmoid);
export const sign = lift(elementwise.sign);
export const softplus = lift(elementwise.softplus);
export const sqrt = lift(elementwise.sqrt);
export const square = lift(elementwise.square);
export const step = lift(elementwise.step);
export const sub = lift(elementwise.sub);
export const tanh = lift(elementwise.tanh);
export const where = lift(elementwise.select);

export const matMul = lift(products.matMul);

export const broadcastTo = lift(movement.broadcastTo);
export const concat = lift(movement.concat);
export const pad = lift(movement.pad);
export const slice = lift(movement.slice);
export const transpose = lift(movement.transpose);

export const argMax = lift(reductions.argMax);
export const max = lift(reductions.max);
export const mean = lift(reductions.mean);
export const min = lift(reductions.min);
export const sum = lift(reductions.sum);
export const variance = lift(reductions.variance);

export const logSoftmax = lift(normalized.logSoftmax);
export const softmax = lift(normalized.softmax);
export const softmaxCrossEntropy = lift(normalized.softmaxCrossEntropy);

export const reshape = lift(sources.reshape);
export const stopGradient = lift(sources.stopGradient);

/**
 * Uniform numbers in [0, 1) as a value of a graph, drawn anew in every step: `randomUniform(x.graph, x.shape)` in a
 * layer's `call`.
 * @param seed takes the place of the seed of `fit`
 * @throws LanegradError in a graph that has no random state, such as one for inference.
 */
export function randomUniform(graph: Graph, shape: readonly number[], seed?: number): Value;
/**
 * A tensor of uniform numbers from `minval` (default: 0) to below `maxval` (default: 1); for integers fractions are
 * dropped.
 * @param seed default: the next of `setSeed`'s sequence
 */
export function randomUniform(
  shape: readonly number[],
  minval?: number,
  maxval?: number,
  dtype?: DataType,
  seed?: number,
): Tensor;
export function randomUniform(
  first: Graph | readonly number[],
  second?: readonly number[] | number,
  third?: number,
  dtype?: DataType,
  seed?: number,
): Value | Tensor {
  return first instanceof Graph
    ? Trace.current.randomUniform(second as readonly number[], third)
    : uniformTensor(first, second as number | undefined, third, dtype, seed);
}
