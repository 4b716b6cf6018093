// What losses, metrics and layers of one's own read beside their arguments: variables, and what other models predict.
// Numbers are of TensorFlow.js 4.22.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const quiet = { epochs: 1, shuffle: false, verbose: 0 };
const x = tf.fill([4, 2], 3);
const y = tf.ones([4, 1]);
const dense = (kernelInitializer: 'ones' | 'zeros', options = {}) =>
  tf.layers.dense({ units: 1, kernelInitializer, ...options });
const numbers = (given: unknown) => [given].flat().map((each) => (each as tf.Tensor).dataSync()[0]);

test('a loss and a metric read a variable as it is in each step', async () => {
  const weight = tf.variable(tf.scalar(0));
  const model = tf.sequential({ layers: [dense('zeros', { inputShape: [2] })] });
  const near = (p: tf.Tensor) => p.mean().add(weight);
  model.compile({
    optimizer: tf.train.sgd(0),
    // Of the variable alone, and with what is traced.
    loss: (t, p) => tf.losses.meanSquaredError(t, p).add(weight.mul(2).sub(weight)),
    metrics: [(_t: tf.Tensor, p: tf.Tensor) => near(p)],
  });
  const logs: number[][] = [];
  const callbacks = {
    onEpochBegin: async (epoch: number) => weight.assign(tf.scalar(epoch)),
    onEpochEnd: async (_: number, seen?: tf.Logs) => {
      logs.push(Object.values(seen!));
    },
  };
  await model.fit(x, y, { ...quiet, epochs: 3, callbacks });
  expect(logs).toEqual([
    [1, 0],
    [2, 1],
    [3, 2],
  ]);
  weight.assign(tf.scalar(5));
  expect(numbers(model.evaluate(x, y))).toEqual([6, 5]);
  expect(model.trainableWeights).toHaveLength(2);
});

test('a layer reads a variable as it is, and changes it in each step', async () => {
  class Following extends tf.layers.Layer {
    static className = 'FollowingByVariable';
    readonly mean = tf.variable(tf.scalar(0), false);
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      const [a] = [inputs].flat();
      this.mean.assign(this.mean.mul(0.5).add(a.mean()));
      return a.sub(this.mean);
    }
  }
  const layer = new Following({});
  const model = tf.sequential({ layers: [dense('ones', { inputShape: [2] }), layer] });
  expect(numbers(model.predict(x))).toEqual([0]);
  expect(numbers(model.predict(x))).toEqual([-3]);
  expect(numbers(layer.mean)).toEqual([9]);
  layer.mean.assign(tf.scalar(0));
  expect(numbers(model.apply(x))).toEqual([0]);
  expect(numbers(layer.mean)).toEqual([6]);
  layer.mean.assign(tf.scalar(9));
  model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
  const { history } = await model.fit(x, y, { ...quiet, epochs: 2, batchSize: 2 });
  expect(history.loss).toEqual([34.65625, expect.closeTo(736.16895, 2)]);
  expect(numbers(layer.mean)).toEqual([expect.closeTo(148.89752, 3)]);
});

test('a loss compares what another model predicts', async () => {
  const [doubled, dropping] = [new Float32Array([2]), tf.layers.dropout({ rate: 0.5 })];
  const judge = tf.sequential({ layers: [dense('ones', { inputShape: [1] }), dropping] });
  judge.layers[0].setWeights([tf.tensor2d(doubled, [1, 1]), tf.zeros([1])]);
  const model = tf.sequential({ layers: [dense('ones', { inputShape: [2] })] });
  model.compile({
    optimizer: tf.train.sgd(0.01),
    loss: (t, p) =>
      tf.losses.meanSquaredError(judge.predict(t) as tf.Tensor, judge.predictOnBatch(p) as tf.Tensor),
  });
  // Σ (2·6 − 2·1)² / 4, without dropout: predictions are no training.
  const { history } = await model.fit(x, y, quiet);
  expect(history.loss).toEqual([100]);
  // 6 − 0.01·2·(2·5)·2·3 for each weight.
  expect(model.getWeights()[0].arraySync()).toEqual([[expect.closeTo(-0.2, 5)], [expect.closeTo(-0.2, 5)]]);
  expect(judge.getWeights()[0].arraySync()).toEqual([[2]]);
});
