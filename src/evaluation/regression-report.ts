// How far predicted numbers are from true ones: errors, R² and residuals.

import { LanegradError } from '../errors.ts';
import type { TensorArgument } from '../tensor/convert.ts';
import { pairOf } from './samples.ts';
import { tableText } from './table.ts';

/** What `regressionReport` finds. */
export interface RegressionReport {
  /** 1 − Σ(t − y)² / Σ(t − mean t)², the mean over outputs: 1 for perfect, 0 for no better than the mean. */
  readonly r2: number;
  /** Mean of |t − y|, in the unit of the targets. */
  readonly meanAbsoluteError: number;
  readonly meanSquaredError: number;
  /** Square root of the mean of (t − y)², in the unit of the targets. */
  readonly rootMeanSquaredError: number;
  /** The largest |t − y|. */
  readonly maxError: number;
  /** Mean of t − y: above 0 where predictions are too low on the whole. */
  readonly bias: number;
  /** t − y of each sample, or of each output of each sample in a row. */
  readonly residuals: Float64Array;
  /** A table, to be printed. */
  toString(): string;
}

/**
 * What a model of numbers is worth, as scikit-learn's `r2_score`, `mean_absolute_error` and the like compute it.
 * `plot.predictedAgainstTrue` draws it.
 * @param yTrue targets [samples] or [samples, outputs]
 * @param yPred predictions, of as many outputs
 * @throws LanegradError where they are not as many.
 */
export function regressionReport(yTrue: TensorArgument, yPred: TensorArgument): RegressionReport {
  const where = 'regressionReport';
  const { labels: t, predictions: y } = pairOf(where, yTrue, yPred);
  if (t.width !== y.width) {
    throw new LanegradError(`${where}: targets of ${t.width} numbers for predictions of ${y.width}.`);
  }
  const residuals = Float64Array.from({ length: t.data.length }, (_, i) => t.data[i] - y.data[i]);
  const mean = (of: (residual: number) => number) =>
    residuals.reduce((sum, residual) => sum + of(residual), 0) / residuals.length;
  const meanSquaredError = mean((residual) => residual * residual);
  const numbers = {
    r2: meanOf(t.width, (output) => explained(t.data, residuals, output, t.width)),
    meanAbsoluteError: mean(Math.abs),
    meanSquaredError,
    rootMeanSquaredError: Math.sqrt(meanSquaredError),
    maxError: residuals.reduce((most, residual) => Math.max(most, Math.abs(residual)), 0),
    bias: mean((residual) => residual),
  };
  return { ...numbers, residuals, toString: () => textOf(numbers) };
}

const meanOf = (count: number, of: (i: number) => number): number =>
  Array.from({ length: count }, (_, i) => of(i)).reduce((a, b) => a + b) / count;

/** R² of one output; of equal targets 1 where all are met, else 0. */
function explained(
  targets: ArrayLike<number>,
  residuals: Float64Array,
  output: number,
  outputs: number,
): number {
  const samples = targets.length / outputs;
  const mean = meanOf(samples, (i) => targets[i * outputs + output]);
  let [variation, errors] = [0, 0];
  for (let i = output; i < targets.length; i += outputs) {
    variation += (targets[i] - mean) ** 2;
    errors += residuals[i] ** 2;
  }
  return 1 - (variation > 0 ? errors / variation : Math.sign(errors));
}

const words: Readonly<Record<string, string>> = {
  r2: 'R²',
  meanAbsoluteError: 'mean absolute error',
  meanSquaredError: 'mean squared error',
  rootMeanSquaredError: 'root of mean squared error',
  maxError: 'largest error',
  bias: 'mean of true − predicted',
};

const textOf = (numbers: Readonly<Record<string, number>>): string =>
  tableText(
    ['', ''],
    Object.entries(numbers).map(([name, value]) => [words[name], value.toPrecision(4)]),
  ).trimStart();
