// Reductions over axes.

import { Opcode, Reduction } from '../../../assembly/opcodes.ts';
import type { Emitter } from '../emitter.ts';
import type { Value } from '../graph.ts';
import { isKernel, type KernelOp, type Op } from '../op.ts';
import { normalizeAxes, normalizeAxis, sizeOf } from '../shape.ts';
import { asFloat, div, equal, mul, neg, square, sub } from './elementwise.ts';
import { broadcastTo, transpose } from './movement.ts';
import { reshape } from './sources.ts';

/** The axes that a reduction removes: one run of neighbours, `first` to before `end`. */
export interface AxisRun {
  readonly first: number;
  readonly end: number;
}

/** Given y with its axes kept, and what repeats a value of y's shape along the axes that it lacks. */
type ReductionGradient = (dy: Value, x: Value, y: Value, spread: (value: Value) => Value) => Value;

/**
 * Appends the command that reduces the middle axis of three.
 * @param epilogue a map to run on the result, where the first axis has one element and the last more
 */
export function emitReduction(
  emitter: Emitter,
  reduction: Reduction,
  x: number,
  y: number,
  sizes: readonly number[],
  epilogue = 0,
): void {
  emitter.command(Opcode.reduce, reduction, x, y, ...sizes, epilogue);
}

function reductionOp(name: string, reduction: Reduction, gradient: ReductionGradient): KernelOp<AxisRun> {
  return {
    name,
    kind: 'kernel',
    shape: ([x], { first, end }) => [...x.shape.slice(0, first), ...x.shape.slice(end)],
    gradient: (dy, node) => {
      const [x] = node.inputs;
      const { first, end } = node.attrs;
      const kept = x.shape.map((size, axis) => (axis >= first && axis < end ? 1 : size));
      const spread = (value: Value) => broadcastTo(reshape(value, kept), x.shape);
      return [gradient(dy, x, reshape(node, kept), spread)];
    },
    emit: (node, emitter) => {
      const [x] = node.inputs;
      const { first, end } = node.attrs;
      const sizes = [x.shape.slice(0, first), x.shape.slice(first, end), x.shape.slice(end)].map(sizeOf);
      emitReduction(emitter, reduction, emitter.address(x), emitter.address(node), sizes);
    },
  };
}

export const reductionOps = {
  sum: reductionOp('sum', Reduction.sum, (dy, _x, _y, spread) => spread(dy)),
  // Divided before it is spread out: a scalar that is known, when the graph is built.
  mean: reductionOp('mean', Reduction.mean, (dy, x, _, spread) => spread(div(dy, x.size / dy.size))),
  // Every element equal to the largest receives the whole gradient.
  reduceMax: reductionOp('reduceMax', Reduction.max, (dy, x, y, spread) => mul(spread(dy), equal(x, y))),

  argMax: {
    name: 'argMax',
    kind: 'kernel',
    shape: ([x]) => x.shape.slice(0, -1),
    gradient: 'none',
    emit: (node, emitter) => {
      const [x] = node.inputs;
      const columns = x.shape[x.rank - 1];
      emitter.command(Opcode.argMax, emitter.address(x), emitter.address(node), x.size / columns, columns);
    },
  } satisfies KernelOp as KernelOp,
};

/** Axes to reduce; all by default. */
export type Axes = number | readonly number[] | undefined;

function reduce(op: Op<AxisRun>, value: Value, axes: Axes, keepDims: boolean): Value {
  const x = asFloat(value);
  const removed = normalizeAxes(op.name, axes, x.rank);
  const shape = x.shape.flatMap((size, axis) => (removed.includes(axis) ? (keepDims ? [1] : []) : [size]));
  return reshape(
    reduceLong(
      op,
      x,
      removed.filter((axis) => x.shape[axis] !== 1),
    ),
    shape,
  );
}

/** Reduces axes whose size is not 1; the others need no arithmetic. */
function reduceLong(op: Op<AxisRun>, x: Value, axes: readonly number[]): Value {
  if (axes.length === 0) return x;
  const end = axes[axes.length - 1] + 1;
  const isRun = axes.length === end - axes[0];
  const others = x.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
  return isRun
    ? x.graph.add(op, [x], { first: axes[0], end })
    : x.graph.add(op, [transpose(x, [...others, ...axes])], { first: others.length, end: x.rank });
}

/** Sum over axes, all by default; these go, or stay with size 1 where `keepDims`. */
export function sum(x: Value, axes?: Axes, keepDims = false): Value {
  const isAllButLast =
    normalizeAxes('sum', axes, x.rank).join() ===
    x.shape
      .slice(1)
      .map((_, i) => i)
      .join();
  return reduce(reductionOps.sum, (isAllButLast && isKernel(x) && x.op.sameSums?.(x)) || x, axes, keepDims);
}

/** Largest element over axes, all by default; these go, or stay with size 1 where `keepDims`. */
export const max = (x: Value, axes?: Axes, keepDims = false): Value =>
  reduce(reductionOps.reduceMax, x, axes, keepDims);

/** Smallest element over axes, all by default; these go, or stay with size 1 where `keepDims`. */
export const min = (x: Value, axes?: Axes, keepDims = false): Value => neg(max(neg(x), axes, keepDims));

/** Mean over axes, all by default; these go, or stay with size 1 where `keepDims`. */
export const mean = (x: Value, axes?: Axes, keepDims = false): Value =>
  reduce(reductionOps.mean, x, axes, keepDims);

/** Variance over axes, all by default, with n in the denominator; these go, or stay with size 1 where `keepDims`. */
export const variance = (x: Value, axes?: Axes, keepDims = false): Value =>
  mean(square(sub(x, mean(x, axes, true))), axes, keepDims);

/** Index of the largest element along an axis, 0 by default as in TensorFlow.js; the first of equals. */
export function argMax(x: Value, axis = 0): Value {
  const along = normalizeAxis('argMax', axis, x.rank);
  const others = x.shape.flatMap((_, i) => (i === along ? [] : [i]));
  const rows = along === x.rank - 1 ? asFloat(x) : transpose(x, [...others, along]);
  return x.graph.add(reductionOps.argMax, [rows], {});
}
