// The text classifier as a user runs it.

import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const script = resolve(import.meta.dirname, '../../examples/text-classifier/main.mjs');

test('tells reviews that it never saw apart', { timeout: 60_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  const [, accuracy, reviews] = /^test accuracy ([\d.]+) % of (\d+) reviews$/m.exec(stdout)!;
  expect(Number(reviews)).toBeGreaterThan(900);
  expect(Number(accuracy)).toBeGreaterThan(97);
  expect(stdout).toMatch(/^good \([01]\.\d{3}\): this time the soup was delicious/m);
  expect(stdout).toMatch(/^bad {2}\(0\.\d{3}\): the waiter was rude$/m);
});
