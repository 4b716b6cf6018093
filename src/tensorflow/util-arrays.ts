// Nested arrays, shapes and places in flat arrays, as `tf.util` tells of them.

import { isObject, LanegradError, shown } from '../errors.ts';
import { normalizeAxis, placeAt } from '../graph/shape.ts';
import { checked, requireArgument } from '../options/arguments.ts';
import { allocate, type DataType, type TypedArray } from '../tensor/data-type.ts';
import { isNumericArray, type NestedArray, nest } from '../tensor/nested-array.ts';
import { checkSize, resolveShape, sizeOf, computeStrides as stridesOf } from '../tensor/shape.ts';
import { isPromise, isString, isTypedArray } from './util-kinds.ts';

/** How many elements lie between neighbours along each dimension but the last. */
export const computeStrides = checked('util.computeStrides', ['shape:sizes'], stridesOf);

/** No array is meant to be deeper; one that holds itself is without end. */
const deepest = 100;

function requireDepth(name: string, depth: number): void {
  if (depth <= deepest) return;
  throw new LanegradError(`util.${name}: arrays lie in each other more than ${deepest} deep.`);
}

/**
 * The elements of nested arrays, one after the other.
 * @param result what they are put behind
 * @param skipTypedArray whether typed arrays are elements and not gone into
 */
export function flatten<T = number>(nested: unknown, result: T[] = [], skipTypedArray = false): T[] {
  if (!Array.isArray(result)) {
    throw new LanegradError(`util.flatten: result must be an array; got ${shown(result)}.`);
  }
  const isElement = (each: unknown) =>
    !isObject(each) || isPromise(each) || (skipTypedArray && isTypedArray(each));
  const visit = (each: unknown, depth: number): void => {
    requireDepth('flatten', depth);
    if (isElement(each)) {
      result.push(each as T);
      return;
    }
    const array = Array.isArray(each) || isNumericArray(each) ? each : numbered(each as object);
    for (const one of array) visit(one, depth + 1);
  };
  visit(nested, 0);
  return result;
}

/** The values of an object whose keys are numbers from 0 on. */
function numbered(object: object): readonly unknown[] {
  const indices = Object.keys(object).filter((key) => /^\d+$/.test(key));
  return Array.from({ length: Math.max(-1, ...indices.map(Number)) + 1 }, (_, i) => Object(object)[i]);
}

/** The lengths of nested arrays, by their first elements. */
export function inferShape(value: unknown): number[] {
  const shape: number[] = [];
  let inner = value;
  for (; Array.isArray(inner); [inner] = inner) {
    shape.push(inner.length);
    requireDepth('inferShape', shape.length);
  }
  return isNumericArray(inner) ? [...shape, inner.length] : shape;
}

/** The type of a tensor of such values. */
export function inferDtype(values: unknown): DataType | 'string' {
  let first = values;
  for (let depth = 0; Array.isArray(first); depth++) {
    requireDepth('inferDtype', depth);
    [first] = first;
  }
  if (first instanceof Float32Array) return 'float32';
  if (isTypedArray(first)) return 'int32';
  if (isString(first)) return 'string';
  return typeof first === 'boolean' ? 'bool' : 'float32';
}

/** A shape with its one -1 replaced by what makes it hold `size` elements; 0 stands for any number. */
export const inferFromImplicitShape = checked(
  'util.inferFromImplicitShape',
  ['shape:integers', 'size:size'],
  (shape: readonly number[], size: number): number[] => [
    ...(size === 0 && !shape.includes(-1) ? shape : resolveShape('util.inferFromImplicitShape', shape, size)),
  ],
);

/** Axes counted from the front, for one, several or (null) all. */
export const parseAxisParam = checked(
  'util.parseAxisParam',
  ['axis?:axes', 'shape:list'],
  (axis: number | readonly number[] | null, shape: readonly number[]): number[] => {
    const axes = [axis ?? shape.map((_, d) => d)].flat();
    return axes.map((each) => normalizeAxis('axis', each, shape.length));
  },
);

/** A shape without dimensions of 1, all or those of `axis`; and which dimensions are left. */
export function squeezeShape(
  shape: readonly number[],
  axis?: readonly number[] | null,
): { newShape: number[]; keptDims: number[] } {
  requireArgument('util.squeezeShape: shape', 'sizes', shape);
  const named = axis?.length ? parseAxisParam(axis, shape) : undefined;
  const wrong = named?.find((d) => shape[d] !== 1);
  if (wrong !== undefined) {
    throw new LanegradError(`Can't squeeze axis ${wrong} since its dim '${shape[wrong]}' is not 1`);
  }
  const keptDims = shape.map((_, d) => d).filter((d) => (named ? !named.includes(d) : shape[d] !== 1));
  return { newShape: keptDims.map((d) => shape[d]), keptDims };
}

/** Zeros in nested arrays, as deep as a shape has dimensions. */
export const makeZerosNestedTypedArray = checked(
  'util.makeZerosNestedTypedArray',
  ['shape:shape', 'dtype:dtype'],
  (shape: readonly number[], dtype: DataType): NestedArray =>
    toNestedArray(shape, allocate(dtype, sizeOf(shape))),
);

/** Nested arrays of numbers, as deep as a shape has dimensions. */
export const toNestedArray = checked(
  'util.toNestedArray',
  ['shape:sizes', 'values:list'],
  (shape: readonly number[], values: TypedArray): NestedArray => {
    if (sizeOf(shape) === 0) return [];
    checkSize('util.toNestedArray', shape, values.length);
    return nest(values, shape);
  },
);

/** The place of an element in a flat array. */
export const locToIndex = checked(
  'util.locToIndex',
  ['locs:numbers', 'rank:integer', 'strides:numbers'],
  (locs: readonly number[], rank: number, strides: readonly number[]): number =>
    rank === 0 ? 0 : placeAt(locs, strides),
);

/** The index for each dimension of a place in a flat array. */
export const indexToLoc = checked(
  'util.indexToLoc',
  ['index:integer', 'rank:rank', 'strides:numbers'],
  (index: number, rank: number, strides: readonly number[]): number[] => {
    let rest = index;
    return Array.from({ length: rank }, (_, d) => {
      const stride = strides[d] ?? 1;
      const at = Math.floor(rest / stride);
      rest -= at * stride;
      return at;
    });
  },
);
