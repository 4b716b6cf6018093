// What files of Keras say in other words than TensorFlow.js.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

/** A model of an input [null, 2] and a layer, as Keras writes it, with weights of ones. */
const described = (class_name: string, config: object, input: object = {}) => ({
  class_name: 'Functional',
  config: {
    name: 'm',
    layers: [
      {
        class_name: 'InputLayer',
        name: 'i',
        config: { batch_input_shape: [null, 2], dtype: 'float32', sparse: false, name: 'i', ...input },
        inbound_nodes: [],
      },
      { class_name, name: 'd', config: { name: 'd', ...config }, inbound_nodes: [[['i', 0, 0, {}]]] },
    ],
    input_layers: [['i', 0, 0]],
    output_layers: [['d', 0, 0]],
  },
});

const load = (model: object) => tf.models.modelFromJSON(model as never);
const predicted = async (model: object, x: number[][] = [[1, 2]]) =>
  ((await load(model)).predict(tf.tensor2d(x)) as tf.Tensor).arraySync();
const ones = { units: 1, kernel_initializer: 'ones' };

describe('types that are computed in float32', () => {
  const policy = (name: string, class_name = 'Policy') => ({ class_name, config: { name } });

  test.each([
    ['float64'],
    ['float16'],
    ['bfloat16'],
    ['mixed_float16'],
    ['mixed_bfloat16'],
    [policy('float32')],
    [policy('mixed_float16')],
    [{ module: 'keras', ...policy('mixed_float16', 'DTypePolicy'), registered_name: null }],
  ])('of a layer: %j', async (dtype) => {
    expect(await predicted(described('Dense', { ...ones, dtype }))).toEqual([[3]]);
    const inner = { class_name: 'Dense', config: { ...ones, dtype } };
    const shape = { batch_input_shape: [null, 2, 1], dtype };
    const [layer] = (await load(described('TimeDistributed', { layer: inner }, shape))).inputs;
    expect(layer.dtype).toBe('float32');
  });

  test('of an input, bools among them', async () => {
    for (const dtype of ['bool', 'float16'])
      expect(await predicted(described('Dense', ones, { dtype }))).toEqual([[3]]);
  });

  test('others are a sentence', async () => {
    for (const dtype of ['float8', policy('other')]) {
      await expect(load(described('Dense', { ...ones, dtype }))).rejects.toThrow(
        "d: dtype must be 'float32', 'uint8', 'int32' or 'string'; got ",
      );
    }
  });
});

test('an axis in a list of one', async () => {
  expect(await predicted(described('Softmax', { axis: [1] }))).toEqual([
    [expect.closeTo(0.2689414), expect.closeTo(0.7310586)],
  ]);
  await expect(load(described('Softmax', { axis: [1, 2] }))).rejects.toThrow(
    'd: axis must be an integer; got [1,2].',
  );
});

test('the slope and the threshold of a ReLU', async () => {
  const bent = { max_value: 2.5, negative_slope: 0.5, threshold: 1 };
  expect(
    await predicted(described('ReLU', bent), [
      [-2, 0],
      [1, 2],
      [2.5, 7],
    ]),
  ).toEqual([
    [-1.5, -0.5],
    [0, 2],
    [2.5, 2.5],
  ]);
  const usual = { max_value: 6, negative_slope: 0, threshold: 0 };
  expect(await predicted(described('ReLU', usual), [[-2, 7]])).toEqual([[0, 6]]);
});

test('an implementation of a simple recurrent layer, which is one and is not saved', async () => {
  const rnn = { ...ones, implementation: 2, recurrent_initializer: 'zeros', activation: 'linear' };
  const shape = { batch_input_shape: [null, 2, 1] };
  const model = await load(described('SimpleRNN', rnn, shape));
  expect((model.predict(tf.ones([1, 2, 1])) as tf.Tensor).arraySync()).toEqual([[1]]);
  expect(model.layers[1].getConfig()).not.toHaveProperty('implementation');
  tf.layers.simpleRNNCell({ units: 1, implementation: 1 });
});

describe('optimizers with options of Keras', () => {
  const loaded = async (class_name: string, config: object) => {
    const trainingConfig = { loss: 'mse', metrics: ['acc'], optimizer_config: { class_name, config } };
    const artifacts = { modelTopology: described('Dense', ones), trainingConfig };
    const { optimizer } = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
    return optimizer.getConfig();
  };
  const names = { name: 'Adam', decay: 0.5, jit_compile: false, clipvalue: null };

  test('those that there are here are taken, and others left out', async () => {
    const moments = { beta_1: 0.8, beta_2: 0.99, epsilon: 1e-6, amsgrad: true };
    expect(await loaded('Adam', { ...names, ...moments, lr: 0.2, learning_rate: 0.01 })).toEqual({
      ...{ learningRate: 0.01, beta1: 0.8, beta2: 0.99, epsilon: 1e-6, amsgrad: true },
    });
    expect(await loaded('SGD', { ...names, lr: 0.2, nesterov: false })).toEqual({ learningRate: 0.2 });
    expect(await loaded('Adamax', names)).toMatchObject({ learningRate: 0.002, decay: 0.5 });
  });

  test('rho is what keeps the mean of squares, and the decay of a rate is not', async () => {
    expect(await loaded('RMSprop', { ...names, rho: 0.7 })).toMatchObject({ decay: 0.7 });
    expect(await loaded('RMSProp', { learning_rate: 0.1, decay: 0.6 })).toMatchObject({ decay: 0.6 });
    expect(await loaded('Adadelta', { ...names, rho: 0.7 })).toMatchObject({ rho: 0.7 });
  });

  test('values that none can have are a sentence', async () => {
    await expect(loaded('Adam', { lr: -1 })).rejects.toThrow(
      'adam: learningRate must be a number, 0 or more',
    );
  });
});
