// The axes that global pools fold: gone, or left with one element.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const steps = tf.tensor3d([
  [
    [1, 2],
    [3, 6],
    [5, 1],
  ],
]);
const images = steps.reshape([1, 1, 3, 2]);

describe.each([
  ['globalMaxPooling1d', steps, [5, 6]],
  ['globalAveragePooling1d', steps, [3, 3]],
  ['globalMaxPooling2d', images, [5, 6]],
  ['globalAveragePooling2d', images, [3, 3]],
] as const)('%s', (name, x, expected) => {
  const apply = (options: object, input: tf.Tensor) =>
    tf.layers[name](options as never).apply(input) as tf.Tensor;

  test('with keepdims they stay', () => {
    const kept = apply({ keepdims: true }, x);
    expect(kept.shape).toEqual([1, ...x.shape.slice(1, -1).map(() => 1), 2]);
    expect([...kept.dataSync()]).toEqual(expected);
    expect(apply({ keepdims: false }, x).shape).toEqual([1, 2]);
  });

  test('where channels come first, behind these', () => {
    const axes = x.shape.map((_, axis) => axis);
    const first = x.transpose([0, axes.length - 1, ...axes.slice(1, -1)]);
    const kept = apply({ keepdims: true, dataFormat: 'channelsFirst' }, first);
    expect(kept.shape).toEqual([1, 2, ...x.shape.slice(1, -1).map(() => 1)]);
    expect([...kept.dataSync()]).toEqual(expected);
  });

  test('it is saved', () => {
    const saved = (options: object) => tf.layers[name](options as never).getConfig();
    expect(saved({ keepdims: true })).toMatchObject({ keepdims: true });
    expect(saved({})).toMatchObject({ keepdims: false });
  });
});

test('the mean over the steps that count', () => {
  const { masking, globalAveragePooling1d } = tf.layers;
  const model = tf.sequential({
    layers: [masking({ maskValue: 0, inputShape: [3, 2] }), globalAveragePooling1d({ keepdims: true })],
  });
  const mean = model.predict(
    tf.tensor3d([
      [
        [1, 2],
        [3, 6],
        [0, 0],
      ],
    ]),
  ) as tf.Tensor;
  expect(mean.arraySync()).toEqual([[[2, 4]]]);
});
