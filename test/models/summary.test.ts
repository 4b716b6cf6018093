// Summaries, letter by letter: chains and branches, layers that stand in several places, columns of all widths.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const linesOf = (model: tf.LayersModel, options: object = {}): string => {
  const lines: string[] = [];
  model.summary({ ...options, print: (line: string) => lines.push(line) });
  // Blanks at the end of a line are part of it.
  return lines.map((line) => line.replace(/ $/, '·')).join('\n');
};

const chain = () => {
  const model = tf.sequential({ name: 'chain' });
  model.add(tf.layers.dense({ name: 'first', units: 3, inputShape: [4] }));
  model.add(tf.layers.batchNormalization({ name: 'normal' }));
  model.add(
    tf.layers.dense({
      name: 'a_layer_with_a_name_that_is_longer_than_columns_are',
      units: 2,
      trainable: false,
    }),
  );
  return model;
};

const nested = () => {
  const left = tf.input({ name: 'left', shape: [4] });
  const right = tf.input({ name: 'right', shape: [4] });
  const shared = chain();
  const [a, b] = [left, right].map((each) => shared.apply(each) as tf.SymbolicTensor);
  const joined = tf.layers.concatenate({ name: 'joined' }).apply([a, b, a]) as tf.SymbolicTensor;
  const out = tf.layers.dense({ name: 'out', units: 1 }).apply(joined) as tf.SymbolicTensor;
  return tf.model({ name: 'nested', inputs: [left, right], outputs: [out, a] });
};

const reused = () => {
  const input = tf.input({ name: 'in', shape: [2] });
  const dense = tf.layers.dense({ name: 'again', units: 2 });
  const once = dense.apply(input);
  return tf.model({ name: 'reused', inputs: input, outputs: dense.apply(once) as tf.SymbolicTensor });
};

const around = () => {
  const input = tf.input({ name: 'in', shape: [2] });
  const path = tf.layers.dense({ name: 'path', units: 2 }).apply(input) as tf.SymbolicTensor;
  const outputs = tf.layers.add({ name: 'sum' }).apply([path, input]) as tf.SymbolicTensor;
  return tf.model({ name: 'around', inputs: input, outputs });
};

const several = (layer: typeof tf.layers.lstm | typeof tf.layers.gru) => () => {
  const input = tf.input({ name: 'in', shape: [5, 2] });
  const recurrent = layer({ name: 'recurrent', units: 3, returnState: true });
  const [, state] = recurrent.apply(input) as unknown as tf.SymbolicTensor[];
  const open = tf.layers.reshape({ name: 'row', targetShape: [1, 3] });
  return tf.model({ name: 'several', inputs: input, outputs: open.apply(state) as tf.SymbolicTensor });
};

test.each([
  ['a chain', chain, {}],
  ['a chain in few letters', chain, { lineLength: 40 }],
  ['columns as shares', chain, { lineLength: 50, positions: [0.2, 0.5, 0.8, 1] }],
  ['columns in letters', chain, { positions: [10, 30, 50, 60] }],
  ['columns of which the last ends at 1', chain, { lineLength: 60, positions: [0.5, 0.7, 0.9, 1] }],
  ['columns of a letter, the last of another', chain, { lineLength: 20, positions: [1, 1, 1, 2] }],
  ['a model in another, twice', nested, {}],
  ['with its branches', nested, { branches: true }],
  ['a layer applied to what it made', reused, {}],
  ['a layer with three outputs', several(tf.layers.lstm), {}],
  ['a layer with two outputs', several(tf.layers.gru), {}],
  ['a layer and a path around it', around, {}],
])('%s', (_, model, options) => {
  expect(`\n${linesOf(model(), options)}\n`).toMatchSnapshot();
});
