/* Sizes and dimensions of tensors, and the sentences for wrong ones. */

import { LanegradError, shown } from '../errors.ts';
import { formatShape, sameShape, sizeOf, stridesOf } from '../graph/shape.ts';
import { integers, maxElements, sizes } from '../options/arguments.ts';

export { formatShape, sameShape, sizeOf };

/** How many elements lie between neighbours along each dimension but the last, where it is 1. */
export const computeStrides = (shape: readonly number[]): number[] => stridesOf(shape).slice(0, -1);

/** A shape as a list, where a typed array may be given. Throws unless every dimension is 0 or a positive integer. */
export function checkShape(where: string, given: readonly number[]): readonly number[] {
  const shape = sizes.read(given);
  if (!shape) {
    throw new LanegradError(
      `${where}: Tensor must have a shape comprised of positive integers but got shape ${shown(given)}.`,
    );
  }
  if (sizeOf(shape) <= maxElements) return shape;
  throw new LanegradError(`${where}: There is no memory for a tensor of shape ${formatShape(shape)}.`);
}

/** Throws unless a shape holds `size` values. */
export function checkSize(where: string, shape: readonly number[], size: number): void {
  if (sizeOf(shape) === size) return;
  throw new LanegradError(
    `${where}: Based on the provided shape, ${formatShape(shape)}, the tensor should have ${sizeOf(shape)} values but has ${size}.`,
  );
}

/** The shape with its one -1 replaced by what makes it hold `size` values. */
export function resolveShape(where: string, given: readonly number[], size: number): readonly number[] {
  const shape = integers.read(given) ?? [];
  const free = shape.indexOf(-1);
  if (free < 0) {
    const resolved = checkShape(where, given);
    checkSize(where, resolved, size);
    return resolved;
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
