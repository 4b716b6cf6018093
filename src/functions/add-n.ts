// The sum of a list of tensors.

import { LanegradError, shown } from '../errors.ts';
import type { Value } from '../graph/graph.ts';
import * as composed from '../graph/ops/arithmetic.ts';
import { formatShape, sameShape } from '../graph/shape.ts';
import type { TensorArgument } from '../tensor/convert.ts';
import { countedAs } from '../tensor/data-type.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { lift } from './lift.ts';

/**
 * The sum of tensors of one shape and type.
 * @throws LanegradError when there are none, or they differ in shape or type.
 */
export const addN = <T extends Tensor = Tensor>(tensors: readonly (T | TensorArgument | Value)[]): T => {
  if (!Array.isArray(tensors)) {
    throw new LanegradError(
      `addN: The argument passed to tf.addN() must be a list of tensors; got ${shown(tensors)}.`,
    );
  }
  if (tensors.length === 0) {
    throw new LanegradError('addN: Must pass at least one tensor to tf.addN(), but got 0.');
  }
  return sumOf(tensors);
};
const sumOf = lift('addN', ['…tensors'], (values: readonly Value[]) => {
  const [first] = values;
  for (const { dtype, shape } of values) {
    if (countedAs(dtype) !== countedAs(first.dtype)) {
      throw first.graph.error(
        `addN: All tensors passed to tf.addN() must have the same dtype; got ${first.dtype} and ${dtype}.`,
      );
    }
    if (!sameShape(shape, first.shape)) {
      throw first.graph.error(
        `addN: All tensors passed to tf.addN() must have the same shape; got ${formatShape(first.shape)} and ${formatShape(shape)}.`,
      );
    }
  }
  return composed.addN(values);
});
