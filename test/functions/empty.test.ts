// Tensors without elements: shapes follow their rules, sums of nothing are zeros, and gradients have what they are of.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/node.ts';

const { zeros } = tf;
const nothing = () => zeros([0]);

test.each<[string, () => tf.Tensor, number[]]>([
  ['no rows in each of a batch', () => zeros([2, 0, 3]).matMul(zeros([2, 3, 4])), [2, 0, 4]],
  ['no rows, times one matrix', () => zeros([2, 0, 3]).matMul(zeros([3, 4])), [2, 0, 4]],
  ['no products to sum', () => tf.ones([2, 2, 0]).matMul(tf.ones([2, 0, 4])), [2, 2, 4]],
  ['no matrices', () => zeros([0, 2, 3]).matMul(zeros([0, 3, 4])), [0, 2, 4]],
  ['no matrices, times one', () => zeros([0, 2, 3]).matMul(zeros([1, 3, 4])), [0, 2, 4]],
  ['one matrix, times none', () => zeros([1, 2, 3]).matMul(zeros([0, 3, 4])), [0, 2, 4]],
  ['einsum without rows', () => tf.einsum('ij,jk->ik', zeros([0, 2]), zeros([2, 3])), [0, 3]],
  ['einsum of nothing', () => tf.einsum('ij,jk->ik', zeros([2, 0]), zeros([0, 3])), [2, 3]],
  ['dot of nothing', () => tf.dot(nothing(), nothing()), []],
  ['dot of nothing and no rows', () => tf.dot(nothing(), zeros([0, 3])), [3]],
  ['from before the first, backwards', () => tf.tensor1d([1, 2]).stridedSlice([-3], [-3], [-1]), [0]],
  ['of nothing, backwards', () => nothing().stridedSlice([0], [1], [-1]), [0]],
  ['no rows, columns backwards', () => zeros([0, 3]).stridedSlice([0, 2], [0, 0], [-1, -1]), [0, 2]],
])('%s', (_, make, shape) => {
  const made = make();
  expect(made.shape).toEqual(shape);
  expect([...made.dataSync()]).toEqual(new Array(made.size).fill(0));
});

describe('gradients', () => {
  test.each<[string, (x: tf.Tensor) => tf.Tensor, number[]]>([
    ['a sum', (x) => x.sum(), [0]],
    ['sums of columns', (x) => x.sum(0), [0, 3]],
    ['sums of moved rows', (x) => x.transpose().sum(0), [0, 3]],
    ['elements', (x) => x.square(), [2, 0]],
    ['a product', (x) => x.matMul(tf.ones([2, 3, 4])), [2, 0, 3]],
  ])('%s', (_, f, shape) => {
    expect(tf.grad(f)(zeros(shape)).shape).toEqual(shape);
  });

  test('what nothing is combined with learns nothing of it', () => {
    const [none, factor] = tf.grads((x, y) => x.matMul(y))([zeros([2, 0, 3]), tf.ones([2, 3, 1])]);
    expect(none.shape).toEqual([2, 0, 3]);
    expect([...factor.dataSync()]).toEqual([0, 0, 0, 0, 0, 0]);
    const [, added] = tf.grads((x, y) => x.sum().add(y))([nothing(), tf.scalar(2)]);
    expect(added.arraySync()).toBe(1);
    expect([
      ...tf
        .grad((x) => x.stridedSlice([-3], [-3], [-1]))([1, 2])
        .dataSync(),
    ]).toEqual([0, 0]);
  });

  test('a sum of nothing is 0, not −0', () => {
    expect(1 / tf.sum(nothing()).dataSync()[0]).toBe(Number.POSITIVE_INFINITY);
  });
});
