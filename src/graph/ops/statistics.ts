// What reductions are put together to: logSumExp, moments, norm.

import type { Value } from '../graph.ts';
import { fromFront, normalizeAxes } from '../shape.ts';
import { type Axes, sum } from './broadcasting.ts';
import { asFloat } from './conversion.ts';
import { abs, add, equal, exp, less, log, select, sqrt, square, sub } from './elementwise.ts';
import { max, mean, min, variance } from './reductions.ts';
import { reshape, stopGradient } from './sources.ts';

/** log Σ e^x over axes, all by default, for x of any size; these go, or stay with size 1 where `keepDims`. */
export function logSumExp(x: Value, axes?: Axes, keepDims = false): Value {
  const along = normalizeAxes('logSumExp', axes, x.rank);
  const largest = stopGradient(max(asFloat(x), along, true));
  // An infinite shift would leave no difference.
  const shift = select(less(abs(largest), Number.POSITIVE_INFINITY), largest, 0);
  const result = add(log(sum(exp(sub(x, shift)), along, true)), shift);
  return keepDims ? result : without(along, result);
}

/** Mean and variance, with n in the denominator, over axes, all by default. */
export function moments(x: Value, axes?: Axes, keepDims = false): { mean: Value; variance: Value } {
  const along = normalizeAxes('moments', axes, x.rank);
  return { mean: mean(x, along, keepDims), variance: variance(x, along, keepDims) };
}

/** A value without axes of size 1. */
const without = (axes: readonly number[], x: Value): Value =>
  reshape(
    x,
    x.shape.filter((_, axis) => !axes.includes(axis)),
  );

/** Which norm: of vectors 1, 2 or 'euclidean', and ±∞; of matrices 1, ±∞, 'fro' or 'euclidean'. */
export type Order = 1 | 2 | 'euclidean' | 'fro' | number;

/**
 * The norm of vectors along one axis, or of matrices along two; without axes, of all elements as a vector. That of a
 * scalar is |x|, whatever the order.
 * - of vectors: 1: Σ|x|; 2, 'euclidean': √Σx²; ∞: max |x|; −∞: min |x|
 * - of matrices: 1: the largest column of |x|; ∞: the largest row; −∞: the smallest row; 'fro', 'euclidean': √Σx²
 *
 * The gradient of √Σx² is zero where all elements are.
 * @throws LanegradError for another order.
 */
export function norm(x: Value, order: Order = 'euclidean', axes?: Axes, keepDims = false): Value {
  const size = abs(asFloat(x));
  const chosen = normalizeAxes('norm', axes, x.rank);
  const isVector = axes === undefined || axes === null;
  const isMatrix = !isVector && chosen.length === 2;
  const normOf = () =>
    isMatrix ? matrixNorm(size, order, inOrder(axes as Axes, x.rank)) : vectorNorm(size, order, chosen);
  const result = x.rank === 0 ? size : normOf();
  if (!result || (!isVector && chosen.length > 2)) {
    throw x.graph.error(
      `norm: there is no norm ${order} over ${isVector ? 'all elements' : `${chosen.length} axes`}; of vectors ` +
        "take 1, 2, Infinity or -Infinity, of matrices, over two axes, 1, 'fro', Infinity or -Infinity.",
    );
  }
  return keepDims ? result : without(chosen, result);
}

/** Of sizes; the axes stay. */
function vectorNorm(size: Value, order: Order, axes: readonly number[]): Value | undefined {
  if (order === 1) return sum(size, axes, true);
  if (order === 2 || order === 'euclidean') return rootOfSum(size, axes);
  if (order === Number.POSITIVE_INFINITY) return max(size, axes, true);
  return order === Number.NEGATIVE_INFINITY ? min(size, axes, true) : undefined;
}

/** Axes as they were given, rows before columns. */
const inOrder = (axes: Axes, rank: number): readonly number[] =>
  ([axes].flat() as number[]).map((axis) => fromFront(axis, rank));

function matrixNorm(size: Value, order: Order, [rows, columns]: readonly number[]): Value | undefined {
  if (order === 1) return max(sum(size, rows, true), columns, true);
  if (order === 'fro' || order === 'euclidean') return rootOfSum(size, [rows, columns]);
  if (order === Number.POSITIVE_INFINITY) return max(sum(size, columns, true), rows, true);
  return order === Number.NEGATIVE_INFINITY ? min(sum(size, columns, true), rows, true) : undefined;
}

function rootOfSum(size: Value, axes: readonly number[]): Value {
  const squares = sum(square(size), axes, true);
  const isZero = equal(squares, 0);
  return select(isZero, 0, sqrt(select(isZero, 1, squares)));
}
