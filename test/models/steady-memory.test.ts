// After the first step of a shape, training grows no memory and leaves nothing behind.

import v8 from 'node:v8';
import vm from 'node:vm';
import { expect, test } from 'vitest';
import { engine } from '../../src/engine/engine.ts';
import * as tf from '../../src/index.ts';

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

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

function heapBytes(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test('a thousand steps after the first', async () => {
  const model = network();
  await model.fit(x, y, { epochs: 20, verbose: 0 });
  const [memory, heap] = [engine().memoryBytes, heapBytes()];
  await model.fit(x, y, { epochs: 100, verbose: 0 });
  expect(engine().memoryBytes).toBe(memory);
  // A hundred epochs of history and what the engine itself compiles meanwhile.
  expect(heapBytes() - heap).toBeLessThan(200_000);
});

test('models that are dropped give their memory back', async () => {
  const trainOne = () => network().fit(x, y, { verbose: 0 });
  for (let i = 0; i < 5; i++) await trainOne();
  const settle = async () => {
    collectGarbage();
    // Finalizers run in a turn of their own.
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  await settle();
  const memory = engine().memoryBytes;
  for (let i = 0; i < 60; i++) {
    await trainOne();
    await settle();
  }
  expect(engine().memoryBytes).toBeLessThanOrEqual(memory);
});
