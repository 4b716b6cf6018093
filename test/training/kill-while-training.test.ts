// Processes killed while they train go on to the bits of one that nobody killed.
// `node test/training/kill-while-training.mjs 200` is the long form.

import { expect, test } from 'vitest';
import { killWhileTraining } from './kill-while-training.mjs';

test('12 kills, of fit and of fitDataset', { timeout: 300_000 }, async () => {
  const { kills, resumed, wrong } = await killWhileTraining(12, 1);
  expect(kills).toBe(12);
  expect(wrong).toEqual([]);
  // Else nothing was tried.
  expect(resumed).toBeGreaterThan(0);
});
