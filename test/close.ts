import { expect } from 'vitest';

/**
 * Expects float32 numbers to agree with float64 ones: each within `tolerance` of the expected number's size,
 * or of the array's largest where the number is much smaller (its error is then that of larger terms).
 */
export function expectClose(
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = 'value',
): void {
  expect(got.length, `${what}: length`).toBe(expected.length);
  const largest = Array.from(expected).reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
  for (let i = 0; i < expected.length; i++) {
    const scale = Math.max(Math.abs(expected[i]), largest * 0.1);
    const error = Math.abs(got[i] - expected[i]) / scale;
    if (!(error <= tolerance)) {
      expect.fail(`${what}[${i}]: got ${got[i]}, expected ${expected[i]}: off by ${error}`);
    }
  }
}
