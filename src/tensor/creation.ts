/* Functions that make tensors. */

import { LanegradError, shown } from '../errors.ts';
import { requireArgument, requireNumbers } from '../options/arguments.ts';
import { allocate, checkDataType, convert, convertMade, type DataType, numbersAt } from './data-type.ts';
import type { TensorLike } from './nested-array.ts';
import type { Rank, ShapeFor } from './rank.ts';
import { count } from './scopes.ts';
import { checkShape, formatShape, sizeOf } from './shape.ts';
import { Tensor } from './tensor.ts';
import type { Scalar, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Tensor5D, Tensor6D } from './types.ts';
import { type Optional, uncounted } from './uncounted.ts';

/** A tensor of values nested `rank` deep, or flat with a shape of `rank` dimensions. */
function makeOfRank<R extends Rank>(
  rank: number,
  values: TensorLike,
  shape: Optional<readonly number[]>,
  dtype: Optional<DataType>,
): Tensor<R> {
  const where = `tensor${rank}d`;
  if (shape) checkShape(where, shape);
  if (shape && shape.length !== rank) {
    throw new LanegradError(`${where}: the shape must have ${rank} dimensions; got ${formatShape(shape)}.`);
  }
  const made = uncounted<R>(where, values, shape, dtype);
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
export function tensor<R extends Rank = Rank>(
  values: TensorLike,
  shape?: Optional<ShapeFor<R>>,
  dtype?: Optional<DataType>,
): Tensor<R> {
  return count(uncounted('tensor', values, shape, dtype));
}

/** A tensor of no dimensions that holds one value. */
export function scalar(value: number | boolean, dtype?: Optional<DataType>): Scalar {
  if (typeof value !== 'number' && typeof value !== 'boolean') {
    throw new LanegradError(`scalar: expected a number or a boolean; got ${shown(value)}.`);
  }
  return count(uncounted('scalar', value, [], dtype));
}

/** A tensor of one dimension. See `tensor` for data types and errors. */
export function tensor1d(values: TensorLike, dtype?: Optional<DataType>): Tensor1D {
  return makeOfRank(1, values, undefined, dtype);
}

/** A tensor of two dimensions: nested arrays, or flat values and a shape. See `tensor`. */
export function tensor2d(
  values: TensorLike,
  shape?: Optional<readonly number[]>,
  dtype?: Optional<DataType>,
): Tensor2D {
  return makeOfRank(2, values, shape, dtype);
}

/** A tensor of three dimensions: nested arrays, or flat values and a shape. See `tensor`. */
export function tensor3d(
  values: TensorLike,
  shape?: Optional<readonly number[]>,
  dtype?: Optional<DataType>,
): Tensor3D {
  return makeOfRank(3, values, shape, dtype);
}

/** A tensor of four dimensions: nested arrays, or flat values and a shape. See `tensor`. */
export function tensor4d(
  values: TensorLike,
  shape?: Optional<readonly number[]>,
  dtype?: Optional<DataType>,
): Tensor4D {
  return makeOfRank(4, values, shape, dtype);
}

/** A tensor of five dimensions: nested arrays, or flat values and a shape. See `tensor`. */
export function tensor5d(
  values: TensorLike,
  shape?: Optional<readonly number[]>,
  dtype?: Optional<DataType>,
): Tensor5D {
  return makeOfRank(5, values, shape, dtype);
}

/** A tensor of six dimensions: nested arrays, or flat values and a shape. See `tensor`. */
export function tensor6d(
  values: TensorLike,
  shape?: Optional<readonly number[]>,
  dtype?: Optional<DataType>,
): Tensor6D {
  return makeOfRank(6, values, shape, dtype);
}

function filled<R extends Rank>(
  where: string,
  shape: readonly number[],
  value: number,
  dtype: Optional<DataType>,
): Tensor<R> {
  const type = dtype ?? 'float32';
  checkDataType(where, type);
  checkShape(where, shape);
  const [stored] = convertMade(where, [value], type);
  return count(new Tensor(allocate(type, sizeOf(shape)).fill(stored), shape, type));
}

/** A tensor of zeros. Default: float32. */
export function zeros<R extends Rank = Rank>(shape: ShapeFor<R>, dtype?: Optional<DataType>): Tensor<R> {
  return filled('zeros', shape, 0, dtype);
}

/** A tensor of ones. Default: float32. */
export function ones<R extends Rank = Rank>(shape: ShapeFor<R>, dtype?: Optional<DataType>): Tensor<R> {
  return filled('ones', shape, 1, dtype);
}

/** A tensor with the same value everywhere. Default: bool for a boolean, else float32; of others fractions are dropped. */
export function fill<R extends Rank = Rank>(
  shape: ShapeFor<R>,
  value: number | boolean,
  dtype?: Optional<DataType>,
): Tensor<R> {
  if (typeof value === 'boolean') return filled('fill', shape, Number(value), dtype ?? 'bool');
  return filled('fill', shape, requireArgument('fill: value', 'number', value) as number, dtype);
}

/**
 * The numbers from `start` up to and without `stop`, `step` apart; none where the step leads away. Default step: 1, or −1
 * where `stop` is below `start`.
 * @throws LanegradError when the step is 0, or a number is not finite.
 */
export function range(
  start: number,
  stop: number,
  step?: Optional<number>,
  dtype?: Optional<DataType>,
): Tensor1D {
  const type = dtype ?? 'float32';
  const given = step ?? 1;
  checkDataType('range', type);
  requireNumbers('range', { start, stop, step: given });
  const by = given === 1 && stop < start ? -1 : given;
  const length = start === stop ? 0 : Math.max(0, Math.ceil((stop - start) / by));
  if (!Number.isFinite(by) || by === 0 || !Number.isFinite(length)) {
    throw new LanegradError(`range: no step of ${by} leads from ${start} to ${stop}.`);
  }
  checkShape('range', [length]);
  const values = numbersAt(length, (i) => start + i * by);
  return count(new Tensor(convertMade('range', values, type), [length], type));
}

/**
 * `num` float32 numbers evenly from `start` to `stop`, both included.
 * @throws LanegradError when `num` is not a positive integer.
 */
export function linspace(start: number, stop: number, num: number): Tensor1D {
  requireArgument('linspace: num', 'positiveInteger', num);
  requireNumbers('linspace', { start, stop });
  checkShape('linspace', [num]);
  const values = numbersAt(num, (i) =>
    i === num - 1 && num > 1 ? stop : start + (i * (stop - start)) / (num - 1 || 1),
  );
  return count(new Tensor(convert('linspace', values, 'float32'), [num], 'float32'));
}

/**
 * A matrix with ones on its main diagonal and zeros elsewhere, or as many of them as `batchShape` says.
 * @param numColumns default: numRows
 * @param batchShape axes before those of the matrix; default: none
 * @param dtype default: float32
 */
export function eye(
  numRows: number,
  numColumns?: number | null,
  batchShape?: readonly number[] | null,
  dtype?: DataType | null,
): Tensor2D {
  const columns = numColumns ?? numRows;
  const batch = requireArgument('eye: batchShape', 'shape', batchShape ?? []) as number[];
  const matrices = filled<Rank.R2>('eye', [...batch, numRows, columns], 0, dtype);
  const data = matrices.computed();
  const size = numRows * columns;
  for (let first = 0; first < data.length; first += size) {
    for (let i = 0; i < Math.min(numRows, columns); i++) data[first + i * columns + i] = 1;
  }
  return matrices;
}
