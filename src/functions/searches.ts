// What is found among numbers, and how much is found depends on them: these functions read them.

import { LanegradError, shown } from '../errors.ts';
import { formatShape, indexAt, normalizeAxis, sameShape, sizeOf, stridesOf } from '../graph/shape.ts';
import { requireArgument } from '../options/arguments.ts';
import { type TensorArgument, toTensor } from '../tensor/convert.ts';
import { allocate, countedAs, type TypedArray } from '../tensor/data-type.ts';
import type { Rank } from '../tensor/rank.ts';
import { count } from '../tensor/scopes.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Tensor1D, Tensor2D } from '../tensor/types.ts';
import { requireSameShape } from './arguments.ts';
import { gather } from './gather.ts';
import { reshape } from './shapes.ts';

const integers = <R extends Rank = Rank>(
  numbers: readonly number[],
  shape: readonly number[] = [numbers.length],
): Tensor<R> => new Tensor(Int32Array.from(numbers), shape, 'int32');

/** Places of what is not zero. */
const placesOf = (numbers: TypedArray): number[] => {
  const places: number[] = [];
  for (let i = 0; i < numbers.length; i++) if (numbers[i]) places.push(i);
  return places;
};

/** Where a condition is true: the index for each axis, a row for each place, int32 [places, rank]. */
export async function whereAsync(condition: TensorArgument): Promise<Tensor2D> {
  const asked = toTensor('whereAsync', 'condition', condition, 'bool');
  const places = placesOf(asked.computed());
  const { shape, rank } = asked;
  const strides = stridesOf(shape);
  const indices: number[] = [];
  for (const place of places) indices.push(...indexAt(place, shape, strides));
  return count(integers(indices, [places.length, rank]));
}

/**
 * The entries of a tensor at which a mask is true, along one axis: the mask's axes, which begin at `axis`, become one.
 * @param axis default: 0
 */
export async function booleanMaskAsync(
  tensor: TensorArgument,
  mask: TensorArgument,
  axis = 0,
): Promise<Tensor> {
  const x = toTensor('boolMask', 'tensor', tensor);
  const chosen = toTensor('boolMask', 'mask', mask, 'bool');
  if (chosen.rank === 0) throw new LanegradError('mask cannot be scalar');
  requireArgument('booleanMaskAsync: axis', 'size', axis);
  const end = axis + chosen.rank;
  requireSameShape(
    "mask's shape must match the first K dimensions of tensor's shape,",
    x.shape.slice(axis, end),
    chosen.shape,
  );
  const places = integers(placesOf(chosen.computed()));
  const flat = [...x.shape.slice(0, axis), chosen.size, ...x.shape.slice(end)];
  const rows = reshape(x, flat);
  const found = gather(rows, places, axis);
  rows.dispose();
  return found;
}

/** The numbers of x [n] that are not in y [m], and their places in x. */
export async function setdiff1dAsync(x: TensorArgument, y: TensorArgument): Promise<[Tensor, Tensor]> {
  const [own, others] = [toTensor('setdiff1d', 'x', x), toTensor('setdiff1d', 'y', y)];
  if (countedAs(own.dtype) !== countedAs(others.dtype)) {
    throw new LanegradError(
      `x and y should have the same dtype, but got x (${own.dtype}) and y (${others.dtype}).`,
    );
  }
  for (const [name, { rank, shape }] of Object.entries({ x: own, y: others })) {
    if (rank !== 1) throw new LanegradError(`${name} should be 1D tensor, but got ${name} (${shape}).`);
  }
  const [numbers, known] = [own.computed(), new Set(others.computed())];
  const places = [...numbers.keys()].filter((i) => !known.has(numbers[i]));
  const left = allocate(own.dtype, places.length);
  for (const [i, place] of places.entries()) left[i] = numbers[place];
  return [count(new Tensor(left, [places.length], own.dtype)), count(integers(places))];
}

/** Whether each target [...] is among the k classes, 1 by default, that predictions [..., classes] give the most. */
export async function inTopKAsync<T extends Tensor = Tensor, U extends Tensor = Tensor>(
  predictions: T | TensorArgument,
  targets: U | TensorArgument,
  k = 1,
): Promise<U> {
  const [scores, classes] = [
    toTensor('inTopK', 'predictions', predictions),
    toTensor('inTopK', 'targets', targets),
  ];
  if (scores.rank < 2) {
    throw new LanegradError(
      `inTopK() expects the predictions to be of rank 2 or higher, but got ${scores.rank}`,
    );
  }
  if (scores.rank - 1 !== classes.rank) {
    throw new LanegradError(
      `predictions rank should be 1 larger than targets rank, but got predictions rank ${scores.rank} and ` +
        `targets rank ${classes.rank}`,
    );
  }
  requireSameShape(
    "inTopKAsync: predictions's shape should be align with the targets' shape, except the last dimension.",
    scores.shape.slice(0, -1),
    classes.shape,
  );
  const last = scores.shape[scores.rank - 1];
  if (!(Number.isInteger(k) && k > 0 && k <= last)) {
    throw new LanegradError(
      `'k' passed to inTopK() must be > 0 && <= the predictions last dimension (${last}), but got ${shown(k)}`,
    );
  }
  const [numbers, wanted] = [scores.computed(), classes.computed()];
  const isFound = Uint8Array.from(wanted, (target, row) => {
    const places = [...numbers.subarray(row * last, (row + 1) * last).entries()];
    places.sort(([, a], [, b]) => b - a);
    return Number(places.slice(0, k).some(([place]) => place === target));
  });
  return count(new Tensor(isFound, classes.shape, 'bool') as U);
}

/**
 * The entries along an axis, the first by default, without repetition and in the order of their first occurrence; and
 * for each entry of x its place among these.
 */
export function unique<T extends Tensor = Tensor>(
  x: T | TensorArgument,
  axis = 0,
): { values: T; indices: Tensor1D } {
  const source = toTensor('unique', 'x', x);
  if (source.rank === 0) throw new LanegradError('unique: The input tensor must be at least 1D.');
  const along = normalizeAxis('unique', axis ?? 0, source.rank);
  const numbers = source.computed();
  const [before, length, after] = [
    sizeOf(source.shape.slice(0, along)),
    source.shape[along],
    sizeOf(source.shape.slice(along + 1)),
  ];
  const keyOf = (entry: number): number | string => {
    if (before * after === 1) return numbers[entry];
    const parts: string[] = [];
    for (let b = 0; b < before; b++) {
      const first = (b * length + entry) * after;
      parts.push(numbers.subarray(first, first + after).join());
    }
    return parts.join();
  };
  const places = new Map<number | string, number>();
  const firsts: number[] = [];
  const indices: number[] = [];
  for (let entry = 0; entry < length; entry++) {
    const key = keyOf(entry);
    const known = places.get(key);
    indices.push(known ?? firsts.length);
    if (known !== undefined) continue;
    places.set(key, firsts.length);
    firsts.push(entry);
  }
  return { values: gather<T>(source, integers(firsts), along), indices: count(integers(indices)) };
}

/**
 * Where each of the values [..., m] would be put into a sorted sequence [..., n] of its row: int32 places.
 * @param side 'left': before equal numbers, the default; 'right': behind them
 */
export function searchSorted(
  sortedSequence: TensorArgument,
  values: TensorArgument,
  side: 'left' | 'right' = 'left',
): Tensor {
  const [sequence, wanted] = [
    toTensor('searchSorted', 'sortedSequence', sortedSequence),
    toTensor('searchSorted', 'values', values),
  ];
  if (sequence.rank === 0 || wanted.rank === 0) {
    throw new LanegradError("searchSorted: 'sortedSequence' and 'values' must have an axis; got a scalar.");
  }
  const [length, perRow] = [sequence, wanted].map(({ shape, rank }) => shape[rank - 1]);
  if (!sameShape(sequence.shape.slice(0, -1), wanted.shape.slice(0, -1))) {
    throw new LanegradError(
      `searchSorted: Leading dimension of 'sortedSequence' and 'values' must match; got ${formatShape(sequence.shape)} and ` +
        `${formatShape(wanted.shape)}.`,
    );
  }
  requireArgument('searchSorted: side', 'left|right', side);
  const numbers = sequence.computed();
  const places = Int32Array.from(wanted.computed(), (value, i) => {
    const first = Math.floor(i / perRow) * length;
    let [low, high] = [0, length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const number = numbers[first + middle];
      if (number < value || (side === 'right' && number === value)) low = middle + 1;
      else high = middle;
    }
    return low;
  });
  return count(new Tensor(places, wanted.shape, 'int32'));
}

/** `searchSorted` on the left: the places of the first numbers that are not less. */
export const lowerBound = (sortedSequence: TensorArgument, values: TensorArgument): Tensor =>
  searchSorted(sortedSequence, values, 'left');

/** `searchSorted` on the right: the places of the first numbers that are larger. */
export const upperBound = (sortedSequence: TensorArgument, values: TensorArgument): Tensor =>
  searchSorted(sortedSequence, values, 'right');
