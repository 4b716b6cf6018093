// What optimisations are worth: stages of a training program, and bytes of its arena. A change that makes one larger
// takes something back.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

/** Steps and bytes of the program that trains a model on one batch. */
function sizeOf(model: tf.Model, batch: number): { stages: number; bytes: number } {
  const [input] = model.inputs;
  const x = tf.ones([batch, ...(input.shape.slice(1) as number[])]);
  const lines = model.printProgram(x, tf.ones([batch, 3])).split('\n');
  return { stages: lines.length - 1, bytes: Number(/arena (\d+)/.exec(lines[lines.length - 1])![1]) };
}

function compiled(model: tf.Model): tf.Model {
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
  return model;
}

test('a classifier of images', () => {
  const { conv2d, maxPooling2d, flatten, dense } = tf.layers;
  const model = tf.sequential({
    layers: [
      conv2d({ filters: 8, kernelSize: 3, activation: 'relu', inputShape: [13, 13, 1] }),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dense({ units: 3, activation: 'softmax' }),
    ],
  });
  expect(sizeOf(compiled(model), 4)).toEqual({ stages: 17, bytes: 34_880 });
});

test('a pool beside a shortcut is computed once', () => {
  const { conv2d, maxPooling2d, flatten, dense, activation, add } = tf.layers;
  const input = tf.input({ shape: [8, 8, 4] });
  const x = activation({ activation: 'relu' }).apply(conv2d({ filters: 4, kernelSize: 1 }).apply(input));
  const pooled = maxPooling2d({ poolSize: 2 }).apply(x);
  const strided = conv2d({ filters: 4, kernelSize: 2, strides: 2 }).apply(x);
  const sum = add().apply([pooled, strided] as tf.SymbolicTensor[]);
  const output = dense({ units: 3, activation: 'softmax' }).apply(flatten().apply(sum));
  const model = tf.model({ inputs: input, outputs: output as tf.SymbolicTensor });
  expect(sizeOf(compiled(model), 4)).toEqual({ stages: 22, bytes: 18_560 });
});

test('a recurrence', () => {
  const { lstm, dense } = tf.layers;
  const model = tf.sequential({
    layers: [lstm({ units: 6, inputShape: [5, 3] }), dense({ units: 3, activation: 'softmax' })],
  });
  expect(sizeOf(compiled(model), 4)).toEqual({ stages: 45, bytes: 9_216 });
});
