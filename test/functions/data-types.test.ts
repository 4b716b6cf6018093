// Functions compute the same of whole numbers, whatever their type: none takes the words of integers, or bytes, for floats.

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as tf from '../../src/node.ts';
import { type Arguments, rightCall } from '../bad-input/calls.ts';
import { type Callable, exportedFunctions } from '../exported-functions.ts';

const numbers = (...shape: number[]): tf.Tensor =>
  tf.tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i * 7) % 5),
    shape,
  );

/** Shapes that functions treat differently. */
const further: readonly (readonly [string, Arguments])[] = [
  ['matMul', () => [numbers(2, 3, 4), numbers(2, 4, 2)]],
  ['matMul', () => [numbers(2, 3, 4), numbers(1, 4, 2)]],
  ['matMul', () => [numbers(2, 4, 3), numbers(4, 2), true]],
  ['matMul', () => [numbers(3, 4), numbers(2, 2, 4), false, true]],
  ['dot', () => [numbers(3), numbers(3)]],
  ['einsum', () => ['bij,bjk->bik', numbers(2, 3, 4), numbers(2, 4, 2)]],
  ['einsum', () => ['ij,ij->i', numbers(3, 4), numbers(3, 4)]],
  ['conv2d', () => [numbers(3, 3, 2), numbers(2, 2, 2, 3), 1, 'same']],
  ['conv2d', () => [numbers(1, 3, 3, 2), numbers(1, 1, 2, 3), 1, 'valid']],
  ['batchNorm', () => [numbers(2, 3, 2), numbers(2), tf.ones([2]), numbers(2), numbers(2)]],
  ['sum', () => [numbers(2, 3, 4), [0, 2]]],
  ['mean', () => [numbers(2, 3, 4), [0, 2]]],
  ['moments', () => [numbers(2, 3, 4), [0, 2]]],
  ['gather', () => [numbers(3, 4), tf.tensor1d([2, 0], 'int32'), 1]],
  ['concat', () => [[numbers(2, 3), numbers(2, 3)], 1]],
];

/** Whether a tensor is one of whole numbers, in floats. */
const isOfFloats = (each: unknown): each is tf.Tensor =>
  each instanceof tf.Tensor &&
  each.dtype === 'float32' &&
  Array.from(each.dataSync()).every(Number.isInteger);

/** Arguments with something in place of the i-th tensor of floats; undefined where there is none. */
function withOther(args: unknown[], i: number, other: (x: tf.Tensor) => tf.Tensor): unknown[] | undefined {
  let left = i;
  const replaced = (each: unknown): unknown => {
    if (Array.isArray(each)) return each.map(replaced);
    return isOfFloats(each) && left-- === 0 ? other(each) : each;
  };
  const made = args.map(replaced);
  return left < 0 ? made : undefined;
}

/** Arguments with the i-th tensor of floats in another type; undefined where there is none. */
const inType = (args: unknown[], i: number, dtype: tf.DataType): unknown[] | undefined =>
  withOther(args, i, (x) => tf.cast(x, dtype));

/** Samples are shuffled anew, the brightness of integers is an integer, and what is fetched is no tensor. */
const others = new Set(['trainTestSplit', 'image.rgbToGrayscale', 'util.fetch']);

const cases = exportedFunctions
  .map(([name, call]) => [name, rightCall(name), call] as const)
  .filter(([name, right]) => !others.has(name) && inType(right(), 0, 'int32'));
const callOf = (name: string) => exportedFunctions.find(([each]) => each === name)![1];

/** The numbers that a call gives; undefined where it gives no tensors, or says why it cannot. */
async function numbersOf(call: Callable, args: unknown[]): Promise<number[] | undefined> {
  try {
    const made = await call(...args);
    const results = made instanceof tf.Tensor ? [made] : Object.values((made ?? {}) as object);
    if (results.length === 0 || !results.every((each) => each instanceof tf.Tensor)) return undefined;
    return (results as tf.Tensor[]).flatMap((each) => Array.from(each.dataSync() as Float32Array));
  } catch (error) {
    if (error instanceof tf.LanegradError) return undefined;
    throw error;
  }
}

/** A number to five digits. */
const near = (x: number): unknown =>
  Number.isFinite(x) ? expect.closeTo(x, 5 - Math.log10(Math.abs(x) || 1)) : x;

/** The gradient of what a call gives by the i-th tensor of floats, given in a type; undefined as for `numbersOf`. */
function gradientOf(call: Callable, args: unknown[], i: number, dtype: tf.DataType): number[] | undefined {
  const of = (x: tf.Tensor) => {
    const f = (y: tf.Tensor) => {
      const made = call(...withOther(args, i, () => y)!);
      // What is promised has no gradient, and may fail later.
      Promise.resolve(made).catch(() => {});
      return made as tf.Tensor;
    };
    return Array.from(tf.grad(f)(tf.cast(x, dtype)).dataSync());
  };
  let gradient: number[] | undefined;
  try {
    withOther(args, i, (x) => {
      gradient = of(x);
      return x;
    });
  } catch (error) {
    if (!(error instanceof tf.LanegradError)) throw error;
  }
  return gradient;
}

beforeAll(() => {
  for (const method of ['log', 'warn', 'info', 'error'] as const) vi.spyOn(console, method).mockReturnValue();
});
afterAll(() => void vi.restoreAllMocks());

test.each([...cases, ...further.map(([name, right]) => [name, right, callOf(name)] as const)])(
  '%s',
  async (name, right, call) => {
    const expected = await numbersOf(call, right());
    if (!expected) return;
    for (const dtype of ['int32', 'uint8'] as const) {
      for (let i = 0, args = inType(right(), i, dtype); args; args = inType(right(), ++i, dtype)) {
        const got = await numbersOf(call, args);
        if (got) expect(got, `${name}, tensor ${i} as ${dtype}`).toEqual(expected);
      }
    }
  },
);

test.each(cases)('%s: gradients of integers are those of floats', (_, right, call) => {
  for (let i = 0; inType(right(), i, 'int32'); i++) {
    const [expected, got] = (['float32', 'int32'] as const).map((dtype) =>
      gradientOf(call, right(), i, dtype),
    );
    if (got) expect(got).toEqual(expected?.map(near));
  }
});

test.each([
  ['maximum', tf.maximum],
  ['minimum', tf.minimum],
  ['mod', tf.mod],
  ['pow', tf.pow],
  ['floorDiv', tf.floorDiv],
  ['squaredDifference', tf.squaredDifference],
] as const)('%s: gradients of two integers are those of floats', (_, f) => {
  const [ofFloats, ofIntegers] = (['float32', 'int32'] as const).map((dtype) => {
    const given = [tf.tensor1d([1, -2, 3, 0, 7], dtype), tf.tensor1d([2, 3, 1, 5, 7], dtype)];
    return tf
      .grads((a, b) => f(a, b))(given)
      .map((gradient) => Array.from(gradient.dataSync()));
  });
  expect(ofIntegers).toEqual(ofFloats.map((gradient) => gradient.map(near)));
});

test('the largest pixels of integers are integers', () => {
  const images = tf.cast(numbers(1, 4, 4, 1), 'int32') as tf.Tensor4D;
  expect(tf.maxPool(images, 2, 2, 'valid').dtype).toBe('int32');
  expect(tf.maxPool3d(images.reshape([1, 4, 4, 1, 1]) as tf.Tensor5D, 1, 1, 'valid').dtype).toBe('int32');
});

test('what is made of integers is of integers, as in TensorFlow.js', () => {
  const integers = tf.tensor1d([-7, -1, 1, 2, 9], 'int32');
  const clipped = tf.clipByValue(integers, -1.5, 2.5);
  expect([clipped.dtype, ...clipped.dataSync()]).toEqual(['int32', -1, -1, 1, 2, 2]);
  const parts = tf.divNoNan(integers, tf.tensor1d([2, 0, 0, 2, -2], 'int32'));
  expect([parts.dtype, ...parts.dataSync()]).toEqual(['int32', -4, 0, 0, 1, -5]);
  const image = integers.slice(1).reshape<tf.Tensor4D>([1, 2, 2, 1]);
  const { result } = tf.maxPoolWithArgmax(image, 2, 1, 'valid');
  expect([result.dtype, ...result.dataSync()]).toEqual(['int32', 9]);
  const dilated = tf.dilation2d(image, tf.ones([2, 2, 1]), 1, 'valid');
  expect([dilated.dtype, ...dilated.dataSync()]).toEqual(['int32', 10]);
});

test.each(['int32', 'float32'] as const)(
  'counts are %s where weights are, also where there are none',
  (dtype) => {
    const numbers = tf.tensor1d([0, 2, 2], 'int32');
    const none = tf.tensor1d([], dtype);
    const counts = [
      tf.bincount(numbers, none, 3),
      tf.denseBincount(numbers, none, 3),
      tf.bincount(numbers, tf.tensor1d([1, 1, 1], dtype), 3),
    ];
    for (const made of counts) expect([made.dtype, ...made.dataSync()]).toEqual([dtype, 1, 0, 2]);
    const binary = tf.denseBincount(numbers, none, 3, true);
    expect([binary.dtype, ...binary.dataSync()]).toEqual([dtype, 1, 0, 1]);
  },
);

/** Bytes, and the same numbers as TensorFlow.js has them. */
const inBothTypes = [tf.tensor(Uint8Array.of(1, 3)), tf.tensor1d([1, 3], 'int32')] as const;

describe('bytes are as good as int32 where types must agree', () => {
  const integers = tf.tensor1d([2 ** 24 + 1, 300], 'int32');

  const calls: Readonly<Record<string, (x: tf.Tensor) => unknown>> = {
    stack: (x) => tf.stack([x, integers]),
    'stack behind': (x) => tf.stack([integers, x]),
    concat: (x) => tf.concat([x, integers]),
    add: (x) => tf.add(x, integers),
    addN: (x) => tf.addN([x, integers]),
    setdiff1dAsync: (x) => tf.setdiff1dAsync(tf.tensor1d([3, 4], 'int32'), x),
    bincount: (x) => tf.bincount(x as tf.Tensor1D, [1, 1], 4),
    denseBincount: (x) => tf.denseBincount(x as tf.Tensor1D, [], 4),
    bitwiseAnd: (x) => tf.bitwiseAnd(x, tf.tensor1d([3, 2], 'int32')),
    'bitwiseAnd of itself': (x) => tf.bitwiseAnd(x, x),
    tensorScatterUpdate: (x) => tf.tensorScatterUpdate(integers, [[1], [0]], x),
    buffer: (x) => tf.buffer([2], 'int32', x.dataSync() as Int32Array).toTensor(),
    variable: (x) => {
      const variable = tf.variable(integers);
      variable.assign(x);
      return variable.clone();
    },
  };

  test.each(Object.keys(calls))('%s', async (name) => {
    const [ofBytes, ofIntegers] = await Promise.all(
      inBothTypes.map(async (x) =>
        [await calls[name](x)]
          .flat()
          .map((each) => [(each as tf.Tensor).dtype, (each as tf.Tensor).arraySync()]),
      ),
    );
    expect(ofBytes).toEqual(ofIntegers);
  });

  test('a variable of bytes takes integers within their range', () => {
    const bytes = tf.variable(tf.tensor(Uint8Array.of(1, 2)), true, 'bytes');
    bytes.assign(tf.tensor1d([0, 255], 'int32'));
    expect([bytes.dtype, ...bytes.dataSync()]).toEqual(['uint8', 0, 255]);
    expect(() => bytes.assign(integers)).toThrow(
      'bytes: uint8 holds whole numbers from 0 to 255; value 0 is 16777217.',
    );
    expect(() => bytes.assign([0.5, 1])).toThrow('dtype of the new value (float32)');
    bytes.dispose();
  });

  test('floats are not', () => {
    expect(() => tf.stack([inBothTypes[0], [0.5, 1]])).toThrow('one type; got uint8 and float32');
  });
});
