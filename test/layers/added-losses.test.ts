// What layers add to the loss: by regularizers and by `addLoss`.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const x = tf.tensor2d(
  Array.from({ length: 24 }, (_, i) => Math.sin(i)),
  [8, 3],
);
const y = tf.tensor2d(
  Array.from({ length: 8 }, (_, i) => Math.cos(i)),
  [8, 1],
);

const penalty = tf.regularizers.l2({ l2: 0.05 });

/** Two layers, of which the first costs by its regularizer, or by a function that says the same. */
function network(how: 'regularizer' | 'addLoss' | 'neither'): tf.Sequential {
  tf.setSeed(5);
  const first = tf.layers.dense({
    units: 4,
    inputShape: [3],
    ...(how === 'regularizer' && { kernelRegularizer: penalty }),
  });
  const model = tf.sequential({ layers: [first, tf.layers.dense({ units: 1 })] });
  if (how === 'addLoss') addPenalty(first);
  return model;
}

const addPenalty = (layer: tf.Layer) => layer.addLoss(() => penalty.apply(layer.weights[0].read()));

async function train(model: tf.Sequential, options: tf.FitOptions = {}): Promise<unknown> {
  model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
  const { history } = await model.fit(x, y, {
    epochs: 3,
    batchSize: 4,
    shuffle: false,
    verbose: 0,
    ...options,
  });
  return { history, weights: model.getWeights().map((weight) => weight.arraySync()) };
}

test.each([
  ['batches', {}],
  ['micro-batches', { microBatches: 2 }],
])('a function that costs what a regularizer does trains to the same bits, in %s', async (_, options) => {
  const expected = await train(network('regularizer'), options);
  expect(await train(network('addLoss'), options)).toEqual(expected);
  expect(await train(network('neither'), options)).not.toEqual(expected);
});

test('what is added after a training counts in the next, and in evaluate', async () => {
  const model = network('neither');
  await train(model, { epochs: 1 });
  const before = (model.evaluate(x, y) as tf.Scalar).dataSync()[0];
  addPenalty(model.layers[0]);
  const cost = 0.05 * [...model.getWeights()[0].dataSync()].reduce((sum, weight) => sum + weight ** 2, 0);
  expect((model.evaluate(x, y) as tf.Scalar).dataSync()[0]).toBeCloseTo(before + cost, 5);
  const { history } = await model.fit(x, y, { epochs: 1, batchSize: 8, verbose: 0 });
  expect(history.loss[0]).toBeCloseTo(before + cost, 5);
});

test('calculateLosses gives each as it is now, of layers inside too; a shared layer counts once', () => {
  const shared = tf.layers.dense({
    units: 3,
    inputShape: [3],
    kernelInitializer: 'ones',
    kernelRegularizer: 'l2',
  });
  const inside = tf.sequential({ layers: [shared], name: 'inside' });
  const input = tf.input({ shape: [3] });
  const output = tf.layers.dense({ units: 1 }).apply(shared.apply(inside.apply(input)));
  const model = tf.model({ inputs: input, outputs: output });
  model.layers.at(-1)!.addLoss([() => tf.scalar(2), () => tf.scalar(3)]);
  expect(model.losses).toHaveLength(3);
  const losses = model.calculateLosses();
  expect(losses.map(({ shape }) => shape)).toEqual([[], [], []]);
  const values = losses.map((loss) => loss.dataSync()[0]);
  expect(values).toEqual([expect.closeTo(0.09, 6), 2, 3]);
  shared.setWeights([tf.zeros([3, 3]), tf.zeros([3])]);
  expect(model.calculateLosses()[0].dataSync()[0]).toBe(0);
});

test('what is no function, and what is no scalar, is said', async () => {
  const model = network('neither');
  const layer = model.layers[0];
  expect(() => layer.addLoss(3 as never)).toThrow(/^dense_\d+: addLoss: losses must be a function; got 3\.$/);
  layer.addLoss(() => tf.ones([2]));
  const sentence =
    /^dense_\d+: what addLoss was given must give a tensor of shape \[\]; got one of shape \[2\]\.$/;
  expect(() => layer.calculateLosses()).toThrow(sentence);
  await expect(train(model)).rejects.toThrow(sentence);
});

test('getNamedWeights gives copies under the names that save writes', () => {
  const model = network('neither');
  model.layers[0].trainable = false;
  const all = model.getNamedWeights();
  expect(all.map(({ name }) => name)).toEqual(model.weights.map(({ name }) => name));
  expect(all.map(({ tensor }) => tensor.arraySync())).toEqual(
    model.getWeights().map((weight) => weight.arraySync()),
  );
  expect(model.getNamedWeights({ trainableOnly: true })).toHaveLength(2);
  expect(() => model.getNamedWeights({ trainableOnli: true } as never)).toThrow(
    /getNamedWeights.*did you mean trainableOnly/i,
  );
});
