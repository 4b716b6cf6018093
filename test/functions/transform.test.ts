// Images seen each through a projection of its own, which TensorFlow.js gives for the first alone.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const projections = [
  [1, 0, 0.37, 0, 1, -1.71, 0, 0],
  [1.13, -0.41, 0, 0.29, 0.93, 0, 0.023, 0.011],
];

test.each(['nearest', 'bilinear'] as const)('%s: each image is what it is alone', (interpolation) => {
  const images = tf.tensor4d(
    Array.from({ length: 40 }, (_, i) => Math.sin(i)),
    [2, 4, 5, 1],
  );
  const seen = (image: tf.Tensor4D, matrix: number[][]) =>
    tf.image.transform(image, tf.tensor2d(matrix), interpolation, 'reflect');
  const alone = projections.map((matrix, i) => seen(tf.slice(images, i, 1) as tf.Tensor4D, [matrix]));
  expect([...seen(images, projections).dataSync()]).toEqual([...tf.concat(alone, 0).dataSync()]);
  expect([...alone[0].dataSync()]).not.toEqual([...alone[1].dataSync()]);
});
