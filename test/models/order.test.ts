// The order of layers and weights, against TensorFlow.js: test/reference/tfjs-order.mjs made the names and files.

import { afterEach, describe, expect, test, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import { expectClose } from '../close.ts';
import { branchedModels } from '../reference/branched-models.mjs';
import reference from '../reference/tfjs-order.json' with { type: 'json' };

afterEach(() => vi.restoreAllMocks());

type Name = keyof typeof branchedModels;
const library = tf as never;

/** What `load` gives of TensorFlow.js's file, each weight's name changed. */
function artifactsOf(name: Name, rename: (name: string, i: number) => string = (given) => given) {
  const { modelTopology, weightSpecs, weightData } = reference[name].artifacts;
  const specs = weightSpecs.map((spec, i) => ({ ...spec, name: rename(spec.name, i) }));
  const bytes = Uint8Array.from(Buffer.from(weightData, 'base64'));
  return tf.io.fromMemory(modelTopology as never, specs as tf.io.WeightEntry[], bytes);
}

/** What the model computes of the inputs that TensorFlow.js computed with. */
function predictions(model: tf.Model, name: Name): tf.Tensor[] {
  const inputs = reference[name].values.map((values) => tf.tensor(values, [3, values.length / 3]));
  return [model.predict(inputs)].flat();
}

function expectSamePredictions(model: tf.Model, name: Name) {
  for (const [i, computed] of predictions(model, name).entries()) {
    // Both sides are float32, through six layers.
    expectClose(computed.dataSync(), reference[name].predictions[i], 2e-6);
  }
}

describe.each(Object.keys(branchedModels) as Name[])('%s', (name) => {
  const { layers, weights, shapes, trainable } = reference[name];
  const make = () => branchedModels[name](library) as unknown as tf.Model;

  test('layers and weights are listed as there', () => {
    const model = make();
    expect(model.layers.map((layer) => layer.name)).toEqual(layers);
    expect(model.weights.map((weight) => weight.name)).toEqual(weights);
    expect(model.getWeights().map((weight) => weight.shape)).toEqual(shapes);
    expect(model.trainableWeights.map((weight) => weight.name)).toEqual(trainable);
    expect(model.getWeights(true)).toHaveLength(trainable.length);
    expect(model.nonTrainableWeights.map((weight) => weight.name)).toEqual(weights.slice(trainable.length));
  });

  test('setWeights takes them in that order', () => {
    const model = make();
    model.setWeights(shapes.map((shape, i) => tf.fill(shape, (i + 1) / 20)));
    expectSamePredictions(model, name);
  });

  test('a file is written in that order', async () => {
    const { weightSpecs } = await make().save(tf.io.withSaveHandler((artifacts) => artifacts));
    expect(weightSpecs).toEqual(reference[name].artifacts.weightSpecs);
  });

  test.each<[string, (name: string, i: number) => string]>([
    ['the names of weights', (given) => given],
    ['names of cells among them', (given) => given.replace('/', '/cell/')],
    ['other names that end alike', (given, i) => given.replace(/.*\//, `w${i}/`)],
    ['other names', (_, i) => `w${i}`],
  ])('TensorFlow.js’s file with %s computes what it computed there', async (_, rename) => {
    expectSamePredictions(await tf.loadLayersModel(artifactsOf(name, rename)), name);
  });
});

test('Keras’s order, layer by layer, is known by what names end with', async () => {
  const [, { artifacts }] = [0, reference.residual];
  const decoded = tf.io.decodeWeights(
    Uint8Array.from(Buffer.from(artifacts.weightData, 'base64')),
    artifacts.weightSpecs as tf.io.WeightEntry[],
  );
  const layerOf = (name: string) => name.split('/')[0];
  const order = ['first_dense', 'first_norm', 'second_dense', 'second_norm', 'out'];
  const byLayer = Object.entries(decoded).sort(
    ([a], [b]) => order.indexOf(layerOf(a)) - order.indexOf(layerOf(b)),
  );
  const named = byLayer.map(([name, tensor], i) => ({ name: name.replace(/.*\//, `k${i}/`), tensor }));
  const { data, specs } = await tf.io.encodeWeights(named);
  const source = tf.io.fromMemory(artifacts.modelTopology as never, specs, data);
  expectSamePredictions(await tf.loadLayersModel(source), 'residual');
});

test('a weight of another shape is named', async () => {
  const { modelTopology } = reference.uneven.artifacts;
  const tensors = reference.uneven.shapes.map((shape, i) => ({
    name: `w${i}`,
    tensor: tf.ones(i === 2 ? [2, 8] : shape),
  }));
  const { data, specs } = await tf.io.encodeWeights(tensors);
  await expect(tf.loadLayersModel(tf.io.fromMemory(modelTopology as never, specs, data))).rejects.toThrow(
    'loadLayersModel: short/kernel has shape [4,4]; in its place the file has w2 of [2,8].',
  );
});

test('weights that are trained can be saved alone', async () => {
  const make = () => branchedModels.residual(library) as unknown as tf.Model;
  const model = make();
  const kept = await model.save(
    tf.io.withSaveHandler((artifacts) => artifacts),
    { trainableOnly: true },
  );
  expect(kept.weightSpecs.map(({ name }) => name)).toEqual(reference.residual.trainable);
  const loaded = await tf.loadLayersModel(tf.io.fromMemory(kept), { strict: false });
  const bits = (each: tf.Model) => each.getWeights(true).map((weight) => Array.from(weight.dataSync()));
  expect(bits(loaded)).toEqual(bits(model));
  await expect(tf.loadLayersModel(tf.io.fromMemory(kept))).rejects.toThrow('6 of 14 weights are not set: ');
});

test('what a user says of a model comes back', async () => {
  const model = branchedModels.uneven(library) as unknown as tf.Model;
  const words = { classes: ['cat', 'dog'], version: 3 };
  for (const none of [null, [], 3, { at: new Date() }, { call: () => 1 }]) {
    expect(() => model.setUserDefinedMetadata(none as never)).toThrow('is expected to be a JSON object');
  }
  model.setUserDefinedMetadata(words);
  const kept = await model.save(tf.io.withSaveHandler((artifacts) => artifacts));
  expect(kept.userDefinedMetadata).toEqual(words);
  const loaded = await tf.loadLayersModel(tf.io.fromMemory(kept));
  expect(loaded.getUserDefinedMetadata()).toEqual(words);
  expect(loaded.userDefinedMetadata).toEqual(words);
});

test('early stopping gives weights back to whose they are, whatever is frozen meanwhile', async () => {
  const model = branchedModels.residual(library) as unknown as tf.Model;
  model.compile({ optimizer: tf.train.sgd(0), loss: 'meanSquaredError' });
  const before = new Map(model.variables.map((variable) => [variable, variable.values()]));
  const freezes = {
    onEpochEnd: (epoch: number) => {
      if (epoch === 1) model.getLayer('second_dense').trainable = false;
    },
  };
  const stops = tf.callbacks.earlyStopping({ monitor: 'loss', patience: 1, restoreBestWeights: true });
  await model.fit(tf.ones([4, 4]), tf.ones([4, 2]), { epochs: 3, verbose: 0, callbacks: [stops, freezes] });
  for (const name of ['second_dense/kernel', 'out/kernel']) {
    const variable = model.variables.find((each) => each.name === name)!;
    expect(variable.values()).toEqual(before.get(variable));
  }
});

test('getLayer takes a name, an index, or an index behind a name that is none', () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], name: 'only' })] });
  const [layer] = model.layers;
  for (const found of [model.getLayer('only'), model.getLayer(0), model.getLayer(undefined, 0)]) {
    expect(found).toBe(layer);
  }
  expect(() => model.getLayer(null, 1)).toThrow('it has only');
});

test('words of a model that are longer than what they are for are said, and saved', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const model = tf.sequential({ name: 'chatty', layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  const saved = async (letters: number) => {
    model.setUserDefinedMetadata({ words: 'a'.repeat(letters) });
    await model.save(tf.io.withSaveHandler(async () => ({}) as never));
  };
  // {"words":"…"} are twelve letters more.
  await saved(2 ** 20 - 12);
  expect(warn).not.toHaveBeenCalled();
  await saved(2 ** 20 - 11);
  expect(warn.mock.calls).toEqual([
    ['chatty: save: its user-defined metadata are 1048577 letters long; keep them below 1048576.'],
  ]);
});
