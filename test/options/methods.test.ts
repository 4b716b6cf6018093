// Options of a model's methods: names that are unknown, and values that are wrong, are sentences; null is nothing.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

function compiled(): tf.Sequential {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return model;
}

const x = tf.tensor2d([
  [1, 2],
  [3, 4],
]);
const y = tf.tensor2d([[1], [2]]);
const dataset = [[x, y] as const];

type Act = (model: tf.Sequential, options: never) => unknown;

test.each<[Act, object, string]>([
  [(m, o) => m.fit(x, y, o), { batchsize: 2 }, 'fit: there is no option batchsize; did you mean batchSize?'],
  [(m, o) => m.fit(x, y, o), { batchSize: 0 }, 'fit: batchSize must be a positive integer; got 0.'],
  [(m, o) => m.fit(x, y, o), { epochs: '3' }, "fit: epochs must be a non-negative integer; got '3'."],
  [(m, o) => m.fit(x, y, o), { shuffle: 'no' }, "fit: shuffle must be true or false; got 'no'."],
  [(m, o) => m.fit(x, y, o), { verbose: 'no' }, "fit: verbose must be a number; got 'no'."],
  [
    (m, o) => m.fit(x, y, o),
    { yieldEvery: 'step' },
    "fit: yieldEvery must be 'auto', 'batch', 'epoch' or 'never'; got 'step'.",
  ],
  [
    (m, o) => m.fitDataset(dataset, o),
    { batchPerEpoch: 2 },
    'fitDataset: there is no option batchPerEpoch; did you mean batchesPerEpoch?',
  ],
  [
    async (m, o) => m.evaluate(x, y, o),
    { batchSise: 2 },
    'evaluate: there is no option batchSise; did you mean batchSize?',
  ],
  [
    async (m, o) => m.predict(x, o),
    { batchSize: 1.5 },
    'predict: batchSize must be a positive integer; got 1.5.',
  ],
  [
    (m, o) => m.evaluateDataset(dataset, o),
    { batchs: 1 },
    'evaluateDataset: there is no option batchs; did you mean batches?',
  ],
  [
    (m, o) => m.trainOnBatch(x, y, o),
    { sampleWeigth: [1, 2] },
    'trainOnBatch: there is no option sampleWeigth; did you mean sampleWeight?',
  ],
  [
    (m, o) => m.save('file:///tmp/none', o),
    { includeOptimiser: true },
    'save: there is no option includeOptimiser; did you mean includeOptimizer?',
  ],
  [
    async (m, o) => m.compile(Object.assign({ optimizer: 'sgd', loss: 'meanSquaredError' }, o)),
    { metric: ['mae'] },
    'compile: there is no option metric; did you mean metrics?',
  ],
])('%#', async (act, options, sentence) => {
  await expect(act(compiled(), options as never)).rejects.toThrow(new tf.LanegradError(sentence));
});

test('null is the same as nothing, and milliseconds between turns are taken', async () => {
  // As scripts give it: the types have no null there, as TensorFlow.js's have none.
  const nothing: object = {
    batchSize: null,
    callbacks: null,
    sampleWeight: null,
    classWeight: null,
    validationData: null,
  };
  const { history } = await compiled().fit(x, y, { ...nothing, verbose: 0, yieldEvery: 16 });
  expect(history.loss).toHaveLength(1);
  expect((compiled().evaluate(x, y, { batchSize: null as never, verbose: 0 }) as tf.Tensor).shape).toEqual(
    [],
  );
});

describe('what scripts call on tensors, weights and optimizers', () => {
  const layer = () => {
    const made = tf.layers.dense({ units: 1, inputShape: [2], name: 'd' });
    tf.sequential({ layers: [made] });
    return made;
  };
  const wrong = undefined as never;
  test.each<[() => unknown, string]>([
    [() => tf.ones([2]).reshapeAs(wrong), "reshapeAs: Argument 'x' passed to 'reshapeAs' must be a Tensor"],
    [() => tf.buffer([2]).locToIndex(wrong), 'locToIndex: locs must be a list of integers; got undefined.'],
    [() => tf.buffer([2]).indexToLoc(1n as never), 'indexToLoc: index must be an integer; got 1n.'],
    [() => tf.env().set(3 as never, 1), 'env().set: name must be a string; got 3.'],
    [() => tf.env().setFlags(null as never), 'env().setFlags: flags must be an object; got null.'],
    [
      () => tf.train.sgd(1).applyGradients(wrong),
      'applyGradients: variableGradients must be an object; got undefined.',
    ],
    [
      () => tf.train.sgd(1).applyGradients([3] as never),
      'applyGradients: a gradient must be an object; got 3.',
    ],
    [
      () => tf.train.sgd(1).minimize(() => wrong),
      'minimize: the function must return a tensor; got undefined.',
    ],
    [() => tf.variableGrads(() => 3 as never), 'variableGrads: the function must return a tensor; got 3.'],
    [() => layer().addWeight('w', wrong), 'd: the shape of weight w must be an array; got undefined.'],
    [() => layer().addWeight(3 as never, [1]), 'd: addWeight: name must be a string; got 3.'],
    [
      () => layer().computeOutputShape(wrong),
      'd: computeOutputShape: inputShape must be an array; got undefined.',
    ],
    [
      () => layer().getInputAt('x' as never),
      "Asked to get input at node 'x', but the layer has only 1 inbound nodes",
    ],
    [() => tf.initializers.ones().apply(wrong), 'Ones: apply: shape must be a list of sizes'],
    [() => tf.io.registerLoadRouter(wrong), 'registerLoadRouter: router must be a function; got undefined.'],
    [() => tf.util.flatten([1], 3 as never), 'util.flatten: result must be an array; got 3.'],
    [() => tf.util.clamp(0, 'x' as never, 1), "util.clamp: x must be a number; got 'x'."],
    [
      () => tf.util.nearestDivisor(Number.POSITIVE_INFINITY, 2),
      'util.nearestDivisor: size must be an integer',
    ],
  ])('%#', (act, sentence) => {
    expect(act).toThrow(sentence);
  });

  test('what optimizers are given to remember', async () => {
    await expect((async () => tf.train.adam(1).setWeights(wrong))()).rejects.toThrow(
      'adam: setWeights takes what getWeights gave; got undefined.',
    );
  });

  test('regularizers and constraints tell their class and options', () => {
    const made = [tf.regularizers.l2({ l2: 0.5 }), tf.constraints.maxNorm(), tf.constraints.nonNeg()];
    expect(made.map((each) => [each.getClassName?.(), each.getConfig?.()])).toEqual([
      ['L1L2', { l1: 0, l2: 0.5 }],
      ['MaxNorm', { maxValue: 2, axis: 0 }],
      ['NonNeg', {}],
    ]);
  });
});
