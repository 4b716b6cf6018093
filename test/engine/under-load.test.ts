// Threads that end, trainings at once, aborts, exits: what happens to the one that it happens to, and nothing to others.

import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodePlatform } from '../../src/platform/node.ts';
import { bundleInternals } from '../bundled.ts';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'under-load.script.mjs');
const { hasThreads } = nodePlatform;
const reason = hasThreads ? '' : ` (left out: Node ${process.versions.node} may not use threads)`;

let library: string;
let fresh: string;
beforeAll(async () => {
  library = await bundleInternals();
  fresh = (await play('nothing', 1)).after;
});
afterAll(() => rmSync(dirname(library), { recursive: true }));

async function play(scenario: string, threads: number, detail = 0) {
  const { stdout } = await run(process.execPath, [script, library, scenario, `${threads}`, `${detail}`], {
    timeout: 50_000,
  });
  return JSON.parse(stdout) as { happened: Record<string, unknown>; after: string };
}

describe.each(hasThreads ? [1, 2, 3] : [1])('on %d threads', (threads) => {
  test('two models at once train as each would alone', async () => {
    const { happened, after } = await play('two-at-once', threads);
    expect(happened.together).toEqual(happened.alone);
    expect(after).toBe(fresh);
  });

  test('predictions and trainings in callbacks change nothing', async () => {
    const { happened, after } = await play('in-callbacks', threads);
    expect(happened.inner).toBe(24);
    expect(happened.disturbed).toBe(happened.alone);
    expect(after).toBe(fresh);
  });

  test('a training that is aborted has done the steps until then, at every step', async () => {
    const { happened, after } = await play('abort-at-every-step', threads);
    expect(happened).toEqual({ all: true });
    expect(after).toBe(fresh);
  });

  test('an error in a callback is the error of its fit', async () => {
    const { happened, after } = await play('throws-in-a-callback', threads);
    expect(happened).toEqual({ error: 'of the callback', steps: 6, counted: 6 });
    expect(after).toBe(fresh);
  });

  test('process.exit ends the process', async () => {
    await expect(play('exits', threads)).rejects.toMatchObject({ code: 7 });
  });
});

describe.skipIf(!hasThreads)(`threads that end${reason}`, () => {
  test.each([0, 1, 3, 8])(
    'in the middle of a step, %d: that fit rejects, and does not count the step',
    async (n) => {
      const { happened, after } = await play('gives-up', 2, n);
      expect(happened.error).toBe(
        'A thread ended: a kernel gave up. The current step was not done; the model can still be used, on 1 of 2 threads.',
      );
      expect(happened.counted).toBe(happened.steps);
      expect(after).toBe(fresh);
    },
  );

  test('between two trainings: the next goes on without it', async () => {
    const { happened, after } = await play('stopped-while-idle', 2);
    expect(happened).toEqual({ steps: 12, counted: 12, present: 1 });
    expect(after).toBe(fresh);
  });
});
