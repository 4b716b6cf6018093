// Weights as scripts for TensorFlow.js have them: variables to differentiate by, to move and to assign.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const x = tf.tensor2d([
  [1, 2],
  [3, -1],
]);

/** y = (x·[2, 3])·[10], whose gradients are short sums. */
function product(names?: readonly [string, string]): tf.Sequential {
  const [first, second] = names ?? [];
  const options = { units: 1, useBias: false } as const;
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ ...options, name: first, inputShape: [2] }),
      tf.layers.dense({ ...options, name: second }),
    ],
  });
  reset(model);
  return model;
}

const numbers = (tensor: tf.Tensor | tf.Tensor[]) => [...[tensor].flat()[0].dataSync()];
const all = (model: tf.Sequential) => model.layers.flatMap((layer) => layer.getWeights().map(numbers));
/** Sets those of both layers, in whatever order `getWeights` has them. */
function reset(model: tf.Sequential): void {
  for (const [i, values] of [[[2], [3]], [[10]]].entries()) model.layers[i].setWeights([tf.tensor2d(values)]);
}
/** Σy = 10·((1 + 3)·2 + (2 − 1)·3): gradients [40, 10] and 11. */
const total = (model: tf.Sequential) => () => (model.predict(x) as tf.Tensor).sum();

test.each([
  ['val', (model: tf.Sequential) => model.trainableWeights.map(({ val }) => val)],
  ['the weights themselves', (model: tf.Sequential) => model.weights],
  ['what getWeights gives', (model: tf.Sequential) => model.getWeights()],
])('%s: gradients, computeGradients and steps by them', (_, variablesOf) => {
  const model = product();
  const { value, grads } = tf.variableGrads(total(model), variablesOf(model));
  expect(numbers(value)).toEqual([110]);
  expect(Object.values(grads).map(numbers)).toEqual([[40, 10], [11]]);
  const optimizer = tf.train.sgd(0.5);
  optimizer.applyGradients(optimizer.computeGradients(total(model), variablesOf(model)).grads);
  expect(all(model)).toEqual([[-18, -2], [4.5]]);
  reset(model);
  optimizer.minimize(total(model), true, variablesOf(model).slice(1));
  expect(all(model)).toEqual([[2, 3], [4.5]]);
});

test('val is a variable of the weights as they are, which may be assigned', () => {
  const model = product();
  const [{ val }] = model.weights;
  expect(val).toBeInstanceOf(tf.Variable);
  expect(model.weights[0].val).toBe(val);
  val.assign(tf.tensor2d([[0], [1]]));
  expect(numbers(model.predict(x) as tf.Tensor)).toEqual([20, -10]);
  tf.train.sgd(0.5).minimize(total(model), false, [val]);
  expect(numbers(val)).toEqual([-20, -4]);
});

test('a network follows another, whose layers have the same names', () => {
  const [online, target] = [product(['a', 'b']), product(['a', 'b'])];
  online.weights[0].val.assign(tf.tensor2d([[4], [5]]));
  for (const [i, { val }] of target.weights.entries()) {
    val.assign(val.mul(0.5).add(online.weights[i].val.mul(0.5)));
  }
  expect(all(target)).toEqual([[3, 4], [10]]);
  const { grads } = tf.variableGrads(total(online));
  tf.train.sgd(1).applyGradients(grads);
  expect(all(target)).toEqual([[3, 4], [10]]);
  expect(all(online)).toEqual([[-36, -5], [-11]]);
});

test('write sets them, and takes no other shape', () => {
  const model = product();
  const [weights] = model.weights;
  expect(weights.write(tf.tensor2d([[0], [1]]))).toBe(weights);
  expect(numbers(model.predict(x) as tf.Tensor)).toEqual([20, -10]);
  expect(() => weights.write(tf.ones([3]))).toThrow('expected weights of shape [2,1]; got [3].');
  expect(() => weights.write([1, 2] as never)).toThrow('expected a tensor; got [1,2].');
});

test('they are attributes of their layer', () => {
  const shapes = (layer: object, names: string) =>
    names.split(' ').map((name) => (layer as Readonly<Record<string, tf.LayerVariable>>)[name].shape);
  const [dense] = product().layers;
  expect(shapes(dense, 'kernel')).toEqual([[2, 1]]);
  const norm = tf.layers.batchNormalization();
  norm.apply(tf.ones([1, 3]));
  expect(shapes(norm, 'gamma beta movingMean movingVariance')).toEqual([[3], [3], [3], [3]]);
  const lstm = tf.layers.lstm({ units: 2 });
  lstm.apply(tf.ones([1, 4, 3]));
  expect(shapes((lstm as unknown as { cell: object }).cell, 'kernel recurrentKernel bias')).toEqual([
    [3, 8],
    [2, 8],
    [8],
  ]);
});

test('a layer that is not trainable is left alone by steps of loops, as long as it is so', () => {
  const model = product();
  const optimizer = tf.train.sgd(0.5);
  const step = () => {
    reset(model);
    optimizer.minimize(total(model));
    return all(model);
  };
  const both = [[-18, -2], [4.5]];
  expect(step()).toEqual(both);
  model.layers[0].trainable = false;
  expect(step()).toEqual([[2, 3], [4.5]]);
  expect(Object.values(tf.variableGrads(total(model)).grads).map(numbers)).toEqual([[11]]);
  const { grads } = tf.variableGrads(total(model), model.getWeights());
  // In the order of `getWeights`: what is trained comes first.
  expect(Object.values(grads).map((gradient) => gradient && numbers(gradient))).toEqual([null, [11]]);
  model.layers[0].trainable = true;
  expect(step()).toEqual(both);
  model.trainable = false;
  expect(() => step()).toThrow('Cannot find a connection between any variable and the result');
  model.trainable = true;
  model.layers[1].trainable = false;
  expect(step()).toEqual([[-18, -2], [10]]);
});

test('what is inside of a layer that is not trainable, and what it makes later, is left alone too', () => {
  const wrapped = tf.layers.timeDistributed({
    layer: tf.layers.dense({ units: 1, useBias: false, kernelInitializer: 'ones' }),
    inputShape: [2, 2],
    trainable: false,
  });
  // Weights at random may give what is too small to move a weight of 1.
  const recurrent = tf.layers.simpleRNN({ units: 1, kernelInitializer: 'ones', trainable: false });
  const model = tf.sequential({ layers: [wrapped, recurrent] });
  const last = tf.layers.dense({ units: 1, useBias: false, kernelInitializer: 'ones' });
  model.add(last);
  const before = all(model);
  tf.train
    .sgd(1)
    .minimize(() => (model.apply(tf.ones([1, 2, 2])) as tf.Tensor).sum() as tf.Tensor<tf.Rank.R0>);
  const after = all(model);
  expect(after.at(-1)).not.toEqual(before.at(-1));
  expect(after.slice(0, -1)).toEqual(before.slice(0, -1));
});

test("weights whose numbers were read are trained by a loop of one's own", () => {
  const { dense } = tf.layers;
  const model = tf.sequential({
    layers: [dense({ units: 1, useBias: false, kernelInitializer: 'ones', inputShape: [2] })],
  });
  const [kernel] = model.weights;
  const before = kernel.read();
  expect(numbers(before)).toEqual([1, 1]);
  const loss = () => (model.apply(tf.tensor2d([[2, 3]])) as tf.Tensor).sum() as tf.Scalar;
  const { grads } = tf.variableGrads(loss);
  expect(Object.values(grads).map(numbers)).toEqual([[2, 3]]);
  tf.train.sgd(1).minimize(loss);
  expect(numbers(kernel.read())).toEqual([-1, -2]);
  expect(numbers(before)).toEqual([1, 1]);
});

test('a variable that is made trainable or not between two steps', () => {
  const [a, b] = [tf.variable(tf.scalar(2)), tf.variable(tf.scalar(3))];
  const optimizer = tf.train.sgd(0.5);
  const step = () => {
    optimizer.minimize(() => a.mul(b));
    return [a.dataSync()[0], b.dataSync()[0]];
  };
  expect(step()).toEqual([0.5, 2]);
  a.trainable = false;
  expect(step()).toEqual([0.5, 1.75]);
  a.trainable = true;
  expect(step()).toEqual([-0.375, 1.5]);
});
