// What has to be awaited first: data that come by a promise, given without `await`.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const later = <T>(value: T) => Promise.resolve(value) as unknown as T;
const x = tf.ones([4, 2]);
const y = tf.ones([4, 1]);

function compiled(): tf.Sequential {
  const model = tf.sequential({ layers: [tf.layers.dense({ name: 'd', units: 1, inputShape: [2] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return model;
}

test.each<[string, (model: tf.Sequential) => unknown]>([
  ['fit: x: no data for d_input; ', (model) => model.fit(later(x), y)],
  ['fit: y: no data for d; ', (model) => model.fit(x, later(y))],
  [
    'fit: validationData: x: no data for d_input; ',
    (model) => model.fit(x, y, { validationData: [later(x), y], verbose: 0 }),
  ],
  ['predict: x: no data for d_input; ', (model) => model.predict(later(x))],
  ['evaluate: y: no data for d; ', (model) => model.evaluate(x, later(y))],
  ['trainOnBatch: x: no data for d_input; ', (model) => model.trainOnBatch(later(x), y)],
])('%sgot a Promise', async (beginning, act) => {
  await expect(async () => act(compiled())).rejects.toThrow(`${beginning}got a Promise (await it).`);
});

test('a dataset where arrays are taken is called by its name', async () => {
  const dataset = tf.data.array([{ xs: [1, 2], ys: [1] }]) as unknown as tf.Tensor;
  await expect(compiled().fit(dataset, y)).rejects.toThrow(/got an? \w+\. A dataset goes to fitDataset\.$/);
});

test('numbers, tensors and layers are asked for in the same words', () => {
  expect(() => tf.tensor(later([1, 2]))).toThrow(
    'tensor: expected numbers or booleans; values is a Promise (await it).',
  );
  expect(() => tf.tensor([[later(1)]])).toThrow('values[0][0] is a Promise (await it).');
  expect(() => tf.add(later(x), 1)).toThrow('numbers that is; got a Promise (await it).');
  expect(() => tf.layers.dense({ name: 'e', units: 1 }).apply(later(x))).toThrow(
    'e: apply takes what input() or apply() return, or tensors; not both; got a Promise (await it).',
  );
  expect(() => tf.sequential().add(later(tf.layers.flatten()))).toThrow('got a Promise (await it).');
});
