// A disk that is full, and a folder that may not be written: a sentence, and the old model is whole.

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as tf from '../../src/node.ts';

const root = process.getuid?.() === 0;
const script = join(import.meta.dirname, 'disk-full.script.mjs');

/** Saves a model of 100 × `units` weights in a process that may write files of so many blocks of 1,024 bytes. */
const save = (folder: string, units: number, blocks: number | 'unlimited') =>
  execFileSync(
    'bash',
    ['-c', `ulimit -f ${blocks}; exec "$0" "$@"`, process.execPath, script, folder, String(units)],
    {
      encoding: 'utf8',
    },
  );

const unitsIn = async (folder: string) =>
  (await tf.loadLayersModel(`file://${folder}/model.json`)).outputs[0].shape[1];

test.skipIf(process.platform === 'win32')('no room for the new model', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanegrad-full-'));
  try {
    expect(save(folder, 10, 'unlimited')).toBe('');
    const before = readdirSync(folder).sort();
    expect(save(folder, 1000, 100)).toMatch(/^LanegradError: save: .* cannot be written: EFBIG/);
    expect(readdirSync(folder).sort()).toEqual(before);
    expect(await unitsIn(folder)).toBe(10);
    expect(save(folder, 20, 100)).toBe('');
    expect(await unitsIn(folder)).toBe(20);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

// Root may write everywhere.
test.skipIf(root || process.platform === 'win32')('a folder that may not be written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanegrad-closed-'));
  try {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] });
    await model.save(`file://${folder}`);
    chmodSync(folder, 0o500);
    await expect(model.save(`file://${folder}`)).rejects.toThrow(/^save: .* cannot be written: EACCES/);
    expect(await unitsIn(folder)).toBe(3);
  } finally {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true });
  }
});
