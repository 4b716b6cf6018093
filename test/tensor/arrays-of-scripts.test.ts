// Arrays that scripts have and may write into: those that tensors were made of, and those that reading gave.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const results: [string, (x: tf.Tensor) => tf.Tensor][] = [
  ['an operation', (x) => x.add(0)],
  ['a sum', (x) => x.sum(0, true).div(4).tile([4])],
  ['a view and an operation', (x) => x.reshape([2, 2]).mul(1).flatten()],
  ['a slice and an operation', (x) => x.slice(1, 3).mul(1)],
  ['several of them', (x) => tf.stack([x, x]).flatten()],
  ['a chosen part', (x) => x.gather([3, 1])],
  ['a layer', (x) => tf.layers.reLU().apply(x.reshape([1, 4])) as tf.Tensor],
  ['an array among tensors', (x) => tf.scalar(0).add(x.dataSync())],
];

describe('what was made of a typed array', () => {
  test.each(results)('and is read later is of what that was: %s', (_, of) => {
    const array = Float32Array.of(3, 3, 3, 3);
    const result = of(tf.tensor(array));
    array.fill(7);
    expect([...new Set(result.dataSync())]).toEqual([3]);
    // The next use is of what the array is by then.
    expect([...new Set(of(tf.tensor(array)).dataSync())]).toEqual([7]);
  });

  test('is one array of a script, filled again for each batch', () => {
    const array = new Float32Array(2);
    const sums = [1, 2, 3].map((i) => tf.tensor(array.fill(i), [1, 2]).matMul(tf.ones([2, 1])));
    expect(sums.map((sum) => sum.dataSync()[0])).toEqual([2, 4, 6]);
  });

  test('as bytes and as integers too', () => {
    for (const array of [new Uint8Array(2), new Int32Array(2)]) {
      const sum = tf.tensor(array.fill(2)).sum();
      array.fill(9);
      expect(sum.dataSync()[0]).toBe(4);
    }
  });
});

describe('numbers that were read may be changed', () => {
  const written = (x: tf.Tensor) => x.dataSync().fill(50);

  test.each(results)('and nothing else changes with them: %s', (_, of) => {
    for (const isReadFirst of [false, true]) {
      const x = tf.fill([4], 3).mul(1);
      if (isReadFirst) written(x).fill(3);
      const result = of(x);
      written(x);
      expect([...new Set(result.dataSync())]).toEqual([3]);
    }
  });

  test('of variables as well', () => {
    const v = tf.variable(tf.tensor([3]));
    const doubled = v.mul(2);
    written(v);
    expect(doubled.dataSync()[0]).toBe(6);
    v.assign(tf.tensor([4]));
    expect(v.add(1).dataSync()[0]).toBe(5);
  });

  test('as the targets of deep Q-learning are', () => {
    const values = tf.tensor([[1, 5, 2]]).mul(1);
    const best = values.argMax(1);
    const targets = values.dataSync();
    targets[1] = -1;
    expect(best.dataSync()[0]).toBe(1);
  });
});

test('what a function gives back as it is does not change either', () => {
  const array = Float32Array.of(3);
  const scalar = () => tf.tensor(array, []);
  const same = [scalar().sum(), tf.variable(scalar()).sum(), scalar().max(), scalar().clone()];
  array[0] = 7;
  expect(same.map((tensor) => tensor.dataSync()[0])).toEqual([3, 3, 3, 3]);
});

test('nothing is copied where nobody computes', () => {
  const array = new Float32Array(6);
  const x = tf.tensor(array, [2, 3]);
  expect(x.reshape([6]).dataSync()).toBe(array);
  expect(x.slice([1, 0], [1, 3]).dataSync().buffer).toBe(array.buffer);
  expect(x.dataSync()).toBe(array);
});

test('what a buffer becomes is in the books, and its own', () => {
  const before = tf.memory().numTensors;
  const buffer = tf.buffer([2]);
  const tensor = tf.tidy(() => buffer.toTensor());
  expect(tf.memory().numTensors - before).toBe(1);
  buffer.set(4, 0);
  expect([...tensor.dataSync()]).toEqual([0, 0]);
  tensor.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
