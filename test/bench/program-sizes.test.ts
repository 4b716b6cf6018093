// What optimisations are worth, in the programs that the benchmark's networks train with: commands, which cost time even
// where there is little to compute, and bytes of their arenas, which caches hold or do not. Numbers that grow take
// something back; numbers that shrink are written down here, so that they stay.

import { expect, test } from 'vitest';
import { smallConvnet } from '../../bench/convnet.mjs';
import * as tf from '../../src/index.ts';

/** Commands and bytes of the program that trains a model on a batch. */
function sizeOf(model: tf.Sequential, batch: number, isBinary = false): { commands: number; bytes: number } {
  const loss = isBinary ? 'binaryCrossentropy' : 'sparseCategoricalCrossentropy';
  model.compile({ optimizer: tf.train.adam(1e-3), loss });
  const [input] = model.inputs;
  const x = tf.zeros([batch, ...(input.shape.slice(1) as number[])]);
  const lines = model.printProgram(x, tf.zeros([batch, 1])).split('\n');
  const commands = lines.slice(0, -1).map((line) => Number(/^ *\d+ \S+ ×(\d+)/.exec(line)?.[1] ?? 1));
  return {
    commands: commands.reduce((a, b) => a + b, 0),
    bytes: Number(/arena (\d+)/.exec(lines[lines.length - 1])![1]),
  };
}

function perceptron(...sizes: readonly number[]): tf.Sequential {
  const [features, ...units] = sizes;
  const final = units[units.length - 1] === 1 ? 'sigmoid' : 'softmax';
  return tf.sequential({
    layers: units.map((count, i) =>
      tf.layers.dense({
        units: count,
        activation: i < units.length - 1 ? 'relu' : final,
        ...(i === 0 && { inputShape: [features] }),
      }),
    ),
  });
}

// Forward, loss, backward and update: a product and its epilogue for each layer and direction, the sums of a bias's
// gradient inside of the product beside it.
test('XOR 2-2-1, batch 4', () => {
  expect(sizeOf(perceptron(2, 2, 1), 4, true)).toEqual({ commands: 10, bytes: 384 });
});

test('4-16-3, batch 16', () => {
  expect(sizeOf(perceptron(4, 16, 3), 16)).toEqual({ commands: 14, bytes: 2_816 });
});

// A single row is multiplied without packing anything; of more than 256 rows the sums of columns are commands of their own,
// in double precision.
test.each([
  [1, 11, 3_840],
  [32, 16, 136_640],
  [128, 16, 551_488],
  [1024, 18, 4_370_496],
])('784-128-10, batch %i', (batch, commands, bytes) => {
  expect(sizeOf(perceptron(784, 128, 10), batch)).toEqual({ commands, bytes });
});

test('784-512-512-10, batch 128', () => {
  expect(sizeOf(perceptron(784, 512, 512, 10), 128)).toEqual({ commands: 22, bytes: 2_499_136 });
});

// What pools do not see is not computed, relu is behind the pool, and no patches are kept.
test('convnet 32-64, batch 128', () => {
  const kernels = [288, 18_432, 16_000].map((size) => new Float32Array(size));
  const model = smallConvnet(tf, { kernels });
  expect(sizeOf(model, 128)).toEqual({ commands: 28, bytes: 28_090_944 });
});

// One product for all inputs, and one for the gradient of each kernel: what is left are a product and maps for each step,
// whose gates are read where they lie, and whose gradients are written where they lie side by side.
test('LSTM of 64, 50 times, batch 32', () => {
  const { lstm, dense } = tf.layers;
  const model = tf.sequential({
    layers: [lstm({ units: 64, inputShape: [50, 16] }), dense({ units: 10, activation: 'softmax' })],
  });
  expect(sizeOf(model, 32)).toEqual({ commands: 277, bytes: 6_463_680 });
});
