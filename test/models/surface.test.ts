// What scripts of TensorFlow.js say of models and of how layers are connected.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const branched = () => {
  const a = tf.input({ shape: [4], name: 'a' });
  const b = tf.layers.input({ shape: [4], name: 'b' });
  const shared = tf.layers.dense({ units: 3, name: 'shared' });
  const sum = tf.layers.add({ name: 'sum' }).apply([shared.apply(a), shared.apply(b)]);
  const outputs = tf.layers.dense({ units: 2, name: 'out' }).apply(sum);
  return tf.model({ inputs: [a, b], outputs, name: 'branched' });
};

test('inputs are layers of a functional model, not of a sequential one', () => {
  const model = branched();
  expect(model.layers.map(({ name }) => name)).toEqual(['a', 'b', 'shared', 'sum', 'out']);
  expect(model.getLayer('a').className).toBe('InputLayer');
  expect(model.getLayer('a').outputShape).toEqual([null, 4]);
  const chain = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], name: 'only' })] });
  expect(chain.layers.map(({ name }) => name)).toEqual(['only']);
});

test('layers know who reads them', () => {
  const model = branched();
  const [shared, sum] = [model.getLayer('shared'), model.getLayer('sum')];
  expect(shared.inboundNodes.map(({ inboundLayers }) => inboundLayers.map((layer) => layer!.name))).toEqual([
    ['a'],
    ['b'],
  ]);
  expect(shared.outboundNodes.map(({ outboundLayer }) => outboundLayer.name)).toEqual(['sum']);
  expect(sum.inboundNodes[0].inputTensors.map(({ nodeIndex }) => nodeIndex)).toEqual([0, 1]);
  const { sourceLayer, name } = sum.output as tf.SymbolicTensor;
  expect([sourceLayer, name]).toEqual([sum, 'sum/sum']);
});

test('a symbolic tensor can be made of what it is', () => {
  const made = new tf.SymbolicTensor('float32', [null, 3], null, [], {});
  const output = tf.layers.dense({ units: 2 }).apply(made);
  expect(output.shape).toEqual([null, 2]);
});

test('an input layer is applied to nothing', () => {
  expect(() => tf.layers.inputLayer({ inputShape: [2] }).apply()).toThrow(
    'Cannot pass any input to an InputLayer',
  );
  expect(() => tf.layers.inputLayer({ inputShape: [2], batchInputShape: [1, 2] })).toThrow(
    'Only provide the inputShape OR batchInputShape',
  );
  expect(tf.layers.inputLayer({ inputShape: [2], name: 'i' }).getConfig()).toEqual({
    batchInputShape: [null, 2],
    dtype: 'float32',
    sparse: false,
    name: 'i',
  });
});

describe('a summary', () => {
  const linesOf = (model: tf.Model, ...layout: [number?, number[]?]) => {
    const lines: string[] = [];
    model.summary(layout[0], layout[1], (line) => lines.push(line));
    return lines;
  };

  test('says which application of a layer is read', () => {
    const lines = linesOf(branched());
    expect(lines.every((line) => line.length === 115 || /params: \d+$/.test(line))).toBe(true);
    expect(lines[1]).toMatch(/^Layer \(type\) +Input Shape +Output shape +Param # +Receives inputs +$/);
    expect(lines[7]).toMatch(
      /^shared \(Dense\) +\[\[null,4\]\],\[\[null,4\]\] +\[null,3\] +15 +a\[0\]\[0\] +$/,
    );
    expect(lines[8]).toMatch(/^ {92}b\[0\]\[0\] +$/);
    expect(lines[10]).toMatch(/^sum \(Add\) +\[\[null,3\],\[null,3\]\] +\[null,3\] +0 +shared\[0\]\[0\] +$/);
    expect(lines[11]).toMatch(/^ {92}shared\[1\]\[0\] +$/);
  });

  test('has columns where a script wants them', () => {
    const chain = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], name: 'only' })] });
    const [rule, titles] = linesOf(chain, 40, [0.4, 0.6, 0.8, 1]);
    expect(rule).toBe('_'.repeat(40));
    expect(titles).toBe('Layer (type)    Input S Output  Param # ');
  });
});

test('a model goes through JSON', async () => {
  const model = branched();
  const described = JSON.parse(model.toJSON() as string);
  expect(described.class_name).toBe('Model');
  expect(model.toJSON(null, false)).toEqual(described);
  for (const form of [described, { modelTopology: described }]) {
    const again = await tf.models.modelFromJSON(form);
    expect(again.toJSON()).toBe(model.toJSON());
    expect(again).toBeInstanceOf(tf.LayersModel);
    again.setWeights(model.getWeights());
    const x = [tf.ones([1, 4]), tf.zeros([1, 4])];
    const [a, b] = [again, model].map((each) => (each.predict(x) as tf.Tensor).arraySync());
    expect(a).toEqual(b);
  }
  await expect(tf.models.modelFromJSON({ ...described, weightsManifest: [] })).rejects.toThrow(
    'use tf.loadLayersModel',
  );
  expect(model.getConfig()).toMatchObject({
    name: 'branched',
    inputLayers: [
      ['a', 0, 0],
      ['b', 0, 0],
    ],
  });
});

describe('dispose', () => {
  test('takes the weights of what is used nowhere else', () => {
    const dense = tf.layers.dense({ units: 2, name: 'd' });
    expect(() => dense.dispose()).toThrow('Cannot dispose Layer d because it has not been built yet.');
    dense.apply(tf.ones([1, 3]));
    expect(dense.dispose()).toEqual({ refCountAfterDispose: 0, numDisposedVariables: 2 });
    expect(() => dense.dispose()).toThrow("Layer 'd' is already disposed");
    expect(() => dense.apply(tf.ones([1, 3]))).toThrow("Layer 'd' is already disposed");
  });

  test('leaves a layer to the other model that it is in', () => {
    const shared = tf.layers.dense({ units: 2, inputShape: [3] });
    const [first, second] = [tf.sequential({ layers: [shared] }), tf.sequential({ layers: [shared] })];
    expect(first.dispose()).toEqual({ refCountAfterDispose: 0, numDisposedVariables: 0 });
    expect((second.predict(tf.ones([1, 3])) as tf.Tensor).shape).toEqual([1, 2]);
    expect(second.dispose()).toEqual({ refCountAfterDispose: 0, numDisposedVariables: 2 });
    expect(() => second.dispose()).toThrow('already disposed');
  });
});

test('batches of anything that has an iterator as TensorFlow.js has them', async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const dataset = {
    async iterator() {
      let left = 3;
      const value = { xs: tf.ones([4, 2]), ys: tf.ones([4, 1]) };
      return {
        next: async () => (left-- > 0 ? { done: false, value } : { done: true as const, value: undefined }),
      };
    },
  };
  let batches = 0;
  await model.fitDataset(dataset, { epochs: 2, verbose: 0, callbacks: { onBatchEnd: () => void batches++ } });
  expect(batches).toBe(6);
});
