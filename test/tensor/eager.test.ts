import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const x = tf.tensor2d([
  [1, -2, 3],
  [4, 5, -6],
]);

describe('functions applied to tensors', () => {
  test('with numbers and other tensors, broadcasting', () => {
    expect(tf.mul(x, 2).arraySync()).toEqual([
      [2, -4, 6],
      [8, 10, -12],
    ]);
    expect(tf.add(x, tf.tensor1d([10, 20, 30])).arraySync()).toEqual([
      [11, 18, 33],
      [14, 25, 24],
    ]);
    expect(tf.sub(1, x).arraySync()).toEqual([
      [0, 3, -2],
      [-3, -4, 7],
    ]);
  });

  test('products, reductions, and lists of tensors', () => {
    expect(tf.matMul(x, x, false, true).arraySync()).toEqual([
      [14, -24],
      [-24, 77],
    ]);
    expect(tf.sum(x, 1).arraySync()).toEqual([2, 3]);
    expect(tf.argMax(x, -1).arraySync()).toEqual([2, 1]);
    expect(tf.argMax(x).arraySync()).toEqual([1, 1, 0]);
    expect(tf.concat([x, x], 0).shape).toEqual([4, 3]);
  });

  test('bytes are converted', () => {
    expect(tf.div(tf.tensor1d(Uint8Array.of(0, 255)), 255).arraySync()).toEqual([0, 1]);
  });

  test('errors are those of the graph', () => {
    expect(() => tf.matMul(x, x)).toThrow('matMul: inner sizes 3 and 2 differ');
  });
});
