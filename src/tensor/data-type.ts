/* The types a tensor's numbers may have, and the conversion between them. */

import { LanegradError, shown } from '../errors.ts';
import { dataTypes, requireArgument } from '../options/arguments.ts';

/** 'bool' is stored as bytes 0 and 1. */
export type DataType = 'float32' | 'int32' | 'uint8' | 'bool';

/** What a tensor's numbers are stored in. */
export type TypedArray = Float32Array | Int32Array | Uint8Array;

/** What tensors' numbers are stored in, by data type. */
export interface DataTypeMap {
  float32: Float32Array;
  int32: Int32Array;
  bool: Uint8Array;
  uint8: Uint8Array;
}

/** The class of arrays that store a data type. */
export const storedIn: Readonly<Record<DataType, new (size: number) => TypedArray>> = {
  float32: Float32Array,
  int32: Int32Array,
  bool: Uint8Array,
  uint8: Uint8Array,
};

/** The type that a graph's input has for a tensor: a bool on the heap is a byte of 0 or 1. */
export const graphDType = (dtype: DataType): 'float32' | 'int32' | 'uint8' =>
  dtype === 'bool' ? 'uint8' : dtype;

const limits = { int32: [-2147483648, 2147483647], uint8: [0, 255] } as const;

/** The type that one counts as where types must agree: bytes are integers, as TensorFlow.js makes them. */
export const countedAs = (dtype: DataType): Exclude<DataType, 'uint8'> =>
  dtype === 'uint8' ? 'int32' : dtype;

/** The type that holds numbers of both. */
export const upcastType = (a: DataType, b: DataType): DataType =>
  dataTypes[Math.max(dataTypes.indexOf(a), dataTypes.indexOf(b))];

/** Throws unless `dtype` is one of the four, for callers without types. */
export function checkDataType(where: string, dtype: DataType): void {
  requireArgument(`${where}: dtype`, 'dtype', dtype);
}

/** Zeros of a data type. @throws LanegradError where there is no memory for so many. */
export function allocate<D extends DataType>(dtype: D, size: number): DataTypeMap[D] {
  return allocated(size, () => new storedIn[dtype](size) as DataTypeMap[D]);
}

/** An array of so many numbers. @throws LanegradError where there is no memory for it. */
export function allocated<Numbers>(size: number, make: () => Numbers): Numbers {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new LanegradError(`There is no memory for a tensor of ${size} numbers.`);
  }
}

/** So many numbers, each of its place. In a loop: `from` of typed arrays takes several times as long. */
export function numbersAt(length: number, at: (place: number) => number): Float64Array {
  const numbers = allocated(length, () => new Float64Array(length));
  for (let i = 0; i < length; i++) numbers[i] = at(i);
  return numbers;
}

/**
 * A new array of `dtype` with the values: fractions are truncated towards zero for int32 and uint8, everything
 * but zero is true for bool.
 * @throws LanegradError when a value does not fit an integer type.
 */
export function convert(where: string, values: ArrayLike<number>, dtype: DataType): TypedArray {
  const { length } = values;
  const result: TypedArray = allocate(dtype, length);
  if (dtype === 'float32' || (dtype === 'int32' && values instanceof Uint8Array)) {
    result.set(values);
  } else if (dtype === 'bool') {
    for (let i = 0; i < length; i++) result[i] = values[i] === 0 ? 0 : 1;
  } else {
    const [min, max] = limits[dtype];
    for (let i = 0; i < length; i++) {
      const value = Math.trunc(values[i]);
      // Written so that NaN fails.
      if (!(value >= min && value <= max)) {
        throw new LanegradError(
          `${where}: ${dtype} holds whole numbers from ${min} to ${max}; value ${i} is ${shown(values[i])}.`,
        );
      }
      result[i] = value;
    }
  }
  return result;
}

/** `convert` of numbers that were made for the type: fractions are dropped for bool too, so that ½ is false. */
export const convertMade = (where: string, values: ArrayLike<number>, dtype: DataType): TypedArray =>
  convert(where, dtype === 'bool' ? Array.from(values, Math.trunc) : values, dtype);
