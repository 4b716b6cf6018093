import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const x = tf.tensor2d([
  [1, -2, 3],
  [4, 5, -6],
]);

describe('functions applied to tensors', () => {
  test('with numbers and other tensors, broadcasting', () => {
    expect(tf.mul(x, 2).arraySync()).toEqual([
      [2, -4, 6],
      [8, 10, -12],
    ]);
    expect(tf.add(x, tf.tensor1d([10, 20, 30])).arraySync()).toEqual([
      [11, 18, 33],
      [14, 25, 24],
    ]);
    expect(tf.sub(1, x).arraySync()).toEqual([
      [0, 3, -2],
      [-3, -4, 7],
    ]);
  });

  test('products, reductions, and lists of tensors', () => {
    expect(tf.matMul(x, x, false, true).arraySync()).toEqual([
      [14, -24],
      [-24, 77],
    ]);
    expect(tf.sum(x, 1).arraySync()).toEqual([2, 3]);
    expect(tf.argMax(x, -1).arraySync()).toEqual([2, 1]);
    expect(tf.argMax(x).arraySync()).toEqual([1, 1, 0]);
    expect(tf.concat([x, x], 0).shape).toEqual([4, 3]);
  });

  test('bytes are converted', () => {
    expect(tf.div(tf.tensor1d(Uint8Array.of(0, 255)), 255).arraySync()).toEqual([0, 1]);
  });

  test('errors are those of the graph', () => {
    expect(() => tf.matMul(x, x)).toThrow('matMul: inner sizes 3 and 2 differ');
  });
});

describe('wrong arguments are sentences', () => {
  test.each([
    [
      () =>
        tf.pad(x, [
          [0, 0],
          [0, -1],
        ]),
      'pad: takes two non-negative integers for each axis of [2,3]; got [[0,0],[0,-1]].',
    ],
    [
      () => tf.pad(x, [[0, 1], [2]] as never),
      'pad: takes two non-negative integers for each axis of [2,3]; got [[0,1],[2]].',
    ],
    [() => tf.pad(x, [[0, 1]]), 'pad: takes two non-negative integers for each axis of [2,3]; got [[0,1]].'],
    [
      () => tf.slice(x, [0, 0.5], [1, 1]),
      'slice: begin must be an integer or a list of integers; got [0,0.5].',
    ],
    [() => tf.softmax(tf.scalar(1)), 'softmax: takes at least one axis; got a scalar.'],
  ] as const)('%#', (act, sentence) => {
    expect(act).toThrow(new tf.LanegradError(sentence));
  });
});

test('0 and −0 are two numbers', () => {
  const quotients = (zeros: readonly number[]) =>
    zeros.map((zero) => tf.div(tf.tensor1d([1]), zero).dataSync()[0]);
  expect(quotients([0, -0])).toEqual([Infinity, -Infinity]);
  const both = tf.sequential({ layers: [new Quotients({ inputShape: [1] })] });
  expect((both.predict(tf.tensor2d([[1]])) as tf.Tensor).arraySync()).toEqual([[Infinity, -Infinity]]);
});

/** x/0 and x/−0 in one graph. */
class Quotients extends tf.layers.Layer {
  static readonly className = 'Quotients';

  override call([value]: tf.Value[]): tf.Value {
    return tf.concat([tf.div(value, 0), tf.div(value, -0)], -1);
  }
}

test('long sums and means along columns are as exact as along rows', () => {
  const tall = tf.tensor2d(
    Float32Array.from({ length: 2 * 300_000 }, (_, i) => (i % 2 === 0 ? 0.1 : 5)),
    [300_000, 2],
  );
  // 256 additions in single precision; one after the other, all would be off by 0.3 %.
  const [tenths, fives] = tf.sum(tall, 0).dataSync();
  expect(Math.abs(tenths / (300_000 * Math.fround(0.1)) - 1)).toBeLessThan(4e-6);
  expect(fives).toBe(1_500_000);
  const [tenth, five] = tf.mean(tall, 0).dataSync();
  expect(Math.abs(tenth / Math.fround(0.1) - 1)).toBeLessThan(4e-6);
  expect(five).toBe(5);
});
