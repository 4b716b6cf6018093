// Figures from textbooks, worked by hand there: gates, a forward pass, losses, a line, one step of
// backpropagation. docs/textbook.md walks through them.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { expectClose } from '../close.ts';

const quiet = { verbose: 0 } as const;
const pairs = tf.tensor2d([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]);

const predict = (model: tf.Model, x: tf.Tensor) => (model.predict(x) as tf.Tensor).dataSync();

describe('1. perceptron gates', () => {
  function gate(w1: number, w2: number, bias: number): number[] {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, activation: 'step', inputShape: [2] })],
    });
    model.setWeights([tf.tensor2d([[w1], [w2]]), tf.tensor1d([bias])]);
    return Array.from(predict(model, pairs));
  }

  test('AND, NAND and OR with given weights', () => {
    expect(gate(0.5, 0.5, -0.7)).toEqual([0, 0, 0, 1]);
    expect(gate(-0.5, -0.5, 0.7)).toEqual([1, 1, 1, 0]);
    expect(gate(0.6, 0.6, -0.5)).toEqual([0, 1, 1, 1]);
  });

  /** The outputs of a trained network, rounded, and its loss. */
  async function learnXor(hidden: number): Promise<{ outputs: number[]; loss: number }> {
    tf.setSeed(3);
    const model = tf.sequential();
    if (hidden > 0) model.add(tf.layers.dense({ units: hidden, activation: 'tanh', inputShape: [2] }));
    model.add(tf.layers.dense({ units: 1, activation: 'sigmoid', inputShape: [2] }));
    model.compile({ optimizer: tf.train.adam(0.05), loss: 'binaryCrossentropy' });
    const xor = tf.tensor1d([0, 1, 1, 0]);
    await model.fit(pairs, xor, { epochs: 300, batchSize: 4, ...quiet });
    const [loss] = (model.evaluate(pairs, xor) as tf.Tensor).dataSync();
    return { outputs: Array.from(predict(model, pairs), Math.round), loss };
  }

  test('XOR cannot be learned by one layer', async () => {
    const { outputs, loss } = await learnXor(0);
    expect(outputs).not.toEqual([0, 1, 1, 0]);
    // The best that a line can do is to say ½ everywhere, which costs log 2.
    expect(loss).toBeGreaterThan(Math.LN2 - 1e-6);
    expect(loss).toBeLessThan(Math.LN2 + 1e-3);
  });

  test('XOR is learned by two', async () => {
    const { outputs, loss } = await learnXor(8);
    expect(outputs).toEqual([0, 1, 1, 0]);
    expect(loss).toBeLessThan(0.05);
  });
});

test('2. two layers forward, against plain loops', () => {
  const fill = (rows: number, columns: number, seed: number) =>
    Array.from({ length: rows }, (_, i) =>
      Array.from({ length: columns }, (_, j) =>
        Math.fround((((i * columns + j) * 7 + seed) % 19) / 10 - 0.9),
      ),
    );
  const [x, w1, w2] = [fill(10, 2, 1), fill(2, 4, 5), fill(4, 3, 11)];
  const [b1, b2] = [fill(1, 4, 3)[0], fill(1, 3, 8)[0]];
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, activation: 'sigmoid', inputShape: [2] }),
      tf.layers.dense({ units: 3 }),
    ],
  });
  model.setWeights([tf.tensor2d(w1), tf.tensor1d(b1), tf.tensor2d(w2), tf.tensor1d(b2)]);

  const affine = (rows: number[][], w: number[][], b: number[]) =>
    rows.map((row) => b.map((bias, j) => row.reduce((sum, value, i) => sum + value * w[i][j], bias)));
  const hidden = affine(x, w1, b1).map((row) => row.map((z) => 1 / (1 + Math.exp(-z))));
  const expected = affine(hidden, w2, b2);

  const y = model.predict(tf.tensor2d(x)) as tf.Tensor;
  expect(y.shape).toEqual([10, 3]);
  expectClose(y.dataSync(), expected.flat(), 1e-6);
});

describe('3. losses of one prediction', () => {
  const y = [[0.1, 0.05, 0.6, 0, 0.05, 0.1, 0, 0.1, 0, 0]];
  const identity = tf.layers.activation({ activation: 'linear', inputShape: [10] });

  function lossOf(loss: string | tf.LossFunction, targets: tf.Tensor, predictions = y): number {
    const model = tf.sequential({ layers: [identity] });
    model.compile({ optimizer: 'sgd', loss });
    return (model.evaluate(tf.tensor2d(predictions), targets) as tf.Tensor).dataSync()[0];
  }

  const oneHot = tf.oneHot(tf.tensor1d(Int32Array.of(2)), 10);
  const written: tf.LossFunction = (t, p) => tf.neg(tf.sum(tf.mul(t, tf.log(tf.add(p, 1e-7))), -1));

  test('½Σ(y − t)² = 0.0975', () => {
    expect(lossOf('sumSquaredError', oneHot)).toBeCloseTo(0.0975, 7);
  });

  test('−Σ t·log(y + 1e-7) = 0.510825…', () => {
    expectClose([lossOf(written, oneHot)], [0.5108254571], 3e-7);
    expect(lossOf('categoricalCrossentropy', oneHot)).toBeCloseTo(0.510825, 5);
  });

  test('a batch with one-hot labels and with class numbers', () => {
    const predictions = [...y, [0.1, 0.05, 0.1, 0, 0.05, 0.1, 0, 0.6, 0, 0], Array(10).fill(0.1)];
    const numbers = [2, 7, 4];
    const labels = tf.tensor1d(Int32Array.from(numbers));
    const rows = tf.oneHot(labels, 10);
    const mean = numbers.reduce((sum, label, i) => sum - Math.log(predictions[i][label] + 1e-7), 0) / 3;

    expectClose([lossOf(written, rows, predictions)], [mean], 3e-7);
    const byRow = lossOf('categoricalCrossentropy', rows, predictions);
    expectClose([byRow], [mean], 1e-6);
    expect(lossOf('sparseCategoricalCrossentropy', labels, predictions)).toBe(byRow);
  });
});

test('4. a line through y = 2x by gradient descent', async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, useBias: false, inputShape: [1] })] });
  // The book prints w₀ = 0.058; its other figures follow from 2 − 42.7247/22 = 0.057968, which rounds to that.
  model.setWeights([tf.tensor2d([[0.057968]])]);
  model.compile({ optimizer: tf.train.sgd(0.01), loss: 'meanSquaredError' });
  const x = tf.tensor2d([[1], [2], [3], [4], [5]]);
  const y = tf.tensor2d([[2], [4], [6], [8], [10]]);
  const weight = () => model.getWeights()[0].dataSync()[0];

  const steps: [cost: number, gradient: number, w: number][] = [];
  for (let step = 0; step <= 15; step++) {
    const before = weight();
    const cost = (await model.trainOnBatch(x, y)) as number;
    steps.push([cost, (before - weight()) / 0.01, weight()]);
  }
  const printed: Record<number, [number, number, number]> = {
    0: [41.4864, -42.7247, 0.4852],
    5: [3.4582, -12.3354, 1.5627],
    10: [0.2883, -3.5614, 1.8737],
    15: [0.024, -1.0282, 1.9635],
  };
  for (const [step, [cost, gradient, w]] of Object.entries(printed)) {
    const [gotCost, gotGradient, gotW] = steps[Number(step)];
    expect(gotCost, `cost of step ${step}`).toBeCloseTo(cost, 4);
    // The gradient is told from two float32 weights, so its fourth decimal is not certain.
    expect(Math.abs(gotGradient - gradient), `gradient of step ${step}`).toBeLessThan(1e-4);
    expect(gotW, `w after step ${step}`).toBeCloseTo(w, 4);
  }
});

describe('5. y = x² on [−1, 1]', () => {
  async function errorOf(activation: string): Promise<number> {
    tf.setSeed(8);
    const x = tf.linspace(-1, 1, 41).reshape([41, 1]);
    const y = tf.tensor2d(Array.from(x.dataSync(), (value) => [value * value]));
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 8, activation, inputShape: [1] }), tf.layers.dense({ units: 1 })],
    });
    model.compile({ optimizer: tf.train.adam(0.02), loss: 'meanSquaredError' });
    const { history } = await model.fit(x, y, { epochs: 800, batchSize: 41, ...quiet });
    return history.loss[799];
  }

  test('two linear layers are a line, and a line misses it', async () => {
    // The best line is flat, at the mean of x²; what it misses is the variance of x² over the grid.
    const squares = Array.from({ length: 41 }, (_, i) => (i / 20 - 1) ** 2);
    const mean = squares.reduce((a, b) => a + b) / 41;
    const variance = squares.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 41;
    expect(variance).toBeCloseTo(0.097825, 9);
    expectClose([await errorOf('linear')], [variance], 1e-5);
  });

  test('an activation between them fits it', async () => {
    expect(await errorOf('tanh')).toBeLessThan(0.001);
  });
});

test('6. one step of backpropagation by hand', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 2, activation: 'sigmoid', useBias: false, inputShape: [2], name: 'h' }),
      tf.layers.dense({ units: 2, activation: 'sigmoid', useBias: false, name: 'o' }),
    ],
  });
  // W1 and W2 feed h1, W3 and W4 h2; W5 and W6 feed o1, W7 and W8 o2: one column of a kernel each.
  model.setWeights([
    tf.tensor2d([
      [0.3, 0.4],
      [0.25, 0.35],
    ]),
    tf.tensor2d([
      [0.45, 0.7],
      [0.4, 0.6],
    ]),
  ]);
  model.compile({ optimizer: tf.train.sgd(0.5), loss: 'sumSquaredError' });
  const x = tf.tensor2d([[0.1, 0.2]]);
  const targets = tf.tensor2d([[0.4, 0.6]]);
  const hidden = tf.model({ inputs: model.inputs, outputs: model.outputs[0].inputs });
  const error = () => (model.evaluate(x, targets) as tf.Tensor).dataSync()[0];

  expectClose(predict(hidden, x), [0.51998934, 0.5274723], 1e-7);
  expectClose(predict(model, x), [0.609446, 0.66384491], 1e-7);
  // In float32 a difference of 0.2 is known to 1.5e-8, and so is the error.
  expect(Math.abs(error() - 0.0239719)).toBeLessThan(1.5e-8);

  await model.trainOnBatch(x, targets);
  const [first, second] = model.getWeights().map((weight) => weight.dataSync());
  expectClose(
    [first[0], first[2], first[1], first[3]],
    [0.29959556, 0.24919112, 0.39964496, 0.34928991],
    1e-7,
  );
  expectClose(
    [second[0], second[2], second[1], second[3]],
    [0.43703857, 0.38685205, 0.69629578, 0.59624247],
    1e-7,
  );
  expect(Math.abs(error() - 0.02323634)).toBeLessThan(1.5e-8);
});
