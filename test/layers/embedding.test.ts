import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const table = tf.tensor2d([0, 1, 2, 3, 4, 5, 6, 7], [4, 2]);

function network(options: object = {}): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.embedding({ inputDim: 4, outputDim: 2, name: 'words', weights: [table], ...options }),
      tf.layers.globalAveragePooling1d(),
    ],
  });
  model.compile({ optimizer: tf.train.sgd(1), loss: (_, y) => tf.sum(y, -1) });
  return model;
}

describe('embedding', () => {
  test.each(['float32', 'int32', 'uint8'] as const)('looks up numbers given as %s', (dtype) => {
    const model = network(dtype === 'float32' ? {} : { inputDType: dtype });
    const ids = tf.tensor2d([3, 0, 1, 1], [2, 2], dtype === 'uint8' ? 'int32' : dtype);
    expect((model.predict(ids) as tf.Tensor).arraySync()).toEqual([
      [3, 4],
      [2, 3],
    ]);
  });

  test('training moves the rows that were looked up, as often as they were', async () => {
    const model = network();
    await model.fit(tf.tensor2d([3, 0, 3, 3], [2, 2]), tf.zeros([2, 1]), { batchSize: 2, verbose: 0 });
    // Each lookup adds ½ (of two steps) · ½ (of two samples) to the gradient.
    expect(model.getWeights()[0].arraySync()).toEqual([
      [-0.25, 0.75],
      [2, 3],
      [4, 5],
      [5.25, 6.25],
    ]);
  });

  test('with maskZero, zeros are left out of what follows', () => {
    const model = network({ maskZero: true });
    const ids = tf.tensor2d([3, 0, 0, 2, 1, 0], [2, 3]);
    expect((model.predict(ids) as tf.Tensor).arraySync()).toEqual([
      [6, 7],
      [3, 4],
    ]);
  });

  test.each([4, -1, 1.5])('%d among the numbers is a sentence', async (id) => {
    const ids = tf.tensor2d([0, 3, id, 1], [2, 2]);
    const sentence = `words: inputs must be integers from 0 to 3; got ${id} at position 2.`;
    expect(() => network().predict(ids)).toThrow(sentence);
    await expect(network().fit(ids, tf.zeros([2, 1]), { verbose: 0 })).rejects.toThrow(sentence);
  });

  test.each<[number | (number | null)[], (number | null)[], (number | null)[]]>([
    [4, [null], [null, 4, 2]],
    [4, [4], [null, 4, 2]],
    [
      [4, 5],
      [null, 5],
      [null, 4, 5, 2],
    ],
    [
      [null, 5],
      [3, 5],
      [null, 3, 5, 2],
    ],
    [
      [null, 5],
      [null, null],
      [null, null, 5, 2],
    ],
  ])('inputLength %j of an input of %j, where that says none', (inputLength, shape, expected) => {
    const layer = tf.layers.embedding({ inputDim: 4, outputDim: 2, inputLength, maskZero: true });
    const made = layer.apply(tf.input({ shape })) as tf.SymbolicTensor;
    expect(made.shape).toEqual(expected);
    expect(made.maskRank).toBe(shape.length + 1);
  });

  test('a model whose input says no length knows that of its words', () => {
    const input = tf.input({ shape: [null] });
    const words = tf.layers.embedding({ inputDim: 4, outputDim: 2, inputLength: 2 }).apply(input);
    const flat = tf.layers.flatten().apply(words) as tf.SymbolicTensor;
    expect(flat.shape).toEqual([null, 4]);
    const model = tf.model({
      inputs: input,
      outputs: tf.layers.dense({ units: 1 }).apply(flat) as tf.SymbolicTensor,
    });
    expect((model.predict(tf.zeros([3, 2])) as tf.Tensor).shape).toEqual([3, 1]);
  });

  test('wrong options are sentences', () => {
    expect(() => network({ inputDim: 0 })).toThrow('words: inputDim must be a positive integer; got 0.');
    expect(() => network({ outputDim: 1.5 })).toThrow(
      'words: outputDim must be a positive integer; got 1.5.',
    );
    const input = tf.input({ shape: [5] });
    const layer = tf.layers.embedding({ inputDim: 3, outputDim: 2, inputLength: 4, name: 'words' });
    expect(() => layer.apply(input)).toThrow('words: inputLength is 4; got input of shape [null,5].');
    const several = tf.layers.embedding({ inputDim: 3, outputDim: 2, inputLength: [4, 5], name: 'words' });
    for (const shape of [[4], [4, 6], [null]]) {
      expect(() => several.apply(tf.input({ shape }))).toThrow(
        'words: inputLength is 4,5; got input of shape ',
      );
    }
  });
});
