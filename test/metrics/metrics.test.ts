// Every metric over uneven batches against plain loops in float64, with and without weights.

import { describe, expect, test } from 'vitest';
import { square, sub } from '../../src/graph/ops/elementwise.ts';
import { mean } from '../../src/graph/ops/reductions.ts';
import * as tf from '../../src/index.ts';
import { getLoss, type Loss, type LossFunction } from '../../src/losses/losses.ts';
import { getMetric, type Metric, metrics } from '../../src/metrics/metrics.ts';
import { expectClose } from '../close.ts';
import {
  batchSizes,
  classes,
  column,
  count,
  each,
  firstLargest,
  flags,
  inPairs,
  labels,
  oneHot,
  outputs,
  over,
  rows,
  type Samples,
  scores,
  targets,
  weights,
} from './metric-samples.ts';

/** The weighted mean of a number of each sample. */
const average = (w: readonly number[], of: (i: number) => number) =>
  w.reduce((total, weight, i) => total + weight * of(i), 0) / w.reduce((a, b) => a + b);
const total = (w: readonly number[], is: (i: number) => boolean) =>
  w.reduce((sum, weight, i) => sum + (is(i) ? weight : 0), 0);
const meanOfRow = (i: number, of: (t: number, y: number) => number) =>
  targets[i].reduce((sum, t, j) => sum + of(t, outputs[i][j]), 0) / targets[i].length;
const rankOf = (i: number) => rows[i].filter((value) => value > rows[i][labels[i]]).length;
const isHit = (i: number) => scores[i] > 0.5 && flags[i] === 1;
const crossEntropy = (i: number) => -Math.log(rows[i][labels[i]] / rows[i].reduce((a, b) => a + b));
const binaryCrossEntropy = (i: number) => {
  // The least and the largest probability in float32 that the loss uses.
  const p = Math.min(Math.max(scores[i], 1e-7), 1 - 2 ** -23);
  return -(flags[i] ? Math.log(p) : Math.log(1 - p));
};

function squaredErrorsExplained(w: readonly number[], j: number): number {
  const center = average(w, (i) => targets[i][j]);
  const errors = average(w, (i) => (targets[i][j] - outputs[i][j]) ** 2);
  return 1 - errors / average(w, (i) => (targets[i][j] - center) ** 2);
}

function pairsWon(w: readonly number[]): number {
  let wins = 0;
  let pairs = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      if (flags[i] !== 1 || flags[j] !== 0) continue;
      pairs += w[i] * w[j];
      wins += w[i] * w[j] * (scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0);
    }
  }
  return wins / pairs;
}

const meanSquares: LossFunction = (t, y) => mean(square(sub(t, y)), -1);

interface Case {
  readonly metric: string | Metric | LossFunction;
  readonly loss: string;
  readonly predictions: Samples;
  readonly truth: Samples;
  /** What the metric should be where samples have these weights. */
  readonly expected: (w: readonly number[]) => number;
}

const binary = { loss: 'mse', predictions: column, truth: flags };
const dense = { loss: 'categoricalCrossentropy', predictions: rows, truth: oneHot };
const sparse = { loss: 'sparseCategoricalCrossentropy', predictions: rows, truth: labels };
const regression = { loss: 'mse', predictions: outputs, truth: targets };
const squares = (w: readonly number[]) => average(w, (i) => meanOfRow(i, (t, y) => (t - y) ** 2));

const cases: Record<string, Case> = {
  binaryAccuracy: {
    metric: 'binaryAccuracy',
    ...binary,
    expected: (w) => average(w, (i) => Number(scores[i] > 0.5 === (flags[i] === 1))),
  },
  'binaryAccuracy above 0.7': {
    metric: metrics.binaryAccuracy({ threshold: 0.7 }),
    ...binary,
    expected: (w) => average(w, (i) => Number(scores[i] > Math.fround(0.7) === (flags[i] === 1))),
  },
  categoricalAccuracy: {
    metric: 'categoricalAccuracy',
    ...dense,
    expected: (w) => average(w, (i) => Number(firstLargest(rows[i]) === labels[i])),
  },
  sparseCategoricalAccuracy: {
    metric: 'sparseCategoricalAccuracy',
    ...sparse,
    expected: (w) => average(w, (i) => Number(firstLargest(rows[i]) === labels[i])),
  },
  topKCategoricalAccuracy: {
    metric: 'topKCategoricalAccuracy',
    ...dense,
    expected: (w) => average(w, (i) => Number(rankOf(i) < 5)),
  },
  sparseTopKCategoricalAccuracy: {
    metric: 'sparseTopKCategoricalAccuracy',
    ...sparse,
    expected: (w) => average(w, (i) => Number(rankOf(i) < 5)),
  },
  'topKCategoricalAccuracy of 2': {
    metric: metrics.topKCategoricalAccuracy({ k: 2 }),
    ...dense,
    expected: (w) => average(w, (i) => Number(rankOf(i) < 2)),
  },
  'topKCategoricalAccuracy of more than there are': {
    metric: metrics.topKCategoricalAccuracy({ k: 9 }),
    ...dense,
    expected: () => 1,
  },
  precision: {
    metric: 'precision',
    ...binary,
    expected: (w) => total(w, isHit) / total(w, (i) => scores[i] > 0.5),
  },
  recall: {
    metric: 'recall',
    ...binary,
    expected: (w) => total(w, isHit) / total(w, (i) => flags[i] === 1),
  },
  f1Score: {
    metric: 'f1Score',
    ...dense,
    expected: (w) => {
      const scores = Array.from({ length: classes }, (_, j) => {
        const taken = total(w, (i) => firstLargest(rows[i]) === j);
        const there = total(w, (i) => labels[i] === j);
        return (2 * total(w, (i) => firstLargest(rows[i]) === j && labels[i] === j)) / (taken + there);
      });
      return scores.reduce((a, b) => a + b) / classes;
    },
  },
  auc: { metric: 'auc', ...binary, expected: pairsWon },
  r2: {
    metric: 'r2',
    ...regression,
    expected: (w) => (squaredErrorsExplained(w, 0) + squaredErrorsExplained(w, 1)) / 2,
  },
  mse: { metric: 'mse', ...regression, expected: squares },
  mae: {
    metric: 'mae',
    ...regression,
    expected: (w) => average(w, (i) => meanOfRow(i, (t, y) => Math.abs(t - y))),
  },
  'a function': { metric: meanSquares, ...regression, expected: squares },
  'ce of one-hot targets': { metric: 'ce', ...dense, expected: (w) => average(w, crossEntropy) },
  'crossentropy of class numbers': {
    metric: 'crossentropy',
    ...sparse,
    expected: (w) => average(w, crossEntropy),
  },
  'crossentropy of two classes': {
    metric: 'crossentropy',
    ...binary,
    expected: (w) => average(w, binaryCrossEntropy),
  },
};

const metricOf = ({ metric, loss, predictions }: Case) =>
  getMetric(metric, getLoss(loss), [null, (predictions[0] as readonly number[]).length]);

test('every metric has a case', () => {
  expect(Object.keys(metrics).filter((name) => !(name in cases))).toEqual([]);
});

describe.each(Object.entries(cases))('%s', (_, each) => {
  const check = (got: number, expected: number) => {
    // Sums of a batch in float32; those of batches, and what is made of them, in float64.
    expect(Math.abs(got - expected)).toBeLessThanOrEqual(1e-6 * Math.abs(expected));
  };

  test('over uneven batches', () => {
    check(over(metricOf(each), each.truth, each.predictions), each.expected(weights.map(() => 1)));
  });

  test('with weights', () => {
    check(over(metricOf(each), each.truth, each.predictions, weights), each.expected(weights));
  });

  test('of sequences is that of their steps', () => {
    const got = over(metricOf(each), each.truth, each.predictions, weights, inPairs);
    check(got, each.expected(weights));
  });

  test('is a number where nothing has weight', () => {
    const nothing = weights.map(() => 0);
    expect(over(metricOf(each), each.truth, each.predictions, nothing)).not.toBeNaN();
  });
});

describe("'accuracy' is the one that fits", () => {
  const accuracy = ({ loss, truth, predictions }: Omit<Case, 'metric' | 'expected'>) =>
    over(
      getMetric('accuracy', getLoss(loss), [null, (predictions[0] as readonly number[]).length]),
      truth,
      predictions,
    );

  test('by loss and shape', () => {
    const one = weights.map(() => 1);
    expect(accuracy(binary)).toBeCloseTo(cases.binaryAccuracy.expected(one), 6);
    expect(accuracy(dense)).toBeCloseTo(cases.categoricalAccuracy.expected(one), 6);
    expect(accuracy(sparse)).toBeCloseTo(cases.categoricalAccuracy.expected(one), 6);
    // Several outputs of binaryCrossentropy are several questions, not one class of several.
    const bits = [[1, 0, 1]];
    const answers = {
      loss: 'binaryCrossentropy',
      truth: each(() => bits[0]),
      predictions: each(() => [1, 1, 0]),
    };
    expect(accuracy(answers)).toBeCloseTo(1 / 3, 6);
  });
});

describe('names', () => {
  const named = (metric: Parameters<typeof getMetric>[0]) =>
    getMetric(metric, getLoss('mse'), [null, 3]).name;

  test('in logs, accuracy is acc and crossentropy ce, as in TensorFlow.js', () => {
    expect(['accuracy', 'acc', 'crossentropy', 'ce'].map(named)).toEqual(['acc', 'acc', 'ce', 'ce']);
  });

  test('all others are the ones given', () => {
    const given = ['mse', 'meanSquaredError', 'MAE', 'precision', 'r2', 'binaryAccuracy'];
    expect(given.map(named)).toEqual(given);
    expect(named(meanSquares)).toBe('meanSquares');
    expect(named(metrics.auc())).toBe('auc');
  });

  test('factories stand for their metrics with defaults', () => {
    expect(named(metrics.precision)).toBe('precision');
    expect(named(tf.losses.hinge)).toBe('hinge');
  });

  test('an unknown one suggests the nearest', () => {
    expect(() => named('precison')).toThrow('Unknown metric "precison". Did you mean "precision"?');
  });
});

describe('cross-entropy as a metric of a loss with logits', () => {
  test.each([
    ['categoricalCrossentropy', [[1, 0, 0]], [[-2, 1, 3]], Math.log(1 + Math.exp(3) + Math.exp(5))],
    ['sparseCategoricalCrossentropy', [0], [[-2, 1, 3]], Math.log(1 + Math.exp(3) + Math.exp(5))],
    ['binaryCrossentropy', [[1]], [[-2]], Math.log(1 + Math.exp(2))],
  ] as const)('%s', (name, truth, logits, expected) => {
    const loss: Loss = tf.losses[name]({ fromLogits: true });
    const ce = getMetric('ce', loss, [null, logits[0].length]);
    const repeat = <T>([only]: readonly T[]) => each(() => only);
    const got = over(
      ce,
      repeat<number | readonly number[]>(truth) as Samples,
      repeat<readonly number[]>(logits),
    );
    expect(Math.abs(got - expected)).toBeLessThanOrEqual(1e-6 * expected);
  });
});

test('a function that gives one number for a batch counts for each of its samples', () => {
  const scalar: LossFunction = (t, y) => mean(square(sub(t, y)));
  const got = over(getMetric(scalar, getLoss('mse'), [null, 2]), targets, outputs);
  const expected = squares(weights.map(() => 1));
  expect(Math.abs(got - expected)).toBeLessThanOrEqual(1e-6 * expected);
  const batchOf = (i: number) =>
    batchSizes.findIndex((_, b) => i < batchSizes.slice(0, b + 1).reduce((a, c) => a + c));
  const ofBatch = batchSizes.map((_, b) => squares(each((i) => Number(batchOf(i) === b))));
  const weighted = over(getMetric(scalar, getLoss('mse'), [null, 2]), targets, outputs, weights);
  expect(weighted).toBeCloseTo(
    average(weights, (i) => ofBatch[batchOf(i)]),
    6,
  );
});

// TensorFlow.js 4.22: errors of [1, 2, 3] by 2, and of each row by one row; shares of what is 1 by [1, 2, 4, 4].
test('as functions they compare one prediction with all targets, and classes with ½', () => {
  const all = tf.tensor1d([1, 2, 3]);
  expectClose(tf.metrics.meanSquaredError(all, tf.scalar(2)).dataSync(), [2 / 3], 1e-6);
  expectClose(tf.metrics.meanAbsoluteError([[1, 2, 3]], [1, 1, 1]).dataSync(), [1], 1e-6);
  expectClose(tf.metrics.mape([[1, 2, 4]], tf.scalar(1)).dataSync(), [125 / 3], 1e-4);
  expect(() => tf.metrics.mse([1, 2, 3], [1, 2])).toThrow(
    'meanSquaredError takes targets of shape [2]; got [3]',
  );
  const [labels, found] = [tf.tensor1d([1, 2, 3, 1]), tf.tensor1d([1, 2, 4, 4])];
  expect(tf.metrics.precision(labels, found).dataSync()[0]).toBe(1);
  expect(tf.metrics.recall(labels, found).dataSync()[0]).toBe(1);
});

test.each([
  { name: 'own', sums: () => 0 },
  { name: 'own', result: () => 0 },
  { name: 'own', collect: () => 0 },
])('what is no metric is told: %o', (own) => {
  expect(() => getMetric(own as never, getLoss('mse'), [null, 1])).toThrow(/^metric must be /);
});

test('evaluate gives what the batches together give', () => {
  const model = tf.sequential({
    layers: [tf.layers.activation({ activation: 'linear', inputShape: [classes] })],
  });
  model.compile({
    optimizer: 'sgd',
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy', metrics.sparseTopKCategoricalAccuracy({ k: 2 })],
  });
  const truth = tf.tensor1d(Int32Array.from(labels));
  const [, ...got] = model.evaluate(tf.tensor2d(rows), truth, { batchSize: 16 }) as tf.Tensor[];
  const one = weights.map(() => 1);
  const expected = [
    cases.sparseCategoricalAccuracy.expected(one),
    cases['topKCategoricalAccuracy of 2'].expected(one),
  ];
  expect(got.map((tensor) => tensor.dataSync()[0])).toEqual(expected.map(Math.fround));
});
