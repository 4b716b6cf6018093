// `npm run mnist` as a user runs it, on the digits that come with the repository and, where it is, on MNIST.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fullMnist } from './full-mnist.ts';

const root = resolve(import.meta.dirname, '../..');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lanegrad-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...args: string[]): Promise<string> {
  // No cache and no data of the machine's: what a fresh machine without a network sees.
  const { LANEGRAD_DATA: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(root, 'examples/mnist/main.mjs'), '--save', folder, ...args],
    { env: { ...env, XDG_CACHE_HOME: folder } },
  );
  return stdout;
}

const accuracyOf = (output: string) => Number(/test accuracy ([\d.]+) %/.exec(output)?.[1]);

describe('npm run mnist', () => {
  test('trains, says how well and how fast, and saves the model', { timeout: 120_000 }, async () => {
    const output = await run('--epochs', '1', '--seed', '1');
    expect(output).toMatch(/^Epoch 1\/1 {2}loss \d\.\d{4} {2}acc \d\.\d{4} {2}\d+ samples\/s$/m);
    expect(output).toMatch(/^\d+ samples per second/m);
    expect(output).toContain(`Saved the model to ${folder}/model.json`);
    expect(JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')).format).toBe('layers-model');
    // With one pass over 9,009 digits, or 60,000 where the download works.
    expect(accuracyOf(output)).toBeGreaterThan(85);
  });

  test('trains a convolutional network', { timeout: 120_000 }, async () => {
    const output = await run('--model', 'conv', '--epochs', '1', '--samples', '5000', '--seed', '1');
    expect(output).toMatch(/conv2d_1 \(Conv2D\)/);
    expect(accuracyOf(output)).toBeGreaterThan(80);
  });

  test.runIf(fullMnist).each(['1', '2', '3'])(
    'on the full data set, seed %s: at least 97.5 % after 5 epochs',
    { timeout: 120_000 },
    async (seed) => {
      expect(accuracyOf(await run('--data', fullMnist!, '--seed', seed))).toBeGreaterThanOrEqual(97.5);
    },
  );
});
