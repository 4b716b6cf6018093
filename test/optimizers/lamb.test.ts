// LAMB against Optax (test/reference/optax-lamb.py), and rules that users write.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { expectClose } from '../close.ts';
import reference from '../reference/optax-lamb.json' with { type: 'json' };

/** ½·wᵀQw + Σ cᵢ·wᵢ³ of two parameters, each a vector of one. */
function problem(w1: tf.Tensor, w2: tf.Tensor): tf.Tensor {
  const squares = w1.square().mul(1.5).add(w1.mul(w2)).add(w2.square().mul(2));
  return squares.add(w1.pow(3).mul(0.25)).sub(w2.pow(3).mul(0.5)).sum() as tf.Tensor;
}

describe.each(Object.entries(reference))('%s', (_, { options, together, apart }) => {
  test('two parameters in one weight', () => {
    const w = tf.variable(tf.tensor1d([1, -0.75]));
    const optimizer = tf.train.lamb(options);
    for (const [step, expected] of together.entries()) {
      optimizer.minimize(() => problem(w.slice([0], [1]), w.slice([1], [1])), false, [w]);
      expectClose(w.dataSync(), expected, 3e-6, `after step ${step + 1}`);
    }
  });

  test('two weights, each with a norm of its own', () => {
    const weights = [1, -0.75].map((value) => tf.variable(tf.tensor1d([value])));
    const optimizer = tf.train.lamb(options);
    for (const [step, expected] of apart.entries()) {
      optimizer.minimize(() => problem(weights[0], weights[1]), false, weights);
      const got = weights.map((weight) => weight.dataSync()[0]);
      expectClose(got, expected, 3e-6, `after step ${step + 1}`);
    }
  });
});

test('a weight of zeros moves as Adam has it', () => {
  const w = tf.variable(tf.zeros([2]));
  tf.train.lamb({ learningRate: 0.125 }).minimize(() => w.sub(1).square().sum(), false, [w]);
  for (const value of w.dataSync()) expect(value).toBeCloseTo(0.125, 6);
  w.dispose();
});

test('layers that pad their weights have the norms of what they hold', async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [5] })] });
  const start = model.getWeights().map((weight) => Array.from(weight.dataSync()));
  model.compile({ optimizer: tf.train.lamb({ learningRate: 0.1 }), loss: 'meanSquaredError' });
  await model.fit(tf.ones([4, 5]), tf.zeros([4, 3]), { verbose: 0 });
  const [kernel] = model.getWeights();
  const moved = Array.from(kernel.dataSync(), (value, i) => value - start[0][i]);
  const norm = (values: readonly number[]) => Math.hypot(...values);
  expect(norm(moved)).toBeCloseTo(0.1 * norm(start[0]), 6);
});

describe("a rule of one's own", () => {
  /** w ← w − rate·sign(b), b ← ½b + g. */
  const signed = () =>
    new tf.Optimizer({
      className: 'signed',
      learningRate: 0.25,
      slots: { b: 0 },
      numbers: { half: 0.5, rate: (rate, step) => rate / step },
      update: ({ gradient, weights, slots, numbers }) => {
        const b = tf.add(tf.mul(slots.b, numbers.half), gradient);
        return { weights: tf.sub(weights, tf.mul(numbers.rate, tf.sign(b))), slots: { b } };
      },
    });

  test('moves a model, and is remembered', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], useBias: false })] });
    model.setWeights([tf.tensor2d([[1], [-1]])]);
    model.compile({ optimizer: signed(), loss: 'meanSquaredError' });
    // The gradient is 2·(w₁ − w₂ − 0)·[1, −1] = [4, −4], then 2·(0.75 + 0.75)·[1, −1] = [3, −3].
    const [x, y] = [tf.tensor2d([[1, -1]]), tf.tensor2d([[0]])];
    await model.fit(x, y, { epochs: 2, verbose: 0 });
    expect(Array.from(model.getWeights()[0].dataSync())).toEqual([0.625, -0.625]);
    const [, { name, tensor }] = await model.optimizer.getWeights();
    expect(name.endsWith('/b')).toBe(true);
    expect(Array.from(tensor.dataSync())).toEqual([5, -5]);
  });

  test('moves variables', () => {
    const w = tf.variable(tf.tensor1d([1, -1]));
    const optimizer = signed();
    optimizer.minimize(() => w.square().sum() as tf.Tensor, false, [w]);
    expect(Array.from(w.dataSync())).toEqual([0.75, -0.75]);
  });
});
