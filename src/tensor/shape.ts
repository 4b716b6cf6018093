/* Sizes and dimensions of tensors, and the sentences for wrong ones. */

import { LanegradError } from '../errors.ts';
import { formatShape, sizeOf } from '../graph/shape.ts';

export { formatShape, sizeOf };

/** Throws unless every dimension is 0 or a positive integer. */
export function checkShape(where: string, shape: readonly number[]): void {
  if (!Array.isArray(shape) || !shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    const got = Array.isArray(shape) ? formatShape(shape) : String(shape);
    throw new LanegradError(`${where}: a shape is an array of non-negative integers; got ${got}.`);
  }
}

/**
 * The axis counted from the front; -1 is the last one.
 * @param rank how many axes there are to choose from
 */
export function resolveAxis(where: string, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    const range = rank === 0 ? 'a scalar has none' : `expected an integer from ${-rank} to ${rank - 1}`;
    throw new LanegradError(`${where}: there is no axis ${axis}; ${range}.`);
  }
  return axis < 0 ? axis + rank : axis;
}

/** The shape with its one -1 replaced by what makes it hold `size` values. */
export function resolveShape(where: string, shape: readonly number[], size: number): number[] {
  const free = shape.indexOf(-1);
  if (free < 0) {
    checkShape(where, shape);
    if (sizeOf(shape) !== size) {
      throw new LanegradError(
        `${where}: shape ${formatShape(shape)} holds ${sizeOf(shape)} values; there are ${size}.`,
      );
    }
    return [...shape];
  }
  const others = shape.filter((_, i) => i !== free);
  if (others.includes(-1)) {
    throw new LanegradError(`${where}: only one dimension may be -1; got ${formatShape(shape)}.`);
  }
  checkShape(where, others);
  const known = sizeOf(others);
  const length = known === 0 ? 0 : size / known;
  if (!Number.isInteger(length) || length * known !== size) {
    throw new LanegradError(`${where}: ${size} values cannot be divided into shape ${formatShape(shape)}.`);
  }
  return shape.map((given, i) => (i === free ? length : given));
}
