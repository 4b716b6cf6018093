// The core in a context that has the globals of the language, WebAssembly, the TextDecoder that the loader wants,
// and nothing else: no clock, no console, no timers, no eval.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createContext, Script } from 'node:vm';
import { transform } from 'esbuild';
import { expect, test } from 'vitest';

const bundle = readFileSync(resolve(import.meta.dirname, '../../dist/index.js'), 'utf8');

const script = `(async () => {
  tf.setSeed(1);
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [2], units: 8, activation: 'tanh' }),
      tf.layers.dropout({ rate: 0.1 }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  const x = [[0, 0], [0, 1], [1, 0], [1, 1]];
  const options = { epochs: 100, verbose: 0, yieldEvery: 'batch', validationSplit: 0.25 };
  const { history } = await model.fit(x, [[0], [1], [1], [2]], options);
  let saved;
  await model.save({ save: async (artifacts) => { saved = artifacts; } });
  const loaded = await tf.loadLayersModel({ load: async () => saved });
  const same = loaded.predict(x).dataSync().join() === model.predict(x).dataSync().join();
  return { globals: Object.keys(globalThis), losses: history.loss, same };
})()`;

test('builds, trains, saves and loads', async () => {
  const { code } = await transform(bundle, { format: 'iife', globalName: 'tf' });
  const context = createContext({ TextDecoder }, { codeGeneration: { strings: false, wasm: true } });
  new Script(code).runInContext(context);
  const { globals, losses, same } = await new Script(script).runInContext(context);
  // The bundle's own name is all that it leaves behind.
  expect([...globals].sort()).toEqual(['TextDecoder', 'tf']);
  expect(losses.at(-1)).toBeLessThan(losses[0] / 2);
  expect(same).toBe(true);
});
