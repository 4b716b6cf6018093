// Calibration: how often what is predicted with a probability turns out to be true.

import { LanegradError } from '../errors.ts';
import { nonNegativeInteger, oneOf, positiveInteger } from '../options/kinds.ts';
import { type OptionsOf, optional } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import type { TensorArgument } from '../tensor/convert.ts';
import { scoredOf } from './samples.ts';

const calibrationCurveOptions = {
  /** The class that is asked for, where there are several; of a single output the label that is positive, by default those above ½. */
  positiveClass: optional(nonNegativeInteger),
  /** Groups of probabilities; 5 by default. */
  nBins: optional(positiveInteger, 5),
  /** 'uniform', the default: groups of equal width. 'quantile': groups of as many samples each. */
  strategy: optional(oneOf('uniform', 'quantile'), 'uniform'),
};

export interface CalibrationCurveOptions extends OptionsOf<typeof calibrationCurveOptions> {}

/** A point for each group of probabilities that has samples. */
export interface CalibrationCurve {
  /** Mean of the probabilities of a group. */
  readonly predicted: readonly number[];
  /** Share of the group's samples that are positive. */
  readonly observed: readonly number[];
  /** Samples of the group. */
  readonly counts: readonly number[];
}

/**
 * The calibration curve, as scikit-learn's `calibration_curve` computes it; `plot.calibration` draws it. A model that is
 * calibrated is right in 80 of 100 cases of which it says 80 %: its points lie on the diagonal.
 * @param yTrue labels [samples] or [samples, 1], 0 or 1; of several classes their numbers, or one-hot rows
 * @param yPred probabilities [samples] or [samples, 1]; of several classes [samples, classes], with `positiveClass`
 * @throws LanegradError for what is no probability.
 */
export function calibrationCurve(
  yTrue: TensorArgument,
  yPred: TensorArgument,
  options: CalibrationCurveOptions = {},
): CalibrationCurve {
  const where = 'calibrationCurve';
  const { positiveClass, nBins, strategy } = readOptions(where, calibrationCurveOptions, options);
  const { isPositive, scores } = scoredOf(where, yTrue, yPred, positiveClass);
  const stranger = scores.find((score) => !(score >= 0 && score <= 1));
  if (stranger !== undefined) {
    throw new LanegradError(`${where}: yPred must be probabilities, from 0 to 1; got ${stranger}.`);
  }
  const edges = upperEdges(scores, nBins, strategy);
  const bins = Array.from({ length: nBins }, () => ({ count: 0, sum: 0, positives: 0 }));
  for (const [i, score] of scores.entries()) {
    // A probability on an edge belongs below it.
    const bin = bins[edges.filter((edge) => edge < score).length];
    bin.count++;
    bin.sum += score;
    bin.positives += Number(isPositive[i]);
  }
  const filled = bins.filter(({ count }) => count > 0);
  return {
    predicted: filled.map(({ sum, count }) => sum / count),
    observed: filled.map(({ positives, count }) => positives / count),
    counts: filled.map(({ count }) => count),
  };
}

/** The edges at which groups end. */
function upperEdges(scores: readonly number[], nBins: number, strategy: 'uniform' | 'quantile'): number[] {
  const numbers = Array.from({ length: nBins }, (_, i) => i + 1);
  if (strategy === 'uniform') return numbers.map((i) => i / nBins);
  const sorted = scores.toSorted((a, b) => a - b);
  // Wherever an edge lies between two probabilities, they are parted alike: as if it lay on the lower one.
  return numbers.map((i) => sorted[Math.floor((i * (sorted.length - 1)) / nBins)]);
}
