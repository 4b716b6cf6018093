// Precision, recall and F1 of every class, and their averages.

import { LanegradError } from '../errors.ts';
import { anything, finite, listOf, text } from '../options/kinds.ts';
import { type OptionsOf, optional } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import type { TensorArgument } from '../tensor/convert.ts';
import { classNumbers, pairOf, type Rows, weightsOf } from './samples.ts';
import { tableText } from './table.ts';

const classificationReportOptions = {
  /** Names of the classes, in order; their numbers by default. */
  labels: optional(listOf(text, 'a list of names')),
  /** Scores of a single output above it are class 1; 0.5 by default. */
  threshold: optional(finite, 0.5),
  /** What each sample counts for, [samples]; 1 by default. */
  sampleWeight: optional(anything<TensorArgument>('a number for each sample')),
};

export interface ClassificationReportOptions extends OptionsOf<typeof classificationReportOptions> {}

/** Shares, each 0 where there is nothing to take a share of. */
export interface ClassScores {
  /** Of what was taken for the class, the share that was of it. */
  readonly precision: number;
  /** Of what was of the class, the share that was taken for it. */
  readonly recall: number;
  /** 2·precision·recall / (precision + recall) */
  readonly f1Score: number;
  /** How many samples are of the class, or their weight. */
  readonly support: number;
}

/** What `classificationReport` finds. */
export interface ClassificationReport {
  readonly classes: readonly (ClassScores & { readonly label: string })[];
  /** Share of the samples whose class was found. */
  readonly accuracy: number;
  /** The mean over classes. */
  readonly macroAverage: ClassScores;
  /** The mean over classes, each counting as much as it has samples. */
  readonly weightedAverage: ClassScores;
  /** A table, to be printed. */
  toString(): string;
}

/**
 * What a classifier is worth for each class, as scikit-learn's `classification_report` computes it.
 * @param yTrue class numbers [samples] or [samples, 1], or one-hot rows [samples, classes]
 * @param yPred what a model predicts, [samples, classes], of which the largest counts; scores of a single output,
 * [samples] or [samples, 1], that are compared with `threshold`; or class numbers
 * @throws LanegradError for classes that are no whole numbers, and for names that are not one for each.
 */
export function classificationReport(
  yTrue: TensorArgument,
  yPred: TensorArgument,
  options: ClassificationReportOptions = {},
): ClassificationReport {
  const where = 'classificationReport';
  const { labels, threshold, sampleWeight } = readOptions(where, classificationReportOptions, options);
  const pair = pairOf(where, yTrue, yPred);
  const truth = classNumbers(pair.labels);
  const predicted = predictedClasses(pair.predictions, threshold);
  for (const label of [...truth, ...predicted]) requireClass(where, label);
  const { samples } = pair.labels;
  const weights = weightsOf(where, sampleWeight, samples);
  const count = Math.max(
    pair.labels.width,
    pair.predictions.width,
    truth.reduce((a, b) => Math.max(a, b + 1), 2),
    predicted.reduce((a, b) => Math.max(a, b + 1), 0),
  );
  if (labels && labels.length !== count) {
    throw new LanegradError(
      `${where}: labels must be ${count} names, one for each class; got ${labels.length}.`,
    );
  }
  const tallies = Array.from({ length: count }, () => ({ hits: 0, predicted: 0, members: 0 }));
  for (let i = 0; i < samples; i++) {
    if (truth[i] === predicted[i]) tallies[truth[i]].hits += weights[i];
    tallies[predicted[i]].predicted += weights[i];
    tallies[truth[i]].members += weights[i];
  }
  const scores = tallies.map(scoresOf);
  const support = scores.reduce((sum, each) => sum + each.support, 0);
  const hits = tallies.reduce((sum, each) => sum + each.hits, 0);
  const report = {
    classes: scores.map((each, i) => ({ label: labels?.[i] ?? String(i), ...each })),
    accuracy: ratio(hits, support),
    macroAverage: { ...average(scores, () => 1 / count), support },
    weightedAverage: { ...average(scores, (each) => ratio(each.support, support)), support },
  };
  return { ...report, toString: () => textOf(report) };
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** Scores of a single output are compared with the threshold; class numbers, as rows have them too, stay. */
function predictedClasses(predictions: Rows, threshold: number): number[] {
  const classes = classNumbers(predictions);
  if (classes.every((each) => Number.isInteger(each) && each >= 0)) return classes;
  return classes.map((score) => Number(score > threshold));
}

/** Beyond it a label is a mistake, and not one of so many classes. */
const maxClasses = 1_000_000;

function requireClass(where: string, label: number): void {
  if (Number.isInteger(label) && label >= 0 && label < maxClasses) return;
  throw new LanegradError(`${where}: classes are whole numbers from 0; got ${label}.`);
}

function scoresOf(tally: {
  readonly hits: number;
  readonly predicted: number;
  readonly members: number;
}): ClassScores {
  return {
    precision: ratio(tally.hits, tally.predicted),
    recall: ratio(tally.hits, tally.members),
    f1Score: ratio(2 * tally.hits, tally.predicted + tally.members),
    support: tally.members,
  };
}

function average(
  scores: readonly ClassScores[],
  weightOf: (each: ClassScores) => number,
): Omit<ClassScores, 'support'> {
  const mean = (name: 'precision' | 'recall' | 'f1Score') =>
    scores.reduce((sum, each) => sum + weightOf(each) * each[name], 0);
  return { precision: mean('precision'), recall: mean('recall'), f1Score: mean('f1Score') };
}

function textOf({ classes, accuracy, macroAverage, weightedAverage }: ClassificationReport): string {
  const share = (value: number) => value.toFixed(3);
  const amount = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(1));
  const row = (name: string, { precision, recall, f1Score, support }: ClassScores) => [
    name,
    ...[precision, recall, f1Score].map(share),
    amount(support),
  ];
  return tableText(
    ['class', 'precision', 'recall', 'F1', 'samples'],
    [
      ...classes.map((each) => row(each.label, each)),
      ['accuracy', '', '', share(accuracy), amount(macroAverage.support)],
      row('mean of classes', macroAverage),
      row('mean by samples', weightedAverage),
    ],
  );
}
