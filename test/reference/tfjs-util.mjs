// What TensorFlow.js's tf.util, tf.buffer and tf.browser answer. Run in a folder that has @tensorflow/tfjs installed.

import { tf, writeBeside } from './tfjs.mjs';

/** Functions of tf.util, and what they are called with. */
const calls = [
  ['clamp', 0, 5, 3],
  ['clamp', 0, -5, 3],
  ['nearestLargerEven', 3],
  ['nearestLargerEven', 4],
  ['sum', [1, 2, 3.5]],
  ['distSquared', [1, 2], [4, 6]],
  ['nearestDivisor', 12, 5],
  ['nearestDivisor', 7, 2],
  ['sizeFromShape', [2, 3, 4]],
  ['sizeFromShape', []],
  ['isScalarShape', []],
  ['isScalarShape', [1]],
  ['arraysEqual', [1, 2], [1, 2]],
  ['arraysEqual', [1, 2], [2, 1]],
  ['arraysEqual', [1], [1, 2]],
  ['arraysEqual', null, null],
  ['arraysEqual', null, [1]],
  ['isInt', 2],
  ['isInt', 2.5],
  ['sizeToSquarishShape', 35],
  ['sizeToSquarishShape', 11],
  ['rightPad', 'ab', 5],
  ['isString', 'a'],
  ['isString', 1],
  ['isBoolean', false],
  ['isNumber', 1],
  ['isFunction', 1],
  ['flatten', [[1, [2, 3]], 4]],
  ['flatten', 5],
  ['inferDtype', [[true]]],
  ['inferDtype', 2],
  ['inferDtype', 'a'],
  ['inferFromImplicitShape', [2, -1, 4], 24],
  ['parseAxisParam', null, [3, 1, 2]],
  ['parseAxisParam', -1, [3, 1, 2]],
  ['parseAxisParam', [-1, 0], [3, 1, 2]],
  ['squeezeShape', [1, 3, 1]],
  ['squeezeShape', [1, 3, 1], [0]],
  ['squeezeShape', [2, 3]],
  ['hasEncodingLoss', 'float32', 'int32'],
  ['hasEncodingLoss', 'bool', 'float32'],
  ['hasEncodingLoss', 'int32', 'int32'],
  ['bytesPerElement', 'float32'],
  ['bytesPerElement', 'bool'],
  ['computeStrides', [2, 3, 4]],
  ['computeStrides', [5]],
  ['locToIndex', [1, 2, 3], 3, [12, 4]],
  ['locToIndex', [], 0, []],
  ['indexToLoc', 23, 3, [12, 4]],
  ['indexToLoc', 3, 1, []],
];

const buffer = tf.buffer([2, 3, 4], 'int32');
buffer.set(7, 1, 2, 3);
buffer.set(5.9, 0, 1, 2);

const bytes = Uint8ClampedArray.from({ length: 24 }, (_, i) => (i * 53) % 256);
const pixels = { data: new Uint8Array(bytes), width: 3, height: 2 };
const images = [
  { values: [0, 0.1, 0.5, 0.999, 1, 0.002], shape: [2, 3], dtype: 'float32' },
  { values: [0, 10, 20, 30, 128, 255], shape: [1, 2, 3], dtype: 'int32' },
  { values: [0.25, 0.5, 0.75, 0.3], shape: [1, 1, 4], dtype: 'float32' },
];

writeBeside(import.meta.url, {
  calls: calls.map(([name, ...args]) => ({ name, args, result: tf.util[name](...args) })),
  buffer: {
    values: Array.from(buffer.values),
    strides: buffer.strides,
    index: buffer.locToIndex([1, 1, 1]),
    loc: buffer.indexToLoc(17),
  },
  pixels: {
    bytes: Array.from(bytes),
    channels: [1, 3, 4].map((channels) => ({
      channels,
      values: tf.browser.fromPixels(pixels, channels).arraySync(),
    })),
  },
  images: await Promise.all(
    images.map(async ({ values, shape, dtype }) => {
      const made = await tf.browser.toPixels(tf.tensor(values, shape, dtype));
      return { values, shape, dtype, bytes: Array.from(made) };
    }),
  ),
});
