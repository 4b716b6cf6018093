import { expect, test } from 'vitest';
import * as tf from '../../src/node.ts';

test('oneHot has a row for each index, and none for an index that there is not', () => {
  const x = tf.oneHot([2, 0, 3, -1], 3);
  expect(x.dtype).toBe('int32');
  expect(x.arraySync()).toEqual([
    [0, 0, 1],
    [1, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ]);
  expect(tf.oneHot(tf.tensor2d([[1], [0]], undefined, 'int32'), 2).shape).toEqual([2, 1, 2]);
  expect(tf.oneHot(new Uint8Array([1]), 2, 0.9, 0.1, 'float32').dataSync()).toEqual(
    new Float32Array([0.1, 0.9]),
  );
  expect(tf.oneHot(1, 2).arraySync()).toEqual([0, 1]);
});

test('oneHot says what is wrong', () => {
  expect(() => tf.oneHot([0], 0)).toThrow('Error in oneHot: depth must be >=2, but it is 0.');
  expect(() => tf.oneHot(tf.tensor1d([0.5]), 3)).toThrow(
    "oneHot: Argument 'indices' passed to 'oneHot' must be int32 tensor, but got float32 tensor.",
  );
});

test('what is handed out is counted once', () => {
  const before = tf.memory().numTensors;
  const x = tf.tensor2d([
    [1, 2],
    [3, 4],
  ]);
  const made = [
    tf.onesLike(x),
    tf.zerosLike(x),
    tf.clone(x),
    tf.eye(2),
    tf.oneHot([0, 1], 2),
    ...tf.unstack(x),
  ];
  expect(tf.memory().numTensors).toBe(before + 1 + made.length);
  tf.dispose([x, made]);
  expect(tf.memory().numTensors).toBe(before);
});

test.each<[string, (leftOut: null | undefined) => tf.Tensor]>([
  ['zeros', (leftOut) => tf.zeros([2], leftOut)],
  ['ones', (leftOut) => tf.ones([2], leftOut)],
  ['fill', (leftOut) => tf.fill([2], 0.5, leftOut)],
  ['fill of truths', (leftOut) => tf.fill([2], true, leftOut)],
  ['range', (leftOut) => tf.range(3, 0, leftOut, leftOut)],
  ['eye', (leftOut) => tf.eye(2, leftOut, leftOut, leftOut)],
  ['buffer', (leftOut) => tf.buffer([2], leftOut, leftOut).toTensor()],
  ['variable', (leftOut) => tf.variable([1], true, leftOut, leftOut)],
  ['rand', (leftOut) => tf.rand([2], () => 0.5, leftOut)],
  ['randomUniform', (leftOut) => tf.randomUniform([2], leftOut, leftOut, leftOut, leftOut)],
  ['randomNormal', (leftOut) => tf.randomNormal([2], leftOut, leftOut, leftOut, leftOut)],
  ['truncatedNormal', (leftOut) => tf.truncatedNormal([2], leftOut, leftOut, leftOut, leftOut)],
  ['randomGamma', (leftOut) => tf.randomGamma([2], 1, leftOut, leftOut, leftOut)],
])('null stands for what is left out of %s', (_, make) => {
  const [withNull, without] = [null, undefined].map((leftOut) => {
    tf.setSeed(1);
    const made = make(leftOut);
    return [made.dtype, made.shape, made.arraySync()];
  });
  expect(withNull).toEqual(without);
});
