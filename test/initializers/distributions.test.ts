// Of what distribution the values are, and how wide it is for a shape.

import { describe, expect, test } from 'vitest';
import { engine } from '../../src/engine/engine.ts';
import {
  computeFans,
  getInitializer,
  type Initializer,
  initializers,
  type VarianceScalingOptions,
} from '../../src/initializers/initializers.ts';

function moments(x: Float32Array) {
  const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
  const variance = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length;
  const largest = x.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
  return { mean, stddev: Math.sqrt(variance), largest };
}

/** What cutting a normal distribution at ±2 leaves of its standard deviation. */
const CUT = 0.8796256610342398;

// Kernels draw once the engine is there.
engine();

describe('distributions, on 1e5 draws', () => {
  const shape = [250, 400];
  // Six standard errors of a mean and of a deviation, in deviations.
  const tolerance = 6 / Math.sqrt(1e5);

  function expectMoments(initializer: Initializer, mean: number, stddev: number, reach: number) {
    const found = moments(initializer.values(shape, 3));
    expect(Math.abs(found.mean - mean)).toBeLessThan(tolerance * stddev);
    expect(Math.abs(found.stddev / stddev - 1)).toBeLessThan(tolerance);
    expect(found.largest).toBeLessThanOrEqual(reach * (1 + 1e-6));
    expect(found.largest).toBeGreaterThan(0.99 * Math.min(reach, mean + 4 * stddev));
  }

  test('randomUniform', () => {
    expectMoments(initializers.randomUniform(), 0, 0.1 / Math.sqrt(12), 0.05);
    expectMoments(initializers.randomUniform({ minval: 0, maxval: 2 }), 1, 2 / Math.sqrt(12), 2);
    expect(Math.min(...initializers.randomUniform({ minval: 1, maxval: 2 }).values([9], 3))).toBeGreaterThan(
      1,
    );
    const values = initializers.randomUniform({ minval: 0, maxval: 2 }).values(shape, 3);
    expect(values.every((x) => x >= 0)).toBe(true);
  });

  test('randomNormal', () => {
    expectMoments(initializers.randomNormal(), 0, 0.05, Infinity);
    expectMoments(initializers.randomNormal({ mean: 1, stddev: 2 }), 1, 2, Infinity);
    expect(initializers.randomNormal({ mean: 3, stddev: 0 }).values([2], 0)).toEqual(
      new Float32Array([3, 3]),
    );
  });

  test('truncatedNormal', () => {
    expectMoments(initializers.truncatedNormal(), 0, 0.05 * CUT, 0.1);
    expectMoments(initializers.truncatedNormal({ mean: 1, stddev: 2 }), 1, 2 * CUT, 5);
  });

  test.each([
    ['fanIn', 250],
    ['fanOut', 400],
    ['fanAvg', 325],
  ] as [VarianceScalingOptions['mode'], number][])('varianceScaling by %s', (mode, fan) => {
    const stddev = Math.sqrt(3 / fan);
    const make = (distribution: VarianceScalingOptions['distribution']) =>
      initializers.varianceScaling({ scale: 3, mode, distribution });
    expectMoments(make('normal'), 0, stddev * CUT, 2 * stddev);
    expectMoments(make('truncatedNormal'), 0, stddev * CUT, 2 * stddev);
    expectMoments(make('uniform'), 0, stddev, Math.sqrt(3) * stddev);
  });

  test('varianceScaling divides by 1 at least', () => {
    const limit = moments(
      initializers.varianceScaling({ distribution: 'uniform' }).values([0.5, 1000], 0),
    ).largest;
    expect(limit).toBeLessThanOrEqual(Math.sqrt(3));
    expect(limit).toBeGreaterThan(1.7);
  });

  test.each([
    ['glorotUniform', 2 / 650, 'uniform'],
    ['glorotNormal', 2 / 650, 'normal'],
    ['heUniform', 2 / 250, 'uniform'],
    ['heNormal', 2 / 250, 'normal'],
    ['leCunUniform', 1 / 250, 'uniform'],
    ['leCunNormal', 1 / 250, 'normal'],
  ])('%s has variance %d before any cut', (name, variance, distribution) => {
    // glorotUniform's fanAvg counts the half: 1 / ((250 + 400) / 2).
    const stddev = Math.sqrt(variance);
    if (distribution === 'uniform') expectMoments(getInitializer(name), 0, stddev, Math.sqrt(3) * stddev);
    else expectMoments(getInitializer(name), 0, stddev * CUT, 2 * stddev);
  });
});

describe('computeFans', () => {
  test.each([
    [
      [3, 5],
      [3, 5],
    ],
    [
      [7, 3, 5],
      [21, 35],
    ],
    [
      [2, 3, 4, 5],
      [24, 30],
    ],
    [
      [2, 2, 2, 3, 5],
      [24, 40],
    ],
    [[9], [3, 3]],
    [[], [1, 1]],
    [
      [2, 2, 2, 2, 2, 2],
      [8, 8],
    ],
  ])('of %j is %j', (shape, fans) => {
    expect(computeFans(shape)).toEqual(fans);
  });
});
