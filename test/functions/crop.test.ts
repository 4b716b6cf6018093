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
