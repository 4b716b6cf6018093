// One optimizer of several models: each has steps, and what is remembered of weights, of its own.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const x = tf.tensor2d([[1], [2], [3], [4]]);
const y = tf.tensor2d([[2], [3], [5], [9]]);
const options = { epochs: 3, batchSize: 4, verbose: 0, seed: 1 } as const;

function newModel(optimizer: tf.Optimizer): tf.Model {
  const layers = [tf.layers.dense({ inputShape: [1], units: 1, kernelInitializer: 'ones' })];
  const model = tf.sequential({ layers });
  model.compile({ optimizer, loss: 'meanSquaredError' });
  return model;
}

const weightsOf = (model: tf.Model) => model.getWeights().map((tensor) => Array.from(tensor.dataSync()));

test('models that take turns train as each does alone', async () => {
  const rate = tf.schedules.exponential({ initial: 0.1, decaySteps: 2, decayRate: 0.5 });
  const alone = newModel(tf.train.adam(rate));
  for (let i = 0; i < 3; i++) await alone.fit(x, y, options);
  const shared = tf.train.adam(rate);
  const models = [newModel(shared), newModel(shared)];
  for (let i = 0; i < 3; i++) for (const model of models) await model.fit(x, y, options);
  for (const model of models) {
    expect(weightsOf(model)).toEqual(weightsOf(alone));
    expect(model.optimizer.iterations).toBe(9);
  }
});

test('steps that alternate do too', async () => {
  const alone = newModel(tf.train.adam(0.1));
  const shared = tf.train.adam(0.1);
  const models = [newModel(shared), newModel(shared)];
  for (let i = 0; i < 5; i++) await alone.trainOnBatch(x, y);
  for (let i = 0; i < 5; i++) for (const model of models) await model.trainOnBatch(x, y);
  for (const model of models) expect(weightsOf(model)).toEqual(weightsOf(alone));
});

test('a model is saved with its own steps', async () => {
  const shared = tf.train.adam(0.1);
  const [first, second] = [newModel(shared), newModel(shared)];
  await first.fit(x, y, options);
  await second.trainOnBatch(x, y);
  const [steps] = await first.optimizer.getWeights();
  expect(steps.tensor.dataSync()[0]).toBe(3);
});

test('loops of its own count together, as in TensorFlow.js', () => {
  const optimizer = tf.train.adam(0.1);
  const variables = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(2))];
  for (let i = 0; i < 3; i++) {
    for (const variable of variables) {
      optimizer.minimize(() => variable.square() as tf.Scalar, false, [variable]);
    }
  }
  expect(optimizer.iterations).toBe(6);
});

test('a loop and a model that take turns count their own steps', async () => {
  const optimizers = [tf.train.adam(0.1), tf.train.adam(0.1)];
  const [alone, shared] = optimizers.map((optimizer) => {
    const variable = tf.variable(tf.scalar(1));
    return {
      variable,
      step: () => void optimizer.minimize(() => variable.square() as tf.Scalar, false, [variable]),
    };
  });
  const model = newModel(optimizers[1]);
  for (let i = 0; i < 3; i++) {
    alone.step();
    shared.step();
    await model.fit(x, y, options);
  }
  expect(shared.variable.dataSync()).toEqual(alone.variable.dataSync());
  expect(model.optimizer.iterations).toBe(9);
});

test('a loop that moves a model’s weights counts with it, however they take turns', async () => {
  const alone = newModel(tf.train.adam(0.1));
  for (let i = 0; i < 6; i++) await alone.trainOnBatch(x, y);
  const model = newModel(tf.train.adam(0.1));
  const loss = () => tf.losses.meanSquaredError(y, model.predict(x) as tf.Tensor);
  const steps = [
    () => model.optimizer.minimize(loss),
    () => model.trainOnBatch(x, y),
    () => model.optimizer.applyGradients(tf.variableGrads(loss).grads),
  ];
  for (const step of [...steps, ...steps]) await step();
  expect(model.optimizer.iterations).toBe(6);
  for (const [i, values] of weightsOf(model).entries()) {
    for (const [j, value] of values.entries()) expect(value).toBeCloseTo(weightsOf(alone)[i][j], 5);
  }
});

test('models whose weights one loop moves go on together', async () => {
  const optimizer = tf.train.adam(0.1);
  const [first, second] = [newModel(optimizer), newModel(optimizer)];
  for (let i = 0; i < 4; i++) await first.trainOnBatch(x, y);
  await second.trainOnBatch(x, y);
  optimizer.minimize(() =>
    (first.apply(x) as tf.Tensor)
      .add(second.apply(x) as tf.Tensor)
      .square()
      .mean(),
  );
  expect(optimizer.iterations).toBe(5);
  await first.trainOnBatch(x, y);
  expect(optimizer.iterations).toBe(6);
  await second.trainOnBatch(x, y);
  expect(optimizer.iterations).toBe(7);
});
