// Tensors of numbers that were given: of the public functions that make them, and of what is fed to models.

import { LanegradError } from '../errors.ts';
import { checkDataType, type DataType } from './data-type.ts';
import { flattenValues, type TensorLike } from './nested-array.ts';
import type { Rank } from './rank.ts';
import { checkShape, checkSize, formatShape } from './shape.ts';
import { type Tensor, tensorOf } from './tensor.ts';

/** What scripts for TensorFlow.js leave out, or give null for. */
export type Optional<T> = T | null | undefined;

/** Whether a shape of as many may be given for values of shape `found`: flat, or alike but for a split last dimension. */
const agrees = (shape: readonly number[], found: readonly number[]): boolean =>
  found.slice(0, -1).every((length, i) => length === shape[i]);

/**
 * A tensor of numbers that no user sees, so that the books do not count it.
 * @param where the function it is for, for errors
 */
export function uncounted<R extends Rank = Rank>(
  where: string,
  values: TensorLike,
  givenShape?: Optional<readonly number[]>,
  givenDType?: Optional<DataType>,
): Tensor<R> {
  const dtype = givenDType ?? undefined;
  if (dtype !== undefined) checkDataType(where, dtype);
  const given = givenShape ?? undefined;
  const shape = given === undefined ? undefined : checkShape(where, given);
  const flat = flattenValues(where, values, dtype);
  if (shape) {
    checkSize(where, shape, flat.data.length);
    if (!agrees(shape, flat.shape)) {
      throw new LanegradError(
        `${where}: the values have shape ${formatShape(flat.shape)}, not ${formatShape(shape)}.`,
      );
    }
  }
  return tensorOf(flat, shape);
}
