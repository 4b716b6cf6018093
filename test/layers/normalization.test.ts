// Batch normalisation in training: what moves, what is frozen, what is said to wrong options.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const x = tf.tensor2d([1, 10, 2, 20, 3, 30, 6, 60], [4, 2]);
const y = tf.tensor2d([0, 1, 0, 1], [4, 1]);

function network(options: Parameters<typeof tf.layers.batchNormalization>[0]): tf.Sequential {
  tf.setSeed(1);
  const model = tf.sequential({
    layers: [
      tf.layers.batchNormalization({ inputShape: [2], ...options }),
      tf.layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
  });
  model.compile({ optimizer: tf.train.sgd(0.1), loss: 'binaryCrossentropy' });
  return model;
}

const weights = (model: tf.Sequential) => model.layers[0].getWeights().map((w) => Array.from(w.dataSync()));

describe('batchNormalization', () => {
  test('training moves gamma and beta, and the statistics towards those of the batch', async () => {
    const model = network({ momentum: 0.5 });
    await model.fit(x, y, { epochs: 1, batchSize: 4, shuffle: false, verbose: 0 });
    const [gamma, beta, mean, variance] = weights(model);
    expect(gamma).not.toEqual([1, 1]);
    expect(beta).not.toEqual([0, 0]);
    expect(mean).toEqual([1.5, 15]);
    // The variance of 1, 2, 3, 6 is 3.5.
    expect(variance).toEqual([0.5 + 3.5 / 2, 0.5 + 350 / 2]);
  });

  test('frozen, nothing moves and the moving statistics are used', async () => {
    const model = network({ trainable: false });
    const before = model.predict(x) as tf.Tensor;
    const kept = weights(model);
    const dense = model.layers[1];
    dense.trainable = false;
    const history = await model.fit(x, y, { epochs: 2, batchSize: 4, verbose: 0 });
    expect(weights(model)).toEqual(kept);
    expect((model.predict(x) as tf.Tensor).dataSync()).toEqual(before.dataSync());
    // The loss in training is that of inference: statistics of the batch play no part.
    const evaluated = model.evaluate(x, y) as tf.Tensor;
    expect(history.history.loss[1]).toBe(evaluated.dataSync()[0]);
  });

  test('evaluation leaves the statistics alone', () => {
    const model = network({});
    const kept = weights(model);
    model.evaluate(x, y);
    expect(weights(model)).toEqual(kept);
  });

  test('the moving statistics are not trainable parameters', () => {
    const model = network({});
    const lines: string[] = [];
    model.summary(undefined, undefined, (line) => lines.push(line));
    expect(lines.join('\n')).toContain('Total params: 11\nTrainable params: 7\nNon-trainable params: 4');
  });

  test('a mean far from zero costs no digits of the variance', async () => {
    const model = network({ momentum: 0 });
    const far = tf.tensor2d(
      [4000, 4001, 4002, 4003].flatMap((v) => [v, -v]),
      [4, 2],
    );
    await model.fit(far, y, { batchSize: 4, verbose: 0 });
    expect(weights(model)[3]).toEqual([1.25, 1.25]);
  });

  test.each([
    [{ momentum: 1.5, name: 'bn' }, 'bn: momentum must be from 0 to 1; got 1.5.'],
    [{ axis: 2, name: 'bn' }, 'bn: axis must be from 1 to 1 for input [null,2]; got 2.'],
    [{ axis: 0, name: 'bn' }, 'bn: axis must be from 1 to 1 for input [null,2]; got 0.'],
  ])('%j is a sentence', (options, sentence) => {
    expect(() => network(options)).toThrow(sentence);
  });
});

test('layerNormalization of an axis of open size is a sentence', () => {
  const layer = tf.layers.layerNormalization({ axis: 1, name: 'ln' });
  expect(() => layer.apply(tf.input({ shape: [null, 3] }))).toThrow(
    'ln: takes input with a known size along axis 1; got [null,null,3].',
  );
});
