// A model that TensorFlow.js saved: test/reference/tfjs-recurrent.mjs made it.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { expectClose } from '../close.ts';

const saved = JSON.parse(readFileSync(new URL('../reference/tfjs-recurrent.json', import.meta.url), 'utf8'));

test('computes what it computed there, from weights of the same names', async () => {
  const { modelTopology, weightSpecs, weights, values, predictions } = saved;
  const weightData = Uint8Array.from(Buffer.from(weights, 'base64'));
  const model = await tf.loadLayersModel({ load: async () => ({ modelTopology, weightSpecs, weightData }) });
  const names = weightSpecs.map(({ name }: { name: string }) => name);
  expect(model.variables.map(({ name }) => name)).toEqual(names);
  const computed = model.predict(tf.tensor(values, [2, 4, 2])) as tf.Tensor;
  // Both sides are float32, through seven layers.
  expectClose(computed.dataSync(), predictions, 3e-6);
});
