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
  [
    'a convolution of no images',
    () => tf.conv2d(zeros([0, 3, 3, 2]), zeros([2, 2, 2, 4]), 1, 'same'),
    [0, 3, 3, 4],
  ],
  ['of no channels', () => tf.conv2d(zeros([1, 3, 3, 0]), zeros([2, 2, 0, 4]), 1, 'valid'), [1, 2, 2, 4]],
  [
    'of no channels, pixel by pixel',
    () => tf.conv2d(zeros([1, 2, 2, 0]), zeros([1, 1, 0, 4]), 1, 'same'),
    [1, 2, 2, 4],
  ],
  ['to no channels', () => tf.conv2d(zeros([1, 3, 3, 2]), zeros([2, 2, 2, 0]), 1, 'valid'), [1, 2, 2, 0]],
  [
    'a convolution of no volumes',
    () => tf.conv3d(zeros([0, 3, 3, 3, 2]), zeros([2, 2, 2, 2, 4]), 1, 'same'),
    [0, 3, 3, 3, 4],
  ],
  ['the largest of no volumes', () => tf.maxPool3d(zeros([0, 4, 4, 4, 1]), 2, 2, 'valid'), [0, 2, 2, 2, 1]],
  ['means of no volumes', () => tf.avgPool3d(zeros([0, 4, 4, 4, 1]), 2, 2, 'valid'), [0, 2, 2, 2, 1]],
  ['R of no rows', () => tf.linalg.qr(zeros([0, 2]))[1], [0, 2]],
  ['Q of no columns', () => tf.linalg.qr(zeros([2, 0]))[0], [2, 0]],
  [
    'products of two inputs for no samples',
    () => tf.layers.dot({ axes: 1 }).apply([zeros([0, 3]), zeros([0, 3])]) as tf.Tensor,
    [0, 1],
  ],
  ['from before the first, backwards', () => tf.tensor1d([1, 2]).stridedSlice([-3], [-3], [-1]), [0]],
  ['of nothing, backwards', () => nothing().stridedSlice([0], [1], [-1]), [0]],
  ['no rows, columns backwards', () => zeros([0, 3]).stridedSlice([0, 2], [0, 0], [-1, -1]), [0, 2]],
])('%s', (_, make, shape) => {
  const made = make();
  expect(made.shape).toEqual(shape);
  expect([...made.dataSync()]).toEqual(new Array(made.size).fill(0));
});

test.each<[string, () => tf.Tensor, number[]]>([
  ['any of none is', () => tf.any(zeros([2, 0], 'bool'), 1), [0, 0]],
  ['all of none are', () => tf.all(zeros([2, 0], 'bool'), 1), [1, 1]],
  ['the largest', () => tf.max(zeros([2, 0], 'bool'), 1), [0, 0]],
  ['the smallest', () => tf.min(zeros([0], 'bool')), [1]],
])('of no truth values there is a truth value: %s', (_, make, expected) => {
  const made = make();
  expect(made.dtype).toBe('bool');
  expect([...made.dataSync()]).toEqual(expected);
  // As what is computed of it in the same program has it.
  expect([...make().toFloat().dataSync()]).toEqual(expected);
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

  const convolved = (strides: number) => (x: tf.Tensor, filters: tf.Tensor) =>
    tf.conv2d(x as tf.Tensor4D, filters as tf.Tensor4D, strides, 'same');

  test.each<[string, (x: tf.Tensor, filters: tf.Tensor) => tf.Tensor, number[], number[]]>([
    ['conv2d', convolved(1), [0, 9, 9, 8], [3, 3, 8, 8]],
    ['conv2d in strides', convolved(2), [0, 9, 9, 3], [3, 3, 3, 2]],
    ['conv2d to no channels', convolved(1), [1, 9, 9, 8], [3, 3, 8, 0]],
    [
      'conv3d',
      (x, w) => tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, 1, 'same'),
      [0, 3, 3, 3, 2],
      [2, 2, 2, 2, 4],
    ],
    [
      'depthwiseConv2d',
      (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'),
      [0, 9, 9, 8],
      [3, 3, 8, 1],
    ],
  ])('%s of nothing: zeros, whatever memory held before', (_, f, images, filters) => {
    tf.ones([64, 64])
      .matMul(tf.ones([64, 64]))
      .dataSync();
    const gradients = tf.grads(f)([zeros(images), tf.ones(filters)]);
    expect(gradients.map((each) => each.shape)).toEqual([images, filters]);
    for (const each of gradients) expect([...each.dataSync()]).toEqual(new Array(each.size).fill(0));
  });

  test('a sum of nothing is 0, not −0', () => {
    expect(1 / tf.sum(nothing()).dataSync()[0]).toBe(Number.POSITIVE_INFINITY);
  });
});
