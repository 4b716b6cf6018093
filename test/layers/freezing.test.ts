// What is not trainable stays as it is, however deep it is inside of what is frozen.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const x = tf.tensor2d(Array.from({ length: 16 }, (_, i) => [i, -2 * i]));
const y = tf.tensor2d(Array.from({ length: 16 }, (_, i) => [i % 3]));
const numbers = (layer: tf.Layer) => layer.getWeights().map((weight) => Array.from(weight.dataSync()));

const train = (model: tf.Model, inputs = x, targets = y) =>
  model.fit(inputs, targets, { epochs: 2, batchSize: 8, verbose: 0 });

function compiled(layers: tf.Layer[]): tf.Sequential {
  const model = tf.sequential({ layers });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return model;
}

describe('batch normalization', () => {
  test('inside a frozen model neither moves nor looks at the batch', async () => {
    const norm = tf.layers.batchNormalization();
    const base = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] }), norm] });
    base.trainable = false;
    const model = compiled([base, tf.layers.dense({ units: 1 })]);
    const before = numbers(base);
    const loss = (model.evaluate(x, y) as tf.Tensor).dataSync()[0];
    // One step, whose loss is from before it: with statistics of the batch it would be another than in evaluation.
    const { history } = await model.fit(x, y, { batchSize: 16, verbose: 0, shuffle: false });
    expect(history.loss[0]).toBeCloseTo(loss, 4);
    expect(numbers(base)).toEqual(before);
  });

  test('inside a frozen wrapper does not move', async () => {
    const norm = tf.layers.batchNormalization();
    const wrapped = tf.layers.timeDistributed({ layer: norm, inputShape: [2, 1], trainable: false });
    const model = compiled([wrapped, tf.layers.flatten(), tf.layers.dense({ units: 1 })]);
    const before = numbers(norm);
    await train(model, x.reshape([16, 2, 1]));
    expect(numbers(norm)).toEqual(before);
  });

  test('of a frozen model does not move', async () => {
    const norm = tf.layers.batchNormalization({ inputShape: [2] });
    const model = tf.sequential({ layers: [norm, tf.layers.dense({ units: 1 })] });
    model.trainable = false;
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const before = numbers(norm);
    await train(model);
    expect(numbers(norm)).toEqual(before);
  });

  test('without trained weights is frozen between two fits', async () => {
    const norm = tf.layers.batchNormalization({ center: false, scale: false, inputShape: [2] });
    const model = compiled([norm, tf.layers.dense({ units: 1 })]);
    await train(model);
    norm.trainable = false;
    const before = numbers(norm);
    await train(model);
    expect(numbers(norm)).toEqual(before);
  });

  test('applied twice follows both inputs, one after the other', async () => {
    const [a, b] = ['a', 'b'].map((name) => tf.input({ shape: [1], name }));
    const norm = tf.layers.batchNormalization({ momentum: 0.5 });
    const outputs = tf.layers.add().apply([norm.apply(a), norm.apply(b)]);
    const model = tf.model({ inputs: [a, b], outputs });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const [fours, eights] = [4, 8].map((value) => tf.tensor2d([[value], [value]]));
    await model.trainOnBatch([fours, eights], tf.zeros([2, 1]));
    const movingMean = numbers(norm)[2];
    // (0 + 4) / 2, then (2 + 8) / 2.
    expect(movingMean).toEqual([5]);
  });
});

test('a stateful layer applied twice goes on from its own state', () => {
  const [a, b] = ['a', 'b'].map((name) => tf.input({ batchShape: [1, 1, 1], name }));
  const options = { useBias: false, activation: 'linear' as const };
  const rnn = tf.layers.simpleRNN({ units: 1, stateful: true, ...options });
  const outputs = [rnn.apply(a), rnn.apply(b)];
  rnn.setWeights([tf.tensor2d([[1]]), tf.tensor2d([[1]])]);
  const model = tf.model({ inputs: [a, b], outputs });
  const sums = (model.predict([tf.ones([1, 1, 1]), tf.tensor3d([[[10]]])]) as tf.Tensor[]).map(
    (output) => output.dataSync()[0],
  );
  expect(sums).toEqual([1, 11]);
});

test('a model that is frozen once it is compiled trains itself, and stays as it is inside of others', async () => {
  const judge = compiled([tf.layers.dense({ units: 2, inputShape: [2] }), tf.layers.batchNormalization()]);
  const outer = tf.sequential({ layers: [judge, tf.layers.dense({ units: 1 })] });
  judge.trainable = false;
  outer.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const all = () => judge.getWeights().map((weight) => Array.from(weight.dataSync()));
  const first = all();
  await train(outer);
  expect(all()).toEqual(first);
  await train(judge, x, x);
  for (const [i, weight] of all().entries()) expect(weight).not.toEqual(first[i]);
  judge.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const second = all();
  await train(judge, x, x);
  expect(all()).toEqual(second);
});

test('what was frozen when a model was compiled trains once it is compiled again', async () => {
  const layers = [
    tf.layers.dense({ units: 2, inputShape: [2], trainable: false }),
    tf.layers.dense({ units: 1 }),
  ];
  const model = compiled(layers);
  const steps = async () => {
    const before = layers.map(numbers);
    await train(model, x.div(32));
    return layers.map((layer, i) => JSON.stringify(numbers(layer)) !== JSON.stringify(before[i]));
  };
  expect(await steps()).toEqual([false, true]);
  layers[0].trainable = true;
  expect(model.trainableWeights.length).toBe(4);
  expect(await steps()).toEqual([false, true]);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  expect(await steps()).toEqual([true, true]);
  // What was trained may be frozen and thawed in between.
  layers[1].trainable = false;
  expect(await steps()).toEqual([true, false]);
  layers[1].trainable = true;
  expect(await steps()).toEqual([true, true]);
});

test('layers that join a frozen model are left alone by loops of one’s own', () => {
  const model = tf.sequential();
  model.trainable = false;
  model.add(tf.layers.dense({ units: 1, inputShape: [2] }));
  const factor = tf.variable(tf.scalar(2));
  const before = numbers(model);
  tf.train.sgd(0.1).minimize(() => (model.apply(x) as tf.Tensor).mul(factor).square().mean() as tf.Scalar);
  expect(numbers(model)).toEqual(before);
  expect(factor.dataSync()[0]).not.toBe(2);
});
