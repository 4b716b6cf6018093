// `tf.util`: small things about numbers, arrays and shapes that scripts ask TensorFlow.js for.

import { LanegradError, shown } from '../errors.ts';
import { checked, dataTypes } from '../options/arguments.ts';
import { RandomStream } from '../random/random-stream.ts';
import { nextSeed } from '../random/seed.ts';
import { allocate, convert, type DataType, type DataTypeMap, type TypedArray } from '../tensor/data-type.ts';
import { formatShape, sizeOf } from '../tensor/shape.ts';
import { flatten } from './util-arrays.ts';

export * from './util-arrays.ts';
export * from './util-kinds.ts';

/** Any array that is put in order. */
interface Shuffled {
  readonly length: number;
  [index: number]: unknown;
}

/** Shuffles with streams of their own. */
const shuffleStream = 0x7574696c;

/** Puts an array in random order, in place. The order follows from `setSeed`. */
export const shuffle = checked('util.shuffle', ['array:list'], (array: Shuffled): void => {
  shuffleTogether([array]);
});

/** Puts two arrays of one length in the same random order, in place. */
export const shuffleCombo = checked(
  'util.shuffleCombo',
  ['array:list', 'array2:list'],
  (array: Shuffled, array2: Shuffled): void => {
    if (array.length !== array2.length) {
      throw new LanegradError(
        `util.shuffleCombo: Array sizes must match to be shuffled together; got ${array.length} and ${array2.length}.`,
      );
    }
    shuffleTogether([array, array2]);
  },
);

function shuffleTogether(arrays: readonly Shuffled[]): void {
  const random = new RandomStream(nextSeed(), shuffleStream);
  for (let i = arrays[0].length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    for (const array of arrays) exchange(array, i, j);
  }
}

function exchange(array: Shuffled, left: number, right: number): void {
  const element = array[left];
  array[left] = array[right];
  array[right] = element;
}

/** Exchanges two elements of an array. */
export const swap = checked(
  'util.swap',
  ['array:list', 'left:integer', 'right:integer'],
  (array: Shuffled, left: number, right: number): void => exchange(array, left, right),
);

/** The numbers from 0 to below `count` in random order. */
export const createShuffledIndices = checked(
  'util.createShuffledIndices',
  ['count:size'],
  (count: number): Uint32Array => {
    const indices = new Uint32Array(count).map((_, i) => i);
    shuffle(indices);
    return indices;
  },
);

/** The number, or the end of the range that is nearest to it. */
export const clamp = checked(
  'util.clamp',
  ['min:number', 'x:number', 'max:number'],
  (min: number, x: number, max: number): number => Math.max(min, Math.min(x, max)),
);

/** The number if it is even, else the next. */
export const nearestLargerEven = checked(
  'util.nearestLargerEven',
  ['value:number'],
  (value: number): number => (value % 2 === 0 ? value : value + 1),
);

/** The sum of an array of numbers. */
export const sum = checked('util.sum', ['array:numbers'], (array: readonly number[]): number =>
  array.reduce((total, each) => total + each, 0),
);

/** A uniform number from `a` to below `b`. */
export const randUniform = checked(
  'util.randUniform',
  ['a:number', 'b:number'],
  (a: number, b: number): number => a + (b - a) * new RandomStream(nextSeed(), shuffleStream).uniform(),
);

/** The square of the distance between two points. */
export const distSquared = checked(
  'util.distSquared',
  ['a:numbers', 'b:numbers'],
  (a: ArrayLike<number>, b: ArrayLike<number>): number =>
    Array.from(a).reduce((total, each, i) => total + (each - b[i]) ** 2, 0),
);

/** The least divisor of `size` that is `start` or more. */
export const nearestDivisor = checked(
  'util.nearestDivisor',
  ['size:size', 'start:size'],
  (size: number, start: number): number => {
    for (let divisor = start; divisor < size; divisor++) if (size % divisor === 0) return divisor;
    return size;
  },
);

/** @throws LanegradError with what `message` says unless `condition` is true. */
export function assert(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new LanegradError(typeof message === 'function' ? message() : message);
}

/** @throws LanegradError unless two shapes are the same. @param prefix what the sentence begins with */
export const assertShapesMatch = checked(
  'util.assertShapesMatch',
  ['a:numbers', 'b:numbers', 'prefix?:any'],
  (a: readonly number[], b: readonly number[], prefix: unknown = ''): void => {
    assert(arraysEqual(a, b), () =>
      `${prefix} Shapes ${formatShape(a)} and ${formatShape(b)} must match`.trim(),
    );
  },
);

/** @throws LanegradError unless there is something. */
export function assertNonNull(value: unknown): void {
  assert(value != null, () => 'The input to the tensor constructor must be a non-null value.');
}

/** @throws LanegradError unless all sizes are whole numbers from 0 on. */
export const assertNonNegativeIntegerDimensions = checked(
  'util.assertNonNegativeIntegerDimensions',
  ['shape:numbers'],
  (shape: readonly number[]): void => {
    const isSize = (size: number) => isInt(size) && size >= 0;
    assert(
      shape.every(isSize),
      () => `Tensor must have a shape comprised of positive integers but got ${formatShape(shape)}.`,
    );
  },
);

/** How many elements a shape has. */
export const sizeFromShape = checked(
  'util.sizeFromShape',
  ['shape:sizes'],
  (shape: readonly number[]): number => sizeOf(shape),
);

/** Whether a shape is a scalar's. */
export const isScalarShape = checked(
  'util.isScalarShape',
  ['shape:list'],
  (shape: readonly number[]): boolean => shape.length === 0,
);

/** Whether two arrays have the same elements. Two that are the same, or both nothing, do. */
export function arraysEqual(a?: ArrayLike<unknown> | null, b?: ArrayLike<unknown> | null): boolean {
  if (a === b) return true;
  if (!a || !b || a.length !== b.length) return false;
  return Array.from(a).every((each, i) => each === b[i]);
}

/** As `arraysEqual`; null stands for any element. */
export const arraysEqualWithNull = checked(
  'util.arraysEqualWithNull',
  ['a:list', 'b:list'],
  (a: readonly unknown[], b: readonly unknown[]): boolean =>
    a.length === b.length && a.every((each, i) => each === b[i] || each === null || b[i] === null),
);

/** Whether a number is whole. */
export const isInt = (value: number): boolean => typeof value === 'number' && value % 1 === 0;

/** Sides of a nearly square rectangle that holds `size`. */
export const sizeToSquarishShape = checked(
  'util.sizeToSquarishShape',
  ['size:size'],
  (size: number): [number, number] => {
    const width = Math.ceil(Math.sqrt(size));
    return [width, Math.ceil(size / width)];
  },
);

/** Text with blanks behind it, up to `size` letters. */
export const rightPad = checked(
  'util.rightPad',
  ['text:text', 'size:size'],
  (text: string, size: number): string => text.padEnd(size),
);

const precision: readonly string[] = [...dataTypes, 'complex64'];

/** Whether numbers of one type cannot all be told in another. */
export const hasEncodingLoss = (from: DataType | 'complex64', to: DataType | 'complex64'): boolean =>
  precision.indexOf(to) < precision.indexOf(from);

/** Bytes of a number of a type. */
export const bytesPerElement = checked('util.bytesPerElement', ['dtype:dtype'], (dtype: DataType): number => {
  return allocate(dtype, 0).BYTES_PER_ELEMENT;
});

/** Zeros of a type. */
export const makeZerosTypedArray = checked(
  'util.makeZerosTypedArray',
  ['size:size', 'dtype:dtype'],
  <D extends DataType>(size: number, dtype: D): DataTypeMap[D] => allocate(dtype, size),
);

/** Ones of a type. */
export const makeOnesTypedArray = checked(
  'util.makeOnesTypedArray',
  ['size:size', 'dtype:dtype'],
  <D extends DataType>(size: number, dtype: D) => allocate(dtype, size).fill(1) as DataTypeMap[D],
);

/** An array of a type, with so many zeros. */
export const getTypedArrayFromDType = checked(
  'util.getTypedArrayFromDType',
  ['dtype:dtype', 'size:size'],
  allocate,
);
/** Another name of the same. */
export const getArrayFromDType = getTypedArrayFromDType;

/** Whether there is a type of tensors of this name. */
export const isValidDtype = (dtype: unknown): dtype is DataType => dataTypes.includes(dtype as DataType);

/** Nested arrays of numbers as an array of a type. @throws LanegradError for numbers that the type does not hold */
export const toTypedArray = checked(
  'util.toTypedArray',
  ['values:any', 'dtype:dtype'],
  (values: unknown, dtype: DataType): TypedArray => convert('util.toTypedArray', numbersIn(values), dtype),
);

/** @throws LanegradError for what is neither a number nor true or false. */
function numbersIn(values: unknown): number[] {
  const found = flatten<unknown>(values);
  const wrong = found.findIndex((each) => typeof each !== 'number' && typeof each !== 'boolean');
  if (wrong < 0) return found.map(Number);
  throw new LanegradError(`util: expected numbers or booleans; value ${wrong} is ${shown(found[wrong])}.`);
}

/** The array of a scalar of a type. */
export const createScalarValue: (value: number | boolean, dtype: DataType) => TypedArray = toTypedArray;

/** @throws LanegradError where a number is none that a tensor of the type holds. */
export const checkConversionForErrors = checked(
  'util.checkConversionForErrors',
  ['values:numbers', 'dtype:dtype'],
  (values: ArrayLike<number>, dtype: DataType): void => {
    const wrong = Array.from(values).findIndex((value) => !Number.isFinite(value));
    if (wrong < 0) return;
    throw new LanegradError(`A tensor of type ${dtype} being uploaded contains ${values[wrong]}.`);
  },
);

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
export const encodeString = checked(
  'util.encodeString',
  ['text:text', 'encoding?:text'],
  (text: string, encoding = 'utf-8'): Uint8Array => {
    if (!/^utf-?8$/i.test(encoding)) {
      throw new LanegradError(`util.encodeString: texts are encoded as utf-8 only; got ${encoding}.`);
    }
    return new TextEncoder().encode(text);
  },
);

/** The text of bytes. */
export const decodeString = checked(
  'util.decodeString',
  ['bytes:bytes', 'encoding?:text'],
  (bytes: Uint8Array, encoding = 'utf-8'): string => decoderOf(encoding).decode(bytes),
);

function decoderOf(encoding: string): { decode(bytes: Uint8Array): string } {
  try {
    return new TextDecoder(encoding);
  } catch {
    throw new LanegradError(`util.decodeString: there is no encoding ${encoding}.`);
  }
}

/** How many bytes a list of encoded texts has. */
export const bytesFromStringArray = checked(
  'util.bytesFromStringArray',
  ['texts:list'],
  (texts: readonly Uint8Array[]): number => texts.reduce((total, text) => total + (text?.length ?? 0), 0),
);

/** What the platform's `fetch` promises, where there are types of it. */
type Answered = typeof globalThis extends { fetch(...args: never): infer Answer } ? Answer : Promise<unknown>;

/** What `fetch` answers. */
export const fetch = (path: string, options?: object): Answered =>
  globalThis.fetch(path, options) as Answered;
