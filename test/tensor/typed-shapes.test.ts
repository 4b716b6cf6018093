import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

/** A shape as `dataSync` gives it. Types ask for lists; scripts in JavaScript give these. */
const typed = (...shape: number[]) => Int32Array.from(shape) as unknown as [number, number];

describe('a typed array as a shape', () => {
  test.each<[string, tf.Tensor]>([
    ['tensor', tf.tensor([1, 2, 3, 4, 5, 6], typed(2, 3))],
    ['tensor2d', tf.tensor2d([1, 2, 3, 4, 5, 6], typed(2, 3))],
    ['zeros', tf.zeros(typed(2, 3))],
    ['ones', tf.ones(typed(2, 3), 'int32')],
    ['fill', tf.fill(typed(2, 3), 7)],
    ['buffer', tf.buffer(typed(2, 3)).toTensor()],
    ['reshape', tf.reshape(tf.range(0, 6), typed(2, 3))],
    ['reshape of a tensor', tf.range(0, 6).reshape(typed(2, 3))],
    ['reshape with an open size', tf.range(0, 6).reshape(typed(-1, 3))],
    ['rand', tf.rand(typed(2, 3), () => 1)],
    ['randomUniform', tf.randomUniform(typed(2, 3))],
    ['randomNormal', tf.randomNormal(typed(2, 3))],
    ['truncatedNormal', tf.truncatedNormal(typed(2, 3))],
    ['randomGamma', tf.randomGamma(typed(2, 3), 1)],
    ['initializers', tf.initializers.zeros().apply(typed(2, 3))],
    ['dropout', tf.dropout(tf.ones([2, 3]), 0.5, typed(2, 1))],
  ])('%s', (_, made) => {
    expect(made.shape).toEqual([2, 3]);
    expect(made.dataSync()).toHaveLength(6);
  });

  test('of what layers take and make', () => {
    const layer = tf.layers.reshape({ targetShape: typed(3, -1), inputShape: typed(2, 3) });
    expect(tf.sequential({ layers: [layer] }).outputShape).toEqual([null, 3, 2]);
    expect(layer.getConfig()).toMatchObject({ targetShape: [3, -1], batchInputShape: [null, 2, 3] });
  });

  test('one of many random numbers, which a program draws', () => {
    expect(tf.randomUniform(typed(40, 50)).max(typed(0, 1)).dataSync()[0]).toBeGreaterThan(0.9);
  });

  test('one with an open size has no limit of its type', () => {
    const column = tf.zeros([300]).reshape(Int8Array.of(-1, 1) as unknown as number[]);
    expect(column.shape).toEqual([300, 1]);
  });

  test('what is no shape is said so', () => {
    expect(() => tf.zeros(Float32Array.of(1.5) as unknown as [number])).toThrow(
      'zeros: Tensor must have a shape comprised of positive integers but got shape a Float32Array.',
    );
    expect(() => tf.ones([2]).reshape(2 as unknown as number[])).toThrow(
      'reshape: Tensor must have a shape comprised of positive integers but got shape 2.',
    );
  });
});
