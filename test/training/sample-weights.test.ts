// What samples and classes count for in `fit`.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { line, quiet, weightOf, x, y } from './line.ts';

describe('weights of samples', () => {
  /** Gradient of the mean of c·(w·x − y)² at w = 0.5. */
  const expectedStep = (weights: readonly number[]) => {
    const [xs, ys] = [x.dataSync(), y.dataSync()];
    return weights.reduce((sum, c, i) => sum + (c * 2 * (0.5 * xs[i] - ys[i]) * xs[i]) / 20, 0);
  };
  const all = { ...quiet, batchSize: 20, shuffle: false };

  test('by sample', async () => {
    const weights = Array.from({ length: 20 }, (_, i) => (i % 4) / 2);
    const model = line(tf.train.sgd(1));
    await model.fit(x, y, { ...all, sampleWeight: tf.tensor1d(weights) });
    expect(0.5 - weightOf(model)).toBeCloseTo(expectedStep(weights), 5);
  });

  test('by class: of labels and of one-hot targets', async () => {
    const labels = Int32Array.from({ length: 20 }, (_, i) => i % 2);
    async function trained(loss: string, targets: tf.Tensor): Promise<number[]> {
      tf.setSeed(1);
      const model = tf.sequential({
        layers: [tf.layers.dense({ units: 2, activation: 'softmax', inputShape: [1] })],
      });
      model.compile({ optimizer: tf.train.sgd(1), loss });
      await model.fit(x, targets, { ...all, classWeight: { 1: 3 } });
      return Array.from(model.getWeights()[0].dataSync());
    }
    const sparse = await trained('sparseCategoricalCrossentropy', tf.tensor1d(labels));
    expect(await trained('categoricalCrossentropy', tf.oneHot(tf.tensor1d(labels), 2))).toEqual(sparse);

    tf.setSeed(1);
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 2, activation: 'softmax', inputShape: [1] })],
    });
    model.compile({ optimizer: tf.train.sgd(1), loss: 'sparseCategoricalCrossentropy' });
    const sampleWeight = tf.tensor1d(Array.from(labels, (label) => (label === 1 ? 3 : 1)));
    await model.fit(x, tf.tensor1d(labels), { ...all, sampleWeight });
    expect(Array.from(model.getWeights()[0].dataSync())).toEqual(sparse);
  });
});
