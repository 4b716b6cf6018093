// Reductions over axes: mean, variance, prod, max, min, all, any, argMax, argMin.

import { Order, Reduction } from '../../../assembly/opcodes.ts';
import { ArgExtremeWord, Opcode } from '../../../assembly/words.ts';
import type { KernelOp, Op, Value } from '../graph.ts';
import { normalizeAxes, normalizeAxis } from '../shape.ts';
import {
  type Axes,
  broadcastingOps,
  gradientOfRun,
  ofIntegers,
  type ReductionGradient,
  reduce,
  reductionOp,
} from './broadcasting.ts';
import { asFloat, asInt32, asWords, isInteger } from './conversion.ts';
import { cast, div, equal, mul, sub } from './elementwise.ts';
import { type AxisRun, addressOf, linesOf, withoutRun } from './lines.ts';
import { keepsType } from './movement.ts';
import { cumprod } from './scans.ts';
import { reshape, stopGradient } from './sources.ts';

/** The gradient of a selection goes to the elements that are selected; equals share it. */
const shared: ReductionGradient = (dy, x, y, spread) => {
  const isSelected = asFloat(equal(x, spread(y)));
  return mul(isSelected, spread(div(dy, x.graph.add(broadcastingOps.sum, [isSelected], y.attrs))));
};

/** d Πxᵢ/dxⱼ = the product of all before j times that of all behind it, right where elements are zero. */
const productGradient: ReductionGradient = (dy, x, { attrs }, spread) => {
  const { outer, length, inner } = linesOf(x, attrs);
  const run = reshape(asFloat(x), [outer, length, inner]);
  const others = mul(cumprod(run, 1, true, false), cumprod(run, 1, true, true));
  return mul(spread(dy), reshape(others, x.shape));
};

const meanOp = reductionOp('mean', Reduction.mean, (dy, x, _, spread) =>
  // Divided before it is spread out: a scalar that is known, when the graph is built.
  spread(div(dy, x.size / dy.size)),
);

/** Of the mean of (x − μ)²; μ moves too, but as Σ(x − μ) is 0, nothing comes of that. */
const varianceGradient: ReductionGradient = (dy, x, { attrs }, spread) =>
  mul(spread(mul(dy, (2 * dy.size) / x.size)), sub(x, spread(x.graph.add(meanOp, [x], attrs))));

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
      const lines = linesOf(x, node.attrs);
      emitter.command(Opcode.argExtreme, {
        [ArgExtremeWord.order]: order,
        [ArgExtremeWord.isLeast]: Number(isLeast),
        [ArgExtremeWord.x]: addressOf(emitter, x, lines),
        [ArgExtremeWord.y]: emitter.address(node),
        [ArgExtremeWord.outer]: lines.outer,
        [ArgExtremeWord.length]: lines.length,
        [ArgExtremeWord.inner]: lines.inner,
        [ArgExtremeWord.group]: lines.group,
        [ArgExtremeWord.row]: lines.row,
      });
    },
  };
}

/** @internal */
export const reductionOps = {
  mean: meanOp,
  variance: {
    name: 'variance',
    kind: 'meant',
    shape: withoutRun,
    gradient: gradientOfRun(varianceGradient),
  } satisfies Op<AxisRun> as Op<AxisRun>,
  reduceMax: reductionOp('reduceMax', Reduction.max, shared, { dtype: keepsType }),
  reduceMin: reductionOp('reduceMin', Reduction.min, shared, { dtype: keepsType }),
  prod: reductionOp('prod', Reduction.prod, productGradient),
  reduceMaxInt32: reductionOp('reduceMaxInt32', Reduction.maxInt32, shared, ofIntegers),
  reduceMinInt32: reductionOp('reduceMinInt32', Reduction.minInt32, shared, ofIntegers),
  prodInt32: reductionOp('prodInt32', Reduction.prodInt32, productGradient, ofIntegers),
  argMax: argOp('argMax', false),
  argMin: argOp('argMin', true),
};

/** Product over axes, all by default; these go, or stay with size 1 where `keepDims`. */
export const prod = (x: Value, axes?: Axes, keepDims = false): Value =>
  isInteger(x)
    ? reduce('prod', reductionOps.prodInt32, asInt32(x), axes, keepDims)
    : reduce('prod', reductionOps.prod, asFloat(x), axes, keepDims);

/** @param ofNoBools what there is of no bools, which are neither infinite nor integers */
const extreme =
  (where: string, ofFloats: Op<AxisRun>, ofIntegers: Op<AxisRun>, ofNoBools: number) =>
  (x: Value, axes?: Axes, keepDims = false): Value => {
    const op = x.dtype === 'int32' ? ofIntegers : ofFloats;
    return reduce(where, op, asWords(x), axes, keepDims, x.dtype === 'bool' ? ofNoBools : undefined);
  };

/** Largest element over axes, all by default; these go, or stay with size 1 where `keepDims`. */
export const max = extreme('max', reductionOps.reduceMax, reductionOps.reduceMaxInt32, 0);

/** Smallest element over axes, all by default; these go, or stay with size 1 where `keepDims`. */
export const min = extreme('min', reductionOps.reduceMin, reductionOps.reduceMinInt32, 1);

const leastTruth = extreme('all', reductionOps.reduceMin, reductionOps.reduceMinInt32, 1);
const largestTruth = extreme('any', reductionOps.reduceMax, reductionOps.reduceMaxInt32, 0);

/** Whether all elements over axes are other than 0: of none they are. Its gradient is zero. */
export const all = (x: Value, axes?: Axes, keepDims = false): Value =>
  leastTruth(stopGradient(cast(x, 'bool')), axes, keepDims);

/** Whether an element over axes is other than 0: of none there is none. Its gradient is zero. */
export const any = (x: Value, axes?: Axes, keepDims = false): Value =>
  largestTruth(stopGradient(cast(x, 'bool')), axes, keepDims);

/** Mean over axes, all by default; these go, or stay with size 1 where `keepDims`. */
export const mean = (x: Value, axes?: Axes, keepDims = false): Value =>
  reduce('mean', reductionOps.mean, asFloat(x), axes, keepDims);

/** Variance over axes, all by default, with n in the denominator; these go, or stay with size 1 where `keepDims`. */
export function variance(x: Value, axes?: Axes, keepDims = false): Value {
  const given = asFloat(x);
  const isOfOne = normalizeAxes('variance', axes, x.rank).every((axis) => x.shape[axis] === 1);
  // Of one element it is 0, where that is a number.
  return reduce('variance', reductionOps.variance, isOfOne ? sub(given, given) : given, axes, keepDims);
}

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
