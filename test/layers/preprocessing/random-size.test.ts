import { expect, test } from 'vitest';
import * as tf from '../../../src/index.ts';

const images = () => tf.range(0, 32).reshape([2, 4, 4, 1]);

test.each([
  ['randomWidth', 2],
  ['randomHeight', 1],
] as const)('%s gives all images of a call one size, at random', (name, axis) => {
  const layer = tf.layers[name]({ factor: [0, 1], interpolation: 'nearest', seed: 3 });
  const sizes = Array.from({ length: 20 }, () => {
    const { shape } = layer.apply(images());
    expect(shape.filter((_, i) => i !== axis)).toEqual([2, 4, 1]);
    return shape[axis];
  });
  expect(new Set(sizes).size).toBeGreaterThan(2);
  expect([Math.min(...sizes) >= 4, Math.max(...sizes) <= 8]).toEqual([true, true]);
  const again = tf.layers[name]({ factor: [0, 1], interpolation: 'nearest', seed: 3 });
  expect(Array.from(sizes, () => again.apply(images()).shape[axis])).toEqual(sizes);
});

test('pixels are those of an image that is resized', () => {
  const layer = tf.layers.randomWidth({ factor: [0.25, 0.25], interpolation: 'nearest' });
  const expected = tf.image.resizeNearestNeighbor(images() as tf.Tensor4D, [4, 5]);
  expect(layer.apply(images()).arraySync()).toEqual(expected.arraySync());
});

test('one image needs no batch', () => {
  const image = tf.range(0, 16).reshape([4, 4, 1]);
  const shapes = [
    tf.layers.randomWidth({ factor: [1, 1] }),
    tf.layers.resizing({ height: 2, width: 3 }),
    tf.layers.centerCrop({ height: 2, width: 2 }),
  ].map((layer) => layer.apply(image).shape);
  expect(shapes).toEqual([
    [4, 8, 1],
    [2, 3, 1],
    [2, 2, 1],
  ]);
});

test('centerCrop cuts out of images that are large enough along both axes, to the pixel', () => {
  const x = tf.range(0, 24).reshape([1, 6, 4, 1]) as tf.Tensor4D;
  const cropped = (height: number, width: number) =>
    tf.layers.centerCrop({ height, width }).apply(x).arraySync();
  expect(cropped(3, 4)).toEqual(x.slice([0, 1, 0, 0], [1, 3, 4, 1]).arraySync());
  expect(cropped(6, 1)).toEqual(x.slice([0, 0, 1, 0], [1, 6, 1, 1]).arraySync());
  expect(cropped(3, 5)).toEqual(tf.image.resizeBilinear(x, [3, 5]).arraySync());
});

test('a compiled model has one size', () => {
  const layer = tf.layers.randomWidth({ factor: 0.5, inputShape: [4, 4, 1], name: 'wide' });
  const model = tf.sequential({ layers: [layer] });
  expect(model.outputShape).toEqual([null, 4, null, 1]);
  expect(() => model.predict(images())).toThrow('wide: gives every batch another size');
});

test('factors that leave nothing are errors', () => {
  expect(() => tf.layers.randomWidth({ factor: [-5, 0.3] })).toThrow('factor must be a positive number or');
  expect(() => tf.layers.randomWidth({ factor: -0.5 })).toThrow('factor must be a positive number or');
});
