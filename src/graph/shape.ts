// Shapes, strides, axes, and how shapes broadcast.

import { LanegradError, shown } from '../errors.ts';

/** Sizes of an array's axes, slowest first. A scalar's is empty. */
export type Shape = readonly number[];

export function sizeOf(shape: Shape): number {
  let product = 1;
  for (let axis = 0; axis < shape.length; axis++) product *= shape[axis];
  return product;
}

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);

/** `[2,3]`; an axis of any size is `null` in model shapes and prints so. */
export const formatShape = (shape: readonly (number | null)[]): string =>
  `[${shape.map((size) => size ?? 'null').join(',')}]`;

/** Elements from one index to the next, per axis of an array without gaps. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** The place among an array's elements of an index along each axis. @param strides that of the last axis, 1, may be left out */
export const placeAt = (index: readonly number[], strides: readonly number[]): number =>
  index.reduce((place, at, axis) => place + at * (strides[axis] ?? 1), 0);

/** The index along each axis of a place among the elements of a shape. */
export const indexAt = (place: number, shape: Shape, strides = stridesOf(shape)): number[] =>
  strides.map((stride, axis) => Math.floor(place / stride) % shape[axis]);

/** The shape that `a` and `b` broadcast to (NumPy's rule), or undefined where they do not. */
export function broadcastShapes(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const sizeA = a[axis - rank + a.length] ?? 1;
    const sizeB = b[axis - rank + b.length] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) return undefined;
    shape.push(sizeA === 1 ? sizeB : sizeA);
  }
  return shape;
}

/** `shape` with ones put before it, up to `rank` axes. */
export const padRank = (shape: Shape, rank: number): Shape => [
  ...new Array<number>(rank - shape.length).fill(1),
  ...shape,
];

/**
 * Axes as sorted non-negative numbers; undefined or null means all.
 * @throws LanegradError for an axis out of range or named twice.
 */
export function normalizeAxes(
  where: string,
  axes: number | readonly number[] | null | undefined,
  rank: number,
): number[] {
  if (axes === undefined || axes === null) return Array.from({ length: rank }, (_, i) => i);
  const list = (typeof axes === 'number' ? [axes] : axes).map((axis) => normalizeAxis(where, axis, rank));
  if (new Set(list).size !== list.length) {
    throw new LanegradError(`${where}: axes ${formatShape(axes as number[])} name an axis twice.`);
  }
  return list.sort((a, b) => a - b);
}

/** An axis or an index that may be counted from the end, where −1 is the last one, counted from the front. */
export const fromFront = (index: number, count: number): number => (index < 0 ? index + count : index);

/**
 * The axis counted from the front; −1 is the last one.
 * @param where what it is an axis for, for the error
 * @param rank how many axes there are to choose from
 */
export function normalizeAxis(where: string, axis: number, rank: number): number {
  if (Number.isInteger(axis) && axis >= -rank && axis < rank) return fromFront(axis, rank);
  const range = rank === 0 ? 'a scalar has none' : `expected an integer from ${-rank} to ${rank - 1}`;
  throw new LanegradError(`${where}: there is no axis ${shown(axis)}; ${range}.`);
}

/** How an operand of shape `operand` is read by an element-wise op of shape `shape`. */
export type Broadcast = { kind: 'linear' } | { kind: 'broadcast'; repeat: number; period: number };

/**
 * Element i of the op reads element (i / repeat) % period of the operand: true of every operand whose
 * own axes are one run, as in [C], [B,1] or [1,C,1]. Undefined for others, such as [B,1,C].
 */
export function broadcastAccess(operand: Shape, shape: Shape): Broadcast | undefined {
  if (sizeOf(operand) === sizeOf(shape)) return { kind: 'linear' };
  if (sizeOf(operand) === 1) return { kind: 'broadcast', repeat: sizeOf(shape), period: 1 };
  const padded = padRank(operand, shape.length);
  const own = padded.flatMap((size, axis) => (size === 1 ? [] : [axis]));
  const [first, last] = [own[0], own[own.length - 1]];
  const run = shape.slice(first, last + 1);
  if (!sameShape(padded.slice(first, last + 1), run)) return undefined;
  return { kind: 'broadcast', repeat: sizeOf(shape.slice(last + 1)), period: sizeOf(run) };
}
