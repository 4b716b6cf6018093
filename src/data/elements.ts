// What datasets hold, element by element: numbers, tensors, arrays, and objects of such things.

import { beginningWith, isObject, isPlain, LanegradError } from '../errors.ts';
import { mapValues } from '../names.ts';
import { tensor } from '../tensor/creation.ts';
import { allocate, countedAs, type DataType, upcastType } from '../tensor/data-type.ts';
import {
  isNumericArray,
  maxDepth,
  type NumericArray,
  type TensorLike,
  type Texts,
} from '../tensor/nested-array.ts';
import { count } from '../tensor/scopes.ts';
import { formatShape, sameShape, sizeOf } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { uncounted } from '../tensor/uncounted.ts';

/** What a batch of such elements is: objects of batches where the elements are objects, texts in an array, a tensor otherwise. */
export type Batched<T> = T extends string
  ? string[]
  : T extends Tensor | number | boolean | NumericArray | readonly unknown[]
    ? Tensor
    : T extends object
      ? { [Key in keyof T]: Batched<T[Key]> }
      : Tensor;

/** Whether a value is gone into, key by key: an array or a plain object, but no tensor and no typed array. */
const isContainer = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isObject(value) && !(value instanceof Tensor) && !ArrayBuffer.isView(value);

/** The same structure with `convert` of each leaf in place of the leaf. */
export function mapLeaves(value: unknown, convert: (leaf: unknown) => unknown, depth = 0): unknown {
  if (depth > maxDepth) {
    throw new LanegradError(`data: an element is nested more than ${maxDepth} deep, or holds itself.`);
  }
  const below = (each: unknown) => mapLeaves(each, convert, depth + 1);
  if (Array.isArray(value)) return value.map(below);
  if (!isPlain(value)) return convert(value);
  return mapValues(value, below);
}

/** Elements side by side: for each key what all elements have there, in lists. */
export function columns(rows: readonly unknown[]): unknown {
  const [first] = rows;
  if (!isContainer(first)) return rows;
  const column = (key: string) => columns(rows.map((row) => (row as Record<string, unknown>)[key]));
  if (Array.isArray(first)) return first.map((_, i) => column(String(i)));
  return Object.fromEntries(Object.keys(first).map((key) => [key, column(key)]));
}

/**
 * Elements as one batch: for each key a tensor whose first dimension is the elements.
 * @throws LanegradError where elements differ in shape or lack a key, or hold what is no number.
 */
export function batchOf(rows: readonly unknown[], where = 'batch'): unknown {
  const [first] = rows;
  if (!isContainer(first) || Array.isArray(first)) return stack(rows, where);
  const keys = Object.keys(first);
  return Object.fromEntries(
    keys.map((key) => {
      const column = rows.map((row) => (row as Record<string, unknown>)?.[key]);
      return [key, batchOf(column, `${where}: ${key}`)];
    }),
  );
}

/** Tensors, numbers or arrays of one shape as one tensor with a dimension more; texts, which no tensor holds, as they are. */
function stack(rows: readonly unknown[], where: string): Tensor | Texts {
  if (rows.length > 0 && rows.every(isText)) return rows;
  const missing = rows.findIndex((row) => row === undefined || row === null || typeof row === 'string');
  if (missing >= 0) {
    const row = rows[missing];
    const got = typeof row === 'string' ? `the text ${JSON.stringify(row)}` : 'nothing';
    throw new LanegradError(
      `${where}: expected numbers; element ${missing} of the batch holds ${got}. ` +
        'Give missing values a default, and map texts to numbers before batching.',
    );
  }
  const isTensors = rows.some((row) => row instanceof Tensor || isNumericArray(row));
  return isTensors ? stackTensors(rows, where) : beginningWith(where, () => tensor(rows as TensorLike));
}

/** A text, or a list of nothing else. */
const isText = (row: unknown): row is string | Texts =>
  typeof row === 'string' || (Array.isArray(row) && row.length > 0 && row.every(isText));

function stackTensors(rows: readonly unknown[], where: string): Tensor {
  const tensors = rows.map((row) => (row instanceof Tensor ? row : uncounted(where, row as TensorLike)));
  requireOneType(rows, where);
  const [{ shape }] = tensors;
  const dtype = tensors.map((each): DataType => each.dtype).reduce(upcastType);
  const size = sizeOf(shape);
  const data = allocate(dtype, size * tensors.length);
  for (const [i, each] of tensors.entries()) {
    if (!sameShape(each.shape, shape)) {
      throw new LanegradError(
        `${where}: elements of a batch have one shape; element ${i} has ${formatShape(each.shape)}, ` +
          `the first ${formatShape(shape)}.`,
      );
    }
    data.set(each.computed(), i * size);
  }
  return count(new Tensor(data, [tensors.length, ...shape], dtype));
}

/** @throws LanegradError where tensors among the elements, which say of what type they are, say different ones. */
function requireOneType(rows: readonly unknown[], where: string): void {
  const types = rows.flatMap((row) => (row instanceof Tensor ? [row.dtype] : []));
  const other = types.find((dtype) => countedAs(dtype) !== countedAs(types[0]));
  if (other === undefined) return;
  throw new LanegradError(
    `${where}: tensors of a batch must be of one type; got ${types[0]} and ${other}. Cast them in a map before.`,
  );
}
