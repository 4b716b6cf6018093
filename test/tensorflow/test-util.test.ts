// `tf.test_util`: what it finds alike, and what it says where something is not.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const { expectArraysClose, expectArraysEqual, expectNumbersClose, expectValuesInRange } = tf.test_util;

describe('tf.test_util', () => {
  test('takes what is close, as an array of any kind', () => {
    expectArraysClose([1, 2], [1, 2.0009]);
    expectArraysClose(Float32Array.of(1, Number.NaN), [1, Number.NaN]);
    expectArraysClose([[1], [2]], [[1.1], [2]], 0.2);
    expectArraysEqual(['a'], ['a']);
    expectArraysEqual([Number.POSITIVE_INFINITY], [Number.POSITIVE_INFINITY]);
    expectNumbersClose(1, 1 + tf.test_util.testEpsilon() / 2);
    expectValuesInRange(Float32Array.of(1, 2), 1, 2);
  });

  test.each<[string, () => void, string]>([
    ['an element', () => expectArraysClose([1, 2], [1, 3]), 'Arrays differ: actual[1] = 2, expected[1] = 3.'],
    ['almost', () => expectArraysEqual([1], [1.0001]), 'Arrays differ: actual[0] = 1, expected[0] = 1.0001.'],
    ['a text', () => expectArraysClose(['a'], ['b']), "actual[0] = 'a', expected[0] = 'b'"],
    [
      'infinities',
      () => expectArraysClose([1 / 0], [-1 / 0]),
      'actual[0] = Infinity, expected[0] = -Infinity',
    ],
    ['a length', () => expectArraysClose([1, 2], [1]), 'Arrays have different shapes.\nActual: [1,2].'],
    ['a shape', () => expectArraysClose([[1], [2]], [1, 2]), 'Arrays have different shapes.'],
    [
      'a type',
      () => expectArraysClose(Float32Array.of(1), Int32Array.of(1)),
      'Arrays are of different type.',
    ],
    ['a number', () => expectNumbersClose(1, 2, 0.5), 'actual[0] = 1, expected[0] = 2'],
    ['a range', () => expectValuesInRange([1, 5], 0, 3), 'Value out of range: 5 low: 0, high: 3'],
  ])('says that %s is not as expected', (_, check, sentence) => {
    expect(check).toThrow(sentence);
  });
});
