// Random numbers: of a tensor at once, or drawn anew in every step of a model that is being traced.

import { Graph, type Value } from '../graph/graph.ts';
import { Trace } from '../state/trace.ts';
import type { DataType } from '../tensor/data-type.ts';
import { randomUniform as uniformTensor } from '../tensor/random.ts';
import type { Tensor } from '../tensor/tensor.ts';

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
