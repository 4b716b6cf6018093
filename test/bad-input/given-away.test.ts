// What cannot be read or is none of its kind, where tests by tables do not come: memory that another thread has, what logs
// hold, places in buffers, lines of summaries, vocabularies.

import { describe, expect, test, vi } from 'vitest';
import * as tf from '../../src/index.ts';

/** An array, or its memory, after another thread was given it. */
function givenAway(): Float32Array {
  const array = new Float32Array(2);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}
const x = tf.ones([2, 2]);
const wrong = (value: unknown) => value as never;

function compiled(): tf.Sequential {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return model;
}

describe('memory that was given away', () => {
  test.each<[string, () => unknown]>([
    ['tensor', () => tf.tensor(givenAway())],
    ['tensor in rows', () => tf.tensor([givenAway(), givenAway()])],
    ['an argument', () => tf.add(x, givenAway())],
    ['axes', () => tf.sum(x, wrong(givenAway()))],
    ['a shape', () => tf.reshape(x, wrong(givenAway()))],
    ['indices', () => tf.gather(x, givenAway())],
    ['tokens', () => tf.layers.integerLookup({ vocabulary: [1] }).apply(wrong([givenAway()]))],
    ['predict', () => compiled().predict(wrong(givenAway()))],
    ['setWeights', () => compiled().setWeights([wrong(givenAway()), tf.ones([1])])],
    [
      'bytes of weights',
      () => tf.io.decodeWeights(wrong(givenAway()), [{ name: 'a', shape: [], dtype: 'float32' }]),
    ],
  ])('%s', (_, act) => {
    expect(act).toThrow(tf.LanegradError);
  });

  test.each<[string, (tensor: tf.Tensor) => unknown]>([
    ['add', (tensor) => tensor.add(1).dataSync()],
    ['clone', (tensor) => tensor.clone()],
    ['reshape', (tensor) => tensor.reshape([4])],
    ['slice', (tensor) => tensor.slice(1)],
    ['predict', (tensor) => compiled().predict(tensor)],
    ['dataSync', (tensor) => tensor.dataSync()],
    ['arraySync', (tensor) => tensor.arraySync()],
    ['print', (tensor) => String(tensor)],
    ['bufferSync', (tensor) => tensor.bufferSync()],
  ])("a tensor's own, as data() gave it: %s", async (_, act) => {
    for (const tensor of [tf.ones([2, 2]), tf.ones([2, 2]).mul(2)]) {
      const data = await tensor.data();
      structuredClone(data, { transfer: [data.buffer as ArrayBuffer] });
      const said = 'The numbers of this tensor were given away, as by postMessage: give data.slice().';
      expect(() => act(tensor)).toThrow(new tf.LanegradError(said));
    }
  });

  test('fit', async () => {
    await expect(compiled().fit(wrong(givenAway()), tf.ones([2, 1]))).rejects.toThrow(tf.LanegradError);
  });
});

test.each<[() => unknown, string]>([
  [() => tf.buffer([2, 2]).get(0, wrong(Symbol('s'))), 'out of range element at 0,Symbol(s); the shape is'],
  [
    () => tf.buffer([2, 2]).set(1, 0, wrong(1n)),
    'Requested out of range element at 0,1n; the shape is [2,2].',
  ],
  [
    () => compiled().summary(2 ** 40),
    'summary: lineLength must be a number from 0 to 10000; got 1099511627776.',
  ],
  [() => compiled().summary(90, [2 ** 40]), 'summary: positions must be a list of numbers from 0 to 10000'],
  [() => compiled().execute(x, wrong(1n)), 'Cannot find SymbolicTensors for output name 1n.'],
  [
    () => tf.schedules.step({ initial: 1, factor: 0.5, every: 2 }).at(wrong(1n)),
    'schedules.step: at: step must be a number; got 1n.',
  ],
  [
    () => tf.layers.gru({ units: 2 }).getInitialState(wrong(undefined)),
    'getInitialState takes a tensor; got undefined.',
  ],
  [
    () => tf.layers.stringLookup({}).setVocabulary(wrong(3)),
    'a vocabulary and its weights are lists; got 3.',
  ],
  [() => tf.layers.stringLookup({}).setVocabulary(wrong(new Array(2))), 'got undefined at place 0.'],
  [() => tf.layers.integerLookup({}).setVocabulary(wrong([1n])), 'got 1n at place 0.'],
])('%#', (act, sentence) => {
  expect(act).toThrow(tf.LanegradError);
  expect(act).toThrow(sentence);
});

test('a class is shown by its name, without what bundlers put before it', () => {
  const _Own = class _Own {};
  expect(() => tf.relu(wrong(new _Own()))).toThrow('numbers that is; got an Own.');
});

test('a log to monitor that is no number', async () => {
  const stopping = tf.callbacks.earlyStopping({ monitor: 'loss' });
  await expect((async () => stopping.onEpochEnd(0, { loss: wrong('3') }))()).rejects.toThrow(
    new tf.LanegradError("earlyStopping: loss must be a number; got '3'."),
  );
});

test('a model of which nothing is trainable says so, once', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], trainable: false })] });
  for (const options of [{}, { microBatches: 2 }]) {
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await model.fit(x, tf.ones([2, 1]), { ...options, verbose: 0 });
  }
  expect(warn.mock.calls).toEqual([
    ['fit: no weight of the model is trainable, so that nothing will learn.'],
  ]);
  warn.mockRestore();
});
