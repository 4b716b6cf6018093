// The same elements under other shapes, in other places, or more than once.

import { LanegradError } from '../errors.ts';
import type { Value } from '../graph/graph.ts';
import * as arrangement from '../graph/ops/arrangement.ts';
import * as broadcasting from '../graph/ops/broadcasting.ts';
import * as movement from '../graph/ops/movement.ts';
import * as sources from '../graph/ops/sources.ts';
import { reverse as reversed } from '../graph/ops/strides.ts';
import { broadcastShapes, formatShape, normalizeAxis, type Shape } from '../graph/shape.ts';
import { requireArgument } from '../options/arguments.ts';
import type { TensorArgument } from '../tensor/convert.ts';
import { toTensor } from '../tensor/convert.ts';
import type { Rank } from '../tensor/rank.ts';
import { count } from '../tensor/scopes.ts';
import { resolveShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Scalar, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Tensor5D } from '../tensor/types.ts';
import { requireRank } from './arguments.ts';
import { type Giving, lift, liftAlike, liftOfRank } from './lift.ts';

const x = ['x'];

/** Elements before and behind an axis. */
export type Padding = readonly [before: number, after: number];

/** x repeated along axes of size 1, and along new ones before the first, up to `shape`. */
export const broadcastTo = liftOfRank('broadcastTo', ['x', 'shape:shape'], (value: Value, shape: Shape) => {
  if (shape.length < value.rank) {
    throw value.graph.error(
      `broadcastTo(): shape.length=${shape.length} < input.rank=${value.rank}; a shape has at least as many axes as x.`,
    );
  }
  return broadcasting.broadcastTo(value, shape);
});

/** The shape, as int32, that two shapes broadcast to. */
export function broadcastArgs<R extends Rank = Rank>(s0: TensorArgument, s1: TensorArgument): Tensor<R> {
  const shapes = [s0, s1].map((given, i) => {
    const shape = toTensor('broadcastArgs', `s${i}`, given, 'int32');
    requireRank(`broadcastArgs(): ${i === 0 ? 'first' : 'second'} input must be a vector (rank=1)`, shape, 1);
    return [...shape.computed()];
  });
  const full = broadcastShapes(shapes[0], shapes[1]);
  if (!full) {
    throw new LanegradError(
      `broadcastArgs: shapes ${formatShape(shapes[0])} and ${formatShape(shapes[1])} do not broadcast: ` +
        'Operands could not be broadcast together.',
    );
  }
  return count(new Tensor(Int32Array.from(full), [full.length], 'int32'));
}

/** The same elements in order under another shape; one size may be −1 and is worked out. */
export const reshape = liftOfRank('reshape', ['x', 'shape:integers'], (value: Value, shape: Shape) =>
  sources.reshape(value, resolveShape('reshape', shape, value.size)),
);

/** x itself, if it has the given shape. @throws LanegradError if it has not. */
export function ensureShape<R extends Rank = Rank>(
  x: TensorArgument,
  shape: readonly (number | null)[],
): Tensor<R> {
  const value = toTensor('ensureShape', 'x', x);
  requireArgument('ensureShape: shape', 'openShape', shape);
  const isOfShape =
    shape.length === value.rank && shape.every((size, axis) => size === null || size === value.shape[axis]);
  if (isOfShape) return value as Tensor<R>;
  throw value.graph.error(
    `EnsureShape: Shape of tensor ${value.shape} is not compatible with expected shape ${shape}.`,
  );
}

/** Reorders axes: axis i of the result is axis `perm[i]` of x. Reversed by default. */
export const transpose = liftAlike('transpose', ['x', 'perm?:integers'], movement.transpose);

const inOneRow = (value: Value): Value => sources.reshape(value, [value.size]);

/** The same elements in one row. */
export const flatten: Giving<Tensor1D, typeof inOneRow> = lift('flatten', x, inOneRow);

/** The same elements with an axis of size 1 before `axis`, 0 by default; −1 puts it last. */
export const expandDims = lift('expandDims', ['x', 'axis?:axis'], (value: Value, axis = 0) => {
  const shape = [...value.shape];
  shape.splice(normalizeAxis('expandDims', axis, value.rank + 1), 0, 1);
  return sources.reshape(value, shape);
});

/**
 * The same elements without the axes of size 1: all of them, or those named.
 * @throws LanegradError when a named axis is longer.
 */
export const squeeze = lift(
  'squeeze',
  ['x', 'axis?:axes'],
  (value: Value, axis?: number | readonly number[]) => {
    const named =
      axis === undefined ? undefined : [axis].flat().map((a) => normalizeAxis('squeeze', a, value.rank));
    const long = named?.find((a) => value.shape[a] !== 1);
    if (long !== undefined) {
      throw value.graph.error(
        `squeeze: axis ${long} of shape ${formatShape(value.shape)} is ${value.shape[long]}, not 1.`,
      );
    }
    return sources.reshape(value, squeezed(value.shape, named));
  },
);

const squeezed = (shape: Shape, named: readonly number[] | undefined): Shape =>
  shape.filter((size, axis) => (named && named.length > 0 ? !named.includes(axis) : size !== 1));

/** x repeated along each axis as often as `reps` says. */
export const tile = liftAlike('tile', ['x', 'reps:shape'], (value: Value, reps: readonly number[]) => {
  if (reps.length !== value.rank) {
    throw value.graph.error(
      `tile: Error in transpose: rank of input ${value.rank} must match length of reps ${formatShape(reps)}.`,
    );
  }
  return arrangement.tile(value, reps);
});

const surrounded = (value: Value, paddings: readonly Padding[], constantValue = 0) => {
  if (value.rank === 0) {
    throw value.graph.error('pad(scalar) is not defined. Pass non-scalar to pad.');
  }
  return movement.pad(value, paddings, constantValue);
};

/** Surrounds x with a number, 0 by default: `[before, after]` for each axis. */
export const pad = liftAlike('pad', ['x', 'paddings:pairs', 'constantValue?:number'], surrounded);

function surroundedLine(value: Value, paddings: Padding, constantValue = 0): Value {
  if (paddings.length !== 2) throw invalidPadding(value, 'pad1d', 'of two numbers');
  return surrounded(value, [paddings], constantValue);
}

/** `pad` of one axis. */
export const pad1d: Giving<Tensor1D, typeof surroundedLine> = lift(
  'pad1d',
  ['x', 'paddings:integers', 'constantValue?:number'],
  surroundedLine,
);

// @__NO_SIDE_EFFECTS__
const padOfRank = <R extends Rank>(rank: number): Giving<Tensor<R>, typeof surrounded> =>
  lift(
    `pad${rank}d`,
    ['x', 'paddings:pairs', 'constantValue?:number'],
    (value: Value, paddings: readonly Padding[], constantValue = 0) => {
      const isOfRank = paddings.length === rank && paddings.every((each) => each.length === 2);
      if (!isOfRank) throw invalidPadding(value, `pad${rank}d`, `of ${rank} pairs of numbers`);
      return surrounded(value, paddings, constantValue);
    },
  );

const invalidPadding = ({ graph }: Value, name: string, expected: string) =>
  graph.error(`${name}: Invalid number of paddings. Must be length ${expected}.`);

/** `pad` of two axes. */
export const pad2d = padOfRank<Rank.R2>(2);
/** `pad` of three axes. */
export const pad3d = padOfRank<Rank.R3>(3);
/** `pad` of four axes. */
export const pad4d = padOfRank<Rank.R4>(4);

/** Surrounds x with its mirror image; 'reflect' leaves out the edge, 'symmetric' repeats it. */
export const mirrorPad = liftAlike(
  'mirrorPad',
  ['x', 'paddings:pairs', 'mode:text'],
  (value: Value, paddings: readonly Padding[], mode: 'reflect' | 'symmetric') => {
    if (mode !== 'reflect' && mode !== 'symmetric') {
      throw value.graph.error(
        `mirrorPad: Invalid mode. Mode must be either reflect or symmetric; got ${JSON.stringify(mode)}.`,
      );
    }
    if (value.rank === 0) {
      throw value.graph.error('mirrorPad(scalar) is not defined. Pass non-scalar to mirrorPad.');
    }
    if (paddings.length !== value.rank) {
      throw value.graph.error(
        `mirrorPad: Padding doesn't match input. Must be ${value.rank} pairs; got ${paddings.length}.`,
      );
    }
    const edge = mode === 'reflect' ? 1 : 0;
    for (const [axis, padding] of paddings.entries()) {
      const most = value.shape[axis] - edge;
      const fits = padding.length === 2 && padding.every((size) => size >= 0 && size <= most);
      if (fits) continue;
      throw value.graph.error(
        `mirrorPad: Padding in dimension ${axis} cannot be greater than or equal to ${most + 1} or less than 0 for input ` +
          `of shape ${formatShape(value.shape)}; Invalid number of paddings, Must be length of 2 each, got ${JSON.stringify(padding)}.`,
      );
    }
    return arrangement.mirrorPad(value, paddings, mode);
  },
);

/** x with the elements along axes, all by default, from last to first. */
export const reverse = liftAlike('reverse', ['x', 'axis?:axes'], reversed);

// @__NO_SIDE_EFFECTS__
const reverseOfRank = <R extends Rank>(rank: number): Giving<Tensor<R>, typeof reversed> =>
  lift(`reverse${rank}d`, ['x', 'axis?:axes'], (value: Value, axis?: broadcasting.Axes) => {
    requireRank(`Error in reverse${rank}D: x must be rank ${rank}`, value, rank);
    return reversed(value, axis);
  });

/** `reverse` of one axis. */
export const reverse1d = reverseOfRank<Rank.R1>(1) as (x: TensorArgument) => Tensor1D;
/** `reverse` of two axes. */
export const reverse2d = reverseOfRank<Rank.R2>(2);
/** `reverse` of three axes. */
export const reverse3d = reverseOfRank<Rank.R3>(3);
/** `reverse` of four axes. */
export const reverse4d = reverseOfRank<Rank.R4>(4);

/** An array of shape [...s, ...s] with x, of shape s, on its diagonal. */
export const diag = lift('diag', x, arrangement.diag);

export const stopGradient = lift('stopGradient', x, sources.stopGradient);

/** Shapes of so many axes as methods: `x.as2D(rows, columns)`. */
export const shapesAsMethods = {
  reshapeAs: (x: Tensor, other: Tensor): Tensor => reshape(x, toTensor('reshapeAs', 'x', other).shape),
  asScalar: (x: Tensor): Scalar => {
    if (x.size === 1) return reshape(x, []);
    throw new LanegradError(
      `asScalar: The array must have only 1 element; shape ${formatShape(x.shape)} has ${x.size}.`,
    );
  },
  as1D: (x: Tensor): Tensor1D => flatten(x),
  as2D: (x: Tensor, rows: number, columns: number): Tensor2D => reshape(x, [rows, columns]),
  as3D: (x: Tensor, rows: number, columns: number, depth: number): Tensor3D =>
    reshape(x, [rows, columns, depth]),
  as4D: (x: Tensor, ...shape: [number, number, number, number]): Tensor4D => reshape(x, shape),
  as5D: (x: Tensor, ...shape: [number, number, number, number, number]): Tensor5D => reshape(x, shape),
};
