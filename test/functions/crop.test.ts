// Boxes that end with an image are read up to its last pixel, whatever their size: TensorFlow.js goes there in steps
// whose rounding leads beyond it, and shows there what is outside.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const sizes = Array.from({ length: 60 }, (_, i) => i + 2);

test.each(['bilinear', 'nearest'] as const)('%s: half an image has nothing from outside', (method) => {
  const crop = (size: number) =>
    tf.image.cropAndResize(tf.ones([1, 2 * size, 3, 1]), [[0, 0, 1, 1]], [0], [size, 2], method, -1000);
  expect(sizes.filter((size) => crop(size).min().dataSync()[0] !== 1)).toEqual([]);
});

test('the last of many places on a long axis is in the image', () => {
  const image = tf.range(1, 1879).reshape([1, 1878, 1, 1]) as tf.Tensor4D;
  const crop = tf.image.cropAndResize(image, [[0, 0, 1, 1]], [0], [8956, 1], 'bilinear', -7);
  expect(crop.dataSync().at(-1)).toBe(1878);
});

test('an image that there is not shows the value outside, however large its number', () => {
  const numbers = [2, -1, 2 ** 30, -(2 ** 31)];
  const boxes = numbers.map((): [number, number, number, number] => [0, 0, 1, 1]);
  const crop = tf.image.cropAndResize(tf.ones([2, 4, 4, 1]), boxes, numbers, [1, 1], 'bilinear', 9);
  expect([...crop.dataSync()]).toEqual([9, 9, 9, 9]);
});
