// What functions make of their arguments: numbers, text, null, truth values; and gradients by steps alone.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const untyped = tf as unknown as Record<string, (...args: unknown[]) => tf.Tensor>;

describe('arguments', () => {
  test('null stands for what is left out', () => {
    expect(untyped.sum([[1, 2]], null, true).arraySync()).toEqual([[3]]);
  });

  test('0 and 1 are truth values', () => {
    expect(untyped.sum([[1, 2]], 1, 1).arraySync()).toEqual([[3]]);
    expect(untyped.sum([[1, 2]], 1, 0).arraySync()).toEqual([3]);
  });

  test('an axis may stand in a list of one', () => {
    expect(untyped.expandDims([1, 2], [1]).shape).toEqual([2, 1]);
    expect(() => untyped.expandDims([1, 2], [0, 1])).toThrow('axis must be an integer; got [0,1].');
  });

  test.each([
    'sum',
    'prod',
    'max',
    'min',
    'mean',
    'variance',
    'moments',
    'logSumExp',
    'norm',
    'all',
    'any',
    'cumsum',
    'cumprod',
  ])('whose axis there is not is told by its name: %s', (name) => {
    const isOfTruths = name === 'all' || name === 'any';
    for (const dtype of isOfTruths ? (['bool'] as const) : (['float32', 'int32'] as const)) {
      const x = tf.zeros([2], dtype);
      const args = name === 'norm' ? [x, 2, 3] : [x, 3];
      expect(() => untyped[name](...args)).toThrow(
        `${name}: there is no axis 3; expected an integer from -1 to 0.`,
      );
    }
  });

  test('text is no tensor, and the error says what is', () => {
    expect(() => untyped.abs('q')).toThrow(
      "Argument 'x' passed to 'abs' must be numeric tensor, but got string",
    );
    expect(() => untyped.cos([['q']])).toThrow("'cos' must be float32 tensor, but got string");
  });

  test('truth values are asked for by name', () => {
    expect(untyped.all([true, false]).arraySync()).toBe(0);
    expect(() => untyped.all(tf.tensor1d([1, 0]))).toThrow(
      "'all' must be bool tensor, but got float32 tensor",
    );
  });

  test('a tensor is chosen from by its method too', () => {
    const chosen = tf.tensor1d([1, 2]).where([true, false], tf.tensor1d([8, 9]));
    expect(chosen.arraySync()).toEqual([1, 9]);
  });

  test('addN wants tensors of one shape and type', () => {
    expect(tf.addN([tf.tensor1d([1, 2]), [3, 4]]).arraySync()).toEqual([4, 6]);
    expect(() => tf.addN([])).toThrow('Must pass at least one tensor');
    expect(() => tf.addN([[1], [1, 2]])).toThrow('must have the same shape; got [1] and [2]');
    expect(() => tf.addN([[1], tf.tensor1d([1], 'int32')])).toThrow('the same dtype; got float32 and int32');
  });
});

test('conversions are methods', () => {
  const x = tf.tensor1d([0, 1.9]);
  expect([x.toInt(), x.toBool(), x.toInt().toFloat()].map(({ dtype }) => dtype)).toEqual([
    'int32',
    'bool',
    'float32',
  ]);
  const weight = x.variable(false, 'own');
  expect([weight.trainable, weight.name, weight.arraySync()]).toEqual([false, 'own', x.arraySync()]);
  tf.disposeVariables();
  expect(weight.isDisposed).toBe(true);
});

test('one axis may stand in a list, and a tensor says its strides', () => {
  const x = tf.tensor2d([
    [1, 5],
    [3, 2],
  ]);
  expect([x.argMax([0] as never).arraySync(), tf.argMin(x, [1] as never).arraySync()]).toEqual([
    [1, 0],
    [0, 1],
  ]);
  expect(tf.cumsum(x, [1] as never).arraySync()).toEqual([
    [1, 6],
    [3, 5],
  ]);
  expect(() => x.argMax([0, 1] as never)).toThrow('argMax: axis must be an integer; got [0,1].');
  expect([tf.ones([2, 3, 4]).strides, tf.scalar(1).strides]).toEqual([[12, 4], []]);
  expect(() => tf.outerProduct([1, 2], 3)).toThrow('inputs must be rank 1, vectors, but got ranks 1 and 0');
});

describe('gradients', () => {
  test('are zero where a value counts by steps alone', () => {
    const gradient = tf.grad((x) => tf.argMax(x).cast('float32'));
    expect(gradient([1, 3, 2]).arraySync()).toEqual([0, 0, 0]);
    const [ofCondition] = tf.grads((c, a, b) => tf.where(c, a, b))([[true], [1], [2]]);
    expect(ofCondition.arraySync()).toEqual([0]);
  });

  test('of integers are floats', () => {
    const [ofA, ofB] = tf.grads((a, b) => tf.mul(a, b).sum())([
      tf.tensor1d([2, 3], 'int32'),
      tf.tensor1d([5, 7], 'int32'),
    ]);
    expect([ofA.arraySync(), ofB.arraySync()]).toEqual([
      [5, 7],
      [2, 3],
    ]);
    expect(ofA.dtype).toBe('float32');
    const quotient = tf.grad((x) => tf.div(x, tf.scalar(2, 'int32')).sum());
    expect(quotient(tf.tensor1d([5], 'int32')).arraySync()).toEqual([0.5]);
  });

  test('are asked for of what the function reads', () => {
    expect(() => tf.grad(() => tf.scalar(1))([1])).toThrow('Cannot compute gradient of y=f(x)');
  });
});

describe('what is refused', () => {
  test('bits of other shapes and types, and limits in the wrong order', () => {
    const bits = tf.tensor1d([1, 2], 'int32');
    expect(() => tf.bitwiseAnd(bits, tf.tensor1d([1], 'int32'))).toThrow(
      'must have the same shape; got [2] and [1]',
    );
    expect(() => tf.bitwiseAnd(bits, tf.tensor1d([1, 2]))).toThrow("Only supports 'int32' values");
    expect(() => tf.clipByValue([1], 2, 1)).toThrow('min (2) must be less than or equal to max (1)');
  });

  test('the first place that there is not is told, whichever of its numbers is wrong', () => {
    const x = tf.ones([2, 3]);
    const places = [0, 0, 1, 2, 1, 3, 2, 0];
    const message = 'Invalid indices: 1,3 does not index into [2,3].';
    expect(() => tf.gatherND(x, tf.tensor2d(places, [4, 2], 'int32'))).toThrow(`gatherND: ${message}`);
    expect(() => tf.scatterND(tf.tensor2d(places, [4, 2], 'int32'), [1, 2, 3, 4], [2, 3])).toThrow(
      `scatterND: ${message}`,
    );
    expect(() => tf.gatherND(x, [[1], [-1]])).toThrow('Invalid indices: -1 does not index into [2,3].');
    expect(() => tf.bincount(tf.tensor1d([1, -1], 'int32'), [], 3)).toThrow('must be non-negative');
  });

  test('a vector of indices is one for each update', () => {
    expect(tf.scatterND([1, 3, 1], [5, 6, 7], [4]).arraySync()).toEqual([0, 12, 0, 6]);
    // Bools stay bools, as in TensorFlow.js: a mask of indices is one for `where`.
    const mask = tf.scatterND([[1], [3], [1]], tf.ones([3], 'bool'), [4]);
    expect([mask.dtype, tf.where(mask, 1, -1).arraySync()]).toEqual(['bool', [-1, 1, -1, 1]]);
    expect(tf.tensorScatterUpdate([1, 2, 3], [2], [9]).arraySync()).toEqual([1, 2, 9]);
  });
});
