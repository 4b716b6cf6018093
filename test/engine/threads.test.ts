import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { Engine, engine, init } from '../../src/engine/engine.ts';
import { teamBounds } from '../../src/engine/team.ts';
import * as tf from '../../src/index.ts';
import { nodePlatform } from '../../src/platform/node.ts';
import { setPlatform } from '../../src/platform/platform.ts';

const { hasThreads } = nodePlatform;
const reason = hasThreads ? '' : ` (left out: Node ${process.versions.node} may not use threads)`;
const run = promisify(execFile);

describe.skipIf(!hasThreads)(`threads${reason}`, () => {
  test('the weights are the same bits for any number; idle ones rest; the process ends', {
    timeout: 60_000,
  }, async () => {
    const script = join(import.meta.dirname, 'threads.script.mjs');
    const results = [];
    for (const threads of [1, 2, 3]) {
      results.push(JSON.parse((await run(process.execPath, [script, `${threads}`])).stdout));
    }
    const [one] = results;
    expect(one.losses.at(-1)).toBeLessThan(one.losses[0]);
    for (const result of results) {
      expect(result.losses).toEqual(one.losses);
      expect(result.digest).toBe(one.digest);
      expect(result.idleSeconds).toBeLessThan(0.25);
    }
  });

  test('where a process may start none, the one that is there trains', async () => {
    const script = `
      import * as tf from 'lanegrad';
      tf.init({ threads: 2 });
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 300, inputShape: [300] })] });
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      const { history } = await model.fit(tf.ones([600, 300]), tf.zeros([600, 300]), { batchSize: 300, epochs: 5 });
      console.log(history.loss[4] < history.loss[0]);`;
    const args = ['--permission', '--allow-fs-read=*', '--input-type=module', '--eval', script];
    const { stdout } = await run(process.execPath, args, { cwd: join(import.meta.dirname, '../..') });
    expect(stdout).toMatch(/true\n$/);
  });

  test('a thread that dies makes fit reject, and the model stays usable', async () => {
    const workers: Worker[] = [];
    setPlatform({
      ...nodePlatform,
      startThread(program, start, ended) {
        const worker = new Worker(`const start = require('node:worker_threads').workerData;${program}`, {
          eval: true,
          workerData: start,
        });
        worker.on('exit', () => ended('it was stopped'));
        workers.push(worker);
      },
    });
    Object.assign(teamBounds, { program: 0, start: 0 });
    init({ threads: 2 });
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 50, inputShape: [200] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const x = tf.ones([640, 200]);
    const y = tf.zeros([640, 50]);
    const options = { epochs: 10_000, verbose: 0, yieldEvery: 'batch' } as const;
    const death = {
      onEpochEnd() {
        if (engine().threadsPresent === 2) workers[0].terminate();
      },
    };
    await expect(model.fit(x, y, { ...options, callbacks: death })).rejects.toThrow(
      'A thread ended: it was stopped. The current step was not done; the model can still be used, on 1 of 2 threads.',
    );
    expect(workers).toHaveLength(1);
    const { history } = await model.fit(x, y, { epochs: 2, verbose: 0 });
    expect(history.loss[1]).toBeLessThan(history.loss[0]);
  });
});

test.each([0, 1.5, 65])('%d threads are a sentence', (threads) => {
  expect(() => new Engine({ threads })).toThrow(
    `init: threads must be an integer from 1 to 64; got ${threads}.`,
  );
});

test('where threads cannot be had, there is one', () => {
  setPlatform({ ...nodePlatform, hasThreads: false });
  expect(new Engine({ threads: 2 }).threads).toBe(1);
  setPlatform(nodePlatform);
});
