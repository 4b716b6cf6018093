// `tf.signal`: windows, and signals cut into frames. TensorFlow.js 4.22 gave the numbers.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const closeTo = (tensor: tf.Tensor, expected: readonly number[]) => {
  expect(tensor.shape).toEqual([expected.length]);
  for (const [i, value] of tensor.dataSync().entries()) expect(value).toBeCloseTo(expected[i], 6);
};

test('windows end where they began, those of an even length a step before', () => {
  closeTo(tf.signal.hannWindow(5), [0, 0.5, 1, 0.5, 0]);
  closeTo(tf.signal.hannWindow(4), [0, 0.5, 1, 0.5]);
  closeTo(tf.signal.hammingWindow(6), [0.08, 0.31, 0.77, 1, 0.77, 0.31]);
  closeTo(tf.signal.hammingWindow(2), [0.08, 1]);
});

test('a window of one is its middle, as in TensorFlow', () => {
  expect(tf.signal.hannWindow(1).arraySync()).toEqual([1]);
  expect(tf.signal.hammingWindow(1).arraySync()).toEqual([1]);
});

describe('frames', () => {
  const signal = tf.tensor1d([1, 2, 3, 4, 5]);

  test('lie within the signal', () => {
    expect(tf.signal.frame(signal, 3, 2).arraySync()).toEqual([
      [1, 2, 3],
      [3, 4, 5],
    ]);
    expect(tf.signal.frame(signal, 2, 3).arraySync()).toEqual([
      [1, 2],
      [4, 5],
    ]);
    expect(tf.signal.frame([1, 2], 3, 1).shape).toEqual([0, 3]);
  });

  test('or begin within it, and are filled', () => {
    const filled = tf.signal.frame(signal, 3, 2, true, 9).arraySync();
    expect(filled).toEqual([
      [1, 2, 3],
      [3, 4, 5],
      [5, 9, 9],
    ]);
    expect(tf.signal.frame([1, 2], 3, 1, true).arraySync()).toEqual([
      [1, 2, 0],
      [2, 0, 0],
    ]);
  });

  test('have gradients', () => {
    const gradient = tf.grad((x) => tf.signal.frame(x, 3, 1).sum());
    expect(gradient(signal).arraySync()).toEqual([1, 2, 3, 2, 1]);
  });

  test('need a step, and one axis', () => {
    expect(() => tf.signal.frame(signal, 3, 0)).toThrow('signal.frame: frameStep must be positive; got 0.');
    expect(() => tf.signal.frame([[1]], 1, 1)).toThrow('signal.frame: signal must have rank 1, but got 2');
  });
});
