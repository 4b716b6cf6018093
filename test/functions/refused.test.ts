// What single functions refuse, by their sentences, and what lies just inside of that.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const untyped = tf as unknown as Record<string, (...args: unknown[]) => tf.Tensor>;

describe('ranks', () => {
  test.each([1, 2, 3, 4])('slice%dd takes its own alone', (rank) => {
    const slice = untyped[`slice${rank}d`];
    const begin = Array.from({ length: rank }, () => 0);
    expect(
      slice(
        tf.ones(begin.map(() => 2)),
        begin,
        begin.map(() => 1),
      ).rank,
    ).toBe(rank);
    expect(() => slice(tf.ones([...begin, 0].map(() => 2)), begin)).toThrow(
      `slice${rank}d expects a rank-${rank} tensor, but got ${rank + 1}, shape [`,
    );
  });

  test('batchNorm2d takes matrices', () => {
    const [image, rows, vector] = [tf.ones([1, 2, 2, 3]), tf.ones([2, 3]), tf.ones([3])];
    const { batchNorm2d } = untyped;
    expect(batchNorm2d(rows, vector, vector).shape).toEqual([2, 3]);
    expect(() => batchNorm2d(image, vector, vector)).toThrow(
      'Error in batchNorm2D: x must be rank 2, but got 4',
    );
    expect(() => batchNorm2d(rows, image, vector)).toThrow(
      'Error in batchNorm2D: mean must be rank 2 or rank 1, but got 4',
    );
    expect(() => batchNorm2d(rows, vector, vector, vector, image)).toThrow(
      'Error in batchNorm2D: scale must be rank 2 or rank 1, but got 4',
    );
  });

  test('localResponseNormalization takes images', () => {
    expect(() => untyped.localResponseNormalization(tf.ones([2, 2]))).toThrow(
      'Error in localResponseNormalization: x must be rank 3 or 4, but got 2, shape [2,2].',
    );
  });
});

test('gather refuses indices that the axis does not have, where they are known', () => {
  const x = tf.tensor2d([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  expect(tf.gather(x, [2, 0], 1).arraySync()).toEqual([
    [3, 1],
    [6, 4],
  ]);
  for (const index of [3, -1]) {
    expect(() => tf.gather(x, [0, index], 1)).toThrow(
      `gather: GatherV2: the index value ${index} is not in [0, 2], axis 1 of shape [2,3].`,
    );
  }
});

test('gather refuses more axes in common than indices have', () => {
  for (const batchDims of [2, -2]) {
    expect(() => tf.gather(tf.ones([2, 3, 4]), [0, 1], 2, batchDims)).toThrow(
      /^gather: Expect batchDims in the range of \[0, 1\], but got /,
    );
  }
});

test('unstack, dropout, ensureShape and randomUniform tell what they need', () => {
  for (const axis of [2, -3])
    expect(() => tf.unstack(tf.ones([2, 3]), axis)).toThrow(`unstack: Axis = ${axis} is not in [-2, 2).`);
  for (const rate of [1, 1.5, -0.5])
    expect(() => tf.dropout([1, 2], rate)).toThrow(
      `dropout: rate must be a float in the range [0, 1), but got ${rate}.`,
    );
  expect(tf.ensureShape([1, 2], [null]).shape).toEqual([2]);
  for (const shape of [[], [null, null], [3]])
    expect(() => tf.ensureShape([1, 2], shape)).toThrow('EnsureShape: Shape of tensor 2 is not compatible');
  expect(() => untyped.randomUniform([2], '0', 1)).toThrow("randomUniform: minval must be a number; got '0'");
  expect(() => untyped.randomUniform([2], 0, '1')).toThrow("randomUniform: maxval must be a number; got '1'");
});

test('convolutions refuse windows that move by nothing, and those that move and are spread', () => {
  const [x, filter] = [tf.ones([1, 8, 8, 1]) as tf.Tensor4D, tf.ones([2, 2, 1, 1]) as tf.Tensor4D];
  const conv2d = (strides: [number, number], dilations: [number, number]) =>
    tf.conv2d(x, filter, strides, 'valid', 'NHWC', dilations);
  expect(conv2d([2, 2], [1, 1]).shape).toEqual([1, 4, 4, 1]);
  expect(conv2d([1, 1], [2, 2]).shape).toEqual([1, 6, 6, 1]);
  expect(() => conv2d([2, 0], [1, 1])).toThrow('Strides should be larger than 0; got [2,0].');
  expect(() => conv2d([1, 1], [1, 0])).toThrow('Dilated rates should be larger than 0; got [1,0].');
  expect(() => conv2d([2, 2], [2, 2])).toThrow('Either strides or dilations must be 1.');
  expect(() => tf.conv2dTranspose(tf.ones([8, 8]) as tf.Tensor4D, filter, [1, 9, 9, 1], 1, 'valid')).toThrow(
    'Error in conv2dTranspose: input must be rank 4, or 3 for one of a batch, but got 2, shape [8,8].',
  );
});

test('stridedSlice refuses two ellipses', () => {
  const slice = (ellipsisMask: number) =>
    tf.stridedSlice(tf.ones([3, 4]), [0, 0], [1, 1], [1, 1], 0, 0, ellipsisMask);
  expect(slice(0).shape).toEqual([1, 1]);
  expect(slice(2).shape).toEqual([1, 4]);
  expect(() => slice(3)).toThrow('stridedSlice: Multiple ellipses in slice is not allowed.');
});

test('booleanMaskAsync refuses masks of other axes', async () => {
  const x = tf.tensor2d([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  expect((await tf.booleanMaskAsync(x, [false, true], 1)).arraySync()).toEqual([[2], [4], [6]]);
  await expect(tf.booleanMaskAsync(x, [true, false])).rejects.toThrow(
    "mask's shape must match the first K dimensions of tensor's shape,",
  );
});

test('multinomial takes two outcomes, and not one', () => {
  expect([...tf.multinomial([0, -1000], 3, 1).dataSync()]).toEqual([0, 0, 0]);
  expect(() => tf.multinomial([0], 3, 1)).toThrow('you need at least 2 outcomes, but got 1.');
});

test('confusionMatrix takes one class, and not none', () => {
  expect(tf.math.confusionMatrix([0, 0], [0, 0], 1).arraySync()).toEqual([[2]]);
  expect(() => tf.math.confusionMatrix([0], [0], 0)).toThrow(
    'confusionMatrix: numClasses must be a positive integer, but got 0.',
  );
});

test('bandPart takes numbers and scalars, of diagonals that there are', () => {
  const x = tf.ones([3, 3]);
  const expected = [
    [1, 0, 0],
    [1, 1, 0],
    [0, 1, 1],
  ];
  expect(tf.linalg.bandPart(x, 1, 0).arraySync()).toEqual(expected);
  expect(tf.linalg.bandPart(x, tf.scalar(1, 'int32'), tf.scalar(0, 'int32')).arraySync()).toEqual(expected);
  expect(() => tf.linalg.bandPart(x, 4, 0)).toThrow(
    'bandPart(): numLower must be an integer of at most 3, got 4.',
  );
});

test('spaceToBatchND refuses blocks of nothing', () => {
  const blocks = (size: number) => tf.spaceToBatchND(tf.ones([1, 4, 1]), [size], [[0, 0]]);
  expect(blocks(2).shape).toEqual([2, 2, 1]);
  for (const size of [0, -1])
    expect(() => blocks(size)).toThrow(`spaceToBatchND: blockShape must be positive; got ${size}.`);
});

test('concat1d, split and searchSorted tell what they need', () => {
  const { concat1d, searchSorted } = untyped;
  expect(concat1d([[1], [2, 3]]).arraySync()).toEqual([1, 2, 3]);
  expect(() => concat1d([[1], [[2, 3]]])).toThrow(
    'concat1d: tensors must have rank 1, but got 2, shape [1,2].',
  );
  expect(tf.split([1, 2], 1).map((part) => part.arraySync())).toEqual([[1, 2]]);
  for (const parts of [0, 3]) expect(() => tf.split([1, 2], parts)).toThrow(`which has 2; got ${parts}.`);
  expect(() => searchSorted([1, 2], [1], 'middle')).toThrow("searchSorted: side must be 'left' or 'right'");
  expect(() => tf.ensureShape(tf.ones([2, 3]), [2, 4])).toThrow(
    'EnsureShape: Shape of tensor 2,3 is not compatible with expected shape 2,4.',
  );
});

test('bincount counts no class at all, and not fewer', () => {
  const count = (size: number) => tf.bincount(tf.tensor1d([0, 1, 1], 'int32'), [], size).arraySync();
  expect(count(0)).toEqual([]);
  expect(count(3)).toEqual([1, 2, 0]);
  for (const size of [-1, 2 ** 33])
    expect(() => count(size)).toThrow(`Error in bincount: size must be non-negative, but got ${size}.`);
});

test('functions that are made of others say by their own names that shapes do not broadcast', () => {
  const [a, b] = [tf.ones([2, 3]), tf.ones([2, 4])];
  const ofTwo = [
    'less',
    'lessEqual',
    'maximum',
    'minimum',
    'floorDiv',
    'divNoNan',
    'squaredDifference',
    'prelu',
  ];
  for (const name of ofTwo) {
    expect(() => untyped[name](a, b), name).toThrow(`${name}: shapes [2,3] and [2,4] do not broadcast.`);
  }
  expect(() => tf.where(a.cast('bool'), a, b)).toThrow('where: shapes [2,3] and [2,4] do not broadcast.');
});

test('inside of models they take numbers', () => {
  class Bounded extends tf.layers.Layer {
    static readonly className = 'BoundedByNumbers';

    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      const [x] = [inputs].flat();
      const held = tf.maximum(tf.minimum(x, 2), -1);
      const shown = tf.where(tf.less(held, 1), held, 7).add(tf.squaredDifference(held, 1));
      return shown.add(tf.floorDiv(held, 2)).add(tf.divNoNan(held, tf.scalar(0)));
    }
  }
  const x = tf.tensor2d([[-3, 0.5, 1.5, 4]]);
  const model = tf.sequential({ layers: [new Bounded({ inputShape: [4] })] });
  // Of −1, 0.5, 1.5 and 2: itself below 1, else 7; (x − 1)²; ⌊x/2⌋.
  const expected = [-1 + 4 - 1, 0.5 + 0.25 + 0, 7 + 0.25 + 0, 7 + 1 + 1];
  expect([...(model.predict(x) as tf.Tensor).dataSync()]).toEqual(expected);
});
