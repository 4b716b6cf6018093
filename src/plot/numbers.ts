// Numbers as plots are given them: tensors, nested arrays, typed arrays.

import { isObject, LanegradError } from '../errors.ts';

/** What a plot reads of a tensor. */
export interface Tensorlike {
  readonly shape: readonly number[];
  dataSync(): ArrayLike<number>;
}

export type Nested = number | boolean | ArrayLike<number> | readonly Nested[];

/** Numbers to draw: a tensor, an array, nested arrays. */
export type Numbers = Tensorlike | Nested;

export interface Table {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

const isTensor = (given: Numbers): given is Tensorlike =>
  typeof given === 'object' && 'dataSync' in given && typeof given.dataSync === 'function';

/** @throws LanegradError for what is no array, or no rectangular one. */
export function read(where: string, given: Numbers): Table {
  if (isObject(given)) {
    if (isTensor(given)) return { shape: given.shape, values: given.dataSync() };
    if ('length' in given) {
      const values: number[] = [];
      const shape = collect(where, given as ArrayLike<Nested>, values);
      return { shape, values };
    }
  }
  throw new LanegradError(`${where}: expected a tensor or an array of numbers, got ${String(given)}.`);
}

/** Appends the numbers of a nested array to `values`. @returns its shape */
function collect(where: string, given: ArrayLike<Nested>, values: number[]): number[] {
  let inner: number[] | undefined;
  for (let i = 0; i < given.length; i++) {
    const each = given[i];
    const isNumber = typeof each === 'number' || typeof each === 'boolean';
    if (!isNumber && !isObject(each)) {
      throw new LanegradError(`${where}: expected numbers, got ${String(each)}.`);
    }
    if (isNumber) values.push(Number(each));
    const shape = isNumber ? [] : collect(where, each as ArrayLike<Nested>, values);
    if (inner && String(inner) !== String(shape)) {
      throw new LanegradError(`${where}: rows differ in length: [${inner}] and [${shape}].`);
    }
    inner = shape;
  }
  return [given.length, ...(inner ?? [])];
}

/** A list of numbers, of any shape. */
export const list = (where: string, given: Numbers): number[] => Array.from(read(where, given).values);

/**
 * Classes as numbers: of a list as they are, of rows the place of the largest, as one-hot rows have it.
 * @throws LanegradError where they are neither.
 */
export function classesOf(where: string, given: Numbers): number[] {
  const { shape, values } = read(where, given);
  const width = shape.length === 2 ? shape[1] : 1;
  if (shape.length > 2) {
    throw new LanegradError(`${where}: expected classes [samples] or one-hot rows, got shape [${shape}].`);
  }
  if (width === 1) return Array.from(values);
  return Array.from({ length: shape[0] }, (_, row) => {
    let largest = 0;
    for (let j = 1; j < width; j++) {
      if (values[row * width + j] > values[row * width + largest]) largest = j;
    }
    return largest;
  });
}
