/*
 * `Tensor`: a typed array with a shape and a data type, on the JavaScript heap. It is what goes into a model and
 * what comes out; it holds no memory of the engine, so nothing has to be disposed of. The methods here only move
 * or compare numbers; arithmetic goes through the graph.
 */

import { LanegradError } from '../errors.ts';
import { normalizeAxis } from '../graph/shape.ts';
import { allocate, checkDataType, convert, type DataType, type TypedArray } from './data-type.ts';
import { flattenValues, type NestedArray, nest, type TensorLike } from './nested-array.ts';
import { tensorText } from './print.ts';
import { checkShape, checkSize, formatShape, resolveShape, sizeOf } from './shape.ts';

/** How many numbers lie before, along and after an axis: index = (before * along + i) * after + rest. */
function splitAt(shape: readonly number[], axis: number): { before: number; along: number; after: number } {
  return { before: sizeOf(shape.slice(0, axis)), along: shape[axis], after: sizeOf(shape.slice(axis + 1)) };
}

/** A typed array with a shape. Its numbers are not meant to change: `reshape` and the like share them. */
export class Tensor {
  readonly shape: readonly number[];
  readonly dtype: DataType;
  readonly #data: TypedArray;

  /**
   * Wraps `data` without copying it. Scripts use `tensor()` and its siblings.
   * @throws LanegradError when the array's type is not what stores `dtype`, or its length not what `shape` holds.
   */
  constructor(data: TypedArray, shape: readonly number[], dtype: DataType) {
    checkDataType('Tensor', dtype);
    checkShape('Tensor', shape);
    if (!(data instanceof allocate(dtype, 0).constructor)) {
      const expected = allocate(dtype, 0).constructor.name;
      throw new LanegradError(`Tensor: ${dtype} is stored in ${expected}; got ${data.constructor.name}.`);
    }
    checkSize('Tensor', shape, data.length);
    this.#data = data;
    this.shape = Object.freeze([...shape]);
    this.dtype = dtype;
  }

  /** How many dimensions there are; 0 for a scalar. */
  get rank(): number {
    return this.shape.length;
  }

  /** How many numbers there are. */
  get size(): number {
    return this.#data.length;
  }

  /** Always false: a tensor is ordinary memory, collected when nothing refers to it. */
  get isDisposed(): boolean {
    return false;
  }

  /** Does nothing; it is here for scripts written for TensorFlow.js. */
  dispose(): void {}

  /** The numbers in row-major order. It is the tensor's own array, not a copy. */
  dataSync(): TypedArray {
    return this.#data;
  }

  /** `dataSync()` as a promise. */
  async data(): Promise<TypedArray> {
    return this.#data;
  }

  /** Nested arrays as deep as the tensor has dimensions; a number for a scalar. A bool gives 0 or 1. */
  arraySync(): NestedArray {
    return nest(this.#data, this.shape);
  }

  /** `arraySync()` as a promise. */
  async array(): Promise<NestedArray> {
    return this.arraySync();
  }

  /** The values in aligned columns; long dimensions are shortened. `verbose` adds data type, rank and shape. */
  toString(verbose = false): string {
    return tensorText(this.#data, this.shape, this.dtype, verbose);
  }

  /** Writes `toString(verbose)` to the console. */
  print(verbose = false): void {
    console.log(this.toString(verbose));
  }

  /**
   * The same numbers under another shape; one dimension may be -1 and is worked out.
   * @throws LanegradError when the shape holds another number of values.
   */
  reshape(shape: readonly number[]): Tensor {
    return new Tensor(this.#data, resolveShape('reshape', shape, this.size), this.dtype);
  }

  /** The same numbers as one dimension. */
  flatten(): Tensor {
    return this.reshape([this.size]);
  }

  /** The same numbers with a dimension of 1 inserted before `axis`; -1 appends it. Default: 0. */
  expandDims(axis = 0): Tensor {
    const shape = [...this.shape];
    shape.splice(normalizeAxis('expandDims', axis, this.rank + 1), 0, 1);
    return this.reshape(shape);
  }

  /**
   * The same numbers without the dimensions of 1: all of them, or those named by `axis`.
   * @throws LanegradError when a named dimension is not 1.
   */
  squeeze(axis?: number | readonly number[]): Tensor {
    if (axis === undefined) return this.reshape(this.shape.filter((length) => length !== 1));
    const named = (typeof axis === 'number' ? [axis] : axis).map((a) =>
      normalizeAxis('squeeze', a, this.rank),
    );
    for (const a of named) {
      if (this.shape[a] !== 1) {
        throw new LanegradError(
          `squeeze: axis ${a} of shape ${formatShape(this.shape)} is ${this.shape[a]}, not 1.`,
        );
      }
    }
    return this.reshape(this.shape.filter((_, i) => !named.includes(i)));
  }

  /** A tensor with its own copy of the numbers. */
  clone(): Tensor {
    return new Tensor(this.#data.slice(), this.shape, this.dtype);
  }

  /**
   * The numbers as another data type; the tensor itself when it has that type already. Fractions are cut off for
   * int32 and uint8, everything but zero is true for bool.
   * @throws LanegradError when a value does not fit an integer type.
   */
  cast(dtype: DataType): Tensor {
    checkDataType('cast', dtype);
    if (dtype === this.dtype) return this;
    return new Tensor(convert('cast', this.#data, dtype), this.shape, dtype);
  }

  /** Another name of `cast`. */
  asType(dtype: DataType): Tensor {
    return this.cast(dtype);
  }

  /**
   * A copy of the block that begins at `begin` and has shape `size`.
   * @param begin where to begin in each dimension; a number, or dimensions that are missing at the end, mean the
   *   first dimensions and 0 in the others
   * @param size how many entries of each dimension; -1, and what is missing, mean all from `begin` on
   * @throws LanegradError when the block is not within the tensor.
   */
  slice(begin: number | readonly number[], size: number | readonly number[] = []): Tensor {
    const { rank, shape } = this;
    const from = typeof begin === 'number' ? [begin] : begin;
    const sizes = typeof size === 'number' ? [size] : size;
    if (Math.max(from.length, sizes.length) > rank) {
      throw new LanegradError(
        `slice: begin and size have ${from.length} and ${sizes.length} entries; shape ${formatShape(shape)} has ${rank}.`,
      );
    }
    const start = shape.map((_, d) => from[d] ?? 0);
    const lengths = shape.map((length, d) => {
      const wanted = sizes[d] ?? -1;
      return wanted === -1 ? length - start[d] : wanted;
    });
    for (let d = 0; d < rank; d++) {
      const isWithin =
        Number.isInteger(start[d]) &&
        Number.isInteger(lengths[d]) &&
        start[d] >= 0 &&
        lengths[d] >= 0 &&
        start[d] + lengths[d] <= shape[d];
      if (!isWithin) {
        throw new LanegradError(
          `slice: begin ${start[d]} and size ${sizes[d] ?? -1} reach outside axis ${d} of shape ${formatShape(shape)}.`,
        );
      }
    }
    const result = allocate(this.dtype, sizeOf(lengths));
    let written = 0;
    // Below the last dimension that is cut, what is wanted lies in one piece.
    let lastCut = rank - 1;
    while (lastCut > 0 && lengths[lastCut] === shape[lastCut]) lastCut--;
    const copy = (d: number, offset: number): void => {
      const stride = sizeOf(shape.slice(d + 1));
      const first = offset + (start[d] ?? 0) * stride;
      if (d >= lastCut) {
        const count = (lengths[d] ?? 1) * stride;
        result.set(this.#data.subarray(first, first + count), written);
        written += count;
      } else {
        for (let i = 0; i < lengths[d]; i++) copy(d + 1, first + i * stride);
      }
    };
    copy(0, 0);
    return new Tensor(result, lengths, this.dtype);
  }

  /**
   * A copy of the entries along `axis` that `indices` names, in that order. The shape of `indices` takes the
   * place of the axis: rows [0, 2] of a [5, 3] are a [2, 3].
   * @throws LanegradError when an index is not one of the axis.
   */
  gather(indices: Tensor | TensorLike, axis = 0): Tensor {
    const wanted =
      indices instanceof Tensor
        ? { data: indices.#data, shape: indices.shape }
        : flattenValues('gather', indices);
    const along = normalizeAxis('gather', axis, this.rank);
    const { before, along: length, after } = splitAt(this.shape, along);
    const picked = wanted.data;
    for (const index of picked) {
      if (!Number.isInteger(index) || index < 0 || index >= length) {
        throw new LanegradError(
          `gather: there is no index ${index} along axis ${along} of shape ${formatShape(this.shape)}.`,
        );
      }
    }
    const shape = [...this.shape.slice(0, along), ...wanted.shape, ...this.shape.slice(along + 1)];
    const result = allocate(this.dtype, sizeOf(shape));
    let written = 0;
    for (let b = 0; b < before; b++) {
      for (const index of picked) {
        const first = (b * length + index) * after;
        result.set(this.#data.subarray(first, first + after), written);
        written += after;
      }
    }
    return new Tensor(result, shape, this.dtype);
  }

  /**
   * Where the largest value along `axis` stands, the first of equals, as int32 without that dimension.
   * Default: 0, as in TensorFlow.js; -1 gives the classes of a prediction.
   * @throws LanegradError when there is no such axis, or nothing along it.
   */
  argMax(axis = 0): Tensor {
    const along = normalizeAxis('argMax', axis, this.rank);
    const { before, along: length, after } = splitAt(this.shape, along);
    if (length === 0) {
      throw new LanegradError(`argMax: axis ${along} of shape ${formatShape(this.shape)} is empty.`);
    }
    const data = this.#data;
    const result = new Int32Array(before * after);
    for (let b = 0; b < before; b++) {
      for (let a = 0; a < after; a++) {
        const base = b * length * after + a;
        let best = 0;
        for (let i = 1; i < length; i++) {
          if (data[base + i * after] > data[base + best * after]) best = i;
        }
        result[b * after + a] = best;
      }
    }
    return new Tensor(
      result,
      this.shape.filter((_, i) => i !== along),
      'int32',
    );
  }
}
