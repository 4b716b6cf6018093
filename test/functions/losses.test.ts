// Losses and metrics as functions of two tensors, and as what models are compiled with.

import { expect, test } from 'vitest';
import * as tf from '../../src/node.ts';

const labels = tf.tensor2d([
  [0, 1],
  [1, 0],
]);
const predictions = tf.tensor2d([
  [0.25, 0.75],
  [0.5, 0.5],
]);
const scalarOf = (x: tf.Tensor) => x.dataSync()[0];

test('meanSquaredError of two tensors is a scalar; without any it is a loss for compile', () => {
  // (0.0625 + 0.0625 + 0.25 + 0.25) / 4
  expect(scalarOf(tf.losses.meanSquaredError(labels, predictions))).toBeCloseTo(0.15625, 7);
  expect(tf.losses.meanSquaredError().name).toBe('meanSquaredError');
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] });
  model.compile({ optimizer: 'sgd', loss: tf.losses.meanSquaredError, metrics: [tf.metrics.binaryAccuracy] });
  expect(model.metricsNames).toEqual(['loss', 'binaryAccuracy']);
});

test('weights and reductions', () => {
  const weights = tf.tensor2d([[1], [0]]);
  const of = (reduction?: tf.Reduction) =>
    tf.losses.absoluteDifference(labels, predictions, weights, reduction);
  expect(scalarOf(of())).toBeCloseTo(0.25, 7);
  expect(scalarOf(of(tf.Reduction.MEAN))).toBeCloseTo(0.25, 7);
  expect(scalarOf(of(tf.Reduction.SUM))).toBeCloseTo(0.5, 7);
  expect(of(tf.Reduction.NONE).arraySync()).toEqual([
    [0.25, 0.25],
    [0, 0],
  ]);
  expect(() => of(9 as tf.Reduction)).toThrow('Unknown reduction: 9');
});

test('cosineDistance is along an axis, or along all', () => {
  const [labels, predictions] = [
    tf.tensor2d([
      [1, 0],
      [0, 1],
    ]),
    tf.tensor2d([
      [0.5, 0.5],
      [0.25, 0.75],
    ]),
  ];
  // 1 − 0.5 and 1 − 0.75, their mean; and 1 − 1.25.
  expect(tf.losses.cosineDistance(labels, predictions, 1).dataSync()[0]).toBe(0.375);
  expect(tf.losses.cosineDistance(labels, predictions).dataSync()[0]).toBe(-0.25);
});

const huber = (delta: number) => (t: number, y: number) => {
  const error = Math.abs(t - y);
  return error <= delta ? error ** 2 / 2 : delta * (error - delta / 2);
};

/** The losses of one label and prediction, from 0 to 1 where there are logarithms. */
const ofOne: Record<
  string,
  [call: (t: number[], y: number[]) => tf.Tensor, by: (t: number, y: number) => number]
> = {
  absoluteDifference: [(t, y) => tf.losses.absoluteDifference(t, y), (t, y) => Math.abs(t - y)],
  meanSquaredError: [(t, y) => tf.losses.meanSquaredError(t, y), (t, y) => (t - y) ** 2],
  hingeLoss: [(t, y) => tf.losses.hingeLoss(t, y), (t, y) => Math.max(0, 1 - (2 * t - 1) * y)],
  huberLoss: [(t, y) => tf.losses.huberLoss(t, y), huber(1)],
  'huberLoss of 0.2': [(t, y) => tf.losses.huberLoss(t, y, undefined, 0.2), huber(0.2)],
  logLoss: [
    (t, y) => tf.losses.logLoss(t, y),
    (t, y) => -t * Math.log(y + 1e-7) - (1 - t) * Math.log(1 - y + 1e-7),
  ],
};

test.each(Object.entries(ofOne))(
  '%s is the mean of what its formula says, of as many numbers',
  (name, [call, by]) => {
    const [labels, predictions] = [
      [1, 0, 0.5, 1, 0],
      [0.5, 0.25, 0.9, 0.01, 1],
    ];
    const expected = labels.reduce((sum, t, i) => sum + by(t, predictions[i]), 0) / labels.length;
    expect(scalarOf(call(labels, predictions))).toBeCloseTo(expected, 5);
    expect(() => call(labels, [0.5])).toThrow(`Error in ${name.split(' ')[0]}: `);
  },
);

test('labelSmoothing moves labels towards the middle of their classes', () => {
  const logits = tf.tensor2d([
    [1, 2, 0],
    [0, 3, -1],
  ]);
  const labels = [
    [0, 1, 0],
    [1, 0, 0],
  ];
  const smoothed = (towards: number) => labels.map((row) => row.map((t) => 0.8 * t + 0.2 * towards));
  const { sigmoidCrossEntropy, softmaxCrossEntropy } = tf.losses;
  expect(scalarOf(sigmoidCrossEntropy(labels, logits, undefined, 0.2))).toBeCloseTo(
    scalarOf(sigmoidCrossEntropy(smoothed(1 / 2), logits)),
    6,
  );
  expect(scalarOf(softmaxCrossEntropy(labels, logits, undefined, 0.2))).toBeCloseTo(
    scalarOf(softmaxCrossEntropy(smoothed(1 / 3), logits)),
    6,
  );
});

test('losses have gradients: of softmaxCrossEntropy (softmax − labels) / rows', () => {
  const logits = tf.tensor2d([
    [1, 2],
    [0, 3],
  ]);
  const gradient = tf.grad((x) => tf.losses.softmaxCrossEntropy(labels, x))(logits);
  const expected = tf.softmax(logits).sub(labels).div(2);
  for (const [i, value] of gradient.dataSync().entries()) {
    expect(value).toBeCloseTo(expected.dataSync()[i], 6);
  }
});

test('sigmoidCrossEntropy of any logit, with its gradients sigmoid − label and sigmoid·(1 − sigmoid), also at 0', () => {
  const logits = [0, 0, 0, 3, -30, 30];
  const targets = [0, 1, 0.25, 1, 0, 1];
  const sigmoids = logits.map((x) => 1 / (1 + Math.exp(-x)));
  const loss = (x: tf.Tensor) =>
    tf.losses.sigmoidCrossEntropy(tf.tensor1d(targets), x, undefined, 0, tf.Reduction.SUM) as tf.Scalar;
  const gradient = tf.grad(loss);
  const expectClose = (given: tf.Tensor, expected: readonly number[]) => {
    for (const [i, value] of given.dataSync().entries())
      expect(value / expected[i], `logit ${logits[i]}`).toBeCloseTo(1, 5);
  };
  const none = tf.losses.sigmoidCrossEntropy(targets, logits, undefined, 0, tf.Reduction.NONE);
  expectClose(
    none,
    logits.map((x, i) => targets[i] * Math.log1p(Math.exp(-x)) + (1 - targets[i]) * Math.log1p(Math.exp(x))),
  );
  expectClose(
    gradient(tf.tensor1d(logits)),
    logits.map((x, i) => (targets[i] === 1 ? -1 / (1 + Math.exp(x)) : sigmoids[i] - targets[i])),
  );
  expectClose(
    tf.grad((x) => gradient(x).sum())(tf.tensor1d(logits)),
    logits.map((x, i) => sigmoids[i] / (1 + Math.exp(x))),
  );
});

test('metrics of two tensors give a number for each sample, precision and recall one for all', () => {
  expect(tf.metrics.binaryAccuracy(labels, predictions).arraySync()).toEqual([1, 0.5]);
  expect(tf.metrics.categoricalAccuracy(labels, predictions).arraySync()).toEqual([1, 1]);
  expect(tf.metrics.sparseCategoricalAccuracy(tf.tensor1d([1, 1]), predictions).arraySync()).toEqual([1, 0]);
  expect(tf.metrics.meanSquaredError(labels, predictions).arraySync()).toEqual([0.0625, 0.25]);
  expect(tf.metrics.mse).toBe(tf.metrics.MSE);
  const found = tf.tensor1d([1, 1, 0, 0]);
  const truth = tf.tensor1d([1, 0, 1, 1]);
  expect(scalarOf(tf.metrics.precision(truth, found))).toBeCloseTo(1 / 2, 7);
  expect(scalarOf(tf.metrics.recall(truth, found))).toBeCloseTo(1 / 3, 7);
  expect(scalarOf(tf.metrics.precision(truth, tf.zeros([4])))).toBe(0);
  expect(scalarOf(tf.metrics.r2Score(tf.tensor1d([1, 2, 3]), tf.tensor1d([1, 2, 3])))).toBe(1);
});
