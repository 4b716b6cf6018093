// Layers that several models have: what is left of them when one of the models is disposed of.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const x = tf.randomNormal([8, 20], 0, 1, 'float32', 5);
const y = tf.randomNormal([8, 2], 0, 1, 'float32', 6);

/** A model, and another one that ends at its hidden layer. */
function models(): { whole: tf.LayersModel; features: tf.LayersModel } {
  const input = tf.input({ shape: [20] });
  const hidden = tf.layers.dense({ units: 5, kernelInitializer: tf.initializers.glorotNormal({ seed: 1 }) });
  const inner = hidden.apply(input) as tf.SymbolicTensor;
  const output = tf.layers.dense({ units: 2 }).apply(inner) as tf.SymbolicTensor;
  return {
    whole: tf.model({ inputs: input, outputs: output }),
    features: tf.model({ inputs: input, outputs: inner }),
  };
}

const numbers = (model: tf.LayersModel) => (model.predict(x) as tf.Tensor).dataSync();

/** Has all memory that was given back taken, and written to. */
function takeMemory(): void {
  for (let units = 1; units < 200; units += 3) {
    const model = tf.sequential({ layers: [tf.layers.dense({ units, inputShape: [20] })] });
    model.layers[0].setWeights([tf.fill([20, units], 7), tf.fill([units], 7)]);
    model.predict(x);
  }
}

test('a layer keeps its weights while another model has it', async () => {
  const { whole, features } = models();
  const expected = numbers(features);
  whole.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  whole.evaluate(x, y);
  expect(whole.dispose()).toEqual({ refCountAfterDispose: 0, numDisposedVariables: 2 });
  takeMemory();
  expect(numbers(features)).toEqual(expected);
  features.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  await features.fit(x, tf.ones([8, 5]), { verbose: 0, epochs: 2 });
  expect(features.dispose()).toEqual({ refCountAfterDispose: 0, numDisposedVariables: 2 });
});

test('whichever of the models goes first', () => {
  const { whole, features } = models();
  const expected = numbers(whole);
  numbers(features);
  expect(features.dispose().numDisposedVariables).toBe(0);
  takeMemory();
  expect(numbers(whole)).toEqual(expected);
  expect(whole.dispose().numDisposedVariables).toBe(4);
});

test('a layer that was taken out of a model, and what execute() asked for once, keep nothing', () => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 3, inputShape: [20] }), tf.layers.dense({ units: 2 })],
  });
  const [first, second] = model.layers;
  model.execute(x, first.name);
  model.pop();
  expect(model.dispose().numDisposedVariables).toBe(2);
  expect(second.dispose().numDisposedVariables).toBe(2);
});

test('a model says so where a layer of it was disposed of', async () => {
  const { whole } = models();
  numbers(whole);
  whole.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  await whole.fit(x, y, { verbose: 0 });
  whole.layers[1].dispose();
  const sentence = `${whole.layers[1].name}: Layer '${whole.layers[1].name}' is already disposed.`;
  expect(() => whole.predict(x)).toThrow(sentence);
  expect(() => whole.evaluate(x, y)).toThrow(sentence);
  await expect(whole.fit(x, y, { verbose: 0 })).rejects.toThrow(sentence);
});

test('a training says so where its loss asks a model that was disposed of', async () => {
  const teacher = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [20] })] });
  const student = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [20] })] });
  const distillation = (_: tf.Tensor, predicted: tf.Tensor) =>
    tf.losses.meanSquaredError(teacher.predict(x) as tf.Tensor, predicted);
  student.compile({ optimizer: 'sgd', loss: distillation });
  await student.fit(x, y, { verbose: 0, batchSize: 8 });
  teacher.dispose();
  await expect(student.fit(x, y, { verbose: 0, batchSize: 8 })).rejects.toThrow(
    'weights that this is computed with were disposed of.',
  );
});

test('a training whose model a callback disposes of says so', async () => {
  const { whole } = models();
  whole.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  const callbacks = { onEpochEnd: async () => void whole.dispose() };
  await expect(whole.fit(x, y, { epochs: 2, verbose: 0, callbacks })).rejects.toThrow(
    'kernel: was disposed of; it has no numbers any more.',
  );
});

test('a model that could not be made, and one that its layers were taken from, keep nothing', () => {
  const lookup = tf.layers.stringLookup({ vocabulary: ['a', 'b'] });
  const words = tf.input({ shape: [1], dtype: 'string' });
  const encoded = lookup.apply(words) as tf.SymbolicTensor;
  const other = tf.layers.stringLookup({ vocabulary: ['c'] }).apply(words) as tf.SymbolicTensor;
  const embed = tf.layers.embedding({ inputDim: 4, outputDim: 2 });
  const known = embed.apply(encoded) as tf.SymbolicTensor;
  expect(() => tf.model({ inputs: words, outputs: [known, other] })).toThrow('give each an input of its own');
  const model = tf.model({ inputs: words, outputs: known });
  expect(model.dispose().numDisposedVariables).toBe(1);

  const dense = tf.layers.dense({ units: 1, inputShape: [2] });
  const emptied = tf.sequential({ layers: [dense] });
  emptied.pop();
  const next = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [2] }), dense] });
  next.dispose();
  expect(dense.dispose().numDisposedVariables).toBe(2);
});
