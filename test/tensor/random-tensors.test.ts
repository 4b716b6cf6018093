// Tensors of random numbers.

import { describe, expect, test, vi } from 'vitest';
import * as tf from '../../src/index.ts';

describe('random numbers', () => {
  const moments = (values: ArrayLike<number>) => {
    const mean = Array.from(values).reduce((a, b) => a + b, 0) / values.length;
    return [mean, Math.sqrt(Array.from(values).reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length)];
  };

  test('uniform, normal and truncated, as far as their moments tell', () => {
    const [uniform, normal, truncated] = [
      tf.randomUniform([100, 100], -1, 3, 'float32', 1),
      tf.randomNormal([10_000], 5, 2, 'float32', 1),
      tf.truncatedNormal([10_000], 0, 1, 'float32', 1),
    ].map((tensor) => tensor.dataSync());
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...uniform)).toBeLessThan(3);
    // Four standard errors of the mean; deviations of 4/√12, 2 and 0.8796 (of a normal cut at ±2).
    for (const [values, mean, deviation] of [
      [uniform, 1, 4 / Math.sqrt(12)],
      [normal, 5, 2],
      [truncated, 0, 0.8796],
    ] as const) {
      const [gotMean, gotDeviation] = moments(values);
      expect(Math.abs(gotMean - mean)).toBeLessThan((4 * deviation) / 100);
      expect(Math.abs(gotDeviation / deviation - 1)).toBeLessThan(0.04);
    }
    expect(Math.max(...truncated.map(Math.abs))).toBeLessThanOrEqual(2);
  });

  test('the upper bound is never reached', () => {
    const narrow = tf.randomUniform([200_000], 1000, 1001, 'float32', 1).dataSync();
    expect(Array.from(narrow).reduce((a, b) => Math.max(a, b))).toBeLessThan(1001);
    const whole = tf.randomUniform([100_000], 1000, 1010, 'int32', 1).dataSync();
    expect(Array.from(whole).reduce((a, b) => Math.max(a, b))).toBe(1009);
  });

  test('integers, and the same from the same seed', () => {
    const dice = tf.randomUniform([1000], 1, 7, 'int32', 3);
    expect([dice.dtype, new Set(dice.dataSync())]).toEqual(['int32', new Set([1, 2, 3, 4, 5, 6])]);
    tf.setSeed(8);
    const first = tf.randomNormal([4]).dataSync();
    expect(tf.randomNormal([4]).dataSync()).not.toEqual(first);
    tf.setSeed(8);
    expect(tf.randomNormal([4]).dataSync()).toEqual(first);
  });

  test('are made of no function whose last bit is up to the engine', () => {
    const draw = () =>
      [
        tf.randomUniform([9], 0, 1, 'float32', 1),
        tf.randomNormal([9], 0, 1, 'float32', 1),
        tf.truncatedNormal([9], 0, 1, 'float32', 1),
        tf.randomGamma([9], 3, 1, 'float32', 1),
        tf.randomGamma([9], 0.3, 1, 'float32', 1),
        tf.initializers.glorotNormal({ seed: 1 }).apply([3, 3]),
      ].map((tensor) => [...tensor.dataSync()]);
    const drawn = draw();
    const spies = (['log', 'log1p', 'log2', 'exp', 'expm1', 'pow', 'sin', 'cos'] as const).map((name) =>
      vi.spyOn(Math, name).mockReturnValue(0.5),
    );
    const again = draw();
    for (const spy of spies) spy.mockRestore();
    expect(again).toEqual(drawn);
  });

  test('shapes and types that are none are sentences', () => {
    expect(() => tf.randomNormal([-1])).toThrow(
      'randomNormal: Tensor must have a shape comprised of positive integers but got shape [-1].',
    );
    expect(() => tf.randomUniform([1], 0, 1, 'float64' as 'float32')).toThrow(
      "randomUniform: dtype must be float32, int32, uint8 or bool; got 'float64'.",
    );
  });
});
