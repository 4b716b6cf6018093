// Integers that nothing computes with come out as the numbers that they are.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

test.each(['int32', 'uint8'] as const)('%s through functions', (dtype) => {
  const x = tf.tensor([1, 2, 3], [3], dtype);
  expect(tf.reshape(x, [3, 1]).arraySync()).toEqual([[1], [2], [3]]);
  expect(tf.stopGradient(x).arraySync()).toEqual([1, 2, 3]);
  expect(tf.slice(x, [0], [3]).arraySync()).toEqual([1, 2, 3]);
});

test.each(['int32', 'uint8'] as const)('%s through a model', (inputDType) => {
  const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [2, 2], inputDType })] });
  const y = model.predict(tf.tensor([1, 2, 3, 200], [1, 2, 2], inputDType)) as tf.Tensor;
  expect(y.arraySync()).toEqual([[1, 2, 3, 200]]);
});
