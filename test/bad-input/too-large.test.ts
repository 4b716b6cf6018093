// Tensors and models that no memory holds are refused in a sentence, before anything is allocated.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const million = 1e6;

const noMemory =
  /There is no memory for a tensor of (shape \[|\d+ numbers)|must be (a list of sizes|an integer from 0)/;
const noRoom = /^Out of WebAssembly memory: .* needs [\d.]+ [MG]B in all/;
const tooMany = /^\S+: \d+ places are too many; there may be 33554432\.$/;
const image = () => tf.ones([1, 2, 2, 1]) as tf.Tensor4D;
const column = () => tf.ones([million, 1]);
const predict = (...layers: tf.Layer[]) => tf.sequential({ layers }).predict(tf.ones([1, 1, 1, 1]));

describe.each<[string, () => unknown, RegExp]>([
  ['zeros', () => tf.zeros([million, million]), noMemory],
  ['ones', () => tf.ones([million, million]), noMemory],
  ['fill', () => tf.fill([million, million], 3), noMemory],
  ['eye', () => tf.eye(million), noMemory],
  ['range', () => tf.range(0, 1e12), noMemory],
  ['linspace', () => tf.linspace(0, 1, 1e12), noMemory],
  ['oneHot', () => tf.oneHot([0, 1], 1e12), noMemory],
  ['buffer', () => tf.buffer([million, million]), noMemory],
  ['tensor', () => tf.tensor(new Float32Array(4), [million, million]), noMemory],
  ['randomNormal', () => tf.randomNormal([million, million]), noMemory],
  ['randomUniform', () => tf.randomUniform([million, million]), noMemory],
  ['truncatedNormal', () => tf.truncatedNormal([million, million], 0, 1, 'int32'), noMemory],
  ['multinomial', () => tf.multinomial([[0.5, 0.5]], 1e12), noMemory],
  ['broadcastTo', () => tf.ones([1, 1]).broadcastTo([million, million]), noMemory],
  ['scatterND', () => tf.scatterND([[0]], [1], [1e12]), noMemory],
  ['oneHot of places alone', () => tf.oneHot([0, 1], 2 ** 31), tooMany],
  ['resizeBilinear', () => tf.image.resizeBilinear(image(), [2, 2 ** 28]), tooMany],
  ['resizeNearestNeighbor', () => tf.image.resizeNearestNeighbor(image(), [2 ** 31, 2]), tooMany],
  ['cropAndResize', () => tf.image.cropAndResize(image(), [[0, 0, 1, 1]], [0], [2, 2 ** 28]), tooMany],
  ['frame', () => tf.signal.frame(tf.ones([4]) as tf.Tensor1D, 2 ** 31, 1, true), tooMany],
  ['add', () => column().add(column().transpose()).dataSync(), noRoom],
  ['matMul', () => column().matMul(column().transpose()).dataSync(), noRoom],
  ['tile', () => tf.ones([1000]).tile([4e6]).dataSync(), noRoom],
  ['pad', () => tf.pad(tf.ones([1000]), [[1e12, 0]]).dataSync(), noRoom],
  [
    'upSampling2d',
    () => predict(tf.layers.upSampling2d({ size: [1e5, 1e5], inputShape: [1, 1, 1] })),
    noRoom,
  ],
  [
    'dense',
    () => tf.layers.dense({ units: 2e5, name: 'large' }).apply(tf.input({ shape: [2e5] })),
    /^large\/kernel: a weight of shape \[200000,200000\] takes 149 GB; WebAssembly has 4 GB of memory\.$/,
  ],
  [
    'embedding',
    () => tf.layers.embedding({ inputDim: 1e9, outputDim: 1 }),
    /inputDim must be at most 16777216/,
  ],
])('%s', (_, call, sentence) => {
  test('is refused, and what comes next works', () => {
    let error: unknown;
    try {
      call();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(tf.LanegradError);
    expect((error as Error).message).toMatch(sentence);
    expect(tf.add([1, 2], 1).arraySync()).toEqual([2, 3]);
  });
});
