import { describe, expect, test } from 'vitest';
import { schedules } from '../../src/optimizers/schedules.ts';

const at = (schedule: { at(step: number): number }, steps: readonly number[]) =>
  steps.map((step) => schedule.at(step));

function expectAll(got: readonly number[], expected: readonly number[]): void {
  expect(got).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(got[i]).toBeCloseTo(value, 14);
}

describe('schedules', () => {
  test('step: multiplied every so often', () => {
    const schedule = schedules.step({ initial: 0.8, factor: 0.5, every: 10 });
    expect(at(schedule, [0, 9, 10, 25])).toEqual([0.8, 0.8, 0.4, 0.2]);
  });

  test('exponential: initial · rate^(step/steps), smooth or in stairs', () => {
    const options = { initial: 0.1, decayRate: 0.96, decaySteps: 100 };
    expectAll(at(schedules.exponential(options), [0, 50, 100]), [0.1, 0.1 * 0.96 ** 0.5, 0.096]);
    expectAll(at(schedules.exponential({ ...options, staircase: true }), [99, 100]), [0.1, 0.096]);
  });

  test('inverse time: initial / (1 + rate·step/steps)', () => {
    expectAll(at(schedules.inverseTime({ initial: 1, decayRate: 0.5, decaySteps: 10 }), [0, 10, 20]), [
      1,
      1 / 1.5,
      0.5,
    ]);
  });

  test('cosine: warms up in a line, falls along half a cosine, stays at the end', () => {
    const schedule = schedules.cosine({
      initial: 1,
      decaySteps: 100,
      alpha: 0.1,
      warmUpSteps: 10,
      warmUpFrom: 0.5,
    });
    expectAll(at(schedule, [0, 5, 10, 60, 110, 500]), [0.5, 0.75, 1, 0.55, 0.1, 0.1]);
  });

  test('piecewise: up to and including each boundary', () => {
    expect(at(schedules.piecewise({ boundaries: [2, 5], values: [1, 0.5, 0.1] }), [0, 2, 3, 5, 6])).toEqual([
      1, 1, 0.5, 0.5, 0.1,
    ]);
  });

  test('wrong options are sentences', () => {
    expect(() => schedules.piecewise({ boundaries: [1], values: [1] })).toThrow(
      'schedules.piecewise: 1 boundaries need 2 values; got 1.',
    );
    expect(() => schedules.cosine({ initial: 1, decaySteps: 0 })).toThrow(
      'schedules.cosine: decaySteps must be positive; got 0.',
    );
  });
});
