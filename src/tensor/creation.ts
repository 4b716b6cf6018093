/* Functions that make tensors. */

import { LanegradError } from '../errors.ts';
import { allocate, checkDataType, convert, type DataType } from './data-type.ts';
import { flattenValues, type TensorLike } from './nested-array.ts';
import { count } from './scopes.ts';
import { checkShape, checkSize, formatShape, sizeOf } from './shape.ts';
import { Tensor } from './tensor.ts';

/** Whether a shape may be given for values of shape `found`: flat, or alike but for a split last dimension. */
function agrees(shape: readonly number[], found: readonly number[]): boolean {
  if (found.length <= 1) return true;
  const last = found.length - 1;
  const isAlike = found.slice(0, last).every((length, i) => length === shape[i]);
  return isAlike && found[last] === sizeOf(shape.slice(last));
}

/**
 * A tensor of numbers that no user sees, so that the books do not count it.
 * @param where the function it is for, for errors
 */
export function uncounted(
  where: string,
  values: TensorLike,
  shape?: readonly number[],
  dtype?: DataType,
): Tensor {
  if (dtype !== undefined) checkDataType(where, dtype);
  if (shape !== undefined) checkShape(where, shape);
  const flat = flattenValues(where, values, dtype);
  const size = flat.data.length;
  if (shape !== undefined) checkSize(where, shape, size);
  if (shape !== undefined && !agrees(shape, flat.shape)) {
    throw new LanegradError(
      `${where}: the values have shape ${formatShape(flat.shape)}, not ${formatShape(shape)}.`,
    );
  }
  return new Tensor(flat.data, shape ?? flat.shape, flat.dtype);
}

/** A tensor of values nested `rank` deep, or flat with a shape of `rank` dimensions. */
function makeOfRank(
  rank: number,
  values: TensorLike,
  shape: readonly number[] | undefined,
  dtype: DataType | undefined,
): Tensor {
  const where = `tensor${rank}d`;
  if (shape !== undefined && shape.length !== rank) {
    throw new LanegradError(`${where}: the shape must have ${rank} dimensions; got ${formatShape(shape)}.`);
  }
  const made = uncounted(where, values, shape, dtype);
  if (made.rank === rank) return count(made);
  if (made.rank === 1) throw new LanegradError(`${where}: flat values need a shape of ${rank} dimensions.`);
  throw new LanegradError(
    `${where}: the values must be nested ${rank} deep; they have shape ${formatShape(made.shape)}.`,
  );
}

/**
 * A tensor of a number, nested arrays or a typed array. A typed array is not copied unless it must be converted.
 * @param shape default: as the values are nested; needed to give a flat array more dimensions
 * @param dtype default: bool for booleans, uint8 for a Uint8Array or Uint8ClampedArray, int32 for an Int32Array,
 *   float32 for all else
 * @throws LanegradError when rows differ in length, values do not fill the shape or do not fit the data type.
 */
export function tensor(values: TensorLike, shape?: readonly number[], dtype?: DataType): Tensor {
  return count(uncounted('tensor', values, shape, dtype));
}

/** A tensor of no dimensions that holds one value. */
export function scalar(value: number | boolean, dtype?: DataType): Tensor {
  if (typeof value !== 'number' && typeof value !== 'boolean') {
    throw new LanegradError(`scalar: expected a number or a boolean; got ${JSON.stringify(value)}.`);
  }
  return count(uncounted('scalar', value, [], dtype));
}

/** A tensor of one dimension. See `tensor` for data types and errors. */
export function tensor1d(values: TensorLike, dtype?: DataType): Tensor {
  return makeOfRank(1, values, undefined, dtype);
}

/** A tensor of two dimensions: nested arrays, or flat values and a shape. See `tensor`. */
export function tensor2d(values: TensorLike, shape?: readonly number[], dtype?: DataType): Tensor {
  return makeOfRank(2, values, shape, dtype);
}

/** A tensor of three dimensions: nested arrays, or flat values and a shape. See `tensor`. */
export function tensor3d(values: TensorLike, shape?: readonly number[], dtype?: DataType): Tensor {
  return makeOfRank(3, values, shape, dtype);
}

/** A tensor of four dimensions: nested arrays, or flat values and a shape. See `tensor`. */
export function tensor4d(values: TensorLike, shape?: readonly number[], dtype?: DataType): Tensor {
  return makeOfRank(4, values, shape, dtype);
}

function filled(where: string, shape: readonly number[], value: number, dtype: DataType): Tensor {
  checkDataType(where, dtype);
  checkShape(where, shape);
  const [stored] = convert(where, [value], dtype);
  return count(new Tensor(allocate(dtype, sizeOf(shape)).fill(stored), shape, dtype));
}

/** A tensor of zeros. Default: float32. */
export function zeros(shape: readonly number[], dtype: DataType = 'float32'): Tensor {
  return filled('zeros', shape, 0, dtype);
}

/** A tensor of ones. Default: float32. */
export function ones(shape: readonly number[], dtype: DataType = 'float32'): Tensor {
  return filled('ones', shape, 1, dtype);
}

/** A tensor with the same value everywhere. Default: bool for a boolean, else float32. */
export function fill(shape: readonly number[], value: number | boolean, dtype?: DataType): Tensor {
  const type = dtype ?? (typeof value === 'boolean' ? 'bool' : 'float32');
  return filled('fill', shape, Number(value), type);
}

/**
 * The numbers from `start` up to and without `stop`, `step` apart. Default step: 1, or -1 when `stop` is below
 * `start`.
 * @throws LanegradError when the step is 0 or leads away from `stop`, or a number is not finite.
 */
export function range(start: number, stop: number, step?: number, dtype: DataType = 'float32'): Tensor {
  checkDataType('range', dtype);
  const by = step ?? (stop < start ? -1 : 1);
  const length = start === stop ? 0 : Math.ceil((stop - start) / by);
  if (!Number.isFinite(by) || by === 0 || !Number.isFinite(length) || length < 0) {
    throw new LanegradError(`range: no step of ${by} leads from ${start} to ${stop}.`);
  }
  const values = Array.from({ length }, (_, i) => start + i * by);
  return count(new Tensor(convert('range', values, dtype), [length], dtype));
}

/**
 * `num` float32 numbers evenly from `start` to `stop`, both included.
 * @throws LanegradError when `num` is not a positive integer.
 */
export function linspace(start: number, stop: number, num: number): Tensor {
  if (!Number.isInteger(num) || num < 1) {
    throw new LanegradError(`linspace: num must be a positive integer; got ${num}.`);
  }
  const values = Float32Array.from({ length: num }, (_, i) =>
    i === num - 1 && num > 1 ? stop : start + (i * (stop - start)) / (num - 1 || 1),
  );
  return count(new Tensor(values, [num], 'float32'));
}

/** A matrix with ones on its main diagonal and zeros elsewhere. Default: square, float32. */
export function eye(rows: number, columns = rows, dtype: DataType = 'float32'): Tensor {
  const matrix = filled('eye', [rows, columns], 0, dtype);
  const data = matrix.dataSync();
  for (let i = 0; i < Math.min(rows, columns); i++) data[i * columns + i] = 1;
  return matrix;
}

/**
 * For each index a row of `depth` zeros with a one at the index: a tensor of indices' shape and `depth` after it.
 * @param onValue what stands at the index; default 1
 * @param offValue what stands elsewhere; default 0
 * @param dtype default: int32
 * @throws LanegradError when an index is not an integer from 0 to depth - 1.
 */
export function oneHot(
  indices: Tensor | TensorLike,
  depth: number,
  onValue = 1,
  offValue = 0,
  dtype: DataType = 'int32',
): Tensor {
  if (!Number.isInteger(depth) || depth < 1) {
    throw new LanegradError(`oneHot: depth must be a positive integer; got ${depth}.`);
  }
  const given = indices instanceof Tensor ? indices : uncounted('oneHot', indices);
  const result = filled('oneHot', [...given.shape, depth], offValue, dtype);
  const data = result.dataSync();
  const [on] = convert('oneHot', [onValue], dtype);
  given.dataSync().forEach((index, i) => {
    if (!Number.isInteger(index) || index < 0 || index >= depth) {
      throw new LanegradError(
        `oneHot: an index must be an integer from 0 to ${depth - 1}; number ${i} is ${index}.`,
      );
    }
    data[i * depth + index] = on;
  });
  return result;
}
