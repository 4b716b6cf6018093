// Weights as bytes, against TensorFlow.js: test/reference/tfjs-io.mjs made the numbers.

import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import reference from '../reference/tfjs-io.json' with { type: 'json' };

const bytes = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'));
const { encoded, quantized } = reference;
const specs = quantized.specs as tf.io.WeightEntry[];

test('tensors are encoded as there', async () => {
  const tensors = {
    a: tf.tensor2d([
      [1.5, -2.25, 1e-40],
      [3e38, 0, -0],
    ]),
    count: tf.scalar(-7, 'int32'),
    flags: tf.tensor1d([true, false, true], 'bool'),
  };
  const made = await tf.io.encodeWeights(tensors, 'optimizer');
  expect(made.specs).toEqual(encoded.specs);
  expect(made.data).toBeInstanceOf(ArrayBuffer);
  expect(new Uint8Array(made.data)).toEqual(bytes(encoded.data));
  const named = Object.entries(tensors).map(([name, tensor]) => ({ name, tensor }));
  expect(await tf.io.encodeWeights(named, 'optimizer')).toEqual(made);
  const back = tf.io.decodeWeights(made.data, made.specs);
  for (const [name, tensor] of Object.entries(tensors))
    expect(back[name].dataSync()).toEqual(tensor.dataSync());
});

test.each(specs.map((spec, i) => [`${spec.dtype} from ${spec.quantization!.dtype}`, spec.name, i] as const))(
  '%s is decoded as there, to the bit',
  (_, name, i) => {
    const decoded = tf.io.decodeWeights(bytes(quantized.data).buffer, specs);
    const array = decoded[name].dataSync();
    expect(decoded[name].dtype).toBe(specs[i].dtype);
    const [mine, theirs] = [new Uint8Array(array.buffer), bytes(quantized.decoded[i])];
    const isNumber = Array.from(array, (value) => !Number.isNaN(value));
    // A NaN has many bits.
    expect(mine.filter((_, at) => isNumber[at >> 2])).toEqual(theirs.filter((_, at) => isNumber[at >> 2]));
    expect(Number.isNaN(new Float32Array(theirs.buffer)[isNumber.indexOf(false)])).toBe(
      isNumber.includes(false),
    );
  },
);

test('buffers may come in pieces that cut numbers apart', () => {
  const whole = bytes(quantized.data);
  const pieces = [whole.slice(0, 3), whole.slice(3, 300), whole.slice(300)].map(({ buffer }) => buffer);
  expect(new Uint8Array(tf.io.concatenateArrayBuffers(pieces))).toEqual(whole);
  const decoded = tf.io.decodeWeights(pieces, specs);
  expect(decoded.w0.dataSync()).toEqual(tf.io.decodeWeights(whole, specs).w0.dataSync());
});

test("buffers may be of another realm, as those around Jest's tests", () => {
  const whole = bytes(quantized.data);
  const other = runInNewContext('new ArrayBuffer(size)', { size: whole.length }) as ArrayBuffer;
  expect(other).not.toBeInstanceOf(ArrayBuffer);
  new Uint8Array(other).set(whole);
  const decoded = tf.io.decodeWeights(other, specs);
  expect(decoded.w0.dataSync()).toEqual(tf.io.decodeWeights(whole, specs).w0.dataSync());
  expect(new Uint8Array(tf.io.concatenateArrayBuffers(other))).toEqual(whole);
});

test('bytes may come from a stream', async () => {
  const whole = bytes(quantized.data);
  const stream = new ReadableStream({
    start(controller) {
      for (const [from, to] of [
        [0, 3],
        [3, 300],
        [300, whole.length],
      ])
        controller.enqueue(whole.subarray(from, to));
      controller.close();
    },
  });
  const decoded = await tf.io.decodeWeightsStream(stream, specs);
  expect(decoded.w0.dataSync()).toEqual(tf.io.decodeWeights(whole, specs).w0.dataSync());
});

describe('entries that fit no bytes are refused before anything is allocated', () => {
  const entry = { name: 'w', shape: [2], dtype: 'float32' };
  test.each<[string, object | null, RegExp]>([
    ['too few bytes', { ...entry, shape: [2, 3] }, /the weights should be 24 bytes; the file has 8\./],
    ['a shape of gigabytes', { ...entry, shape: [2 ** 30] }, /should be 4294967296 bytes; the file has 8/],
    ['a shape beyond numbers', { ...entry, shape: [2 ** 40, 2 ** 40] }, /weight w of shape .* is too large/],
    ['a negative length', { ...entry, shape: [-2] }, /weight w has no shape: \[-2\]/],
    ['a fraction', { ...entry, shape: [0.5] }, /weight w has no shape: \[0.5\]/],
    ['no shape', { ...entry, shape: 'x' }, /weight w has no shape: 'x'/],
    ['no name', { ...entry, name: 5 }, /a weight has no name/],
    ['null', null, /a weight has no name: null/],
    ['texts', { ...entry, dtype: 'string' }, /Unsupported dtype in weight 'w': string; there are float32/],
    [
      'a name of every object',
      { ...entry, dtype: 'constructor' },
      /Unsupported dtype in weight 'w': constructor;/,
    ],
    [
      'unknown quantisation',
      { ...entry, quantization: { dtype: 'int4' } },
      /weight w is quantised as "int4"; known are/,
    ],
    [
      'quantisation without numbers',
      { ...entry, quantization: { dtype: 'uint8' } },
      /weight w is quantised as uint8 without scale and min/,
    ],
    [
      'halves of integers',
      { ...entry, dtype: 'int32', quantization: { dtype: 'float16' } },
      /weight w: int32 cannot be quantised as float16/,
    ],
  ])('%s', (_, spec, message) => {
    expect(() => tf.io.decodeWeights(new ArrayBuffer(8), [spec as tf.io.WeightEntry])).toThrow(message);
  });

  test('what are no bytes', () => {
    expect(() => tf.io.decodeWeights('x' as never, [])).toThrow(
      "decodeWeights: weights must be bytes in an ArrayBuffer or several; got 'x'.",
    );
  });
});
