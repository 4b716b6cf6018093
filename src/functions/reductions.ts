// Functions that make one number of many, along axes.

import type { Value } from '../graph/graph.ts';
import * as ops from '../graph/ops/reductions.ts';
import { formatShape, normalizeAxis } from '../graph/shape.ts';
import type { TensorArgument } from '../tensor/convert.ts';
import { recorder, type Tensor } from '../tensor/tensor.ts';
import { lift } from './lift.ts';

const x = ['x'];

/**
 * Index of the largest element along an axis, the first of equals, as int32 without that axis.
 * @param axis 0 by default, as in TensorFlow.js; −1 gives the classes of a prediction
 * @throws LanegradError where there is no such axis, or nothing along it.
 */
export const argMax = (x: TensorArgument | Value, axis = 0): Tensor => {
  const found = largestAt(x, axis);
  return found.graph === recorder ? found.cast('int32') : found;
};

const largestAt = lift('argMax', x, (value: Value, axis: number) => {
  const along = normalizeAxis('argMax', axis, value.rank);
  if (value.shape[along] === 0) {
    throw value.graph.error(`argMax: axis ${along} of shape ${formatShape(value.shape)} is empty.`);
  }
  return ops.argMax(value, along);
});
export const max = lift('max', x, ops.max);
export const mean = lift('mean', x, ops.mean);
export const min = lift('min', x, ops.min);
export const sum = lift('sum', x, ops.sum);
export const variance = lift('variance', x, ops.variance);
