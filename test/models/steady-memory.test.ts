// After the first step of a shape, training grows no memory and leaves nothing behind.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { engine } from '../../src/engine/engine.ts';
import * as tf from '../../src/index.ts';
import { collected, collectGarbage, countingBytes, watchBlocks } from '../garbage.ts';

const x = tf.ones([320, 20]);
const y = tf.tensor1d(Int32Array.from({ length: 320 }, (_, i) => i % 5));

function network(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 32, activation: 'relu', inputShape: [20] }),
      tf.layers.dropout({ rate: 0.3 }),
      tf.layers.dense({ units: 5, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

test('a thousand more steps leave the size of linear memory as it was', async () => {
  const model = network();
  await model.fit(x, y, { verbose: 0 });
  const memory = engine().memoryBytes;
  await model.fit(x, y, { epochs: 100, verbose: 0 });
  expect(engine().memoryBytes).toBe(memory);
});

test('a thousand more steps leave the JavaScript heap flat', async () => {
  const script = join(import.meta.dirname, 'steady-memory.script.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script]);
  const readings: { heapUsed: number; arrayBuffers: number }[] = JSON.parse(stdout);
  const growths = (of: 'heapUsed' | 'arrayBuffers') =>
    readings.slice(1).map((reading, i) => reading[of] - readings[i][of]);
  // What steps leave behind shows every time; what the engine notes of hot code, a few hundred KB, and waits for collection comes and goes.
  expect(Math.min(...growths('arrayBuffers'))).toBeLessThanOrEqual(0);
  expect(Math.min(...growths('heapUsed'))).toBeLessThan(10_000);
});

test('models that are dropped give their memory back', async () => {
  const trainOne = async () => {
    const watch = watchBlocks();
    await network().fit(x, y, { verbose: 0 });
    watch.stop();
    expect(watch.blocks.length).toBeGreaterThanOrEqual(3);
    await collected(watch.blocks);
  };
  // What is made once and for all is not theirs.
  await trainOne();
  const [memory, used] = [engine().memoryBytes, engine().usedBytes];
  for (let i = 0; i < 5; i++) {
    await trainOne();
    // Blocks that are collected are given back in a later turn; what is kept for good ends in the test's timeout.
    while (engine().usedBytes > used) await collectGarbage();
  }
  expect(engine().memoryBytes).toBe(memory);
});

test('a model that is disposed of gives its memory back at once', async () => {
  const keeper = network();
  const optimizer = tf.train.adam(0.01);
  const make = () => {
    const model = network();
    model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy' });
    return model;
  };
  await keeper.fit(x, y, { verbose: 0 });
  const model = await countingBytes(async (heldBytes) => {
    const made = make();
    const before = heldBytes();
    await made.fit(x, y, { verbose: 0, validationSplit: 0.5 });
    made.predict(x);
    expect(heldBytes()).toBeGreaterThan(before + 5000);
    made.dispose();
    expect(heldBytes()).toBeLessThan(before);
    return made;
  });
  expect(() => model.predict(x)).toThrow(/disposed/);
  await expect(model.fit(x, y, { verbose: 0 })).rejects.toThrow(/disposed/);
  await keeper.fit(x, y, { verbose: 0 });
});
