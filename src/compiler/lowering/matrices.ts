// Matrices where they lie: in an array, or in what an array was cut, transposed or repeated from.

import { hasEffect, type Storage, type Value, type View } from '../../graph/graph.ts';
import { isMadeBy } from '../../graph/op.ts';
import type { Permutation } from '../../graph/ops/movement.ts';
import { parameterOp } from '../../graph/ops/sources.ts';
import { type Shape, sameShape, sizeOf, stridesOf } from '../../graph/shape.ts';
import { overlap, root } from '../arrays.ts';
import type { Columns } from './columns.ts';

export const floatBytes = 4;

/** Matrices of one size, in an array. */
export interface Matrices {
  readonly rows: number;
  readonly columns: number;
  /** Bytes of the array before the first matrix. */
  readonly offset: number;
  /** Bytes from one row to the next, and from one column to the next. */
  readonly row: number;
  readonly column: number;
  /** How many matrices there are, and bytes from one to the next, along the axes of a batch; none where there is one matrix. */
  readonly batch: readonly Axis[];
}

type Axis = readonly [size: number, step: number];

/** Matrices in the array of a value. */
export interface Placed {
  readonly source: Value;
  readonly matrices: Matrices;
}

/** Matrices one behind the other, without gaps. */
export function denseMatrices(rows: number, columns: number, count: number): Matrices {
  const row = columns * floatBytes;
  return { rows, columns, offset: 0, row, column: floatBytes, batch: batchOf(count, rows * row) };
}

/** The axes of a batch of so many matrices, from one to the next of which it is `step` bytes. */
export const batchOf = (count: number, step: number): readonly Axis[] => runsOf([[count, step]]);

/**
 * Matrices that fill an array, when that array is columns of another. Undefined where an axis of theirs would have no
 * single step.
 */
export function asColumns(matrices: Matrices, { begin, count, pitch }: Columns): Matrices | undefined {
  const rowBytes = count * floatBytes;
  let isSingle = true;
  const stepped = (size: number, step: number): number => {
    if (step % rowBytes === 0) return (step / rowBytes) * pitch * floatBytes;
    isSingle &&= size === 1 || rowBytes % (size * step) === 0;
    return step;
  };
  const { rows, columns, row, column, batch } = matrices;
  const seen = {
    rows,
    columns,
    offset: begin * floatBytes,
    row: stepped(rows, row),
    column: stepped(columns, column),
    batch: batch.map(([size, step]) => [size, stepped(size, step)] as const),
  };
  return isSingle ? seen : undefined;
}

/** How many matrices there are. */
export const countOf = ({ batch }: Matrices): number => sizeOf(batch.map(([size]) => size));

/** Bytes from the first matrix to each. */
export const placesOf = (batch: readonly Axis[]): number[] =>
  batch.reduce(
    (places, [size, step]) =>
      places.flatMap((place) => Array.from({ length: size }, (_, i) => place + i * step)),
    [0],
  );

export const transposed = ({ rows, columns, row, column, ...others }: Matrices): Matrices => ({
  ...others,
  rows: columns,
  columns: rows,
  row: column,
  column: row,
});

/** The matrices along a value's last two axes, in the first array, of those that it was moved from, where they fit. */
export function placedMatrices(x: Value, fits: (matrices: Matrices) => boolean): Placed {
  const value = beforeBatched(x);
  const origins = originsOf(value);
  for (let i = origins.length - 1; i > 0; i--) {
    const view = isAsRead(origins[i], origins[i - 1]) ? viewFrom(origins, i) : undefined;
    const matrices = view && matricesIn(value.shape, view);
    if (matrices && fits(matrices)) return { source: origins[i], matrices };
  }
  return { source: value, matrices: matricesIn(value.shape, wholeOf(value)) };
}

/** The same matrices before their axes were made one: batches may have several axes here. */
function beforeBatched(x: Value): Value {
  let value = x;
  while (isRenamed(value) && sameShape(value.inputs[0].shape.slice(-2), value.shape.slice(-2)))
    value = value.inputs[0];
  return value;
}

/** Whether a value is all of its input under another shape. */
export const isRenamed = ({ op, inputs, size }: Value): boolean =>
  op.kind === 'alias' && inputs[0].size === size;

/** A value, what it was moved from, and so on. */
function originsOf(value: Value): Value[] {
  const origins = [value];
  for (let last = value; isMoved(last); origins.push(last)) last = last.inputs[0];
  return origins;
}

/** How an op views its input, if all it does is move it. */
const viewRule = ({ op }: Value) => (op.kind === 'kernel' || op.kind === 'alias' ? op.view : undefined);

const isMoved = (value: Value): boolean =>
  value.size > 0 && (isRenamed(value) || viewRule(value) !== undefined);

/** Whether an array is still what it was when it was read: state may have been changed since then. */
function isAsRead(array: Value, reader: Value): boolean {
  const state = root(array);
  if (!isMadeBy(state, parameterOp)) return true;
  const changes = (node: Value): boolean => {
    const { storage, weights = storage } = node.attrs as Partial<Record<'storage' | 'weights', Storage>>;
    return hasEffect(node) && weights !== undefined && overlap(weights, state.attrs.storage);
  };
  return !array.graph.nodes.slice(reader.id).some(changes);
}

/** Where the elements of the first of `origins` lie in the i-th; undefined where strides cannot say it. */
function viewFrom(origins: readonly Value[], i: number): View | undefined {
  let view: View | undefined = wholeOf(origins[i]);
  for (let j = i - 1; j >= 0 && view; j--) {
    const [node, input] = [origins[j], origins[j + 1]];
    const rule = viewRule(node);
    view = rule ? rule(node, view) : reshaped(input.shape, view, node.shape);
  }
  return view;
}

const wholeOf = ({ shape }: Value): View => ({ address: 0, strides: stridesOf(shape) });

/** Where the elements of what is transposed lie in the transposed array. */
export function transposedView({ inputs: [x], shape, attrs: { permutation } }: Value<Permutation>): View {
  const strides = stridesOf(shape);
  return { address: 0, strides: x.shape.map((_, axis) => strides[permutation.indexOf(axis)]) };
}

/** A view of the same elements under another shape; undefined where an axis of it would have no single stride. */
function reshaped(from: Shape, { address, strides }: View, to: Shape): View | undefined {
  const runs = runsOf(axesOf(from, strides));
  let [left, step] = [1, 1];
  const own = to.map(() => 0);
  for (let axis = to.length - 1; axis >= 0; axis--) {
    if (to[axis] === 1) continue;
    if (left === 1) [left, step] = runs.pop()!;
    if (left % to[axis] !== 0) return undefined;
    own[axis] = step;
    left /= to[axis];
    step *= to[axis];
  }
  return { address, strides: own };
}

const axesOf = (shape: Shape, strides: readonly number[]): Axis[] =>
  shape.map((size, axis) => [size, strides[axis]] as const);

/** The same elements along as few axes as can be. */
function runsOf(axes: readonly Axis[]): Axis[] {
  const runs: Axis[] = [];
  for (const [size, step] of axes) {
    const outer = runs.at(-1);
    if (size === 1) continue;
    if (outer?.[1] === size * step) runs[runs.length - 1] = [outer[0] * size, step];
    else runs.push([size, step]);
  }
  return runs;
}

/** The matrices along the last two axes of a view. */
export function matricesIn(shape: Shape, { address, strides }: View): Matrices {
  const axes = axesOf(
    shape,
    strides.map((stride) => stride * floatBytes),
  );
  const [[rows, row], [columns, column]] = axes.slice(-2);
  return { rows, columns, offset: address, row, column, batch: runsOf(axes.slice(0, -2)) };
}
