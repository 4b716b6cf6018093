// `npm run addition` as a user runs it.

import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const script = resolve(import.meta.dirname, '../../examples/addition/main.mjs');

async function run(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args]);
  return stdout;
}

const exactShare = (output: string) => Number(/never seen are exact: ([\d.]+) %/.exec(output)?.[1]);

test('learns to add: at least 95 % of sums never seen are exact', { timeout: 120_000 }, async () => {
  const output = await run('--seed', '1');
  expect(output).toContain('7999 sums, 30 epochs');
  expect(exactShare(output)).toBeGreaterThanOrEqual(95);
});

test('as a gru too, and is on its way after a third of that', { timeout: 120_000 }, async () => {
  // Guessing the most frequent answer is right once in a hundred times.
  expect(exactShare(await run('--layer', 'gru', '--epochs', '10'))).toBeGreaterThan(30);
});
