// The network for a table: made, trained in a worker, judged by the rows that it has not seen.

import * as tf from 'lanegrad';
import * as plot from 'lanegrad/plot';
import { short } from '../parts/page.ts';
import { trainingWorker } from '../parts/training-worker.ts';
import type { Samples } from './samples.ts';

export interface TrainingOptions {
  /** Units of each hidden layer. */
  readonly layers: readonly number[];
  readonly epochs: number;
  readonly learningRate: number;
  readonly signal: AbortSignal;
  /** Told after each epoch what is known of all so far. */
  readonly onEpoch: (history: Record<string, number[]>) => void;
}

export function makeModel(
  { width, target, inputs }: Samples,
  { layers, learningRate }: TrainingOptions,
): tf.Sequential {
  tf.setSeed(1);
  const isOfClasses = target.kind === 'classes';
  const model = tf.sequential({
    layers: [
      ...layers.map((units, i) =>
        tf.layers.dense({ units, activation: 'relu', ...(i === 0 && { inputShape: [width] }) }),
      ),
      tf.layers.dense({
        units: isOfClasses ? target.classes.length : 1,
        activation: isOfClasses ? 'softmax' : 'linear',
        ...(layers.length === 0 && { inputShape: [width] }),
      }),
    ],
  });
  model.compile({
    optimizer: tf.train.adam(learningRate),
    loss: isOfClasses ? 'sparseCategoricalCrossentropy' : 'meanSquaredError',
    metrics: isOfClasses ? ['accuracy'] : ['r2'],
  });
  // So that whoever loads the model knows how rows become inputs.
  model.setUserDefinedMetadata({ inputs, target } as never);
  return model;
}

/** Trains until it is done or told to stop. */
export async function train(model: tf.Sequential, samples: Samples, options: TrainingOptions): Promise<void> {
  const { training, test } = samples;
  const history: Record<string, number[]> = {};
  try {
    await model.fit(training.x, training.y, {
      ...{
        epochs: options.epochs,
        batchSize: 32,
        verbose: 0,
        seed: 1,
        worker: trainingWorker(),
        signal: options.signal,
      },
      validationData: [test.x, test.y],
      callbacks: {
        onEpochEnd(_, logs = {}) {
          for (const [name, value] of Object.entries(logs)) {
            history[name] ??= [];
            history[name].push(value as number);
          }
          options.onEpoch(history);
        },
      },
    });
  } catch (error) {
    if (!options.signal.aborted) throw error;
  }
}

interface Judgement {
  /** An SVG: which classes were taken for which, or predictions against what is true. */
  readonly picture: string;
  readonly words: string;
  /** The report: a heading for each column, and rows that begin with theirs. */
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** By the rows to test with. */
export function judge(model: tf.Sequential, { test, target }: Samples): Judgement {
  const predicted = model.predict(test.x) as tf.Tensor;
  if (target.kind === 'classes') return judgeClasses(predicted, test.y, target.classes);
  const inUnits = (tensor: tf.Tensor) => tensor.mul(target.deviation).add(target.mean).reshape([test.y.size]);
  return judgeNumbers(inUnits(predicted), inUnits(test.y), target.column);
}

function judgeClasses(predicted: tf.Tensor, y: tf.Tensor, classes: readonly string[]): Judgement {
  const labels = y.reshape([y.size]);
  const report = tf.metrics.classificationReport(labels, predicted, { labels: [...classes] });
  const matrix = tf.math.confusionMatrix(labels.toInt(), predicted.argMax(-1), classes.length);
  return {
    picture: plot.confusionMatrix(matrix, { labels: classes }),
    words: `${(100 * report.accuracy).toFixed(1)} % of ${y.size} rows that it has never seen are right.`,
    headings: ['Class', 'Precision', 'Recall', 'F1', 'Rows'],
    rows: report.classes.map(({ label, precision, recall, f1Score, support }) => [
      label,
      ...[precision, recall, f1Score].map((share) => share.toFixed(3)),
      String(support),
    ]),
  };
}

function judgeNumbers(predicted: tf.Tensor, known: tf.Tensor, name: string): Judgement {
  const report = tf.metrics.regressionReport(known, predicted);
  return {
    picture: plot.predictedAgainstTrue(known, predicted),
    words: `R² is ${report.r2.toFixed(3)} by ${known.size} rows that it has never seen.`,
    headings: ['Error', `in ${name}`],
    rows: [
      ['mean of sizes', short(report.meanAbsoluteError)],
      ['root of the mean square', short(report.rootMeanSquaredError)],
      ['largest', short(report.maxError)],
    ],
  };
}

/** A chart for each log. */
export const curves = (history: Record<string, number[]>): string =>
  Object.keys(history)
    .filter((name) => !name.startsWith('val_'))
    .map((name) => plot.curves({ history }, { logs: [name], width: 340, height: 220 }))
    .join('');
