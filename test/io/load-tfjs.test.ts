// Models that TensorFlow.js saved: the scripts tfjs-*.mjs in test/reference/ made them.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { expectClose } from '../close.ts';

test.each([
  ['recurrent', [2, 4, 2]],
  ['windows', [2, 7, 8, 3]],
  ['beginnings', [4, 3]],
])('%s: computes what it computed there, from weights of the same names', async (name, shape) => {
  const file = new URL(`../reference/tfjs-${name}.json`, import.meta.url);
  const { modelTopology, weightSpecs, weights, values, predictions } = JSON.parse(readFileSync(file, 'utf8'));
  const weightData = Uint8Array.from(Buffer.from(weights, 'base64'));
  const model = await tf.loadLayersModel({ load: async () => ({ modelTopology, weightSpecs, weightData }) });
  // Files have the weights that are not trained behind all others.
  const names = weightSpecs.map((spec: { name: string }) => spec.name);
  expect(model.variables.map((variable) => variable.name).sort()).toEqual(names.sort());
  const computed = model.predict(tf.tensor(values, shape)) as tf.Tensor;
  // Both sides are float32, through seven layers or more.
  expectClose(computed.dataSync(), predictions, 3e-6);
});
