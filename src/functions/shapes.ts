// The same elements in other places: shapes, slices, joins.

import type { Value } from '../graph/graph.ts';
import * as movement from '../graph/ops/movement.ts';
import * as sources from '../graph/ops/sources.ts';
import { formatShape, normalizeAxis, type Shape } from '../graph/shape.ts';
import { checkShape } from '../tensor/shape.ts';
import { lift } from './lift.ts';

const x = ['x'];

export const broadcastTo = lift('broadcastTo', x, (value: Value, shape: Shape) => {
  checkShape('broadcastTo', shape);
  return movement.broadcastTo(value, shape);
});
/** Joins tensors along an axis, the first by default. */
export const concat = lift('concat', ['…tensors'], (tensors: readonly Value[], axis = 0) =>
  movement.concat(tensors, axis),
);
export const pad = lift('pad', x, movement.pad);
export const reshape = lift('reshape', x, sources.reshape);
/**
 * The box of `size` that begins at `begin`; numbers, and axes that are missing at the end, mean the first axes and all of
 * the others. A size of −1 goes to the end.
 */
export const slice = lift(
  'slice',
  x,
  (value: Value, begin: number | readonly number[], size: number | readonly number[] = []) => {
    const [begins, sizes] = [[begin].flat(), [size].flat()];
    if (Math.max(begins.length, sizes.length) > value.rank) {
      throw value.graph.error(
        `slice: begin and size have ${begins.length} and ${sizes.length} entries; shape ${formatShape(value.shape)} has ${value.rank}.`,
      );
    }
    return movement.slice(value, begins, sizes);
  },
);
export const transpose = lift('transpose', x, movement.transpose);
/** The same elements in one row. */
export const flatten = lift('flatten', x, (value: Value) => sources.reshape(value, [value.size]));
/** The same elements with an axis of size 1 before `axis`, 0 by default; −1 puts it last. */
export const expandDims = lift('expandDims', x, (value: Value, axis = 0) => {
  const shape = [...value.shape];
  shape.splice(normalizeAxis('expandDims', axis, value.rank + 1), 0, 1);
  return sources.reshape(value, shape);
});
/**
 * The same elements without the axes of size 1: all of them, or those named.
 * @throws LanegradError when a named axis is longer.
 */
export const squeeze = lift('squeeze', x, (value: Value, axis?: number | readonly number[]) => {
  const named =
    axis === undefined ? undefined : [axis].flat().map((a) => normalizeAxis('squeeze', a, value.rank));
  const long = named?.find((a) => value.shape[a] !== 1);
  if (long !== undefined) {
    throw value.graph.error(
      `squeeze: axis ${long} of shape ${formatShape(value.shape)} is ${value.shape[long]}, not 1.`,
    );
  }
  return sources.reshape(value, squeezed(value.shape, named));
});

const squeezed = (shape: Shape, named: readonly number[] | undefined): Shape =>
  shape.filter((size, axis) => (named ? !named.includes(axis) : size !== 1));

export const stopGradient = lift('stopGradient', x, sources.stopGradient);
