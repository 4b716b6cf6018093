// Processes killed while they save lose nothing and leave nothing behind. `node test/io/kill-while-saving.mjs 1000` is
// the long form.

import { expect, test } from 'vitest';
import { killWhileSaving } from './kill-while-saving.mjs';

test('60 kills, four ways of changing', { timeout: 300_000 }, async () => {
  const { kills, interrupted, losses, leftBehind } = await killWhileSaving(60, 1);
  expect(kills).toBe(60);
  expect(losses).toEqual([]);
  expect(leftBehind).toEqual([]);
  // Else nothing was tried.
  expect(interrupted).toBeGreaterThan(0);
});
