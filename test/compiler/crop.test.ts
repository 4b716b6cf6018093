// Pixels that no window of a pool sees are not computed, unless somebody else reads them; no bit changes.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const size = [3, 8, 9, 2];
const images = tf.tensor(
  Float32Array.from({ length: 3 * 8 * 9 * 2 }, (_, i) => ((i * 37) % 101) / 50 - 1),
  size,
);
const labels = tf.tensor1d(Int32Array.of(0, 2, 1));
const pools = ['maxPooling2d', 'averagePooling2d'] as const;

/** A convolution, its activation, a pool, a classifier; with `watched` the values before the pool are an output. */
function network(pool: (typeof pools)[number], watched: 'nothing' | 'convolution' | 'activation'): tf.Model {
  tf.setSeed(3);
  const input = tf.input({ shape: size.slice(1) });
  const convolution = tf.layers
    .conv2d({ filters: 5, kernelSize: 3, strides: [1, 2], name: 'conv' })
    .apply(input);
  const activation = tf.layers.activation({ activation: 'relu', name: 'act' }).apply(convolution);
  const pooled = tf.layers[pool]({ poolSize: [4, 3], name: 'pool' }).apply(activation);
  const flat = tf.layers.flatten({ name: 'flat' }).apply(pooled);
  const classes = tf.layers.dense({ units: 3, activation: 'softmax', name: 'classes' }).apply(flat);
  const seen = { nothing: [], convolution: [convolution], activation: [activation] }[watched];
  const model = tf.model({ inputs: input, outputs: [classes, ...seen] });
  const unweighted = seen.map(() => (_: tf.Value, y: tf.Value) => tf.mul(tf.sum(y, [1, 2, 3]), 0));
  model.compile({ optimizer: 'sgd', loss: ['sparseCategoricalCrossentropy', ...unweighted] });
  return model;
}

const targets = (model: tf.Model) => [labels, ...model.outputs.slice(1).map(() => tf.zeros([3, 1]))];

describe.each(pools)('%s', (pool) => {
  test('makes the convolution smaller where it alone reads it', () => {
    const shapeIn = (watched: Parameters<typeof network>[1]) => {
      const model = network(pool, watched);
      return /conv2d \[(.*?)\]/.exec(model.printProgram(images, targets(model)))?.[1];
    };
    expect(shapeIn('nothing')).toBe('3,4,3,5');
    expect(shapeIn('convolution')).toBe('3,6,4,5');
    expect(shapeIn('activation')).toBe('3,6,4,5');
  });

  test('learns the same bits', async () => {
    const weights = async (watched: Parameters<typeof network>[1]) => {
      const model = network(pool, watched);
      await model.fit(images, targets(model), { epochs: 4, verbose: 0 });
      return model.getWeights().map((weight) => weight.arraySync());
    };
    const alone = await weights('nothing');
    expect(await weights('convolution')).toEqual(alone);
  });
});

test.each([
  [4, 4],
  [4, 5],
  [5, 4],
  [5, 5],
])('images of %i by %i in pools of 2 by 2: 4 by 4 are computed', (height, width) => {
  const layers = [
    tf.layers.conv2d({ filters: 1, kernelSize: 2, padding: 'same', inputShape: [height, width, 1] }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
  ];
  const model = tf.sequential({ layers });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const program = model.printProgram(tf.ones([1, height, width, 1]), tf.ones([1, 2, 2, 1]));
  expect(program).toContain('conv2d [1,4,4,1]');
});

test('random numbers before the pool keep their size', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [8, 9, 2] }),
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.maxPooling2d({ poolSize: [4, 3] }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
  const { history } = await model.fit(images, labels, { epochs: 1, verbose: 0 });
  expect(Number.isFinite(history.loss[0])).toBe(true);
});

test('a penalty on the values reads them too', () => {
  const layers = [
    tf.layers.conv2d({ filters: 2, kernelSize: 2, inputShape: [4, 4, 1], activityRegularizer: 'l1l2' }),
    tf.layers.maxPooling2d(),
  ];
  const model = tf.sequential({ layers });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const program = model.printProgram(tf.ones([1, 4, 4, 1]), tf.ones([1, 1, 1, 2]));
  expect(program).toContain('conv2d [1,3,3,2]');
  expect(program).not.toContain('conv2d [1,2,2,2]');
});
