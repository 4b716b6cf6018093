// Numbers do not depend on when somebody looks: scripts at random, of tensors, variables, gradients and steps, run once
// reading all that they make at once, and once at their end.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { RandomStream } from '../../src/random/random-stream.ts';

/** Runs the script of a seed. @returns all numbers that it made @param look is shown each tensor as it is made */
function numbersOf(seed: number, look: (tensor: tf.Tensor) => void): number[][] {
  const random = new RandomStream(seed, 0);
  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)];
  const variables = [0, 1].map(() => tf.variable(tf.tensor1d([random.uniform(), -random.uniform()])));
  const tensors: tf.Tensor[] = [tf.tensor1d([1, 2])];
  const collected: Record<string, tf.Tensor>[] = [];
  const optimizers = [tf.train.sgd(0.1), tf.train.adam(0.1)];
  const add = (tensor: tf.Tensor) => {
    look(tensor);
    tensors.push(tensor);
  };
  const value = () => pick([...variables, ...tensors]).mul(1 + random.below(2));
  const steps: (() => void)[] = [
    () => add(value().add(value()).tanh()),
    () => add(value().mul(value()).tanh()),
    () => add(pick(variables).clone()),
    () => pick(variables).assign(value().tanh()),
    () => {
      const [by, other] = [pick(variables), value()];
      const { grads } = tf.variableGrads(() => by.square().mul(other).sum(), [by]);
      Object.values(grads).forEach(look);
      collected.push(grads);
    },
    () => {
      if (collected.length > 0) pick(optimizers).applyGradients(pick(collected));
    },
    () => {
      const other = value();
      pick(optimizers).minimize(
        () => variables[0].mul(other).add(variables[1]).square().sum(),
        false,
        variables,
      );
    },
  ];
  for (let i = 0; i < 24; i++) pick(steps)();
  const numbers = [...tensors, ...variables].map((tensor) => [...tensor.dataSync()]);
  tf.dispose(variables);
  return numbers;
}

test.each(Array.from({ length: 10 }, (_, i) => 28 + i))('script %i', (seed) => {
  expect(numbersOf(seed, () => {})).toEqual(numbersOf(seed, (tensor) => void tensor.dataSync()));
});

const views: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  reshape: (x) => x.reshape([2]),
  slice: (x) => x.slice([0], [2]),
  clone: (x) => x.clone(),
};

test.each(Object.entries(views))(
  'who writes into an array that was read changes nothing made of %s',
  (_, view) => {
    const x = tf.tensor1d([1, 2]).add(0);
    x.sum().dataSync();
    const double = view(x).mul(2);
    x.dataSync()[0] = 100;
    expect([...double.dataSync()]).toEqual([2, 4]);

    const source = tf.ones([2]);
    const shown = view(source);
    const triple = source.mul(3);
    shown.dataSync()[0] = 100;
    expect([...triple.dataSync()]).toEqual([3, 3]);
  },
);

const readers: Record<string, (x: () => tf.Tensor) => unknown> = {
  whereAsync: (x) => tf.whereAsync(x().toBool()),
  booleanMaskAsync: (x) => tf.booleanMaskAsync(x(), [true, false]),
  setdiff1dAsync: (x) => tf.setdiff1dAsync(x(), x()),
  inTopKAsync: (x) =>
    tf.inTopKAsync(
      [
        [1, 2],
        [3, 4],
      ],
      x(),
    ),
  unique: (x) => tf.unique(x()),
  searchSorted: (x) => tf.searchSorted(x(), x()),
  bandPart: (x) => tf.linalg.bandPart([[1]], x().min() as tf.Scalar, 1),
  'optimizer.setWeights': (x) => tf.train.sgd(0.1).setWeights([{ name: 'iter', tensor: x() }]),
  'browser.toPixels': (x) => tf.browser.toPixels(x().expandDims() as tf.Tensor2D),
  trainTestSplit: (x) => tf.trainTestSplit(x()),
  regressionReport: (x) => tf.metrics.regressionReport(x(), x()),
};

test.each(Object.entries(readers))(
  '%s only looks: it takes no array out, which would be copied later',
  async (_, read) => {
    const given: tf.Tensor[] = [];
    await read(() => {
      const x = tf.tensor1d([0, 1]).add(0);
      x.computed();
      given.push(x);
      return x;
    });
    for (const x of given) {
      const { arrayId } = x;
      x.mul(2);
      expect(x.arrayId).toBe(arrayId);
    }
  },
);
