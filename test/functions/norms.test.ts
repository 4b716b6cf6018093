// Norms of matrices along axes in either order, and of scalars.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const x = tf.tensor3d([1, -2, 3, 4, -5, 6, 7, 8, -9, 1, 0, 2], [2, 3, 2]);

test.each([1, 'fro', 'euclidean', Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as const)(
  'of order %s: axes turned round mean the transposed matrix',
  (order) => {
    const transposed = tf.transpose(x, [1, 0, 2]);
    for (const keep of [false, true]) {
      const [norm, other] = [tf.norm(x, order, [1, 0], keep), tf.norm(transposed, order, [0, 1], keep)];
      expect([...norm.dataSync()]).toEqual([...other.dataSync()]);
    }
    expect(tf.norm(x, order, [1, 0]).shape).toEqual([2]);
    expect(tf.norm(x, order, [1, 0], true).shape).toEqual([1, 1, 2]);
  },
);

test.each(['euclidean', 'fro', 1, 2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3] as const)(
  'of order %s: of a scalar it is |x|, however large',
  (order) => {
    for (const [x, size, slope] of [
      [-1e30, 1e30, -1],
      [1e-30, 1e-30, 1],
      [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 1],
      [0, 0, 0],
    ]) {
      const { value, grad } = tf.valueAndGrad((y) => tf.norm(y, order))(tf.scalar(x));
      expect([value.dataSync()[0], grad.dataSync()[0]]).toEqual([Math.fround(size), slope]);
    }
  },
);
