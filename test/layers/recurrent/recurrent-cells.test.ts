// Recurrent layers made of cells compute what the layers of these cells do, which are compared with PyTorch.

import { describe, expect, test } from 'vitest';
import * as tf from '../../../src/index.ts';

const [batch, time, features, units] = [2, 4, 3, 2];
const x = tf.tensor(
  Array.from({ length: batch * time * features }, (_, i) => Math.sin(i)),
  [batch, time, features],
);

const numbers = (tensors: tf.Tensor | tf.Tensor[]) =>
  [tensors].flat().map((one) => Array.from(one.dataSync()));

function predicted(layer: tf.Layer, weights?: readonly tf.Tensor[]): number[][] {
  const input = tf.input({ shape: [time, features] });
  const outputs = layer.apply(input);
  if (weights) layer.setWeights(weights);
  return numbers(tf.model({ inputs: input, outputs }).predict(x));
}

describe.each([
  ['simpleRNN', tf.layers.simpleRNN, tf.layers.simpleRNNCell],
  ['gru', tf.layers.gru, tf.layers.gruCell],
  ['lstm', tf.layers.lstm, tf.layers.lstmCell],
] as const)('%s', (_, layer, cell) => {
  test.each([{ returnSequences: true }, { returnState: true }, { goBackwards: true }])(
    'a layer of its cell computes the same: %j',
    (options) => {
      const own = layer({ units, ...options });
      const expected = predicted(own);
      const repeated = tf.layers.rnn({ cell: cell({ units }), ...options });
      expect(predicted(repeated, own.getWeights())).toEqual(expected);
    },
  );

  test('cells one above the other compute what layers do', () => {
    const layers = [layer({ units: 3, returnSequences: true }), layer({ units })];
    const chain = tf.sequential({ layers });
    chain.add(tf.layers.rescaling({ scale: 1 }));
    const stack = tf.layers.rnn({ cell: [cell({ units: 3 }), cell({ units })] });
    const input = tf.input({ shape: [time, features] });
    const second = layers[1].apply(layers[0].apply(input) as tf.SymbolicTensor);
    const expected = numbers(tf.model({ inputs: input, outputs: second }).predict(x));
    const weights = layers.flatMap((each) => each.getWeights());
    expect(predicted(stack, weights)).toEqual(expected);
    expect(stack.weightScope).toMatch(/^rnn_/);
  });
});

test('weights of stacked cells are numbered, so that TensorFlow.js finds them in a file', () => {
  const cells = [tf.layers.lstmCell({ units: 2, useBias: false }), tf.layers.gruCell({ units: 3 })];
  for (const cell of [cells, tf.layers.stackedRNNCells({ cells })]) {
    const layer = tf.layers.rnn({ name: 'r', cell: cell as never, inputShape: [4, 2] });
    tf.sequential({ layers: [layer] });
    expect(layer.weights.map(({ name }) => name)).toEqual([
      'r/RNNCell_0/kernel',
      'r/RNNCell_0/recurrent_kernel',
      'r/RNNCell_1/kernel',
      'r/RNNCell_1/recurrent_kernel',
      'r/RNNCell_1/bias',
    ]);
  }
});

test('states of stacked cells begin with those of the last', () => {
  const stack = tf.layers.rnn({
    cell: [tf.layers.lstmCell({ units: 3 }), tf.layers.gruCell({ units })],
    returnState: true,
  });
  const outputs = stack.apply(tf.input({ shape: [time, features] })) as unknown as tf.SymbolicTensor[];
  expect(outputs.map(({ shape }) => shape)).toEqual([
    [null, 2],
    [null, 2],
    [null, 3],
    [null, 3],
  ]);
});

test('a cell of one’s own is repeated', () => {
  /** Sums what it reads, each half as much as the next. */
  class Fading extends tf.layers.RNNCell {
    static readonly className = 'Fading';
    readonly stateSize = features;

    override call([now, sum]: tf.Value[]): tf.Value[] {
      const next = tf.add(now, tf.mul(sum, 0.5));
      return [tf.mul(next, 2), next];
    }
  }
  const [output, state] = predicted(tf.layers.rnn({ cell: new Fading(), returnState: true }));
  const at = (sample: number, t: number, i: number) => Math.sin((sample * time + t) * features + i);
  const expected = [0, 1].flatMap((sample) =>
    [0, 1, 2].map((i) => [3, 2, 1, 0].reduce((sum, t) => sum + at(sample, t, i) * 0.5 ** (3 - t), 0)),
  );
  for (const [i, sum] of expected.entries()) {
    expect(state[i]).toBeCloseTo(sum, 6);
    expect(output[i]).toBeCloseTo(2 * sum, 6);
  }
});

test('shapes over time are found without stepping through it', () => {
  let steps = 0;
  class Counting extends tf.layers.RNNCell {
    static readonly className = 'Counting';
    readonly stateSize = features;

    override call([now, sum]: tf.Value[]): tf.Value[] {
      steps++;
      const next = tf.add(now, sum);
      return [next, next];
    }
  }
  const layer = tf.layers.rnn({ cell: new Counting(), returnSequences: true });
  const output = layer.apply(tf.input({ shape: [500, features] })) as tf.SymbolicTensor;
  expect(output.shape).toEqual([null, 500, features]);
  expect(steps).toBeLessThan(10);
});

test('learns, and comes back from a file', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.rnn({
        cell: [tf.layers.simpleRNNCell({ units: 3, recurrentDropout: 0.1 }), tf.layers.gruCell({ units })],
        inputShape: [time, features],
      }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.02), loss: 'meanSquaredError' });
  const y = tf.tensor2d([
    [0.5, -0.5],
    [-0.25, 0.1],
  ]);
  const { history } = await model.fit(x, y, { epochs: 60, verbose: 0 });
  expect(history.loss[59]).toBeLessThan(history.loss[0] * 0.9);
  let saved: tf.ModelArtifacts | undefined;
  await model.save({ save: async (artifacts) => (saved = artifacts) });
  const loaded = await tf.loadLayersModel({ load: async () => saved! });
  expect(numbers(loaded.predict(x))).toEqual(numbers(model.predict(x)));
});

test('what is no cell is a sentence', () => {
  const dense = tf.layers.dense({ units: 2 }) as unknown as tf.layers.RNNCell;
  expect(() => tf.layers.rnn({ cell: dense, name: 'r' })).toThrow(
    'r: cell must be a cell, or a list of cells; got a Dense.',
  );
});

test('a cell is called with as many states as it has', () => {
  const lstm = tf.layers.lstmCell({ units: 2, name: 'l' });
  const [row, state] = [tf.ones([1, 3]), tf.zeros([1, 2])];
  expect(() => lstm.apply(row)).toThrow('l: takes an input and 2 states; got 0.');
  expect(() => lstm.computeOutputShape([null, 3])).toThrow('l: takes an input and 2 states; got 0.');
  const gru = tf.layers.gruCell({ units: 2, name: 'g' });
  expect(() => gru.apply([row, state, state])).toThrow('g: takes an input and 1 state; got 2.');
  expect(([gru.apply([row, state])].flat() as tf.Tensor[]).map(({ shape }) => shape)).toEqual([
    [1, 2],
    [1, 2],
  ]);
});
