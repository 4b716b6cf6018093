// Bad input is a sentence: every error a user of models meets, word by word.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const quiet = { verbose: 0 } as const;

function classifier(loss = 'sparseCategoricalCrossentropy'): tf.Sequential {
  const model = tf.sequential({
    name: 'digits',
    layers: [tf.layers.dense({ units: 10, activation: 'softmax', inputShape: [4], name: 'classes' })],
  });
  model.compile({ optimizer: 'sgd', loss });
  return model;
}

const x = tf.tensor2d([
  [1, 2, 3, 4],
  [5, 6, 7, 8],
  [9, 8, 7, 6],
]);
const labels = tf.tensor1d(Int32Array.of(0, 9, 3));

const train = (model: tf.Model, inputs: tf.DataList, targets: tf.DataList, options: tf.FitOptions = {}) =>
  model.fit(inputs, targets, { ...quiet, ...options });

describe('shapes', () => {
  test('inputs of another shape', async () => {
    await expect(train(classifier(), tf.ones([3, 5]), labels)).rejects.toThrow(
      'fit: x: expected shape [null,4]; got [3,5].',
    );
    expect(() => classifier().predict(tf.ones([4]))).toThrow('predict: x: expected shape [null,4]; got [4].');
  });

  test('a typed array that does not divide', () => {
    expect(() => classifier().predict(new Float32Array(10))).toThrow(
      'predict: x: 10 numbers do not divide into samples of shape [4].',
    );
  });

  test('more targets than samples', async () => {
    await expect(train(classifier(), x, tf.tensor1d(Int32Array.of(1, 2, 3, 4)))).rejects.toThrow(
      'fit: y: 4 targets for 3 samples.',
    );
  });

  test('no samples', () => {
    expect(() => classifier().predict(tf.zeros([0, 4]))).toThrow('predict: there are no samples.');
  });

  test('inputs of different lengths, inputs that are missing', () => {
    const [a, b] = [tf.input({ shape: [2], name: 'a' }), tf.input({ shape: [2], name: 'b' })];
    const model = tf.model({ inputs: [a, b], outputs: tf.layers.add().apply([a, b]) });
    expect(() => model.predict([tf.ones([2, 2]), tf.ones([3, 2])])).toThrow(
      'predict: inputs have different numbers of samples: 2, 3.',
    );
    expect(() => model.predict({ a: tf.ones([2, 2]) })).toThrow('predict: x: no data for b; got data for a.');
    expect(() => model.predict(tf.ones([2, 2]))).toThrow(
      'predict: x: expected 2 arrays (a, b); got one array.',
    );
  });

  test('a layer that does not fit the one before it', () => {
    expect(() =>
      tf.sequential({
        layers: [
          tf.layers.dense({ units: 3, inputShape: [4] }),
          tf.layers.reshape({ targetShape: [2, 2], name: 'square' }),
        ],
      }),
    ).toThrow('square: a sample of shape [3] cannot become [2,2].');
  });
});

describe('labels and losses', () => {
  test('label 10 of ten classes', async () => {
    await expect(train(classifier(), x, tf.tensor1d(Int32Array.of(0, 10, 3)))).rejects.toThrow(
      'fit: y: label 10 of sample 1 is not a class: sparseCategoricalCrossentropy with 10 outputs ' +
        'takes whole numbers from 0 to 9.',
    );
  });

  test('class numbers for a loss of one-hot targets', async () => {
    await expect(train(classifier('categoricalCrossentropy'), x, labels)).rejects.toThrow(
      'loss: categoricalCrossentropy takes one-hot targets of shape [3,10]; got [3]. ' +
        'For class numbers use sparseCategoricalCrossentropy.',
    );
  });

  test('one-hot targets for a loss of class numbers', async () => {
    await expect(train(classifier(), x, tf.oneHot(labels, 10))).rejects.toThrow(
      'loss: sparseCategoricalCrossentropy takes a class number for each sample, shape [3]; got [3,10]. ' +
        'For one-hot targets use categoricalCrossentropy.',
    );
  });
});

describe('names', () => {
  const compile = (args: Partial<tf.CompileArguments>) => () =>
    classifier().compile({ optimizer: 'sgd', loss: 'meanSquaredError', ...args });

  test('unknown ones suggest the nearest', () => {
    expect(compile({ optimizer: 'adm' })).toThrow('Unknown optimizer "adm". Did you mean "adam"?');
    expect(compile({ loss: 'meanSqaredError' })).toThrow(
      'Unknown loss "meanSqaredError". Did you mean "meanSquaredError"?',
    );
    expect(compile({ metrics: ['acuracy'] })).toThrow('Unknown metric "acuracy". Did you mean "accuracy"?');
    expect(() => tf.layers.dense({ units: 1, activation: 'rellu' })).toThrow(
      'Unknown activation "rellu". Did you mean "relu"?',
    );
  });

  test('a loss too many', () => {
    expect(compile({ loss: ['meanSquaredError', 'hinge'] })).toThrow(
      'compile: loss has 2 entries; the model has 1 outputs.',
    );
  });
});

describe('data', () => {
  test('NaN in the inputs and infinity in the targets', async () => {
    const bad = tf.tensor2d([
      [1, 2, 3, 4],
      [5, Number.NaN, 7, 8],
      [9, 8, 7, 6],
    ]);
    await expect(train(classifier(), bad, labels)).rejects.toThrow(
      'fit: x: sample 1 holds NaN at position 1. Remove or replace such values before training.',
    );
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await expect(train(model, x, tf.tensor1d([1, 2, Infinity]))).rejects.toThrow(
      'fit: y: sample 2 holds Infinity at position 0. Remove or replace such values before training.',
    );
  });

  test('a loss that is not finite any more names its step', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
    model.compile({ optimizer: tf.train.sgd(1e6), loss: 'meanSquaredError' });
    await expect(
      train(model, x, tf.tensor1d([1, 2, 3]), { epochs: 50, batchSize: 2, seed: 1 }),
    ).rejects.toThrow(
      /^fit: step [12] of epoch \d+: the loss is (NaN|Infinity)\. Lower the learning rate, clip gradients \(clipNorm\), or check the data\.$/,
    );
  });
});

describe('order', () => {
  test('fit before compile', async () => {
    const model = tf.sequential({ name: 'raw', layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
    await expect(train(model, x, labels)).rejects.toThrow(
      'raw: fit needs a compiled model. Call model.compile({ optimizer, loss }) first.',
    );
  });

  test('a model that does not know its input', () => {
    const model = tf.sequential({ name: 'open', layers: [tf.layers.dense({ units: 1 })] });
    expect(() => model.predict(x)).toThrow(
      'open: has no input shape yet. Give its first layer inputShape, as in inputShape: [784].',
    );
  });

  test('outputs that need an input that is not given', () => {
    const [a, b] = [tf.input({ shape: [2], name: 'a' }), tf.input({ shape: [2], name: 'b' })];
    const sum = tf.layers.add().apply([a, b]);
    expect(() => tf.model({ inputs: a, outputs: sum })).toThrow(
      'model: outputs depend on b, which is not among the inputs.',
    );
  });

  test('weights read outside of a trace', () => {
    const layer = tf.layers.dense({ units: 1, inputShape: [4] });
    tf.sequential({ layers: [layer] });
    expect(() => layer.variables[0].read()).toThrow(
      'Weights can be read as graph values only while a model is traced: in call().',
    );
  });
});

describe('options of fit', () => {
  test.each([
    [{ batchSize: 0 }, 'fit: batchSize must be a positive integer; got 0.'],
    [{ validationSplit: 1.5 }, 'fit: validationSplit must be between 0 and 1; got 1.5.'],
    [{ validationSplit: 0.9 }, 'fit: validationSplit 0.9 of 3 samples leaves 0 to train with.'],
    [{ sampleWeight: tf.ones([2]) }, 'fit: sampleWeight must hold a number for each of 3 samples; got 2.'],
  ] as const)('%o', async (options, sentence) => {
    await expect(train(classifier(), x, labels, options as tf.FitOptions)).rejects.toThrow(sentence);
  });
});
