// Every method of models, layers and datasets, with every value that is none of its arguments': it works or says a sentence.

import { beforeAll, expect, test, vi } from 'vitest';
import * as tf from '../../src/node.ts';
import { fault, malformed } from './malformed.ts';

beforeAll(() => {
  for (const method of ['log', 'warn', 'info', 'error'] as const) vi.spyOn(console, method).mockReturnValue();
});

function compiled(): tf.Sequential {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return model;
}

const x = tf.ones([2, 2]);
const y = tf.ones([2, 1]);
const quiet = { verbose: 0 } as const;

/** A model and the value: what is done with them. */
const acts: Readonly<Record<string, (model: tf.Sequential, value: never) => unknown>> = {
  compile: (model, value) => model.compile(value),
  'compile optimizer': (model, value) => model.compile({ optimizer: value, loss: 'meanSquaredError' }),
  'compile loss': (model, value) => model.compile({ optimizer: 'sgd', loss: value }),
  'compile metrics': (model, value) =>
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: value }),
  'fit x': (model, value) => model.fit(value, y, quiet),
  'fit y': (model, value) => model.fit(x, value, quiet),
  'fit options': (model, value) => model.fit(x, y, value),
  fitDataset: (model, value) => model.fitDataset(value, quiet),
  'a batch of fitDataset': (model, value) => model.fitDataset([value], quiet),
  'inputs of fitDataset': (model, value) => model.fitDataset([[value, y]], quiet),
  evaluate: (model, value) => model.evaluate(value, value),
  'evaluate options': (model, value) => model.evaluate(x, y, value),
  evaluateDataset: (model, value) => model.evaluateDataset(value),
  predict: (model, value) => model.predict(value),
  'predict options': (model, value) => model.predict(x, value),
  predictOnBatch: (model, value) => model.predictOnBatch(value),
  trainOnBatch: (model, value) => model.trainOnBatch(value, value),
  save: (model, value) => model.save(value),
  setWeights: (model, value) => model.setWeights(value),
  'one of setWeights': (model, value) => model.setWeights([value, value]),
  'setWeights of a layer': (model, value) => model.layers[0].setWeights(value),
  add: (model, value) => model.add(value),
  apply: (_, value) => tf.layers.dense({ units: 1 }).apply(value),
  build: (_, value) => tf.layers.dense({ units: 1 }).build(value),
  'one of the sizes of build': (_, value) => tf.layers.dense({ units: 1 }).build([null, value]),
  computeOutputShape: (_, value) => tf.layers.dense({ units: 1 }).computeOutputShape(value),
  getLayer: (model, value) => model.getLayer(value),
  summary: (model, value) => model.summary(80, undefined, value),
  'call of a layer': (model, value) => model.layers[0].call(value, {} as never),
  computeMask: (model, value) => model.layers[0].computeMask(x, value),
  addLoss: (model, value) => model.layers[0].addLoss(value),
  addWeight: (_, value) => tf.layers.dense({ units: 1 }).addWeight(value, value, value, value),
  'the write of a weight': (model, value) => model.layers[0].weights[0].write(value),
  loadWeights: (model, value) => model.loadWeights(value),
  getNamedWeights: (model, value) => model.getNamedWeights(value),
  setUserDefinedMetadata: (model, value) => model.setUserDefinedMetadata(value),
  resetStates: (_, value) =>
    tf.layers.gru({ units: 1, stateful: true, batchInputShape: [1, 2, 1] }).resetStates(value),
  'a regularizer applied': (_, value) => tf.regularizers.l1l2().apply(value),
  'a constraint applied': (_, value) => tf.constraints.unitNorm().apply(value),
  'an initializer applied': (_, value) => tf.initializers.ones().apply(value),
  'cells of rnn': (_, value) => tf.layers.rnn({ cell: value }),
  'stacked cells': (_, value) => tf.layers.stackedRNNCells({ cells: value }),
  'the stateSize of a cell': (_, value) => repeated({ stateSize: value }),
  'what a cell gives': (_, value) => repeated({ call: () => value }),
  'the getConfig of a layer': (model, value) => {
    model.add(Object.assign(new Own(), { getConfig: () => value }));
    return model.toJSON();
  },
  'an option in getConfig': (model, value) => {
    model.add(Object.assign(new Own(), { getConfig: () => ({ option: value }) }));
    return model.toJSON();
  },
  ...Object.fromEntries(
    ['batchSize', 'epochs', 'callbacks', 'sampleWeight', 'classWeight', 'validationData', 'validationSplit']
      .concat(['worker', 'signal', 'seed', 'shuffle', 'verbose', 'yieldEvery', 'initialEpoch', 'profile'])
      // Epochs without end are what was asked for.
      .map((option) => [
        `fit ${option}`,
        (model: tf.Sequential, value: never) =>
          model.fit(x, y, { ...quiet, [option]: value, ...(option === 'epochs' && { callbacks: stopping }) }),
      ]),
  ),
};

class Own extends tf.Layer {
  static readonly className = 'Own';
}

class OwnCell extends tf.layers.RNNCell {
  static readonly className = 'OwnCell';
  readonly stateSize: number = 1;
}

/** What a layer makes that repeats a cell of one's own. */
const repeated = (own: object) =>
  tf.layers.rnn({ cell: Object.assign(new OwnCell(), own) }).apply(tf.input({ shape: [3, 1] }));

const stopping = new (class extends tf.Callback {
  override onEpochBegin(): void {
    this.model.stopTraining = true;
  }
})();

test.each(Object.entries(acts))('%s', async (_, act) => {
  const faults: string[] = [];
  for (const [kind, make] of Object.entries(malformed)) {
    const found = await fault(() => act(compiled(), make() as never));
    if (found) faults.push(`${kind}: ${found}`);
  }
  expect(faults.join('\n')).toBe('');
});

test('a layer that add refuses leaves the model as it was', () => {
  const model = compiled();
  expect(() => model.add(tf.layers.conv2d({ filters: 1, kernelSize: 1 }))).toThrow(tf.LanegradError);
  expect(() => model.add(tf.layers.dense as never)).toThrow('Call it, and give what it returns.');
  expect(model.layers).toHaveLength(1);
  expect((model.predict(x) as tf.Tensor).shape).toEqual([2, 1]);
});
