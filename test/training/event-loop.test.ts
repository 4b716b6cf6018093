// Turns of the event loop while `fit` runs: how often it gives one, and to whom.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { line, quiet, x, y } from './line.ts';
import { withPlatform } from './with-platform.ts';

test('gets turns while fit runs', async () => {
  let turns = 0;
  let done = false;
  const count = () => {
    turns++;
    if (!done) setImmediate(count);
  };
  setImmediate(count);
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 64, inputShape: [64] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  await model.fit(tf.ones([3200, 64]), tf.ones([3200, 64]), { ...quiet, epochs: 20 });
  done = true;
  expect(turns).toBeGreaterThan(3);
});

test.each([
  ['batch', 10],
  ['epoch', 2],
  ['never', 0],
] as const)('yieldEvery %s', async (yieldEvery, expected) => {
  let turns = 0;
  await withPlatform({ turn: async () => void turns++ }, () =>
    line().fit(x, y, { ...quiet, epochs: 2, batchSize: 4, yieldEvery }),
  );
  expect(turns).toBe(expected);
});

test('onYield is called with every turn in the midst of an epoch', async () => {
  const seen: string[] = [];
  const onYield = (epoch: number, batch: number, logs?: tf.Logs) =>
    void seen.push(`${epoch} ${batch} ${logs!.size}`);
  const run = (yieldEvery: 'batch' | 'never') =>
    line().fit(x, y, { ...quiet, epochs: 2, batchSize: 8, yieldEvery, callbacks: { onYield } });
  await run('batch');
  expect(seen).toEqual(['0 0 8', '0 1 8', '0 2 4', '1 0 8', '1 1 8', '1 2 4']);
  await expect(run('never')).rejects.toThrow("yieldEvery is 'never', but there is a callback with onYield");
});

test.each([
  ['at the end of epochs', 'onEpochEnd', 1],
  ['at every batch', 'onBatchEnd', 5],
] as const)('gets turns while callbacks draw %s', async (_, hook, calls) => {
  const epochs = 200;
  const drawing = 3;
  let time = 0;
  let last = 0;
  const gaps: number[] = [];
  const turn = async () => {
    gaps.push(time - last);
    last = time;
  };
  await withPlatform({ turn, now: () => time }, () =>
    line().fit(x, y, {
      ...quiet,
      epochs,
      batchSize: 4,
      callbacks: {
        [hook]: () => {
          time += drawing;
        },
      },
    }),
  );
  // Half a frame of a page, and what was begun in it.
  expect(Math.max(...gaps)).toBeLessThan(8 + 2 * drawing);
  expect(gaps.length).toBeGreaterThan((epochs * calls * drawing) / 16);
});

test('gets no turn for callbacks that take no time', async () => {
  let turns = 0;
  await withPlatform({ turn: async () => void turns++, now: () => 0 }, () =>
    line().fit(x, y, { ...quiet, epochs: 20, callbacks: { onEpochEnd() {} } }),
  );
  expect(turns).toBe(0);
});
