// Tensors that have numbers are joined where these lie, where a program would have an input and a command for each of
// many, or be another one for each row by which data grow.

import { movementOps } from '../graph/ops/movement.ts';
import { sizeOf } from '../graph/shape.ts';
import { allocate, type TypedArray } from './data-type.ts';
import type { Deferred } from './deferred.ts';

/** So many parts are faster joined here, whatever their sizes. */
const many = 16;
/** So long may be what is joined of few, which lie one behind the other: their copies cost next to nothing. */
const short = 20_000;

/** The numbers of a node that joins such tensors; undefined for any other. */
export function joinedAtOnce({ op, inputs, attrs, shape, size, dtype }: Deferred): TypedArray | undefined {
  if ((op as object) !== movementOps.concat) return undefined;
  const runs = sizeOf(shape.slice(0, (attrs as { axis: number }).axis));
  if (inputs.length < many && (runs > 1 || size > short)) return undefined;
  const parts = inputs as readonly Deferred[];
  if (!parts.every((part) => part.numbers && part.dtype === dtype)) return undefined;
  for (const part of parts) part.requireNumbers();
  const result = allocate(dtype, size);
  let written = 0;
  for (let run = 0; run < runs; run++) {
    for (const { numbers, size } of parts) {
      const length = size / runs;
      const first = run * length;
      // A view costs more than a few numbers do.
      if (length > 48) result.set(numbers!.subarray(first, first + length), written);
      else for (let i = 0; i < length; i++) result[written + i] = numbers![first + i];
      written += length;
    }
  }
  return result;
}
