// Metrics over uneven batches against plain loops in float64.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { RandomStream } from '../../src/random/random.ts';
import { areaUnderCurve } from '../../src/training/area-under-curve.ts';
import { getLoss } from '../../src/training/losses.ts';
import { getMetric, metrics } from '../../src/training/metrics.ts';

const count = 53;
const random = new RandomStream(3, 3);
/** Scores in tenths, so that there are ties. */
const scores = Array.from({ length: count }, () => Math.fround(random.below(11) / 10));
const flags = Array.from({ length: count }, (_, i) => Number(scores[i] + random.uniform() > 1));
const classes = 7;
const logits = Array.from({ length: count }, () => Array.from({ length: classes }, () => random.below(9)));
const labels = Array.from({ length: count }, () => random.below(classes));
const outputs = Array.from({ length: count }, () => [random.normal(), 5 + 3 * random.normal()]);
const targets = outputs.map((row) => row.map((value) => value + 0.5 * random.normal()));

/** The metric of a model that passes its input on, evaluated in batches of 16, 16, 16 and 5. */
function metricOf(name: string, loss: string, predictions: number[][], truth: tf.Tensor): number {
  const width = predictions[0].length;
  const model = tf.sequential({
    layers: [tf.layers.activation({ activation: 'linear', inputShape: [width] })],
  });
  model.compile({ optimizer: 'sgd', loss, metrics: [name] });
  const results = model.evaluate(tf.tensor2d(predictions), truth, { batchSize: 16 }) as tf.Tensor[];
  return results[1].dataSync()[0];
}

const column = scores.map((score) => [score]);
const flagTensor = tf.tensor1d(flags);
const labelTensor = tf.tensor1d(Int32Array.from(labels));
const oneHot = tf.oneHot(labelTensor, classes);
const share = (hit: (i: number) => boolean) =>
  Array.from({ length: count }, (_, i) => hit(i)).filter(Boolean).length / count;
const firstLargest = (row: number[]) => row.indexOf(Math.max(...row));
const rankOf = (i: number) => logits[i].filter((value) => value > logits[i][labels[i]]).length;

const cases: [
  name: string,
  loss: string,
  predictions: number[][],
  truth: tf.Tensor,
  expected: () => number,
][] = [
  [
    'binaryAccuracy',
    'meanSquaredError',
    column,
    flagTensor,
    () => share((i) => (scores[i] > 0.5 ? 1 : 0) === flags[i]),
  ],
  [
    'categoricalAccuracy',
    'meanSquaredError',
    logits,
    oneHot,
    () => share((i) => firstLargest(logits[i]) === labels[i]),
  ],
  [
    'sparseCategoricalAccuracy',
    'sparseCategoricalCrossentropy',
    logits.map((row) => row.map((value) => value + 1)),
    labelTensor,
    () => share((i) => firstLargest(logits[i]) === labels[i]),
  ],
  ['topKCategoricalAccuracy', 'meanSquaredError', logits, oneHot, () => share((i) => rankOf(i) < 5)],
  [
    'sparseTopKCategoricalAccuracy',
    'sparseCategoricalCrossentropy',
    logits.map((row) => row.map((value) => value + 1)),
    labelTensor,
    () => share((i) => rankOf(i) < 5),
  ],
  [
    'precision',
    'meanSquaredError',
    column,
    flagTensor,
    () => share((i) => scores[i] > 0.5 && flags[i] === 1) / share((i) => scores[i] > 0.5),
  ],
  [
    'recall',
    'meanSquaredError',
    column,
    flagTensor,
    () => share((i) => scores[i] > 0.5 && flags[i] === 1) / share((i) => flags[i] === 1),
  ],
  [
    'auc',
    'meanSquaredError',
    column,
    flagTensor,
    () => {
      let wins = 0;
      let pairs = 0;
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < count; j++) {
          if (flags[i] !== 1 || flags[j] !== 0) continue;
          pairs++;
          wins += scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0;
        }
      }
      return wins / pairs;
    },
  ],
  [
    'r2',
    'meanSquaredError',
    outputs,
    tf.tensor2d(targets),
    () =>
      [0, 1]
        .map((j) => {
          const mean = targets.reduce((sum, row) => sum + row[j], 0) / count;
          const errors = targets.reduce((sum, row, i) => sum + (row[j] - outputs[i][j]) ** 2, 0);
          return 1 - errors / targets.reduce((sum, row) => sum + (row[j] - mean) ** 2, 0);
        })
        .reduce((a, b) => (a + b) / 2),
  ],
  [
    'mae',
    'meanSquaredError',
    outputs,
    tf.tensor2d(targets),
    () =>
      targets.reduce((sum, row, i) => sum + row.reduce((s, t, j) => s + Math.abs(t - outputs[i][j]), 0), 0) /
      (2 * count),
  ],
];

test('every metric has a case', () => {
  const covered = new Set(cases.map(([name]) => name));
  expect(Object.keys(metrics).filter((name) => !covered.has(name))).toEqual([]);
});

test.each(cases)('%s', (name, loss, predictions, truth, expected) => {
  expect(metricOf(name, loss, predictions, truth)).toBeCloseTo(expected(), 5);
});

describe("'accuracy' is the one that fits", () => {
  test('factories stand for their metrics with defaults', () => {
    const loss = getLoss('mse');
    expect(getMetric(metrics.precision, loss, [null, 1]).name).toBe('precision');
    expect(getMetric(tf.losses.hinge, loss, [null, 1]).name).toBe('hinge');
  });

  test('its name in logs is acc', () => {
    expect(getMetric('accuracy', getLoss('mse'), [null, 3]).name).toBe('acc');
    expect(getMetric('acc', getLoss('mse'), [null, 3]).name).toBe('acc');
  });

  test('by loss and shape', () => {
    const accuracy = (loss: string, predictions: number[][], truth: tf.Tensor) =>
      metricOf('accuracy', loss, predictions, truth);
    expect(accuracy('binaryCrossentropy', column, flagTensor)).toBe(
      metricOf('binaryAccuracy', 'meanSquaredError', column, flagTensor),
    );
    const shifted = logits.map((row) => row.map((value) => value + 1));
    expect(accuracy('categoricalCrossentropy', shifted, oneHot)).toBe(
      accuracy('sparseCategoricalCrossentropy', shifted, labelTensor),
    );
  });
});

describe('areaUnderCurve', () => {
  test('weights count', () => {
    // The positive of weight 3 wins, that of weight 1 loses.
    expect(areaUnderCurve([0.9, 1, 3, 0.5, 0, 2, 0.1, 1, 1])).toBe(0.75);
  });

  test('is 0 where a class is missing', () => {
    expect(areaUnderCurve([0.9, 1, 1, 0.2, 1, 1])).toBe(0);
  });
});

test('precision without a positive prediction is 0, not NaN', () => {
  expect(metricOf('precision', 'meanSquaredError', [[0.1], [0.2]], tf.tensor1d([1, 0]))).toBe(0);
});
