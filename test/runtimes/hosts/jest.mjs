// Jest, which gets it as CommonJS: prints the result of the fixed run as JSON. The variant is a global.

import { webcrypto } from 'node:crypto';
import process from 'node:process';
import * as tf from 'lanegrad';
import * as digits from './digits.mjs';
import { fixedRun } from './fixed-run.mjs';

test('the fixed run', async () => {
  // jsdom has none that hashes.
  Object.defineProperty(globalThis, 'crypto', { value: webcrypto });
  process.stdout.write(JSON.stringify(await fixedRun(tf, digits, globalThis.variant)));
});

test('a model is saved and loaded', async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
  const [saved, found] = tf.env().getBool('IS_NODE')
    ? ['file://model', 'file://model/model.json']
    : ['localstorage://model', 'localstorage://model'];
  await model.save(saved);
  const loaded = await tf.loadLayersModel(found);
  expect(loaded.getWeights()[0].arraySync()).toEqual(model.getWeights()[0].arraySync());
});
