// What a metric is, and what metrics are made of.

import { lift } from '../functions/lift.ts';
import type { Value } from '../graph/graph.ts';
import { mul } from '../graph/ops/elementwise.ts';
import { isNaN as isNotANumber, logicalNot } from '../graph/ops/logic.ts';
import { concat } from '../graph/ops/movement.ts';
import { reshape } from '../graph/ops/sources.ts';
import { alongFirst } from '../layers/base/mask.ts';
import { finite } from '../options/kinds.ts';
import { type OptionsOf, optional } from '../options/option.ts';

/**
 * Numbers of one batch, as a value of the graph.
 * @param yTrue targets, [batch, …]
 * @param yPred predictions, [batch, …]
 * @param weights what each sample, [batch], or each time step, [batch, time], counts for; undefined where all count 1
 * @returns a vector
 */
export type PerBatch = (yTrue: Value, yPred: Value, weights: Value | undefined) => Value;

/** Either `sums` or `collect`; then `result` of all batches' numbers. */
export interface Metric {
  readonly name: string;
  /** A batch's sums, [n] of any n. They are added over the batches of an epoch, in float64. */
  readonly sums?: PerBatch;
  /** A batch's numbers that the result needs one by one, [n]. They are put one behind the other over an epoch. */
  readonly collect?: PerBatch;
  /** The metric over all batches: of `sums` added up, [n], or of all that was collected. */
  result(totals: ArrayLike<number>): number;
}

export const thresholdOptions = {
  /** Predictions above it count as positive; 0.5 by default. */
  threshold: optional(finite, 0.5),
};

export interface ThresholdOptions extends OptionsOf<typeof thresholdOptions> {}

/** TensorFlow.js's form of a metric: of targets and predictions. */
// @__NO_SIDE_EFFECTS__
export const compared = (name: string, build: (t: Value, y: Value) => Value) =>
  lift(name, ['yTrue', 'yPred'], build);

/** Scalars as one vector. */
export const vector = (values: readonly Value[]): Value => concat(values.map((value) => reshape(value, [1])));

/** A value [batch, …] times weights [batch], or [batch, time] where it has a number for each time step. */
export const weighted = (x: Value, weights: Value | undefined): Value =>
  weights ? mul(x, alongFirst(weights, x.rank)) : x;

/** A share of nothing is 0. */
export const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

/** NaN is on no side of a threshold, and no class is the likeliest where one is NaN. */
export const isKnown = (y: Value): Value => logicalNot(isNotANumber(y));
