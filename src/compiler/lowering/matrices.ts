// Matrices where they lie: in an array, or in what an array was cut, transposed or repeated from.

import { floatBytes } from '../../bytes.ts';
import type { Value, View } from '../../graph/graph.ts';
import { type Shape, sameShape, sizeOf } from '../../graph/shape.ts';
import type { Columns } from './columns.ts';
import { type Axis, axesOf, inOrigin, isRenamed, runsOf, wholeOf } from './views.ts';

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
  const placed = inOrigin(value, (source, view) => {
    const matrices = matricesIn(value.shape, view);
    return fits(matrices) ? { source, matrices } : undefined;
  });
  return placed ?? { source: value, matrices: matricesIn(value.shape, wholeOf(value)) };
}

/** The same matrices before their axes were made one: batches may have several axes here. */
function beforeBatched(x: Value): Value {
  let value = x;
  while (isRenamed(value) && sameShape(value.inputs[0].shape.slice(-2), value.shape.slice(-2)))
    value = value.inputs[0];
  return value;
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
