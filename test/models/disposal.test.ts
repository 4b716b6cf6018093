// `model.dispose()` gives back, at once, all the linear memory that a model took, whatever was done with it.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { countingBytes } from '../garbage.ts';

const x = tf.ones([10, 6, 4]);
const y = tf.ones([10, 6, 2]);
const quiet = { verbose: 0, batchSize: 4 } as const;

/** An optimizer's rate and the like are its own, as it may move other models: 7 numbers. */
const ofOptimizer = 28;

function network(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.masking({ inputShape: [6, 4] }),
      tf.layers.lstm({ units: 5, returnSequences: true, dropout: 0.2 }),
      tf.layers.batchNormalization(),
      tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 2 }) }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError', metrics: ['mae'] });
  return model;
}

type Use = (model: tf.Sequential) => unknown;

test.each<[string, Use]>([
  ['built', () => {}],
  ['trained', (model) => model.fit(x, y, { ...quiet, validationSplit: 0.3 })],
  ['trained in parts', (model) => model.fit(x, y, { ...quiet, microBatches: 3 })],
  ['trained on one batch', (model) => model.trainOnBatch(x, y)],
  [
    'trained in parts, then whole',
    async (model) => {
      await model.fit(x, y, { ...quiet, microBatches: 2 });
      await model.fit(x, y, quiet);
    },
  ],
  ['evaluated', (model) => tf.dispose(model.evaluate(x, y, { batchSize: 4 }))],
  ['asked', (model) => tf.dispose(model.predict(x, { batchSize: 4 }))],
  ['printed', (model) => model.printProgram(x, y)],
  ['explained', (model) => tf.explainStep(model, x, y)],
])('a model that was %s', async (_, use) => {
  const usedBy = () =>
    countingBytes(async (heldBytes) => {
      const model = network();
      await use(model);
      const most = heldBytes();
      model.dispose();
      return { kept: heldBytes(), most };
    });
  // What is made once and for all is not the model's.
  await usedBy();
  const { kept, most } = await usedBy();
  expect(most).toBeGreaterThan(0);
  expect([0, ofOptimizer]).toContain(kept);
});

test.each<[string, Use]>([
  ['saved', (model) => model.save(tf.io.withSaveHandlerSync(() => ({}) as tf.io.SaveResult))],
  ['asked for its weights', (model) => model.getWeights()],
  ['asked for its weights by name', (model) => model.getNamedWeights()],
  ['given weights', (model) => model.setWeights([])],
])('a model that was disposed of says so when it is %s', async (_, use) => {
  const model = network();
  const numbers = model.countParams();
  model.dispose();
  await expect(async () => use(model)).rejects.toThrow(/was disposed of|setWeights takes 9 tensors/);
  expect([model.weights.length, model.countParams()]).toEqual([9, numbers]);
});
