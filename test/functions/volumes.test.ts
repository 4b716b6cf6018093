// Convolutions of volumes whose steps differ along each axis, against what they are made of.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const wave = (shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(1.3 * i + (i % 5))),
    shape,
  );

test('dilated filters are filters with zeros in between', () => {
  const x = wave([2, 4, 5, 7, 2]);
  const filter = wave([2, 2, 2, 2, 3]);
  const dilations = [1, 2, 3] as [number, number, number];
  const wide = tf.buffer([2, 3, 4, 2, 3]);
  const numbers = filter.bufferSync();
  for (const [depth, height, width] of [0, 1].flatMap((i) =>
    [0, 1].flatMap((j) => [0, 1].map((k) => [i, j, k])),
  ))
    for (let channel = 0; channel < 2; channel++)
      for (let output = 0; output < 3; output++)
        wide.set(
          numbers.get(depth, height, width, channel, output),
          ...[depth, 2 * height, 3 * width, channel, output],
        );
  for (const padding of ['same', 'valid'] as const) {
    const dilated = tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, 1, padding, 'NDHWC', dilations);
    const whole = tf.conv3d(x as tf.Tensor5D, wide.toTensor() as tf.Tensor5D, 1, padding);
    expect(dilated.shape).toEqual(whole.shape);
    const expected = whole.dataSync();
    for (const [i, value] of dilated.dataSync().entries()) expect(value).toBeCloseTo(expected[i], 5);
  }
});
