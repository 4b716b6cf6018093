// Models whose layers follow one another: lists of them, what is added and taken away, models within.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

test('a class of one’s own that adds layers in its way is asked for those of a list, too', () => {
  class Doubled extends tf.Sequential {
    override add(layer: tf.layers.Layer): void {
      super.add(layer);
      super.add(tf.layers.reLU());
    }
  }
  const layers = [tf.layers.dense({ units: 4, inputShape: [4] }), tf.layers.dense({ units: 2 })];
  const model = new Doubled({ layers });
  expect(model.layers.map(({ className }) => className)).toEqual(['Dense', 'ReLU', 'Dense', 'ReLU']);
  expect(model.outputShape).toEqual([null, 2]);
});

test('a list of more layers than calls may lie within calls', () => {
  const layers = Array.from({ length: 6000 }, () => tf.layers.activation({ activation: 'linear' }));
  const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [2] }), ...layers] });
  expect(model.layers).toHaveLength(6001);
});

test('the input of a chain that begins with a model has the name of that model’s, in files too', async () => {
  const inner = tf.sequential({
    name: 'inner',
    layers: [tf.layers.dense({ name: 'd', units: 2, inputShape: [3] })],
  });
  const last = tf.layers.dense({ name: 'e', units: 2 });
  const reloaded = async (model: tf.Model, rename = (text: string) => text) => {
    const artifacts = await model.save(tf.io.withSaveHandler((given) => given));
    const modelTopology = JSON.parse(rename(JSON.stringify(artifacts.modelTopology)));
    return tf.loadLayersModel(tf.io.fromMemory({ ...artifacts, modelTopology }));
  };
  const outer = tf.sequential({ layers: [tf.sequential({ layers: [inner] }), last] });
  for (const model of [outer, await reloaded(outer)]) {
    expect(model.inputNames).toEqual(['d_input']);
    expect((model.predict({ d_input: tf.ones([1, 3]) }) as tf.Tensor).shape).toEqual([1, 2]);
  }
  // A chain that has a layer twice is a network in its file, which says its input's name: once it was another.
  const twice = tf.sequential({ layers: [inner, last, last] });
  const older = await reloaded(twice, (text) => text.replaceAll('d_input', 'inner_input'));
  expect((await reloaded(twice)).inputNames).toEqual(['d_input']);
  expect(older.inputNames).toEqual(['inner_input']);
  const x = tf.ones([2, 3]);
  expect((older.predict(x) as tf.Tensor).arraySync()).toEqual((twice.predict(x) as tf.Tensor).arraySync());
});

test('the last layer can be taken away', () => {
  const model = tf.sequential();
  expect(() => model.pop()).toThrow('There are no layers in the model.');
  model.add(tf.layers.dense({ units: 4, inputShape: [3] }));
  model.add(tf.layers.dense({ units: 2 }));
  model.pop();
  expect([model.layers.length, model.outputShape]).toEqual([1, [null, 4]]);
  expect((model.predict(tf.ones([1, 3])) as tf.Tensor).shape).toEqual([1, 4]);
  expect(model.built).toBe(true);
  model.pop();
  expect(model.built).toBe(false);
  model.add(tf.layers.dense({ units: 1, inputShape: [5] }));
  expect((model.predict(tf.ones([1, 5])) as tf.Tensor).shape).toEqual([1, 1]);
});
