// What textbooks say of training: the update rules, parameter counts, vanishing gradients, batches.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { expectClose } from '../close.ts';

describe('7. update rules as textbooks write them, three steps on two weights', () => {
  const start = [0.5, -0.4];
  const x = [
    [1, 2],
    [-1, 0.5],
    [0.25, -1.5],
  ];
  const targets = [1, 0, -2];
  const rate = 0.1;
  const epsilon = 1e-7;

  /** Gradient of the mean of (x·w − t)². */
  const gradientOf = (w: readonly number[]) => {
    const errors = x.map((row, i) => row[0] * w[0] + row[1] * w[1] - targets[i]);
    return [0, 1].map((j) => (2 / 3) * errors.reduce((sum, error, i) => sum + error * x[i][j], 0));
  };

  type Rule = (g: number, step: number, state: number[]) => number;

  /** The weights after each of three steps in float64. */
  function byRule(rule: Rule, initial: readonly number[]): number[][] {
    const states = start.map(() => [...initial]);
    let w = start;
    return [1, 2, 3].map((step) => {
      const g = gradientOf(w);
      w = w.map((value, j) => value + rule(g[j], step, states[j]));
      return w;
    });
  }

  async function byLanegrad(optimizer: tf.Optimizer): Promise<number[][]> {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, useBias: false, inputShape: [2] })] });
    model.setWeights([tf.tensor2d(start.map((value) => [value]))]);
    model.compile({ optimizer, loss: 'meanSquaredError' });
    const results: number[][] = [];
    for (let step = 0; step < 3; step++) {
      await model.trainOnBatch(tf.tensor2d(x), tf.tensor2d(targets.map((t) => [t])));
      results.push(Array.from(model.getWeights()[0].dataSync()));
    }
    return results;
  }

  const rules: [name: string, optimizer: () => tf.Optimizer, rule: Rule, initial: number[]][] = [
    [
      'momentum: v ← αv − lr·g, w ← w + v',
      () => tf.train.momentum(rate, 0.9),
      (g, _, state) => {
        state[0] = 0.9 * state[0] - rate * g;
        return state[0];
      },
      [0],
    ],
    [
      'AdaGrad: h ← h + g², w ← w − lr·g/√(h + ε)',
      () => tf.train.adagrad(rate, 0),
      (g, _, state) => {
        state[0] += g * g;
        return (-rate * g) / Math.sqrt(state[0] + epsilon);
      },
      [0],
    ],
    [
      'RMSProp: h ← γh + (1−γ)g², w ← w − lr·g/√(h + ε)',
      () => tf.train.rmsprop(rate, 0.9),
      (g, _, state) => {
        state[0] = 0.9 * state[0] + 0.1 * g * g;
        return (-rate * g) / Math.sqrt(state[0] + epsilon);
      },
      [0],
    ],
    [
      'Adam with bias correction',
      () => tf.train.adam(rate),
      (g, step, state) => {
        state[0] = 0.9 * state[0] + 0.1 * g;
        state[1] = 0.999 * state[1] + 0.001 * g * g;
        const m = state[0] / (1 - 0.9 ** step);
        const v = state[1] / (1 - 0.999 ** step);
        return (-rate * m) / (Math.sqrt(v) + epsilon);
      },
      [0, 0],
    ],
  ];

  test.each(rules)('%s', async (_, optimizer, rule, initial) => {
    const got = await byLanegrad(optimizer());
    for (const [step, expected] of byRule(rule, initial).entries()) {
      expectClose(got[step], expected, 2e-6, `after step ${step + 1}`);
    }
  });
});

test('8. a 4-8-8-3 network: shapes and parameters as summary() prints them', () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 8, activation: 'relu', inputShape: [4], name: 'first' }),
      tf.layers.dense({ units: 8, activation: 'relu', name: 'second' }),
      tf.layers.dense({ units: 3, activation: 'softmax', name: 'third' }),
    ],
  });
  const lines: string[] = [];
  model.summary(undefined, undefined, (line) => lines.push(line));
  expect(lines).toEqual([
    '__________________________________________________________________________________________',
    'Layer (type)                Input Shape               Output shape              Param #   ',
    '==========================================================================================',
    'first (Dense)               [[null,4]]                [null,8]                  40        ',
    '__________________________________________________________________________________________',
    'second (Dense)              [[null,8]]                [null,8]                  72        ',
    '__________________________________________________________________________________________',
    'third (Dense)               [[null,8]]                [null,3]                  27        ',
    '==========================================================================================',
    'Total params: 139',
    'Trainable params: 139',
    'Non-trainable params: 0',
    '__________________________________________________________________________________________',
  ]);
});

test('9. deep sigmoid stacks lose their gradient where relu stacks keep it', async () => {
  /** The norm of the gradient that reaches the first layer; both stacks start from the same weights. */
  async function firstLayerGradient(activation: string): Promise<number> {
    tf.setSeed(21);
    const model = tf.sequential();
    for (let i = 0; i < 10; i++) {
      model.add(tf.layers.dense({ units: 32, activation, kernelInitializer: 'heNormal', inputShape: [16] }));
    }
    model.add(tf.layers.dense({ units: 1 }));
    // With plain descent at rate 1, the change of the weights is the gradient.
    model.compile({ optimizer: tf.train.sgd(1), loss: 'meanSquaredError' });
    const x = tf.tensor2d(
      Array.from({ length: 64 }, (_, i) => Array.from({ length: 16 }, (_, j) => Math.sin(i + j * j))),
    );
    const y = tf.tensor2d(Array.from({ length: 64 }, (_, i) => [Math.cos(i)]));
    const weights = () => Array.from(model.getWeights()[0].dataSync());
    const before = weights();
    await model.trainOnBatch(x, y);
    const after = weights();
    return Math.sqrt(before.reduce((sum, value, i) => sum + (value - after[i]) ** 2, 0));
  }

  const sigmoid = await firstLayerGradient('sigmoid');
  const relu = await firstLayerGradient('relu');
  expect(sigmoid).toBeGreaterThan(0);
  expect(sigmoid).toBeLessThan(1e-5);
  expect(relu).toBeGreaterThan(1e-1);
  expect(relu / sigmoid).toBeGreaterThan(10_000);
});

describe('10. iterations of an epoch of 2,000 samples', () => {
  const x = tf.tensor2d(Array.from({ length: 2000 }, (_, i) => [i / 2000]));

  async function iterations(batchSize: number): Promise<number> {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    let count = 0;
    const countBatch = () => {
      count++;
    };
    await model.fit(x, x, { batchSize, verbose: 0, callbacks: { onBatchEnd: countBatch } });
    return count;
  }

  test.each([
    [200, 10],
    [2000, 1],
    [1, 2000],
  ])('batches of %i: %i', async (batchSize, expected) => {
    expect(await iterations(batchSize)).toBe(expected);
  });
});
