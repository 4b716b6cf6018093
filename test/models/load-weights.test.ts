import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const twoLayers = () =>
  tf.sequential({
    layers: [
      tf.layers.lstm({ units: 2, inputShape: [3, 1], name: 'memory' }),
      tf.layers.dense({ units: 1, name: 'last' }),
    ],
  });

/** The weights of a model by the names that a function gives them. */
const named = (model: tf.Sequential, nameOf: (name: string) => string) =>
  Object.fromEntries(model.weights.map(({ name, shape }, i) => [nameOf(name), tf.fill([...shape], i)]));

const held = (model: tf.Sequential) => model.getWeights().map((tensor) => tensor.dataSync()[0]);

describe('loadWeights', () => {
  test('by name, also with the cell’s name inside', () => {
    for (const nameOf of [(name: string) => name, (name: string) => name.replace('/', '/lstm_cell/')]) {
      const model = twoLayers();
      model.loadWeights(named(model, nameOf));
      expect(held(model)).toEqual([0, 1, 2, 3, 4]);
    }
  });

  test('as nested arrays, and by number within a layer', () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [2], name: 'only' })],
    });
    model.loadWeights({ 'only/0': [[5], [6]], 'only/1': [7] });
    expect(model.getWeights().map((tensor) => tensor.arraySync())).toEqual([[[5], [6]], [7]]);
  });

  test('missing ones, others and other shapes are sentences; nothing is set then', () => {
    const model = twoLayers();
    const { 'last/bias': _, ...some } = named(model, (name) => name);
    const before = held(model);
    expect(() => model.loadWeights(some)).toThrow('1 of 5 weights are not set: last/bias.');
    expect(() => model.loadWeights({ ...some, 'last/bias': [1], extra: [1] })).toThrow(
      'Provided weight data has no target variable: extra.',
    );
    expect(() => model.loadWeights({ ...some, 'last/kernel': [[1]] }, false)).toThrow(
      'last/kernel: Shape mismatch: [2,1] vs. [1,1].',
    );
    expect(() => model.loadWeights({ 'last/kernel': tf.ones([2, 1], 'int32') }, false)).toThrow(
      'last/kernel: dtype of the new value (int32) and previous value (float32) must match.',
    );
    expect(held(model)).toEqual(before);
    model.loadWeights({ ...some, extra: [1] }, false);
    expect(held(model)).toEqual([0, 1, 2, 3, before[4]]);
  });
});

describe('the weights of a file', () => {
  const twoMatrices = () =>
    tf.sequential({
      layers: ['a', 'b'].map((name) =>
        tf.layers.dense({ name, units: 2, useBias: false, inputShape: [2], kernelInitializer: 'zeros' }),
      ),
    });

  /** The model, loaded from a file whose weights have these names: ones, twos … */
  async function loaded(
    names: readonly string[],
    options: tf.LoadModelOptions = {},
    tensor = (i: number) => tf.fill([2, 2], i + 1),
  ) {
    const { modelTopology } = await twoMatrices().save(tf.io.withSaveHandler((artifacts) => artifacts));
    const { data, specs } = await tf.io.encodeWeights(names.map((name, i) => ({ name, tensor: tensor(i) })));
    return held(
      (await tf.loadLayersModel(tf.io.fromMemory(modelTopology, specs, data), options)) as tf.Sequential,
    );
  }

  test.each([
    ['the model’s names', ['b/kernel', 'a/kernel'], [2, 1]],
    ['a cell’s name in one of them', ['b/kernel', 'a/cell/kernel'], [2, 1]],
    ['other names, in their order', ['y/kernel', 'x/kernel'], [1, 2]],
  ])('have %s', async (_, names, expected) => {
    expect(await loaded(names)).toEqual(expected);
  });

  test.each([
    [['z/kernel', 'a/kernel'], 'target variable: z/kernel. 1 of 2 weights are not set: b/kernel.'],
    [
      ['a/kernel', 'a/kernel'],
      'target variable: a/kernel, which is there twice. 1 of 2 weights are not set: b/kernel.',
    ],
    [
      ['a/kernel', 'b/kernel', 'z/kernel', 'y/kernel'],
      'Provided weight data has no target variable: z/kernel; y/kernel. With strict false',
    ],
    [
      ['x', 'x'],
      'target variable: x; x, which is there twice. 2 of 2 weights are not set: a/kernel, b/kernel.',
    ],
    [['x', 'x', 'y'], 'target variable: x; x, which is there twice; y. 2 of 2 weights are not set'],
    [
      Array.from('abcdefghi', (letter) => `z/${letter}`),
      'target variable: z/a; z/b; z/c; z/d; z/e; z/f and 3 more. 2 of 2',
    ],
    [['b/kernel'], 'loadLayersModel: 1 of 2 weights are not set: a/kernel. With strict false'],
    [[], '2 of 2 weights are not set: a/kernel, b/kernel.'],
  ])('are not those of the model: %j', async (names, message) => {
    await expect(loaded(names)).rejects.toThrow(message);
  });

  test('are those of the model in part, where that is asked for', async () => {
    expect(await loaded(['z/kernel', 'a/kernel'], { strict: false })).toEqual([2, 0]);
    expect(await loaded(['y', 'z'], { strict: false })).toEqual([0, 0]);
  });

  test.each([true, false])('are of another type or shape, strict: %j', async (strict) => {
    const integers = () => tf.ones([2, 2], 'int32');
    await expect(loaded(['a/kernel', 'b/kernel'], { strict }, integers)).rejects.toThrow(
      'a/kernel: dtype of the new value (int32) and previous value (float32) must match.',
    );
    await expect(loaded(['a/kernel', 'b/kernel'], { strict }, () => tf.ones([4]))).rejects.toThrow(
      'loadLayersModel: a/kernel: Shape mismatch: [2,2] vs. [4].',
    );
  });

  test('go in turn where the model has several of a name', async () => {
    const input = tf.input({ shape: [2] });
    const inner = (name: string) =>
      tf.sequential({ name, layers: [tf.layers.dense({ units: 1, name: 'd', inputShape: [2] })] });
    const outputs = ['a', 'b'].map((name) => inner(name).apply(input) as tf.SymbolicTensor);
    const model = tf.model({ inputs: input, outputs });
    const before = model.getWeights().map((tensor) => tensor.arraySync());
    const again = await tf.loadLayersModel(
      tf.io.fromMemory(await model.save(tf.io.withSaveHandler((artifacts) => artifacts))),
    );
    expect(again.getWeights().map((tensor) => tensor.arraySync())).toEqual(before);
  });

  test('of one cell are the layer’s, as in TensorFlow.js; files with the cell’s name too', async () => {
    const make = () =>
      tf.sequential({
        layers: [
          tf.layers.rnn({ cell: tf.layers.gruCell({ units: 2, name: 'c' }), name: 'r', inputShape: [3, 1] }),
          tf.layers.dense({ units: 1, name: 'd' }),
        ],
      });
    const model = make();
    const artifacts = await model.save(tf.io.withSaveHandler((given) => given));
    const names = artifacts.weightSpecs.map(({ name }) => name);
    expect(names).toEqual(['r/kernel', 'r/recurrent_kernel', 'r/bias', 'd/kernel', 'd/bias']);
    const weightSpecs = artifacts.weightSpecs.map((spec) => ({
      ...spec,
      name: spec.name.replace('r/', 'r/c/'),
    }));
    const again = await tf.loadLayersModel(tf.io.fromMemory({ ...artifacts, weightSpecs }));
    expect(held(again as tf.Sequential)).toEqual(held(model));
  });
});
