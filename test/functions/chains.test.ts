// Gradients through chains of functions, against finite differences; and what the books say of functions' results.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/node.ts';

/** Numbers between −1 and 1 that repeat nowhere. */
const input = (...shape: number[]) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Array.from({ length: size }, (_, i) => Math.sin(1 + i * 1.7)),
    shape,
  );
};

const step = 2 ** -8;

/** The derivative by finite differences, two on each side. */
function slopes(f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): number[] {
  const numbers = [...x.dataSync()];
  const at = (i: number, shift: number) => {
    const moved = Float32Array.from(numbers, (value, j) => (i === j ? value + shift : value));
    return f(tf.tensor(moved, x.shape)).sum().dataSync()[0];
  };
  return numbers.map(
    (_, i) => (8 * (at(i, step) - at(i, -step)) - (at(i, 2 * step) - at(i, -2 * step))) / (12 * step),
  );
}

const filters = input(2, 2, 2, 3);
const cases: Record<string, [x: tf.Tensor, f: (x: tf.Tensor) => tf.Tensor]> = {
  'conv2d, avgPool, reshape': [
    input(1, 4, 4, 2),
    (x) =>
      tf
        .conv2d(x as tf.Tensor4D, filters as tf.Tensor4D, 1, 'same')
        .avgPool(2, 2, 'valid')
        .reshape([-1])
        .square(),
  ],
  'conv1d with filters of its own numbers': [
    input(5, 2),
    (x) => tf.conv1d(x as tf.Tensor2D, input(3, 2, 2) as tf.Tensor3D, 1, 'valid').square(),
  ],
  'depthwiseConv2d, tanh': [
    input(1, 3, 3, 2),
    (x) => x.depthwiseConv2d(input(2, 2, 2, 2) as tf.Tensor4D, 1, 'same').tanh(),
  ],
  conv3d: [input(1, 2, 3, 3, 1), (x) => tf.conv3d(x, input(2, 2, 2, 1, 2), 1, 'same').square()],
  'gather, concat, tile': [
    input(4, 2),
    (x) => tf.concat([x.gather([3, 0, 0]), x.slice([1], [2]).tile([1, 1])], 0).square(),
  ],
  'pad, reverse, stridedSlice': [
    input(3, 4),
    (x) =>
      x
        .pad(
          [
            [1, 0],
            [0, 2],
          ],
          0.5,
        )
        .reverse(1)
        .stridedSlice([0, 0], [4, 6], [1, 2])
        .square(),
  ],
  mirrorPad: [
    input(3, 3),
    (x) =>
      tf
        .mirrorPad(
          x,
          [
            [1, 1],
            [2, 0],
          ],
          'reflect',
        )
        .square(),
  ],
  'stack, unstack, split': [
    input(2, 4),
    (x) => {
      const [a, b] = tf.unstack(x);
      const [left, right] = tf.split(a.mul(b), 2);
      return tf.stack([left, right, left.mul(right)]).square();
    },
  ],
  'spaceToBatchND and back, depthToSpace': [
    input(1, 2, 2, 4),
    (x) =>
      tf
        .batchToSpaceND(
          tf
            .spaceToBatchND(
              x,
              [2, 2],
              [
                [0, 0],
                [0, 0],
              ],
            )
            .square(),
          [2, 2],
          [
            [0, 0],
            [0, 0],
          ],
        )
        .depthToSpace(2)
        .square(),
  ],
  'batchNorm of its own moments': [
    input(4, 2),
    (x) => {
      const mean = x.mean(0);
      const variance = x.sub(mean).square().mean(0);
      return x.batchNorm(mean, variance, undefined, tf.tensor1d([2, 3]), 1e-3).pow(tf.scalar(3));
    },
  ],
  localResponseNormalization: [
    input(1, 2, 2, 5),
    (x) => x.localResponseNormalization(1, 1, 0.5, 0.75).square(),
  ],
  resizeBilinear: [input(1, 2, 3, 1), (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [3, 5]).square()],
  basicLSTMCell: [
    input(2, 3),
    (x) => {
      const [c, h] = tf.basicLSTMCell(1, input(5, 8), input(8), x, input(2, 2), input(2, 2));
      return c.mul(h);
    },
  ],
  'scatterND, gatherND': [
    input(3),
    (x) => tf.gatherND(tf.scatterND([[0], [2], [0]], x, [3]).square(), [[0], [2]]),
  ],
};

describe('gradients of chains', () => {
  test.each(Object.entries(cases))('%s', (_, [x, f]) => {
    const found = [...tf.grad(f)(x).dataSync()];
    const expected = slopes(f, x);
    const scale = Math.max(1, ...expected.map(Math.abs));
    for (const [i, value] of found.entries())
      expect(Math.abs(value - expected[i])).toBeLessThan(2e-3 * scale);
  });
});

test('a mask of dropout is the same in the gradient', () => {
  const x = tf.ones([64]);
  const { value, grad } = tf.valueAndGrad((given) => tf.dropout(given, 0.5, undefined, 3))(x);
  expect([...grad.dataSync()]).toEqual([...value.dataSync()]);
  expect(new Set(grad.dataSync())).toEqual(new Set([0, 2]));
});

test('numbers are unique as their texts are: NaN is one, and so are the zeros', () => {
  const { values, indices } = tf.unique([Number.NaN, 0, 2, -0, Number.NaN]);
  expect([...values.dataSync()]).toEqual([Number.NaN, 0, 2]);
  expect([...indices.dataSync()]).toEqual([0, 1, 2, 1, 0]);
  const pairs = tf.unique(
    tf.tensor2d([
      [1, 2],
      [12, 0],
      [1, 2],
    ]),
    0,
  );
  expect([...pairs.indices.dataSync()]).toEqual([0, 1, 0]);
});

test('where a condition is true is told by the index for each axis', async () => {
  const places = await tf.whereAsync(tf.tensor3d([0, 1, 0, 0, 0, 0, 0, 1], [2, 2, 2], 'bool'));
  expect(places.arraySync()).toEqual([
    [0, 0, 1],
    [1, 1, 1],
  ]);
});

test('tidy leaves what is returned, whatever a function made meanwhile', async () => {
  const x = input(4, 4);
  const before = tf.memory().numTensors;
  const kept = tf.tidy(() => {
    const { values, indices } = tf.unique(tf.tensor1d([3, 3, 1]));
    tf.split(x, 2);
    tf.meshgrid([1, 2], [3]);
    tf.linalg.qr(x);
    tf.image.resizeNearestNeighbor(x.reshape([1, 4, 4, 1]) as tf.Tensor4D, [2, 2]);
    tf.searchSorted([1, 2, 3], [2]);
    return [values, indices];
  });
  expect(tf.memory().numTensors).toBe(before + 2);
  tf.dispose(kept);
  const found = await tf.booleanMaskAsync(x, [true, false, false, true]);
  const [left, places] = await tf.setdiff1dAsync([1, 2, 3], [2]);
  expect([found.shape, left.arraySync(), places.arraySync()]).toEqual([
    [2, 4],
    [1, 3],
    [0, 2],
  ]);
  expect(tf.memory().numTensors).toBe(before + 3);
});
