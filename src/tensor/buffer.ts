// `TensorBuffer`: numbers with a shape that are set one by one, to become a tensor.

import { LanegradError, shown } from '../errors.ts';
import { formatShape, indexAt, placeAt, sizeOf } from '../graph/shape.ts';
import { requireArgument } from '../options/arguments.ts';
import { allocate, checkDataType, convert, type DataType, type DataTypeMap, storedIn } from './data-type.ts';
import type { Rank, ShapeFor, SizesOf } from './rank.ts';
import { count } from './scopes.ts';
import { checkShape, checkSize, computeStrides } from './shape.ts';
import { Tensor } from './tensor.ts';

/** Numbers of a shape that may be changed. */
export class TensorBuffer<R extends Rank = Rank, D extends DataType = DataType> {
  readonly shape: SizesOf<R>;
  readonly dtype: D;
  readonly size: number;
  readonly strides: number[];
  readonly values: DataTypeMap[D];
  /** The shape, which is read faster where it is not frozen: `set` takes 6 ns in place of 28. */
  readonly #lengths: readonly number[];

  /** @param values taken as they are, not copied, but for bytes that become another type; zeros by default */
  constructor(shape: readonly number[], dtype?: D | null, values?: DataTypeMap[D] | null) {
    const type = dtype ?? ('float32' as D);
    checkDataType('buffer', type);
    checkShape('buffer', shape);
    this.shape = Object.freeze([...shape]) as SizesOf<R>;
    this.#lengths = [...shape];
    this.dtype = type;
    this.size = sizeOf(shape);
    this.strides = computeStrides(shape);
    const isBytes = values instanceof Uint8Array && storedIn[type] !== Uint8Array;
    const own = isBytes ? convert('buffer', values, type) : (values ?? allocate(type, this.size));
    this.values = own as DataTypeMap[D];
    if (!(this.values instanceof storedIn[type])) {
      throw new LanegradError(`buffer: values of ${type} must be a typed array of it; got ${shown(values)}.`);
    }
    checkSize('buffer', shape, this.values.length);
  }

  get rank(): number {
    return this.shape.length;
  }

  /** Sets the number at an index for each dimension. @throws LanegradError where there is none. */
  set(value: number | boolean, ...locs: number[]): void {
    this.values[this.#placeOf('set', locs)] = Number(value);
  }

  /** The number at an index for each dimension. @throws LanegradError where there is none. */
  get(...locs: number[]): number {
    return this.values[this.#placeOf('get', locs)];
  }

  /** Where the number at an index for each dimension is in `values`. */
  locToIndex(locs: readonly number[]): number {
    requireArgument('locToIndex: locs', 'integers', locs);
    return placeAt(locs, this.strides);
  }

  /** The index for each dimension of a place in `values`. */
  indexToLoc(index: number): number[] {
    requireArgument('indexToLoc: index', 'integer', index);
    return indexAt(index, this.shape);
  }

  /** A tensor of the numbers as they are now. */
  toTensor(): Tensor<R> {
    return count(new Tensor(this.values.slice(), this.shape, this.dtype));
  }

  #placeOf(method: string, locs: readonly number[]): number {
    const at = this.#requireRank(method, locs);
    let place = 0;
    for (let d = 0; d < at.length; d++) {
      const index = at[d];
      if (typeof index !== 'number' || index >>> 0 !== index || index >= this.#lengths[d])
        throw this.#outOfRange(locs);
      place = place * this.#lengths[d] + index;
    }
    return place;
  }

  #outOfRange(locs: readonly number[]): LanegradError {
    return new LanegradError(
      `buffer: Requested out of range element at ${locs.map((each) => shown(each)).join()}; the shape is ${formatShape(this.shape)}.`,
    );
  }

  /** Of a scalar, an index may be left out. */
  #requireRank(method: string, locs: readonly number[]): readonly number[] {
    if (this.rank === 0 && locs.every((index) => index === 0)) return [];
    if (locs.length === this.rank) return locs;
    throw new LanegradError(
      `buffer: ${method} takes an index for each of ${this.rank} dimensions; got ${locs.length}.`,
    );
  }
}

/**
 * Numbers of a shape that are set one by one: zeros, or `values`.
 * @param dtype default: float32
 */
export function buffer<R extends Rank = Rank, D extends DataType = DataType>(
  shape: ShapeFor<R>,
  dtype?: D | null,
  values?: DataTypeMap[D] | null,
): TensorBuffer<R, D> {
  return new TensorBuffer<R, D>(shape, dtype, values);
}

/** A copy of a tensor's numbers, to change them. */
export const bufferOf = (tensor: Tensor): TensorBuffer =>
  new TensorBuffer(tensor.shape, tensor.dtype, tensor.computed().slice());
