// Reductions over axes: sum, mean, variance, prod, max, min, all, any, argMax, argMin.

import { Opcode, Order, Reduction } from '../../../assembly/opcodes.ts';
import type { Emitter, KernelOp, Value } from '../graph.ts';
import { normalizeAxes, normalizeAxis, sizeOf } from '../shape.ts';
import { asFloat, asWords, div, equal, mul, square, sub } from './elementwise.ts';
import { asInt32, cast, isInteger } from './integers.ts';
import { broadcastTo, keepsType, transpose, zeros } from './movement.ts';
import { cumprod } from './scans.ts';
import { reshape } from './sources.ts';

/** The axes that a reduction removes: one run of neighbours, `first` to before `end`. */
export interface AxisRun {
  readonly first: number;
  readonly end: number;
}

/** Given what repeats a value of y's shape along the axes that it lacks. */
type ReductionGradient = (dy: Value, x: Value, y: Value<AxisRun>, spread: (value: Value) => Value) => Value;

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

const sizesOf = (x: Value, { first, end }: AxisRun) =>
  [x.shape.slice(0, first), x.shape.slice(first, end), x.shape.slice(end)].map(sizeOf);

const withoutRun = ([x]: readonly Value[], { first, end }: AxisRun) => [
  ...x.shape.slice(0, first),
  ...x.shape.slice(end),
];

function reductionOp(
  name: string,
  reduction: Reduction,
  gradient: ReductionGradient | 'none',
  options: Partial<KernelOp<AxisRun>> = {},
): KernelOp<AxisRun> {
  return {
    name,
    kind: 'kernel',
    shape: withoutRun,
    gradient:
      gradient === 'none'
        ? 'none'
        : (dy, node) => {
            const [x] = node.inputs;
            const { first, end } = node.attrs;
            const kept = x.shape.map((size, axis) => (axis >= first && axis < end ? 1 : size));
            const spread = (value: Value) => broadcastTo(reshape(value, kept), x.shape);
            return [gradient(dy, x, node, spread)];
          },
    emit: (node, emitter) => {
      const [x] = node.inputs;
      emitReduction(emitter, reduction, emitter.address(x), emitter.address(node), sizesOf(x, node.attrs));
    },
    ...options,
  };
}

/** The gradient of a selection goes to the elements that are selected; equals share it. */
const shared: ReductionGradient = (dy, x, y, spread) => {
  const isSelected = asFloat(equal(x, spread(y)));
  return mul(isSelected, spread(div(dy, x.graph.add(reductionOps.sum, [isSelected], y.attrs))));
};

/** d Πxᵢ/dxⱼ = the product of all before j times that of all behind it, right where elements are zero. */
const productGradient: ReductionGradient = (dy, x, { attrs }, spread) => {
  const run = reshape(x, sizesOf(x, attrs));
  const others = mul(cumprod(run, 1, true, false), cumprod(run, 1, true, true));
  return mul(spread(dy), reshape(others, x.shape));
};

const ofIntegers: Partial<KernelOp<AxisRun>> = { dtype: () => 'int32' };

function argOp(name: string, isLeast: boolean): KernelOp<AxisRun> {
  return {
    name,
    kind: 'kernel',
    shape: withoutRun,
    dtype: () => 'int32',
    gradient: 'none',
    emit: (node, emitter) => {
      const [x] = node.inputs;
      const order = x.dtype === 'int32' ? Order.int32 : Order.float32;
      const addresses = [emitter.address(x), emitter.address(node)];
      emitter.command(Opcode.argExtreme, order, Number(isLeast), ...addresses, ...sizesOf(x, node.attrs));
    },
  };
}

export const reductionOps = {
  sum: reductionOp('sum', Reduction.sum, (dy, _x, _y, spread) => spread(dy)),
  // Divided before it is spread out: a scalar that is known, when the graph is built.
  mean: reductionOp('mean', Reduction.mean, (dy, x, _, spread) => spread(div(dy, x.size / dy.size))),
  reduceMax: reductionOp('reduceMax', Reduction.max, shared, { dtype: keepsType }),
  reduceMin: reductionOp('reduceMin', Reduction.min, shared, { dtype: keepsType }),
  prod: reductionOp('prod', Reduction.prod, productGradient),
  sumInt32: reductionOp('sumInt32', Reduction.sumInt32, (dy, _x, _y, spread) => spread(dy), ofIntegers),
  reduceMaxInt32: reductionOp('reduceMaxInt32', Reduction.maxInt32, 'none', ofIntegers),
  reduceMinInt32: reductionOp('reduceMinInt32', Reduction.minInt32, 'none', ofIntegers),
  prodInt32: reductionOp('prodInt32', Reduction.prodInt32, 'none', ofIntegers),
  argMax: argOp('argMax', false),
  argMin: argOp('argMin', true),
};

/** Axes to reduce; all by default. */
export type Axes = number | readonly number[] | null | undefined;

function reduce(op: KernelOp<AxisRun>, x: Value, axes: Axes, keepDims: boolean): Value {
  const removed = normalizeAxes(op.name, axes, x.rank);
  const shape = x.shape.flatMap((size, axis) => (removed.includes(axis) ? (keepDims ? [1] : []) : [size]));
  // The kernel's sum of nothing is −0, which leaves the signs of zeros alone.
  if (op === reductionOps.sum && x.size === 0) return zeros(x.graph, shape);
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
function reduceLong(op: KernelOp<AxisRun>, x: Value, axes: readonly number[]): Value {
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
  if (isInteger(x)) return reduce(reductionOps.sumInt32, asInt32(x), axes, keepDims);
  return reduce(reductionOps.sum, asFloat(x), axes, keepDims);
}

/** Product over axes, all by default; these go, or stay with size 1 where `keepDims`. */
export const prod = (x: Value, axes?: Axes, keepDims = false): Value =>
  isInteger(x)
    ? reduce(reductionOps.prodInt32, asInt32(x), axes, keepDims)
    : reduce(reductionOps.prod, asFloat(x), axes, keepDims);

/** Largest element over axes, all by default; these go, or stay with size 1 where `keepDims`. */
export const max = (x: Value, axes?: Axes, keepDims = false): Value =>
  reduce(
    x.dtype === 'int32' ? reductionOps.reduceMaxInt32 : reductionOps.reduceMax,
    asWords(x),
    axes,
    keepDims,
  );

/** Smallest element over axes, all by default; these go, or stay with size 1 where `keepDims`. */
export const min = (x: Value, axes?: Axes, keepDims = false): Value =>
  reduce(
    x.dtype === 'int32' ? reductionOps.reduceMinInt32 : reductionOps.reduceMin,
    asWords(x),
    axes,
    keepDims,
  );

/** Whether all elements over axes are other than 0. */
export const all = (x: Value, axes?: Axes, keepDims = false): Value => min(cast(x, 'bool'), axes, keepDims);

/** Whether an element over axes is other than 0. */
export const any = (x: Value, axes?: Axes, keepDims = false): Value => max(cast(x, 'bool'), axes, keepDims);

/** Mean over axes, all by default; these go, or stay with size 1 where `keepDims`. */
export const mean = (x: Value, axes?: Axes, keepDims = false): Value =>
  reduce(reductionOps.mean, asFloat(x), axes, keepDims);

/** Variance over axes, all by default, with n in the denominator; these go, or stay with size 1 where `keepDims`. */
export const variance = (x: Value, axes?: Axes, keepDims = false): Value =>
  mean(square(sub(asFloat(x), mean(x, axes, true))), axes, keepDims);

/**
 * Index of the largest element along an axis, 0 by default as in TensorFlow.js; the first of equals, and the first NaN
 * where there is one.
 */
export const argMax = (x: Value, axis = 0): Value => indexOf(reductionOps.argMax, x, axis);

/** Index of the smallest element along an axis, 0 by default as in TensorFlow.js; of equals and NaN as `argMax`. */
export const argMin = (x: Value, axis = 0): Value => indexOf(reductionOps.argMin, x, axis);

function indexOf(op: KernelOp<AxisRun>, x: Value, axis: number): Value {
  const first = normalizeAxis(op.name, axis, x.rank);
  return x.graph.add(op, [asWords(x)], { first, end: first + 1 });
}
