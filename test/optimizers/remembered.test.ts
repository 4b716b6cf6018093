// What an optimizer remembers, given on by getWeights and taken by setWeights.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

test('what one remembers is what another begins with, though that has moved nothing yet', async () => {
  const variables = [tf.variable(tf.scalar(3)), tf.variable(tf.scalar(3))];
  const step = (optimizer: tf.Optimizer, i: number) =>
    void optimizer.minimize(() => variables[i].square() as tf.Tensor, false, [variables[i]]);
  const [whole, first, second] = [1, 2, 3].map(() => tf.train.adam(0.1));
  for (let i = 0; i < 4; i++) step(whole, 0);
  for (let i = 0; i < 2; i++) step(first, 1);
  const remembered = await first.getWeights();
  await second.setWeights(remembered, null);
  expect((await first.getWeights(null)).map(({ name }) => name)).toEqual(remembered.map(({ name }) => name));
  expect(second.iterations).toBe(2);
  for (let i = 0; i < 2; i++) step(second, 1);
  expect(variables[1].dataSync()).toEqual(variables[0].dataSync());
  tf.dispose(variables);
});

test('what an optimizer was given it gives on before its first step, and has its own copy', async () => {
  const v = tf.variable(tf.scalar(3));
  const loss = () => v.square() as tf.Tensor;
  const [first, second] = [tf.train.adam(0.1), tf.train.adam(0.1)];
  first.minimize(loss);
  const remembered = await first.getWeights();
  const numbers = remembered.map(({ name, tensor }) => [name, tensor.arraySync()]);
  await second.setWeights(remembered);
  tf.dispose(remembered);
  const given = await second.getWeights();
  expect(given.map(({ name, tensor }) => [name, tensor.arraySync()])).toEqual(numbers);
  second.minimize(loss);
  expect((await second.getWeights()).map(({ tensor }) => tensor.dataSync()[0])[0]).toBe(2);
  tf.dispose(v);
});

test('what is not what an optimizer remembers is a sentence', async () => {
  const optimizer = tf.train.adam(0.1);
  const steps = { name: 'iter', tensor: tf.scalar(1, 'int32') };
  for (const given of [
    null,
    [],
    [steps, null],
    [steps, { name: 'v/m' }],
    [steps, { name: 'v/m', tensor: [1] }],
  ]) {
    await expect(optimizer.setWeights(given as never)).rejects.toThrow(
      'setWeights takes what getWeights gave',
    );
  }
  expect(optimizer.iterations).toBe(0);
});

test('what does not fit the weights that a step moves is an error until it is replaced', async () => {
  const optimizer = tf.train.adam(0.1);
  const v = tf.variable(tf.tensor1d([1, 2, 3]));
  const step = () => optimizer.minimize(() => v.square().sum() as tf.Scalar, false, [v]);
  await optimizer.setWeights([
    { name: 'iter', tensor: tf.scalar(33, 'int32') },
    { name: 'v/m', tensor: tf.zeros([7]) },
  ]);
  for (let attempt = 0; attempt < 2; attempt++) expect(step).toThrow('adam');
  expect(v.arraySync()).toEqual([1, 2, 3]);
  await optimizer.setWeights(await tf.train.adam(0.1).getWeights());
  step();
  expect(optimizer.iterations).toBe(1);
  v.dispose();
});

test('what one remembers that has moved nothing is that another begins anew', async () => {
  const moved = async (optimizer: tf.Optimizer, begun: boolean) => {
    const v = tf.variable(tf.scalar(3));
    const step = () => optimizer.minimize(() => v.square() as tf.Tensor, false, [v]);
    if (begun) step();
    await optimizer.setWeights(await tf.train.momentum(0.1, 0.9).getWeights());
    expect(optimizer.iterations).toBe(0);
    v.assign(tf.scalar(3));
    step();
    const [value] = v.dataSync();
    v.dispose();
    return value;
  };
  for (const begun of [false, true]) {
    expect(await moved(tf.train.momentum(0.1, 0.9), begun)).toBeCloseTo(2.4, 5);
    expect(await moved(tf.train.adagrad(0.1, 0.5), begun)).toBeCloseTo(3 - 0.6 / Math.sqrt(36.5), 5);
  }
});
