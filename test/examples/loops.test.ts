// The loops of examples/loops as a user runs them.

import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

async function run(name: string, ...args: string[]): Promise<string> {
  const script = resolve(import.meta.dirname, `../../examples/loops/${name}.mjs`);
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args]);
  return stdout;
}

const numbers = (output: string, pattern: RegExp) =>
  [...output.matchAll(pattern)].map(([, text]) => Number(text));

test('the pole stays upright five times as long', async () => {
  const upright = numbers(await run('cart-pole'), /: ([\d.]+) steps upright/g);
  expect(upright[0]).toBeLessThan(30);
  expect(upright.at(-1)).toBeGreaterThan(150);
});

test('the autoencoder draws images like those that there are', async () => {
  const output = await run('autoencoder');
  const losses = numbers(output, /loss ([\d.]+)/g);
  expect(losses.at(-1)).toBeLessThan(losses[0] / 8);
  expect(numbers(output, /new images: ([\d.]+) %/g)[0]).toBeLessThan(50);
});
