import { describe, expect, test } from 'vitest';
import { cos, exp, log, pow } from '../../src/numeric/elementary.ts';

const grid = (least: number, most: number, count = 2000) =>
  Array.from({ length: count + 1 }, (_, i) => least + ((most - least) * i) / count);

function expectRelative(got: number, expected: number, tolerance: number, what: string): void {
  const error = Math.abs(got - expected) / Math.abs(expected);
  expect(error, `${what}: ${got}`).toBeLessThanOrEqual(tolerance);
}

describe('float64 functions agree with Math, which is within an ulp of the truth', () => {
  test('exp', () => {
    for (const x of grid(-700, 700)) expectRelative(exp(x), Math.exp(x), 5e-16, `exp ${x}`);
    expect([exp(0), exp(710), exp(-746), exp(Number.NaN)]).toEqual([1, Infinity, 0, Number.NaN]);
  });

  test('log', () => {
    for (const x of grid(1e-9, 30)) expectRelative(log(x), Math.log(x), 5e-16, `log ${x}`);
    expect([log(1), log(0), log(-1), log(Infinity)]).toEqual([0, -Infinity, Number.NaN, Number.NaN]);
    expectRelative(log(5e-324), Math.log(5e-324), 5e-16, 'the smallest denormal');
  });

  test('pow: fractions through exp and log, whole powers exactly as products', () => {
    for (const y of grid(-3, 3)) expectRelative(pow(0.96, y), 0.96 ** y, 1e-15, `0.96^${y}`);
    expect([pow(3, 4), pow(2, -3), pow(7, 0), pow(1.5, 1)]).toEqual([81, 0.125, 1, 1.5]);
  });

  test('cos from 0 to π', () => {
    for (const x of grid(0, Math.PI)) expect(Math.abs(cos(x) - Math.cos(x))).toBeLessThanOrEqual(1e-15);
  });
});
