// `tf.util`: small things about numbers, arrays and shapes that scripts ask TensorFlow.js for.

import { LanegradError } from '../errors.ts';
import { normalizeAxis } from '../graph/shape.ts';
import { RandomStream } from '../random/random.ts';
import { nextSeed } from '../random/seed.ts';
import { allocate, convert, type DataType, type TypedArray } from '../tensor/data-type.ts';
import { isNumericArray, nest } from '../tensor/nested-array.ts';
import { checkSize, formatShape, resolveShape, sizeOf } from '../tensor/shape.ts';

export { computeStrides } from '../tensor/buffer.ts';

/** Any array that is put in order. */
interface Shuffled {
  readonly length: number;
  [index: number]: unknown;
}

/** Shuffles with streams of their own. */
const shuffleStream = 0x7574696c;

/** Puts an array in random order, in place. The order follows from `setSeed`. */
export function shuffle(array: Shuffled): void {
  shuffleTogether([array]);
}

/** Puts two arrays of one length in the same random order, in place. */
export function shuffleCombo(array: Shuffled, array2: Shuffled): void {
  if (array.length !== array2.length) {
    throw new LanegradError(
      `util.shuffleCombo: Array sizes must match to be shuffled together; got ${array.length} and ${array2.length}.`,
    );
  }
  shuffleTogether([array, array2]);
}

function shuffleTogether(arrays: readonly Shuffled[]): void {
  const random = new RandomStream(nextSeed(), shuffleStream);
  for (let i = arrays[0].length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    for (const array of arrays) swap(array, i, j);
  }
}

/** Exchanges two elements of an array. */
export function swap(array: Shuffled, left: number, right: number): void {
  const element = array[left];
  array[left] = array[right];
  array[right] = element;
}

/** The numbers from 0 to below `count` in random order. */
export function createShuffledIndices(count: number): Uint32Array {
  const indices = Uint32Array.from({ length: count }, (_, i) => i);
  shuffle(indices);
  return indices;
}

/** The number, or the end of the range that is nearest to it. */
export const clamp = (min: number, x: number, max: number): number => Math.max(min, Math.min(x, max));

/** The number if it is even, else the next. */
export const nearestLargerEven = (value: number): number => (value % 2 === 0 ? value : value + 1);

/** The sum of an array of numbers. */
export const sum = (array: readonly number[]): number => array.reduce((total, each) => total + each, 0);

/** A uniform number from `a` to below `b`. */
export const randUniform = (a: number, b: number): number =>
  a + (b - a) * new RandomStream(nextSeed(), shuffleStream).uniform();

/** The square of the distance between two points. */
export const distSquared = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((total, each, i) => total + (each - b[i]) ** 2, 0);

/** The least divisor of `size` that is `start` or more. */
export function nearestDivisor(size: number, start: number): number {
  for (let divisor = start; divisor < size; divisor++) if (size % divisor === 0) return divisor;
  return size;
}

/** @throws LanegradError with what `message` says unless `condition` is true. */
export function assert(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new LanegradError(typeof message === 'function' ? message() : message);
}

/** @throws LanegradError unless two shapes are the same. @param prefix what the sentence begins with */
export function assertShapesMatch(a: readonly number[], b: readonly number[], prefix = ''): void {
  assert(arraysEqual(a, b), () =>
    `${prefix} Shapes ${formatShape(a)} and ${formatShape(b)} must match`.trim(),
  );
}

/** @throws LanegradError unless there is something. */
export function assertNonNull(value: unknown): void {
  assert(value != null, () => 'The input to the tensor constructor must be a non-null value.');
}

/** @throws LanegradError unless all sizes are whole numbers from 0 on. */
export function assertNonNegativeIntegerDimensions(shape: readonly number[]): void {
  const isSize = (size: number) => isInt(size) && size >= 0;
  assert(
    shape.every(isSize),
    () => `Tensor must have a shape comprised of positive integers but got ${formatShape(shape)}.`,
  );
}

/** How many elements a shape has. */
export const sizeFromShape = (shape: readonly number[]): number => sizeOf(shape);

/** Whether a shape is that of a scalar. */
export const isScalarShape = (shape: readonly number[]): boolean => shape.length === 0;

/** Whether two arrays have the same elements. Two that are the same, or both nothing, do. */
export function arraysEqual(a?: ArrayLike<unknown> | null, b?: ArrayLike<unknown> | null): boolean {
  if (a === b) return true;
  if (!a || !b || a.length !== b.length) return false;
  return Array.from(a).every((each, i) => each === b[i]);
}

/** As `arraysEqual`; null stands for any element. */
export const arraysEqualWithNull = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((each, i) => each === b[i] || each === null || b[i] === null);

/** Whether a number is whole. */
export const isInt = (value: number): boolean => value % 1 === 0;

/** Sides of a nearly square rectangle that holds `size`. */
export function sizeToSquarishShape(size: number): [number, number] {
  const width = Math.ceil(Math.sqrt(size));
  return [width, Math.ceil(size / width)];
}

/** Text with blanks behind it, up to `size` letters. */
export const rightPad = (text: string, size: number): string => text.padEnd(size);

/** Whether a value is an array of numbers that a tensor may be made of. */
export const isTypedArray = (value: unknown): value is TypedArray | Uint8ClampedArray =>
  value instanceof Float32Array ||
  value instanceof Int32Array ||
  value instanceof Uint8Array ||
  value instanceof Uint8ClampedArray;

/** Whether it is a string. */
export const isString = (value: unknown): value is string =>
  typeof value === 'string' || value instanceof String;
/** Whether it is a boolean. */
export const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
/** Whether it is a number. */
export const isNumber = (value: unknown): value is number => typeof value === 'number';
/** Whether it is a function. */
export const isFunction = (value: unknown): value is (...args: never[]) => unknown =>
  typeof value === 'function';
/** Whether it has a `then` to call. */
export const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof (value as Promise<unknown> | undefined)?.then === 'function';

/**
 * The elements of nested arrays, one after the other.
 * @param result what they are put behind
 * @param skipTypedArray whether typed arrays are elements and not gone into
 */
export function flatten<T = number>(nested: unknown, result: T[] = [], skipTypedArray = false): T[] {
  const isElement = typeof nested !== 'object' || nested === null || isPromise(nested);
  if (isElement || (skipTypedArray && isTypedArray(nested))) {
    result.push(nested as T);
    return result;
  }
  const array = Array.isArray(nested) || isNumericArray(nested) ? nested : numbered(nested);
  for (const each of array) flatten(each, result, skipTypedArray);
  return result;
}

/** The values of an object whose keys are numbers from 0 on. */
function numbered(object: object): readonly unknown[] {
  const indices = Object.keys(object).filter((key) => /^\d+$/.test(key));
  return Array.from({ length: Math.max(-1, ...indices.map(Number)) + 1 }, (_, i) => Object(object)[i]);
}

/** The lengths of nested arrays, by their first elements. */
export function inferShape(value: unknown): number[] {
  if (!Array.isArray(value)) return isNumericArray(value) ? [value.length] : [];
  return value.length === 0 ? [0] : [value.length, ...inferShape(value[0])];
}

/** The type of a tensor of such values. */
export function inferDtype(values: unknown): DataType | 'string' {
  if (Array.isArray(values)) return inferDtype(values[0]);
  if (values instanceof Float32Array) return 'float32';
  if (isTypedArray(values)) return 'int32';
  if (isString(values)) return 'string';
  return typeof values === 'boolean' ? 'bool' : 'float32';
}

/** A shape with its one -1 replaced by what makes it hold `size` elements; 0 stands for any number. */
export const inferFromImplicitShape = (shape: readonly number[], size: number): number[] =>
  size === 0 && !shape.includes(-1) ? [...shape] : resolveShape('util.inferFromImplicitShape', shape, size);

/** Axes counted from the front, for one, several or (null) all. */
export function parseAxisParam(axis: number | readonly number[] | null, shape: readonly number[]): number[] {
  const axes = axis === null ? shape.map((_, d) => d) : [axis].flat();
  return axes.map((each) => normalizeAxis('axis', each, shape.length));
}

/** A shape without dimensions of 1, all or those of `axis`; and which dimensions are left. */
export function squeezeShape(
  shape: readonly number[],
  axis?: readonly number[] | null,
): { newShape: number[]; keptDims: number[] } {
  const named = axis?.length ? parseAxisParam(axis, shape) : undefined;
  const wrong = named?.find((d) => shape[d] !== 1);
  if (wrong !== undefined) {
    throw new LanegradError(`Can't squeeze axis ${wrong} since its dim '${shape[wrong]}' is not 1`);
  }
  const keptDims = shape.map((_, d) => d).filter((d) => (named ? !named.includes(d) : shape[d] !== 1));
  return { newShape: keptDims.map((d) => shape[d]), keptDims };
}

const precision: readonly string[] = ['bool', 'uint8', 'int32', 'float32', 'complex64'];

/** Whether numbers of one type cannot all be told in another. */
export const hasEncodingLoss = (from: DataType | 'complex64', to: DataType | 'complex64'): boolean =>
  precision.indexOf(to) < precision.indexOf(from);

/** Bytes of a number of a type. */
export function bytesPerElement(dtype: DataType): number {
  return allocate(dtype, 0).BYTES_PER_ELEMENT;
}

/** Zeros of a type. */
export const makeZerosTypedArray = (size: number, dtype: DataType): TypedArray => allocate(dtype, size);

/** Ones of a type. */
export const makeOnesTypedArray = (size: number, dtype: DataType): TypedArray =>
  allocate(dtype, size).fill(1);

/** An array of a type. */
export const getTypedArrayFromDType = makeZerosTypedArray;
/** An array of a type. */
export const getArrayFromDType = makeZerosTypedArray;

/** Whether there is a type of tensors of this name. */
export const isValidDtype = (dtype: unknown): dtype is DataType =>
  ['float32', 'int32', 'uint8', 'bool'].some((known) => known === dtype);

/** Nested arrays of numbers as an array of a type. @throws LanegradError for numbers that the type does not hold */
export const toTypedArray = (values: unknown, dtype: DataType): TypedArray =>
  convert('util.toTypedArray', flatten(values), dtype);

/** The array of a scalar of a type. */
export const createScalarValue = (value: number | boolean, dtype: DataType): TypedArray =>
  toTypedArray(Number(value), dtype);

/** Zeros in nested arrays, as deep as a shape has dimensions. */
export const makeZerosNestedTypedArray = (shape: readonly number[], dtype: DataType): unknown =>
  toNestedArray(shape, makeZerosTypedArray(sizeOf(shape), dtype));

/** Nested arrays of numbers, as deep as a shape has dimensions. */
export function toNestedArray(shape: readonly number[], values: TypedArray): unknown {
  if (sizeOf(shape) === 0) return [];
  checkSize('util.toNestedArray', shape, values.length);
  return nest(values, shape);
}

/** @throws LanegradError where a number is none that a tensor of the type holds. */
export function checkConversionForErrors(values: ArrayLike<number>, dtype: DataType): void {
  const wrong = Array.from(values).findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return;
  throw new LanegradError(`A tensor of type ${dtype} being uploaded contains ${values[wrong]}.`);
}

/** The place of an element in a flat array. */
export function locToIndex(locs: readonly number[], rank: number, strides: readonly number[]): number {
  return rank === 0 ? 0 : locs.reduce((total, index, d) => total + index * (strides[d] ?? 1), 0);
}

/** The index for each dimension of a place in a flat array. */
export function indexToLoc(index: number, rank: number, strides: readonly number[]): number[] {
  let rest = index;
  return Array.from({ length: rank }, (_, d) => {
    const stride = strides[d] ?? 1;
    const at = Math.floor(rest / stride);
    rest -= at * stride;
    return at;
  });
}

/** Asks again and again, ever more slowly, until `check` is true. @throws LanegradError after `maxCounter` times. */
export async function repeatedTry(
  check: () => boolean,
  delay: (counter: number) => number = () => 0,
  maxCounter?: number,
): Promise<void> {
  for (let counter = 1; !check(); counter++) {
    if (maxCounter !== undefined && counter >= maxCounter) {
      throw new LanegradError(`util.repeatedTry: ${counter} times were not enough.`);
    }
    await new Promise<void>((resolve) => setTimeout(resolve, delay(counter)));
  }
}

/** Milliseconds since the script began, in fractions. */
export const now = (): number => performance.now();

/** The bytes of a text in UTF-8. */
export function encodeString(text: string, encoding = 'utf-8'): Uint8Array {
  if (!/^utf-?8$/i.test(encoding)) {
    throw new LanegradError(`util.encodeString: texts are encoded as utf-8 only; got ${encoding}.`);
  }
  return new TextEncoder().encode(text);
}

/** The text of bytes. */
export const decodeString = (bytes: Uint8Array, encoding = 'utf-8'): string =>
  new TextDecoder(encoding).decode(bytes);

/** How many bytes a list of encoded texts has. */
export const bytesFromStringArray = (texts: readonly Uint8Array[]): number =>
  texts.reduce((total, { length }) => total + length, 0);

/** What `fetch` answers. */
export const fetch = (path: string, options?: object): Promise<unknown> => globalThis.fetch(path, options);
