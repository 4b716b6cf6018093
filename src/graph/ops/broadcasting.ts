// Repeating along axes and summing over them, each the other's gradient: broadcastTo, expand, zeros, sum; and what all
// reductions have in common.

import { Lane, Reduction } from '../../../assembly/opcodes.ts';
import type { GradientRule, Graph, KernelOp, Op, Value } from '../graph.ts';
import { isMadeBy } from '../op.ts';
import {
  broadcastAccess,
  broadcastShapes,
  formatShape,
  normalizeAxes,
  type Shape,
  sameShape,
  sizeOf,
} from '../shape.ts';
import { asFloat, asInt32, asWords, isInteger } from './conversion.ts';
import { type AxisRun, addressOf, emitReduction, linesOf, withoutRun } from './lines.ts';
import { emitView, keepsType, pad, transpose } from './movement.ts';
import { constant, knownScalar, reshape } from './sources.ts';

interface TargetShape {
  readonly shape: Shape;
}

/** Given what repeats a value of y's shape along the axes that it lacks. */
export type ReductionGradient = (
  dy: Value,
  x: Value,
  y: Value<AxisRun>,
  spread: (value: Value) => Value,
) => Value;

/** The rule of a reduction's gradient. */
export const gradientOfRun =
  (gradient: ReductionGradient): GradientRule<AxisRun> =>
  (dy, node) => {
    const [x] = node.inputs;
    const { first, end } = node.attrs;
    const kept = x.shape.map((size, axis) => (axis >= first && axis < end ? 1 : size));
    const spread = (value: Value) => broadcastTo(reshape(value, kept), x.shape);
    return [gradient(dy, x, node, spread)];
  };

/** The record of a reduction. */
export function reductionOp(
  name: string,
  reduction: Reduction,
  gradient: ReductionGradient | 'none',
  options: Partial<KernelOp<AxisRun>> = {},
): KernelOp<AxisRun> {
  return {
    name,
    kind: 'kernel',
    shape: withoutRun,
    gradient: gradient === 'none' ? 'none' : gradientOfRun(gradient),
    emit: (node, emitter) => {
      const [x] = node.inputs;
      const lines = linesOf(x, node.attrs);
      emitReduction(emitter, reduction, addressOf(emitter, x, lines), emitter.address(node), lines);
    },
    ...options,
  };
}

export const ofIntegers: Partial<KernelOp<AxisRun>> = { dtype: () => 'int32' };

/** @internal */
export const broadcastingOps = {
  /** A broadcast that a map can read in place. */
  broadcastTo: {
    name: 'broadcastTo',
    kind: 'lane',
    lane: Lane.copy,
    shape: (_, { shape }) => shape,
    dtype: keepsType,
    gradient: (dy, { inputs: [x] }) => [sumTo(dy, x.shape)],
  } satisfies Op<TargetShape>,

  /** Any other broadcast. */
  expand: {
    name: 'expand',
    kind: 'kernel',
    shape: (_, { shape }) => shape,
    dtype: keepsType,
    gradient: (dy, { inputs: [x] }) => [sumTo(dy, x.shape)],
    view: ({ inputs: [x], shape, rank }, { address, strides }) => ({
      address,
      strides: shape.map((_, i) => {
        const axis = i - (rank - x.rank);
        return axis < 0 || x.shape[axis] === 1 ? 0 : strides[axis];
      }),
    }),
    emit: (node, emitter) => emitView(node, emitter),
  } satisfies Op<TargetShape>,

  sum: reductionOp('sum', Reduction.sum, (dy, _x, _y, spread) => spread(dy)),
  sumInt32: reductionOp('sumInt32', Reduction.sumInt32, (dy, _x, _y, spread) => spread(dy), ofIntegers),
};

/** Repeats x along its axes of size one, and new leading ones, up to `shape`. */
export function broadcastTo(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  const full = broadcastShapes(x.shape, shape);
  if (!full || !sameShape(full, shape)) {
    throw x.graph.error(`broadcastTo: ${formatShape(x.shape)} does not broadcast to ${formatShape(shape)}.`);
  }
  const op = broadcastAccess(x.shape, shape) ? broadcastingOps.broadcastTo : broadcastingOps.expand;
  return x.graph.add(op, [asWords(x)], { shape });
}

/** An array of zeros. Arithmetic with it is done when the graph is simplified. */
export const zeros = (graph: Graph, shape: Shape): Value => broadcastTo(constant(graph, [0]), shape);

/** Whether a value was made by `zeros`. */
export const isZeros = (value: Value): boolean =>
  isMadeBy(value, broadcastingOps.broadcastTo) && Object.is(knownScalar(value.inputs[0]), 0);

/** x repeated up to `shape` in an array of its own. */
export const expand = (x: Value, shape: Shape): Value =>
  x.graph.add(broadcastingOps.expand, [asWords(x)], { shape });

/** Axes to reduce; all by default. */
export type Axes = number | readonly number[] | null | undefined;

/**
 * Reduces x by an op over axes.
 * @param where the function that is asked for, for errors
 * @param ofNothing what there is of no elements, where that is not what the kernel has
 */
export function reduce(
  where: string,
  op: Op<AxisRun>,
  x: Value,
  axes: Axes,
  keepDims: boolean,
  ofNothing?: number,
): Value {
  const removed = normalizeAxes(where, axes, x.rank);
  const shape = x.shape.flatMap((size, axis) => (removed.includes(axis) ? (keepDims ? [1] : []) : [size]));
  if (x.size === 0 && ofNothing !== undefined) return filledBehind(x, shape, ofNothing);
  return reshape(
    reduceLong(
      op,
      x,
      removed.filter((axis) => x.shape[axis] !== 1),
    ),
    shape,
  );
}

/** A number everywhere, behind an empty x, on which it depends. */
const filledBehind = (x: Value, shape: Shape, number: number): Value =>
  reshape(pad(reshape(x, [0]), [[0, sizeOf(shape)]], number), shape);

/** Reduces axes whose size is not 1; the others need no arithmetic. */
function reduceLong(op: Op<AxisRun>, x: Value, axes: readonly number[]): Value {
  if (axes.length === 0) return x;
  const [first] = axes;
  const end = axes[axes.length - 1] + 1;
  // An axis of one element in between is summed along or not: it is the same.
  const isRun = x.shape.every((size, i) => i < first || i >= end || size === 1 || axes.includes(i));
  const others = x.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
  return isRun
    ? x.graph.add(op, [x], { first, end })
    : x.graph.add(op, [transpose(x, [...others, ...axes])], { first: others.length, end: x.rank });
}

/** Sum over axes, all by default; these go, or stay with size 1 where `keepDims`. */
export function sum(x: Value, axes?: Axes, keepDims = false): Value {
  if (isInteger(x)) return reduce('sum', broadcastingOps.sumInt32, asInt32(x), axes, keepDims);
  // The kernel's sum of nothing is −0, which leaves signs of zeros alone.
  return reduce('sum', broadcastingOps.sum, asFloat(x), axes, keepDims, 0);
}

/** Sums a gradient over the axes along which the operand was broadcast. */
export function sumTo(dy: Value, shape: Shape): Value {
  if (sameShape(dy.shape, shape)) return dy;
  const extra = dy.rank - shape.length;
  const axes = dy.shape.flatMap((size, axis) =>
    axis < extra || (shape[axis - extra] === 1 && size !== 1) ? [axis] : [],
  );
  return reshape(sum(dy, axes), shape);
}

export const ones = (graph: Graph, shape: Shape): Value => broadcastTo(constant(graph, [1]), shape);
