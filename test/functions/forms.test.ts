// The same arguments in the several forms that functions take: each form does what another, or plain numbers, say.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { ramp } from '../tensor/programs.ts';

/** What two calls give is the same, to the bit. */
function expectSame(got: tf.Tensor, expected: tf.Tensor): void {
  expect(got.shape).toEqual(expected.shape);
  expect([...got.dataSync()]).toEqual([...expected.dataSync()]);
}

test('squeeze takes all axes of 1 where none is named, those that are named, and no others', () => {
  const x = tf.ones([1, 2, 1, 3]);
  expect(tf.squeeze(x).shape).toEqual([2, 3]);
  expect(tf.squeeze(x, []).shape).toEqual([2, 3]);
  expect(tf.squeeze(x, [2]).shape).toEqual([1, 2, 3]);
  expect(tf.squeeze(x, [0, -2]).shape).toEqual([2, 3]);
  expect(() => tf.squeeze(x, [1])).toThrow('squeeze: axis 1 of shape [1,2,1,3] is 2, not 1.');
});

test('conv1d takes the padding of images of one row', () => {
  const [x, filter] = [ramp(2, 5, 3), ramp(2, 3, 4)];
  const padded = (pad: number[][]) =>
    tf.conv1d(x as tf.Tensor3D, filter as tf.Tensor3D, 1, pad as unknown as 'same');
  const [none, sides] = [
    [0, 0],
    [1, 2],
  ];
  expectSame(padded([none, none, sides, none]), padded([none, sides, none]));
  expect(padded([none, none, sides, none]).shape).toEqual([2, 7, 4]);
});

describe('split', () => {
  const split = (sizes: number[]) => tf.split(tf.range(0, 6), sizes).map((part) => part.arraySync());

  test('into given sizes, of which one may be what is left', () => {
    expect(split([1, 2, 3])).toEqual([[0], [1, 2], [3, 4, 5]]);
    expect(split([1, -1, 2])).toEqual([[0], [1, 2, 3], [4, 5]]);
    expect(split([4, -1, 2])).toEqual([[0, 1, 2, 3], [], [4, 5]]);
  });

  test.each([
    [[-1, -1], 'split: There should be only one negative value in split array.'],
    [[2, 3], 'split: The sum of sizes must match the size of the axis dimension, 6; got [2,3].'],
    [[7, -1], 'split: The sum of sizes must match the size of the axis dimension, 6; got [7,-1].'],
  ])('%j is refused', (sizes, message) => {
    expect(() => split(sizes)).toThrow(message);
  });
});

describe('fused.conv2d', () => {
  const [x, filter] = [ramp(2, 3, 4, 5) as tf.Tensor4D, ramp(2, 2, 3, 4) as tf.Tensor4D];
  const options = { x, filter, strides: 1, pad: 'valid' as const, dataFormat: 'NCHW' as const };

  test('adds a number of each channel, where channels are first too', () => {
    const product = tf.conv2d(x, filter, 1, 'valid', 'NCHW');
    const bias = ramp(4) as tf.Tensor1D;
    expectSame(tf.fused.conv2d({ ...options, bias }), product.add(bias.reshape([4, 1, 1])));
    const activation = 'prelu';
    expectSame(
      tf.fused.conv2d({ ...options, activation, preluActivationWeights: bias }),
      tf.prelu(product, bias.reshape([4, 1, 1])),
    );
  });

  test.each(['NCHW', 'NHWC'] as const)('refuses other numbers than channels: %s', (dataFormat) => {
    const images = dataFormat === 'NCHW' ? x : (x.transpose([0, 2, 3, 1]) as tf.Tensor4D);
    expect(() => tf.fused.conv2d({ ...options, x: images, dataFormat, bias: tf.ones([3]) })).toThrow(
      'Error in fused conv2d: bias shape ([3]) is not compatible with the number of output channels (4) of ',
    );
    // Added, it would make more images.
    expect(() =>
      tf.fused.conv2d({ ...options, x: images, dataFormat, bias: tf.ones([2, 1, 1, 1, 1]) }),
    ).toThrow('bias shape ([2,1,1,1,1]) is not compatible');
  });
});

test('searchSorted finds places in each row, before or behind what is equal', () => {
  const sequence = [
    [0, 2, 2, 5],
    [1, 1, 1, 9],
  ];
  const values = [
    [2, -1, 6],
    [1, 9, 0],
  ];
  expect(tf.lowerBound(sequence, values).arraySync()).toEqual([
    [1, 0, 4],
    [0, 3, 0],
  ]);
  expect(tf.upperBound(sequence, values).arraySync()).toEqual([
    [3, 0, 4],
    [3, 4, 0],
  ]);
});

test('shapes of so many axes are methods', () => {
  const x = ramp(24);
  expect(x.as2D(4, 6).shape).toEqual([4, 6]);
  expect(x.as3D(4, 3, 2).shape).toEqual([4, 3, 2]);
  expect(x.as4D(1, 4, 3, 2).shape).toEqual([1, 4, 3, 2]);
  expectSame(x.as2D(4, 6).as1D(), x);
  expectSame(x.reshapeAs(tf.zeros([2, 12])), x.reshape([2, 12]));
  expect(
    tf
      .tensor2d([[7]])
      .asScalar()
      .arraySync(),
  ).toBe(7);
  for (const shape of [[2], [0], [1, 2]])
    expect(() => tf.zeros(shape).asScalar()).toThrow('asScalar: The array must have only 1 element; shape [');
});

test('localResponseNormalization looks 5 channels to each side unless told otherwise', () => {
  const x = ramp(1, 1, 2, 13) as tf.Tensor4D;
  expectSame(tf.localResponseNormalization(x), tf.localResponseNormalization(x, 5, 1, 1, 0.5));
  const row = [...x.dataSync()].slice(0, 13);
  for (const [i, value] of [...tf.localResponseNormalization(x).dataSync()].slice(0, 13).entries()) {
    const near = row.slice(Math.max(0, i - 5), i + 6);
    expect(value).toBeCloseTo(row[i] / Math.sqrt(1 + near.reduce((sum, each) => sum + each * each, 0)), 5);
  }
});

test('inTopKAsync looks at the first k, of which equals are in their order', async () => {
  const scores = [
    [5, 1, 3],
    [1, 2, 2],
  ];
  const among = async (k: number, targets: number[]) =>
    (await tf.inTopKAsync(scores, targets, k)).arraySync();
  expect(await among(1, [0, 1])).toEqual([1, 1]);
  expect(await among(1, [2, 2])).toEqual([0, 0]);
  expect(await among(2, [2, 2])).toEqual([1, 1]);
  expect(await among(2, [1, 0])).toEqual([0, 0]);
});

test('normal numbers have the mean 0 and the deviation 1 where nothing is said', () => {
  for (const draw of [tf.randomNormal, tf.truncatedNormal])
    expectSame(draw([50], null, null, 'float32', 3), draw([50], 0, 1, 'float32', 3));
});

test('movingAverage takes its decay and its step as numbers or scalars', () => {
  const [v, x] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 6])];
  // v + (1 − decay)·(x − v), what is added divided by 1 − decayˢᵗᵉᵖ.
  expectSame(tf.movingAverage(v, x, 0.75, undefined, false), tf.tensor1d([1.5, 3]));
  expectSame(tf.movingAverage(v, x, tf.scalar(0.75), undefined, false), tf.tensor1d([1.5, 3]));
  expectSame(tf.movingAverage(v, x, 0.5, 1), tf.tensor1d([3, 6]));
  expectSame(tf.movingAverage(v, x, tf.scalar(0.5), tf.scalar(1)), tf.tensor1d([3, 6]));
});
