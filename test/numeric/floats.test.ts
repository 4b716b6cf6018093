// Floats beside numbers.

import { expect, test } from 'vitest';
import { floatBelow, lastFloatBetween } from '../../src/numeric/floats.ts';

test.each([
  [1, 1 - 2 ** -24],
  [2, 2 - 2 ** -23],
  [-1, -1 - 2 ** -23],
  [0, -(2 ** -149)],
  [-0, -(2 ** -149)],
  [2 ** -149, 0],
  // Rounded up, 0.1 is larger than itself; down, 0.3 is not.
  [0.1, Math.fround(0.1) - 2 ** -27],
  [1e10 + 1, 1e10],
  [Number.POSITIVE_INFINITY, 3.4028234663852886e38],
])('below %d', (x, below) => {
  expect(floatBelow(x)).toBe(below);
});

test('the last float between bounds, or the first bound where there is none', () => {
  expect(lastFloatBetween(0, 1)).toBe(1 - 2 ** -24);
  expect(lastFloatBetween(1700000070, 1700000100)).toBe(1700000128);
});
