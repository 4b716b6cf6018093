// tf.op: a script's function, in a scope of its own.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

test('an operation is called as its function is, and leaves what it returns alone', () => {
  const twiceLess = tf.op({ twiceLess_: (x: tf.Tensor, by: number) => x.mul(2).sub(by) });
  const x = tf.tensor1d([1, 2]);
  const before = tf.memory().numTensors;
  const y = twiceLess(x, 3);
  expect([...y.dataSync()]).toEqual([-1, 1]);
  expect(tf.memory().numTensors).toBe(before + 1);
  expect(twiceLess.name).toBe('twiceLess__op');
});

test('an operation has a gradient', () => {
  const square = tf.op({ square: (x: tf.Tensor) => x.mul(x) });
  expect([
    ...tf
      .grad((x) => square(x))(tf.tensor1d([3, 4]))
      .dataSync(),
  ]).toEqual([6, 8]);
});

test.each([[{}], [{ a: () => tf.scalar(1), b: () => tf.scalar(2) }], [{ a: 3 as never }]])(
  'an object of other than one function is told: %o',
  (f) => {
    expect(() => tf.op(f as Record<string, () => tf.Tensor>)).toThrow(
      "op: takes an object with a single key, which is a function's name; got",
    );
  },
);
