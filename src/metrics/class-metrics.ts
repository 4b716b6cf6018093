// Precision, recall and F1: of each class, counts of what was found, taken and there.

import type { Value } from '../graph/graph.ts';
import { divNoNan } from '../graph/ops/arithmetic.ts';
import { sum } from '../graph/ops/broadcasting.ts';
import { asFloat } from '../graph/ops/conversion.ts';
import { add, greater, mul } from '../graph/ops/elementwise.ts';
import { logicalAnd } from '../graph/ops/logic.ts';
import { concat } from '../graph/ops/movement.ts';
import { argMax, max, mean } from '../graph/ops/reductions.ts';
import { reshape } from '../graph/ops/sources.ts';
import { classNumbers, denseTargets, isClassNumbers, oneHotRows, withTensorForm } from '../losses/losses.ts';
import { finite, nonNegativeInteger, oneOf } from '../options/kinds.ts';
import { describe, type OptionsOf, optional } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import { compared, isKnown, type Metric, ratio, thresholdOptions, weighted } from './metric.ts';

const ofPositivesOptions = /* @__PURE__ */ describe(thresholdOptions, {
  /** The class that is asked for; all together by default. */
  classId: optional(nonNegativeInteger),
});

const f1ScoreOptions = {
  /**
   * 'macro', the default: the mean over classes. 'weighted': each counting as much as it has samples. 'micro': of all
   * classes together.
   */
  average: optional(oneOf('macro', 'weighted', 'micro'), 'macro'),
  /** Predictions above it count as positive. By default the class of the largest does; of a single output 0.5. */
  threshold: optional(finite),
};

export interface OfPositivesOptions extends OptionsOf<typeof ofPositivesOptions> {}
export interface F1ScoreOptions extends OptionsOf<typeof f1ScoreOptions> {}

/** Of each class [classes]: what was taken for it and is, what was taken for it, what is of it. */
type Counts = [hits: Value, predicted: Value, members: Value];

/**
 * @param targets in the shape of the predictions
 * @param threshold undefined where the largest prediction counts
 */
function counts(targets: Value, y: Value, weights: Value | undefined, threshold: number | undefined): Counts {
  const classes = y.shape[y.rank - 1];
  const t = asFloat(targets);
  const predicted = asFloat(threshold === undefined ? largestOfRows(y) : greater(y, threshold));
  const ofClasses = (x: Value) => sum(reshape(weighted(x, weights), [-1, classes]), 0);
  return [ofClasses(mul(t, predicted)), ofClasses(predicted), ofClasses(t)];
}

/** Targets in the shape of predictions; class numbers as one-hot rows. */
function targetRows(name: string, yTrue: Value, y: Value): Value {
  const classes = y.shape[y.rank - 1];
  if (classes === 1 || !isClassNumbers(yTrue, y)) return denseTargets(name, yTrue, y);
  return oneHotRows(classNumbers(name, yTrue, y), classes);
}

/** A one at the largest prediction of a row; none where there is NaN. */
function largestOfRows(y: Value): Value {
  const rows = oneHotRows(argMax(y, -1), y.shape[y.rank - 1]);
  return logicalAnd(rows, isKnown(max(y, -1, true)));
}

/** Sums of a class of the three that `counts` put side by side, or of all classes. */
function totalsOf(totals: ArrayLike<number>, classId?: number): readonly [number, number, number] {
  const classes = totals.length / 3;
  const column = (kind: number) =>
    Array.from({ length: classes }, (_, i) => totals[kind * classes + i])
      .filter((_, i) => classId === undefined || i === classId)
      .reduce((a, b) => a + b, 0);
  return [column(0), column(1), column(2)];
}

/**
 * Of what was taken for positive, or of what is, the share that is both; 0 where there is none.
 * @param whole which of the counts it is a share of
 */
// @__NO_SIDE_EFFECTS__
function shareOfPositives(name: string, whole: 1 | 2) {
  const factory = (options?: OfPositivesOptions): Metric => {
    const { threshold, classId } = readOptions(name, ofPositivesOptions, options);
    return {
      name,
      sums(yTrue, y, weights) {
        const classes = y.shape[y.rank - 1];
        if (classId !== undefined && classId >= classes) {
          throw y.graph.error(`${name}: classId must be from 0 to ${classes - 1}; got ${classId}.`);
        }
        // Who asks for a class may number them; elsewhere every output is a question of its own.
        const targets = (classId === undefined ? denseTargets : targetRows)(name, yTrue, y);
        return concat(counts(targets, y, weights, threshold));
      },
      result(totals) {
        const found = totalsOf(totals, classId);
        return ratio(found[0], found[whole]);
      },
    };
  };
  const ofTensors = (t: Value, y: Value): Value => {
    const found = counts(greater(denseTargets(name, t, y), 0.5), y, undefined, 0.5);
    return divNoNan(sum(found[0]), sum(found[whole]));
  };
  return withTensorForm(factory, compared(name, ofTensors));
}

/** True positives among what is predicted positive. */
export const precision = shareOfPositives('precision', 1);

/** True positives among what is positive. */
export const recall = shareOfPositives('recall', 2);

const defaultThreshold = (y: Value): number | undefined => (y.shape[y.rank - 1] === 1 ? 0.5 : undefined);

const f1Name = 'f1Score';

/** 2·precision·recall / (precision + recall) = 2·hits / (predicted + members) */
const f1 = (hits: number, predicted: number, members: number) => ratio(2 * hits, predicted + members);

export const f1Score = withTensorForm(
  (options?: F1ScoreOptions): Metric => {
    const { average, threshold } = readOptions(f1Name, f1ScoreOptions, options);
    return {
      name: f1Name,
      sums: (yTrue, y, weights) =>
        concat(counts(targetRows(f1Name, yTrue, y), y, weights, threshold ?? defaultThreshold(y))),
      result(totals) {
        const all = totalsOf(totals);
        if (average === 'micro') return f1(...all);
        const classes = totals.length / 3;
        let score = 0;
        for (let i = 0; i < classes; i++) {
          const own = totalsOf(totals, i);
          score += f1(...own) * (average === 'macro' ? 1 / classes : ratio(own[2], all[2]));
        }
        return score;
      },
    };
  },
  compared(f1Name, (t, y) => {
    const [hits, predicted, members] = counts(targetRows(f1Name, t, y), y, undefined, defaultThreshold(y));
    return mean(divNoNan(mul(hits, 2), add(predicted, members)));
  }),
);
