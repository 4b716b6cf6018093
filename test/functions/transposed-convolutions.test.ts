// What `outputShape` of a transposed convolution may be: what its convolution makes x of, or the front of such images.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const images = (shape: number[]) => tf.randomUniform(shape, -1, 1, 'float32', 7);
const planar = images([2, 2, 3, 2]);
const solid = images([2, 2, 2, 3, 2]);

test.each([
  [
    'more samples than x',
    () => tf.conv2dTranspose(images([1, 4, 4, 2]), planar, [3, 5, 5, 3], 1, 'valid'),
    'conv2dTranspose: outputShape [3,5,5,3] does not fit: filters [2,2,3,2] make 3 channels, and of [5,5] a convolution leaves [4,4]; x has the shape [1,4,4,2].',
  ],
  [
    'channels that the filters do not make',
    () => tf.conv2dTranspose(images([4, 4, 2]), planar, [5, 5, 1], 1, 'valid'),
    'conv2dTranspose: outputShape [1,5,5,1] does not fit: filters [2,2,3,2] make 3 channels, and of [5,5] a convolution leaves [4,4]; x has the shape [1,4,4,2].',
  ],
  [
    'images of which more would be left than x has',
    () => tf.conv2dTranspose(images([1, 4, 2, 2]), planar, [1, 8, 8, 3], 2, 'same'),
    'conv2dTranspose: outputShape [1,8,8,3] does not fit: filters [2,2,3,2] make 3 channels, and of [8,8] a convolution leaves [4,4]; x has the shape [1,4,2,2].',
  ],
  [
    'volumes of which more would be left than x has',
    () => tf.conv3dTranspose(images([1, 2, 4, 4, 2]), solid, [1, 5, 5, 5, 3], 1, 'valid'),
    'conv3dTranspose: outputShape [1,5,5,5,3] does not fit: filters [2,2,2,3,2] make 3 channels, and of [5,5,5] a convolution leaves [4,4,4]; x has the shape [1,2,4,4,2].',
  ],
  [
    'fewer volumes than x',
    () => tf.conv3dTranspose(images([2, 4, 4, 4, 2]), solid, [1, 5, 5, 5, 3], 1, 'valid'),
    'conv3dTranspose: outputShape [1,5,5,5,3] does not fit: filters [2,2,2,3,2] make 3 channels, and of [5,5,5] a convolution leaves [4,4,4]; x has the shape [2,4,4,4,2].',
  ],
])('not %s', (_, make, message) => {
  expect(make).toThrow(message);
});

const transposed2d = (x: tf.Tensor, shape: number[]) => tf.conv2dTranspose(x, planar, shape, 2, 0);
const transposed3d = (x: tf.Tensor, shape: number[]) => tf.conv3dTranspose(x, solid, shape, 2, 0);

test.each([
  ['images', transposed2d, [2, 5, 6, 2], [2, 9, 11, 3], [2, 6, 7, 3]],
  ['images, of which nothing would be left', transposed2d, [2, 5, 6, 2], [2, 9, 11, 3], [2, 1, 1, 3]],
  ['volumes', transposed3d, [1, 5, 4, 6, 2], [1, 9, 7, 11, 3], [1, 5, 4, 7, 3]],
])('a smaller outputShape is the front of what there is: %s', (_, transposed, shape, whole, part) => {
  const x = images(shape);
  const front = (x: tf.Tensor) => transposed(x, part);
  const sliced = (x: tf.Tensor) =>
    tf.slice(
      transposed(x, whole),
      part.map(() => 0),
      part,
    );
  const gradient = (f: typeof front) => tf.grad((x) => tf.square(f(x)))(x);
  expect(front(x).arraySync()).toEqual(sliced(x).arraySync());
  expect(tf.max(tf.abs(tf.sub(gradient(front), gradient(sliced)))).dataSync()[0]).toBeLessThan(1e-5);
});
