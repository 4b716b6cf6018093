// tf.util, tf.buffer and tf.browser against TensorFlow.js: test/reference/tfjs-util.mjs made the answers.

import { describe, expect, test, vi } from 'vitest';
import * as tf from '../../src/node.ts';
import reference from '../reference/tfjs-util.json' with { type: 'json' };

const { calls, images, pixels } = reference;

test.each(
  calls.map(
    ({ name, args, result }) =>
      [`${name}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`, name, args, result] as const,
  ),
)('util.%s', (_, name, args, result) => {
  const functions = tf.util as unknown as Record<string, (...args: unknown[]) => unknown>;
  expect(functions[name](...args)).toEqual(result);
});

describe('util', () => {
  test('says what types there are, and what two have together', () => {
    expect(tf.util.isValidDtype('int32')).toBe(true);
    expect(tf.util.isValidDtype('complex64')).toBe(false);
    expect(tf.util.toTypedArray([[1, 2.7], [3]], 'int32')).toEqual(Int32Array.of(1, 2, 3));
    expect(tf.util.createScalarValue(true, 'bool')).toEqual(Uint8Array.of(1));
    expect(tf.util.makeZerosNestedTypedArray([1, 2], 'float32')).toEqual([[0, 0]]);
    expect(tf.util.arraysEqualWithNull([null, 2], [1, 2])).toBe(true);
    expect(tf.util.arraysEqualWithNull([null, 2], [1, 3])).toBe(false);
    expect(() => tf.util.assertNonNegativeIntegerDimensions([1, -1])).toThrow(
      'positive integers but got [1,-1].',
    );
    expect([tf.upcastType('bool', 'int32'), tf.upcastType('float32', 'int32')]).toEqual(['int32', 'float32']);
    expect([tf.sumOutType('bool'), tf.sumOutType('float32')]).toEqual(['int32', 'float32']);
    expect(tf.ENV).toBe(tf.env());
  });

  test('puts arrays in order by chance, two of them alike, and follows setSeed', () => {
    const [a, b] = [Array.from({ length: 50 }, (_, i) => i), Array.from({ length: 50 }, (_, i) => 2 * i)];
    tf.setSeed(3);
    tf.util.shuffleCombo(a, b);
    expect(b).toEqual(a.map((x) => 2 * x));
    expect(a).not.toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect([...a].sort((x, y) => x - y)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    tf.setSeed(3);
    const again = Array.from({ length: 50 }, (_, i) => i);
    tf.util.shuffle(again);
    expect(again).toEqual(a);
    const typed = Float32Array.from(again);
    tf.util.shuffle(typed);
    expect(typed.toSorted()).toEqual(Float32Array.from({ length: 50 }, (_, i) => i));
    expect(Array.from(tf.util.createShuffledIndices(20)).sort((x, y) => x - y)).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    );
    expect(() => tf.util.shuffleCombo([1], [1, 2])).toThrow('Array sizes must match to be shuffled together');
    const random = tf.util.randUniform(2, 3);
    expect(random >= 2 && random < 3).toBe(true);
  });

  test('says what was expected', () => {
    expect(() => tf.util.assert(false, () => 'so not')).toThrow(new tf.LanegradError('so not'));
    expect(() => tf.util.assertShapesMatch([1], [2], 'In a test:')).toThrow(
      'In a test: Shapes [1] and [2] must match',
    );
    expect(() => tf.util.assertShapesMatch([1], [1], () => 'what scripts give')).not.toThrow();
    expect(() => tf.util.squeezeShape([2], [0])).toThrow("Can't squeeze axis 0 since its dim '2' is not 1");
    expect(() => tf.util.checkConversionForErrors([1, Number.NaN], 'float32')).toThrow('contains NaN');
    expect(() => tf.util.encodeString('a', 'latin1')).toThrow('texts are encoded as utf-8 only; got latin1.');
  });

  test('arrays and texts', () => {
    expect(tf.util.toNestedArray([2, 2], Float32Array.of(1, 2, 3, 4))).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(tf.util.flatten([new Float32Array([1]), [new Uint8Array([2])]], [], true)).toHaveLength(2);
    expect(
      tf.util.inferShape([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    ).toEqual([3, 2]);
    expect(tf.util.isTypedArray(new Uint8ClampedArray(1))).toBe(true);
    expect(tf.util.makeOnesTypedArray(2, 'int32')).toEqual(Int32Array.of(1, 1));
    expect(tf.util.decodeString(tf.util.encodeString('größe'))).toBe('größe');
    expect(tf.util.bytesFromStringArray([tf.util.encodeString('größe')])).toBe(7);
  });

  test('asks again until it is so, or gives up', async () => {
    let asked = 0;
    await tf.util.repeatedTry(() => ++asked === 3);
    expect(asked).toBe(3);
    await expect(
      tf.util.repeatedTry(
        () => false,
        () => 0,
        2,
      ),
    ).rejects.toThrow('2 times were not enough');
  });
});

describe('buffer', () => {
  test('holds what is set, where TensorFlow.js has it', () => {
    const buffer = tf.buffer([2, 3, 4], 'int32');
    buffer.set(7, 1, 2, 3);
    buffer.set(5.9, 0, 1, 2);
    expect(Array.from(buffer.values)).toEqual(reference.buffer.values);
    expect(buffer.strides).toEqual(reference.buffer.strides);
    expect(buffer.locToIndex([1, 1, 1])).toBe(reference.buffer.index);
    expect(buffer.indexToLoc(17)).toEqual(reference.buffer.loc);
    expect(buffer.get(1, 2, 3)).toBe(7);
    const made = buffer.toTensor();
    buffer.set(1, 1, 2, 3);
    expect(made.dataSync()[23]).toBe(7);
  });

  test('is a copy of a tensor’s numbers', async () => {
    const tensor = tf.tensor1d([1, 2]);
    for (const buffer of [tensor.bufferSync(), await tensor.buffer()]) {
      buffer.set(5, 0);
      expect(buffer.toTensor().arraySync()).toEqual([5, 2]);
    }
    expect(tensor.arraySync()).toEqual([1, 2]);
    const scalar = tf.buffer([]);
    scalar.set(3);
    expect([scalar.get(), scalar.toTensor().arraySync()]).toEqual([3, 3]);
  });

  test.each([
    [
      () => tf.buffer([2, -2]),
      'Tensor must have a shape comprised of positive integers but got shape [2,-2].',
    ],
    [() => tf.buffer([2]).get(2), 'Requested out of range element at 2; the shape is [2].'],
    [() => tf.buffer([2, 3]).set(1, 0, 3), 'Requested out of range element at 0,3; the shape is [2,3].'],
    [() => tf.buffer([2, 3]).set(1, -1, 0), 'Requested out of range element at -1,0; the shape is [2,3].'],
    [() => tf.buffer([2]).set(1, 0.5), 'Requested out of range element at 0.5; the shape is [2].'],
    [() => tf.buffer([2]).set(1, Number.NaN), 'Requested out of range element at NaN; the shape is [2].'],
    [() => tf.buffer([2]).set(1, 0, 0), 'set takes an index for each of 1 dimensions; got 2.'],
    [
      () => tf.buffer([2], 'float32', new Float32Array(3)),
      'Based on the provided shape, [2], the tensor should have 2 values but has 3.',
    ],
    [() => tf.buffer([2], 'string' as never), 'dtype must be float32'],
  ])('%s', (act, message) => {
    expect(act).toThrow(message);
  });
});

describe('browser', () => {
  const source = { data: Uint8Array.from(pixels.bytes), width: 3, height: 2 };

  test.each(pixels.channels)('pixels with $channels channels', async ({ channels, values }) => {
    const made = tf.browser.fromPixels(source, channels);
    expect([made.dtype, made.arraySync()]).toEqual(['int32', values]);
    expect((await tf.browser.fromPixelsAsync(source, channels)).arraySync()).toEqual(values);
  });

  test.each(images)('$dtype $shape as bytes', async ({ values, shape, dtype, bytes }) => {
    const made = await tf.browser.toPixels(tf.tensor(values, shape, dtype as tf.DataType));
    expect(made).toEqual(Uint8ClampedArray.from(bytes));
  });

  test.each<[string, () => unknown, string]>([
    [
      'too few bytes',
      () => tf.browser.fromPixels({ ...source, height: 3 }),
      '3 × 3 pixels are 36 bytes; data has 24.',
    ],
    [
      'nothing',
      () => tf.browser.fromPixels(null as never),
      'pixels passed to tf.browser.fromPixels() can not be null',
    ],
    ['channels', () => tf.browser.fromPixels(source, 5), 'numChannels must be 1, 2, 3 or 4; got 5.'],
    [
      'an image that has not come',
      () => tf.browser.fromPixels({ width: 0, height: 0 }),
      'Wait until it is loaded.',
    ],
    [
      'no page to draw in',
      () => tf.browser.fromPixels({ width: 2, height: 2 }),
      'this runtime has no document',
    ],
    [
      'what is no picture',
      () => tf.browser.fromPixels({ size: 2 } as never),
      'pixels must be either an HTMLVideoElement, HTMLImageElement, canvas, ImageBitmap, ' +
        'VideoFrame or ImageData, but was object with size.',
    ],
  ])('%s', (_, act, message) => {
    expect(act).toThrow(message);
  });

  test('draws with the opacity that is asked for, but where pixels say their own', () => {
    const drawn: number[] = [];
    class ImageData {
      constructor(readonly data: Uint8ClampedArray) {}
    }
    vi.stubGlobal('ImageData', ImageData);
    const putImageData = ({ data }: ImageData) => drawn.push(...data);
    const canvas = { width: 0, height: 0, getContext: () => ({ putImageData }) } as never;
    tf.browser.draw([[0, 255]], canvas, { imageOptions: { alpha: 0.7 } });
    tf.browser.draw([[[1, 2, 3, 4]]], canvas, { imageOptions: { alpha: 0.7 } });
    tf.browser.draw([[9]], canvas);
    vi.unstubAllGlobals();
    expect(drawn).toEqual([0, 0, 0, 179, 255, 255, 255, 179, 1, 2, 3, 4, 9, 9, 9, 255]);
    expect(() => tf.browser.draw([[0]], canvas, { imageOptions: { alpha: 2 } })).toThrow(
      'browser.draw: alpha must be from 0 to 1; got 2.',
    );
  });

  test.each<[tf.Tensor, string]>([
    [tf.ones([2]), 'toPixels only supports rank 2 or 3 tensors, got rank 1'],
    [tf.ones([2, 2, 2]), 'toPixels only supports depth of size 1, 3 or 4 but got 2'],
    [tf.fill([1, 1], 1.5), 'must be in the range [0 - 1] but encountered 1.5'],
    [tf.fill([1, 1], -1, 'int32'), 'must be in the range [0 - 255] but encountered -1'],
  ])('%s', async (image, message) => {
    await expect(tf.browser.toPixels(image)).rejects.toThrow(message);
  });
});
