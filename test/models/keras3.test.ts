// Models as Keras 3 describes them, with weights by its names, predict what they do there. test/reference/keras3.py made
// the cases.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

type Nested = number | readonly Nested[];

interface Case {
  readonly name: string;
  readonly topology: object;
  readonly weights: readonly { readonly name: string; readonly values: Nested }[];
  readonly x: readonly Nested[];
  readonly y: readonly (readonly number[])[];
}

const path = new URL('../reference/keras3.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: readonly Case[] };

const numbersIn = (values: Nested): readonly number[] =>
  typeof values === 'number' ? [values] : values.flatMap(numbersIn);
const shapeOf = (values: Nested): number[] =>
  typeof values === 'number' ? [] : [values.length, ...shapeOf(values[0])];

const load = (modelTopology: object, weights: Case['weights'] = []) => {
  const weightSpecs = weights.map(({ name, values }) => ({
    name,
    shape: shapeOf(values),
    dtype: 'float32' as const,
  }));
  const weightData = Float32Array.from(weights.flatMap(({ values }) => numbersIn(values))).buffer;
  return tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData } as never));
};

const predicted = (model: tf.Model, x: readonly Nested[]): number[] => {
  const inputs = x.map((values) => tf.tensor(values as number[]));
  return [...(model.predict(inputs.length === 1 ? inputs[0] : inputs) as tf.Tensor).dataSync()];
};

describe.each(cases.map((each) => [each.name, each] as const))('%s', (_, { topology, weights, x, y }) => {
  const expected = y.flat().map((value) => expect.closeTo(value, 5));

  test('predicts what it does in Keras', async () => {
    expect(predicted(await load(topology, weights), x)).toEqual(expected);
  });

  test('once it is saved and loaded again, too', async () => {
    let saved: tf.io.ModelArtifacts | undefined;
    const handler = tf.io.withSaveHandler(async (artifacts: tf.io.ModelArtifacts) => {
      saved = artifacts;
      return {} as never;
    });
    await (await load(topology, weights)).save(handler);
    const again = await tf.loadLayersModel(tf.io.fromMemory(saved as never));
    expect(predicted(again, x)).toEqual(expected);
  });
});

/** A network of an input and a layer, as Keras 3 has it. */
const network = (class_name: string, config: object, node: object, input: readonly (number | null)[]) => ({
  class_name: 'Functional',
  config: {
    name: 'net',
    layers: [
      {
        ...{ module: 'keras.layers', class_name: 'InputLayer', name: 'x', inbound_nodes: [] },
        config: { batch_shape: input, dtype: 'float32', name: 'x' },
      },
      {
        ...{ module: 'keras.layers', class_name, name: 'layer', inbound_nodes: [node] },
        config: { name: 'layer', ...config },
      },
    ],
    input_layers: ['x', 0, 0],
    output_layers: ['layer', 0, 0],
  },
});

const tensorOf = (layer: string) => ({
  class_name: '__keras_tensor__',
  config: { shape: [null, 2], dtype: 'float32', keras_history: [layer, 0, 0] },
});

test('the kernel of a depthwise convolution, and the names of a sequential model', async () => {
  const topology = network(
    'DepthwiseConv2D',
    { kernel_size: [1, 1] },
    { args: [tensorOf('x')], kwargs: {} },
    [null, 1, 1, 2],
  );
  const weights = [
    { name: 'chain/layer/kernel', values: [[[[2], [3]]]] },
    { name: 'chain/layer/bias', values: [1, -1] },
  ];
  expect(predicted(await load(topology, weights), [[[[[5, 7]]]]])).toEqual([11, 20]);
});

test('the axes that a global pool leaves', async () => {
  const topology = network(
    'GlobalAveragePooling2D',
    { keepdims: true },
    { args: [tensorOf('x')], kwargs: {} },
    [null, 2, 2, 3],
  );
  expect((await load(topology)).outputs[0].shape).toEqual([null, 1, 1, 3]);
});

test('what a layer is applied to that is no tensor is a sentence', async () => {
  const add = network('Add', {}, { args: [tensorOf('x'), 2], kwargs: {} }, [null, 2]);
  await expect(load(add)).rejects.toThrow(
    'loadLayersModel: layer is applied to 2; layers take what other layers make.',
  );
  const nothing = network('ReLU', {}, { args: [], kwargs: {} }, [null, 2]);
  await expect(load(nothing)).rejects.toThrow('layer does not tell which layers it reads');
});

test('an activation that is another function in Keras 3 is a sentence, also within a wrapper', async () => {
  const node = { args: [tensorOf('x')], kwargs: {} };
  const dense = { class_name: 'Dense', config: { name: 'inner', units: 1, activation: 'hard_sigmoid' } };
  for (const topology of [
    network('Activation', { activation: 'hard_sigmoid' }, node, [null, 2]),
    network('TimeDistributed', { layer: dense }, node, [null, 3, 2]),
  ]) {
    await expect(load(topology)).rejects.toThrow(
      'layer: the hard_sigmoid of Keras 3, clip(x / 6 + 1 / 2, 0, 1), is missing.',
    );
  }
});

test('applications of models are counted from 0', async () => {
  const node = { args: [tensorOf('x')], kwargs: { mask: null } };
  const inner = network('ReLU', {}, { args: [tensorOf('x')], kwargs: {} }, [null, 2]).config;
  const model = await load(network('Functional', inner, node, [null, 2]));
  expect(predicted(model, [[[-1, 2]]])).toEqual([0, 2]);
  const chain = network('Sequential', { layers: inner.layers }, node, [null, 2]);
  expect(predicted(await load(chain), [[[-1, 2]]])).toEqual([0, 2]);
});

test('inputs and outputs by their names, and lists of them within lists', async () => {
  const topology = network('ReLU', {}, { args: [tensorOf('x')], kwargs: {} }, [null, 2]);
  const ends = { input_layers: { x: ['x', 0, 0] }, output_layers: [['x', 0, 0], [['layer', 0, 0]]] };
  const model = await load({ ...topology, config: { ...topology.config, ...ends } });
  const outputs = model.predict({ x: tf.tensor2d([[-1, 2]]) }) as tf.Tensor[];
  expect(outputs.map((output) => [...output.dataSync()])).toEqual([
    [-1, 2],
    [0, 2],
  ]);
});

test('what is told by names is counted in their order, and what is listed in its own', async () => {
  const topology = network('ReLU', {}, { args: [tensorOf('x')], kwargs: {} }, [null, 2]);
  const outputsOf = async (output_layers: object) => {
    const { outputs } = await load({ ...topology, config: { ...topology.config, output_layers } });
    return outputs.map(({ name }) => name.split('/')[0]);
  };
  const [x, layer] = [
    ['x', 0, 0],
    ['layer', 0, 0],
  ];
  expect(await outputsOf({ z: x, a: layer, 'a b': x })).toEqual(['layer', 'x', 'x']);
  const list = Array.from({ length: 11 }, (_, i) => (i === 2 ? layer : x));
  expect((await outputsOf(list)).indexOf('layer')).toBe(2);
});

test('a layer that is told that there is no mask reads none', async () => {
  const masking = {
    ...{ module: 'keras.layers', class_name: 'Masking', name: 'masking' },
    config: { name: 'masking', mask_value: 0 },
    inbound_nodes: [{ args: [tensorOf('x')], kwargs: {} }],
  };
  const meanWith = async (kwargs: object) => {
    const node = { args: [tensorOf('masking')], kwargs };
    const topology = network('GlobalAveragePooling1D', {}, node, [null, 2, 1]);
    topology.config.layers.splice(1, 0, masking as never);
    return predicted(await load(topology), [[[[4], [0]]]]);
  };
  expect(await meanWith({ mask: null })).toEqual([2]);
  expect(await meanWith({ mask: tensorOf('any') })).toEqual([4]);
});

test('a sequential model by the name of one of its layers', async () => {
  const layers = ['same', 'other'].map((name) => ({
    ...{ module: 'keras.layers', class_name: 'Dense' },
    config: { name, units: 1, use_bias: false },
  }));
  const input = {
    ...{ module: 'keras.layers', class_name: 'InputLayer' },
    config: { name: 'x', batch_shape: [null, 1] },
  };
  const topology = { class_name: 'Sequential', config: { name: 'same', layers: [input, ...layers] } };
  const weights = [
    { name: 'same/same/kernel', values: [[2]] },
    { name: 'same/other/kernel', values: [[3]] },
  ];
  expect(predicted(await load(topology, weights), [[[1]]])).toEqual([6]);
});
