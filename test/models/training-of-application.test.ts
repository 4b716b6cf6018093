// A layer that is told to train, or not to, where a functional model is made does so whatever the model does, as in
// Keras: what draws samples with dropout, and what normalises each batch by itself, in predictions. TensorFlow.js has
// it do as the model does.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const ones = () => tf.ones([1, 400]);

function dropping(training?: boolean): tf.LayersModel {
  const input = tf.input({ shape: [400] });
  return tf.model({ inputs: input, outputs: tf.layers.dropout({ rate: 0.5 }).apply(input, { training }) });
}

interface Config {
  layers: { inbound_nodes: [string, number, number, object][][] }[];
}

const kept = (model: tf.LayersModel) => [...(model.predict(ones()) as tf.Tensor).dataSync()];

test('dropout drops in predictions, other elements each time', () => {
  const model = dropping(true);
  const [first, second] = [kept(model), kept(model)];
  expect(new Set(first)).toEqual(new Set([0, 2]));
  expect(second).not.toEqual(first);
});

test('it drops nothing while the model trains', async () => {
  const model = dropping(false);
  model.compile({ loss: 'meanSquaredError', optimizer: 'sgd' });
  expect(await model.trainOnBatch(ones(), ones())).toBe(0);
});

test('it does as the model does where nothing is said, and files say nothing of it', () => {
  expect(new Set(kept(dropping()))).toEqual(new Set([1]));
  const saidOf = (model: tf.LayersModel) => {
    const { layers } = (model.toJSON(null, false) as unknown as { config: Config }).config;
    return layers.at(-1)!.inbound_nodes[0][0][3];
  };
  expect([dropping(), dropping(true)].map(saidOf).map(Object.entries)).toEqual([[], [['training', true]]]);
});

test('batches are normalised by themselves in predictions, once the model is loaded too', async () => {
  const input = tf.input({ shape: [1] });
  const output = tf.layers.batchNormalization({ epsilon: 1e-9 }).apply(input, { training: true });
  const model = tf.model({ inputs: input, outputs: tf.layers.flatten().apply(output) });
  const modelTopology = JSON.parse(model.toJSON() as string);
  const loaded = await tf.models.modelFromJSON({ modelTopology });
  for (const each of [model, loaded]) {
    const normalised = each.predict(tf.tensor2d([[1], [5]])) as tf.Tensor;
    expect([...normalised.dataSync()].map((x) => x.toFixed(3))).toEqual(['-1.000', '1.000']);
  }
});
