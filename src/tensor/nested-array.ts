/* Between nested arrays and flat typed arrays with a shape. */

import { isTypedArray, mostAtOnce } from '../bytes.ts';
import { LanegradError, shown } from '../errors.ts';
import { convert, type DataType, type TypedArray } from './data-type.ts';
import type { Rank } from './rank.ts';

/** An array of numbers, booleans, typed arrays or such arrays again, as deep as the tensor has dimensions. */
export type RecursiveArray = readonly (number | boolean | NumericArray | RecursiveArray)[];

/** The typed arrays a tensor is made from; those it does not store are converted to float32. */
export type NumericArray =
  | TypedArray
  | Uint8ClampedArray
  | Int8Array
  | Int16Array
  | Uint16Array
  | Uint32Array
  | Float64Array;

/** What a tensor is made from: a number, a boolean, nested arrays or a typed array. */
export type TensorLike = number | boolean | NumericArray | RecursiveArray;

/** Texts in an array, or in arrays nested as deep as a tensor of them would have dimensions. No tensor holds them. */
export type Texts = readonly (string | Texts)[];

/** What a tensor gives back: a number, or arrays as deep as it has dimensions. */
export type NestedArray = number | NestedArray[];

/** What tensors give back as arrays, by rank. */
export interface ArrayMap {
  R0: number;
  R1: number[];
  R2: number[][];
  R3: number[][][];
  R4: number[][][][];
  R5: number[][][][][];
  R6: number[][][][][][];
}

/** What a tensor gives back: a number, or arrays as deep as it has dimensions, where its type tells these. */
export type ArrayOf<R extends Rank> = Rank extends R ? NestedArray : ArrayMap[R];

/** A flat array with the shape and data type it was given or found to have. */
export interface FlatArray {
  data: TypedArray;
  shape: number[];
  dtype: DataType;
  /** Whether it is the array that was given, into which others may write. */
  isGiven: boolean;
}

/** Arrays nested deeper are no tensor's, or hold themselves. */
export const maxDepth = 32;

export function isNumericArray(values: unknown): values is NumericArray {
  return isTypedArray(values) && !is64BitInteger(values);
}

function is64BitInteger(values: ArrayBufferView): boolean {
  return values instanceof BigInt64Array || values instanceof BigUint64Array;
}

function isRow(values: unknown): values is readonly unknown[] | NumericArray {
  return Array.isArray(values) || isNumericArray(values);
}

/** What `value` is, as a sentence calls it. */
function describe(value: unknown): string {
  if (isRow(value)) return `an array of ${value.length}`;
  return typeof value === 'object' || value === undefined ? shown(value) : `a ${typeof value}`;
}

/** The path to an element as it would be written in a script: values[1][0]. */
function at(path: readonly number[]): string {
  return `values${path.map((index) => `[${index}]`).join('')}`;
}

/** The leaves of nested arrays; texts are numbers where the caller says of which type. */
interface Leaves {
  readonly numbers: number[];
  booleans: number;
  readonly takesTexts: boolean;
}

/** Writes the leaves below `values` to `out` and checks each row against `shape`, which the first elements gave. */
function flattenInto(
  where: string,
  values: unknown,
  shape: readonly number[],
  path: number[],
  out: Leaves,
): void {
  const depth = path.length;
  if (depth === shape.length) {
    takeLeaf(where, values, path, out);
    return;
  }
  if (!isRow(values) || values.length !== shape[depth]) {
    throw notAlike(where, values, path, `an array of ${shape[depth]}; all must be alike`);
  }
  const isLast = depth === shape.length - 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (isLast && typeof value === 'number') {
      out.numbers.push(value);
      continue;
    }
    path.push(i);
    flattenInto(where, value, shape, path, out);
    path.pop();
  }
}

function takeLeaf(where: string, value: unknown, path: readonly number[], out: Leaves): void {
  if (isRow(value)) throw notAlike(where, value, path, 'a number');
  const isText = typeof value === 'string';
  if (typeof value !== 'number' && typeof value !== 'boolean' && !(isText && out.takesTexts)) {
    const hint = isText ? ' Words become numbers by stringLookup.' : '';
    throw new LanegradError(
      `${where}: expected numbers or booleans; ${at(path)} is ${describe(value)}.${hint}`,
    );
  }
  if (typeof value === 'boolean') out.booleans++;
  out.numbers.push(Number(value));
}

/** @param expected what the first element at that depth is */
function notAlike(where: string, value: unknown, path: readonly number[], expected: string): LanegradError {
  const first = at(path.map(() => 0));
  return new LanegradError(`${where}: ${at(path)} is ${describe(value)} where ${first} is ${expected}.`);
}

/** The typed array that stores the values as they are or, for an array type no tensor has, as float32. */
function store(where: string, values: NumericArray): Omit<FlatArray, 'shape'> {
  if (values instanceof Float32Array) return { data: values, dtype: 'float32', isGiven: true };
  if (values instanceof Int32Array) return { data: values, dtype: 'int32', isGiven: true };
  if (values instanceof Uint8Array || values instanceof Uint8ClampedArray) {
    // A plain Uint8Array over the same bytes: Node's Buffer, for one, has another `slice`.
    const data = new Uint8Array(values.buffer, values.byteOffset, values.length);
    return { data, dtype: 'uint8', isGiven: true };
  }
  return { data: convert(where, values, 'float32'), dtype: 'float32', isGiven: false };
}

/**
 * Flat values, shape and data type of a number, nested arrays or a typed array. A typed array that already has
 * the data type is not copied.
 * @throws LanegradError when rows differ in length, or a value is neither a number nor a boolean.
 */
export function flattenValues(where: string, values: TensorLike, dtype?: DataType): FlatArray {
  if (isNumericArray(values)) {
    const stored = store(where, values);
    const shape = [values.length];
    if (dtype === undefined || (dtype === stored.dtype && dtype !== 'bool')) return { ...stored, shape };
    return { data: convert(where, stored.data, dtype), shape, dtype, isGiven: false };
  }
  if (values === null) {
    throw new LanegradError('The input to the tensor constructor must be a non-null value.');
  }
  const shape: number[] = [];
  let row: unknown = values;
  for (; isRow(row) && !isNumericArray(row); row = row[0]) {
    shape.push(row.length);
    if (row.length === 0) break;
    if (shape.length > maxDepth) {
      throw new LanegradError(`${where}: arrays are nested more than ${maxDepth} deep, or hold themselves.`);
    }
  }
  // Rows that are typed say of what type all are.
  const ofRows = isNumericArray(row) ? store(where, row).dtype : 'float32';
  if (isNumericArray(row)) shape.push(row.length);
  const out: Leaves = { numbers: [], booleans: 0, takesTexts: dtype !== undefined };
  flattenInto(where, values, shape, [], out);
  const allBooleans = out.booleans > 0 && out.booleans === out.numbers.length;
  const type = dtype ?? (allBooleans ? 'bool' : ofRows);
  return { data: convert(where, out.numbers, type), shape, dtype: type, isGiven: false };
}

/** Nested arrays of the values, as deep as the shape has dimensions. */
export function nest(data: TypedArray, shape: readonly number[]): NestedArray {
  if (shape.length === 0) return data[0];
  let offset = 0;
  // Engines learn what arrays hold by the place that makes them: those of numbers have one of their own.
  const row = (length: number): number[] => {
    const numbers = new Array<number>(Math.min(length, mostAtOnce));
    for (let i = 0; i < length; i++) numbers[i] = data[offset++];
    return numbers;
  };
  const level = (axis: number): NestedArray[] => {
    if (axis === shape.length - 1) return row(shape[axis]);
    const rows = new Array<NestedArray>(Math.min(shape[axis], mostAtOnce));
    for (let i = 0; i < shape[axis]; i++) rows[i] = level(axis + 1);
    return rows;
  };
  return level(0);
}
