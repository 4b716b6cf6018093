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
