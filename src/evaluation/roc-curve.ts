// The receiver operating characteristic: what share of the positives is found for each share of false alarms.

import { LanegradError } from '../errors.ts';
import { anything, flag, nonNegativeInteger } from '../options/kinds.ts';
import { type OptionsOf, optional } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import type { TensorArgument } from '../tensor/convert.ts';
import { areaUnderCurve } from './area-under-curve.ts';
import { scoredOf, weightsOf } from './samples.ts';

const rocCurveOptions = {
  /** The class that is asked for, where there are several; of a single output the label that is positive, by default those above ½. */
  positiveClass: optional(nonNegativeInteger),
  /** What each sample counts for, [samples]; 1 by default. */
  sampleWeight: optional(anything<TensorArgument>('a number for each sample')),
  /** Whether points in the middle of a straight line are left out; true by default. */
  dropIntermediate: optional(flag, true),
};

export interface RocCurveOptions extends OptionsOf<typeof rocCurveOptions> {}

/** A point for each threshold: samples that score as much or more are taken for positive. */
export interface RocCurve {
  /** Share of the negatives that are taken for positive, from 0 to 1. */
  readonly falsePositiveRate: readonly number[];
  /** Share of the positives that are found, from 0 to 1. */
  readonly truePositiveRate: readonly number[];
  /** From Infinity, where nothing is positive, down to the least score. */
  readonly thresholds: readonly number[];
  /** Chance that a positive sample scores above a negative one; ½ for guessing, 1 for a perfect order. */
  readonly areaUnderCurve: number;
}

/**
 * The ROC curve, as scikit-learn's `roc_curve` and `roc_auc_score` compute it; `plot.roc` draws it.
 * @param yTrue labels [samples] or [samples, 1], 0 or 1; of several classes their numbers, or one-hot rows
 * @param yPred scores [samples] or [samples, 1], such as probabilities or logits; of several classes [samples, classes],
 * with `positiveClass`
 * @throws LanegradError where one of the two kinds of samples is missing, which leaves no curve.
 */
export function rocCurve(
  yTrue: TensorArgument,
  yPred: TensorArgument,
  options: RocCurveOptions = {},
): RocCurve {
  const { positiveClass, sampleWeight, dropIntermediate } = readOptions('rocCurve', rocCurveOptions, options);
  const { isPositive, scores } = scoredOf('rocCurve', yTrue, yPred, positiveClass);
  const weights = weightsOf('rocCurve', sampleWeight, scores.length);
  const order = scores
    .map((_, i) => i)
    .filter((i) => weights[i] > 0)
    .sort((a, b) => scores[b] - scores[a]);
  const found = { positives: [0], negatives: [0], thresholds: [Number.POSITIVE_INFINITY] };
  let [positives, negatives] = [0, 0];
  for (const [rank, i] of order.entries()) {
    if (isPositive[i]) positives += weights[i];
    else negatives += weights[i];
    const next = order[rank + 1];
    if (next !== undefined && scores[next] === scores[i]) continue;
    found.positives.push(positives);
    found.negatives.push(negatives);
    found.thresholds.push(scores[i]);
  }
  if (positives === 0 || negatives === 0) {
    throw new LanegradError(
      `rocCurve: a curve needs positive and negative samples; there are no ${positives === 0 ? 'positive' : 'negative'} ones.`,
    );
  }
  const kept = found.thresholds.map((_, i) => i).filter((i) => !dropIntermediate || isCorner(found, i));
  return {
    falsePositiveRate: kept.map((i) => found.negatives[i] / negatives),
    truePositiveRate: kept.map((i) => found.positives[i] / positives),
    thresholds: kept.map((i) => found.thresholds[i]),
    areaUnderCurve: areaUnderCurve(scores.flatMap((score, i) => [score, Number(isPositive[i]), weights[i]])),
  };
}

interface Counts {
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

/** Whether the steps to a point and from it differ. The ends are corners: the step that is not there, NaN, differs from any. */
function isCorner({ positives, negatives }: Counts, i: number): boolean {
  const turn = (counts: readonly number[]) => counts[i + 1] - counts[i] !== counts[i] - counts[i - 1];
  return turn(positives) || turn(negatives);
}
