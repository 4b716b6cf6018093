import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { log } from '../../src/numeric/elementary.ts';
import { normalQuantile, truncatedNormalQuantile } from '../../src/random/normal-quantiles.ts';

type Points = [x: number, expected: number][];
const reference: { quantile: Points; truncated: Points; log: Points } = JSON.parse(
  readFileSync(new URL('../reference/normal-quantile.json', import.meta.url), 'utf8'),
);

function ulpsBetween(a: number, b: number): number {
  const words = new BigInt64Array(new Float64Array([a, b]).buffer);
  return Math.abs(Number(words[0] - words[1]));
}

test('the logarithm is within 1 ulp of the nearest float64', () => {
  for (const [x, expected] of reference.log) {
    expect(ulpsBetween(log(x), expected), `ln ${x}`).toBeLessThanOrEqual(1);
  }
});

describe('normalQuantile', () => {
  test("agrees with Python's statistics.NormalDist", () => {
    const points = reference.quantile.filter(([p]) => Math.min(p, 1 - p) > Math.exp(-25));
    expect(points.length).toBeGreaterThan(400);
    for (const [p, expected] of points) {
      const error = Math.abs(normalQuantile(p) - expected);
      expect(error, `quantile of ${p}`).toBeLessThanOrEqual(1e-15 * Math.abs(expected));
    }
  });

  test('is symmetric about the median', () => {
    for (const p of [0.25, 0.0625, 2 ** -20, 2 ** -33])
      expect(normalQuantile(1 - p)).toBe(-normalQuantile(p));
  });

  test('reaches infinity at 0 and 1 and is NaN outside', () => {
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
    for (const p of [-0.1, 1.1, -Infinity, Infinity, NaN]) expect(normalQuantile(p)).toBeNaN();
  });
});

describe('truncatedNormalQuantile', () => {
  test('agrees with Python', () => {
    for (const [p, expected] of reference.truncated) {
      expect(Math.abs(truncatedNormalQuantile(p) - expected), `at ${p}`).toBeLessThanOrEqual(1e-15);
    }
  });

  test('ends at two standard deviations', () => {
    expect(truncatedNormalQuantile(0)).toBeCloseTo(-2, 14);
    expect(truncatedNormalQuantile(1)).toBeCloseTo(2, 14);
  });
});
