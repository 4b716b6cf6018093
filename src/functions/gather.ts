// Entries along an axis by their numbers.

import { LanegradError } from '../errors.ts';
import { normalizeAxis, sizeOf } from '../graph/shape.ts';
import { type TensorArgument, toTensor } from '../tensor/convert.ts';
import { allocate } from '../tensor/data-type.ts';
import { count } from '../tensor/scopes.ts';
import { formatShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';

/**
 * A copy of the entries along `axis` that `indices` names, in that order. The shape of `indices` takes the place of the
 * axis: rows [0, 2] of a [5, 3] are a [2, 3].
 * @throws LanegradError when an index is not one of the axis.
 */
export function gather(x: TensorArgument, indices: TensorArgument, axis = 0): Tensor {
  const source = toTensor('gather', 'x', x);
  const wanted = toTensor('gather', 'indices', indices);
  const { shape, rank, dtype } = source;
  const along = normalizeAxis('gather', axis, rank);
  const [before, length, after] = [
    sizeOf(shape.slice(0, along)),
    shape[along],
    sizeOf(shape.slice(along + 1)),
  ];
  const picked = wanted.dataSync();
  for (const index of picked) {
    if (Number.isInteger(index) && index >= 0 && index < length) continue;
    throw new LanegradError(
      `gather: there is no index ${index} along axis ${along} of shape ${formatShape(shape)}.`,
    );
  }
  const result = allocate(dtype, before * picked.length * after);
  const numbers = source.dataSync();
  let written = 0;
  for (let b = 0; b < before; b++) {
    for (const index of picked) {
      const first = (b * length + index) * after;
      result.set(numbers.subarray(first, first + after), written);
      written += after;
    }
  }
  return count(
    new Tensor(result, [...shape.slice(0, along), ...wanted.shape, ...shape.slice(along + 1)], dtype),
  );
}
