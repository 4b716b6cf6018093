// Out of memory, in a file of its own: the engine's limit is set before anything else runs.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

test('a model too large for memory is a sentence, and a smaller one still works', async () => {
  tf.init({ memoryLimit: 4 * 2 ** 20 });
  const model = (units: number) => {
    const made = tf.sequential({
      name: `units_${units}`,
      layers: [tf.layers.dense({ units, inputShape: [100] })],
    });
    made.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    return made;
  };
  expect(() => model(20_000)).toThrow(
    /^Out of WebAssembly memory: units_20000's weights needs 8\.\d MB in all, and 0\.\d MB of at most 4\.0 MB are in use\. Use a smaller batchSize or a smaller model, or raise memoryLimit\.$/,
  );
  const small = model(10);
  const history = await small.fit(tf.ones([4, 100]), tf.ones([4, 10]), { epochs: 2, verbose: 0 });
  expect(history.history.loss).toHaveLength(2);
  await expect(
    small.fit(tf.ones([9000, 100]), tf.ones([9000, 10]), { batchSize: 9000, verbose: 0 }),
  ).rejects.toThrow(/^Out of WebAssembly memory: a program for batches of 9000 needs/);
});

test.each([
  ['dense', () => tf.layers.dense({ units: 200_000, inputShape: [200_000], name: 'd' })],
  ['lstm', () => tf.layers.lstm({ units: 100_000, inputShape: [3, 2], name: 'd' })],
  [
    'conv2d',
    () => tf.layers.conv2d({ filters: 2 ** 20, kernelSize: 1000, inputShape: [2000, 2000, 3], name: 'd' }),
  ],
])('weights that no memory holds are a sentence: %s', (_, layer) => {
  expect(() => tf.sequential({ layers: [layer() as tf.layers.Layer] })).toThrow(
    /^d\/(recurrent_)?kernel: a weight of shape \[.*\] takes \d+ GB; WebAssembly has 4 GB of memory\.$/,
  );
});
