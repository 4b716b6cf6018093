// The example of examples/cluster: alone, and on two ranks of each MPI that there is.

import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { isThere, launch, launchers } from '../mpi/launch.ts';

const script = resolve(import.meta.dirname, '../../examples/cluster/train.mjs');
const last = (output: string) => output.trim().split('\n').at(-1);

describe.skipIf(!launchers.some(([, launcher]) => isThere(launcher)))('(left out without MPI)', () => {
  test('comes to the same weights however it is started', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [script]);
    expect(Number(/accuracy ([\d.]+)/.exec(stdout)?.[1])).toBeGreaterThan(0.9);
    for (const [, launcher, settings] of launchers) {
      if (!isThere(launcher)) continue;
      const ranks = await launch(launcher, settings, 2, [script]);
      expect(last(ranks.stdout)).toBe(last(stdout));
    }
  });
});
