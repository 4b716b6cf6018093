// A loss and a metric of the same formula give the same number where steps are masked, whatever layers the mask went
// through and however much a step has.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const [batch, time] = [3, 4];
const features = 2;

/** Samples whose last steps are padding: 0, 1 and 2 of them. */
function samples(): tf.Tensor {
  const values = tf
    .randomUniform([batch, time, features], 0.1, 0.9, 'float32', 1)
    .arraySync() as number[][][];
  for (const [sample, steps] of values.entries()) {
    for (let t = time - sample; t < time; t++) steps[t] = new Array(features).fill(0);
  }
  return tf.tensor3d(values);
}

const layers: Record<string, () => tf.Layer[]> = {
  activation: () => [tf.layers.activation({ activation: 'sigmoid' })],
  dense: () => [tf.layers.dense({ units: 2, activation: 'sigmoid' })],
  'dropout and an activation': () => [
    tf.layers.dropout({ rate: 0 }),
    tf.layers.activation({ activation: 'sigmoid' }),
  ],
  lstm: () => [
    tf.layers.lstm({ units: 2, returnSequences: true }),
    tf.layers.activation({ activation: 'sigmoid' }),
  ],
  'gru backwards': () => [
    tf.layers.gru({ units: 2, returnSequences: true, goBackwards: true }),
    tf.layers.activation({ activation: 'sigmoid' }),
  ],
  bidirectional: () => [
    tf.layers.bidirectional({
      layer: tf.layers.simpleRNN({ units: 2, returnSequences: true }),
      mergeMode: 'ave',
    }),
    tf.layers.activation({ activation: 'sigmoid' }),
  ],
  'bidirectional of backwards': () => [
    tf.layers.bidirectional({
      layer: tf.layers.gru({ units: 2, returnSequences: true, goBackwards: true }),
      mergeMode: 'ave',
    }),
    tf.layers.activation({ activation: 'sigmoid' }),
  ],
  timeDistributed: () => [
    tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 2, activation: 'sigmoid' }) }),
  ],
  'more than one number a step': () => [
    tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 6, activation: 'sigmoid' }) }),
    tf.layers.timeDistributed({ layer: tf.layers.reshape({ targetShape: [3, 2] }) }),
  ],
};

const losses = [
  ...['meanSquaredError', 'meanAbsoluteError', 'meanAbsolutePercentageError', 'meanSquaredLogarithmicError'],
  ...['binaryCrossentropy', 'categoricalCrossentropy', 'hinge', 'squaredHinge', 'categoricalHinge'],
  ...['logcosh', 'poisson', 'kullbackLeiblerDivergence', 'cosineProximity', 'huber'],
];

describe.each(Object.keys(layers))('%s', (name) => {
  test.each(losses)('%s', (loss) => {
    tf.setSeed(5);
    const masking = tf.layers.masking({ maskValue: 0, inputShape: [time, features] });
    const model = tf.sequential({ layers: [masking, ...layers[name]()] });
    model.compile({ optimizer: 'sgd', loss, metrics: [loss] });
    const shape = [batch, ...model.outputs[0].shape.slice(1)] as number[];
    const y = tf.randomUniform(shape, 0.1, 0.9, 'float32', 2);
    const x = samples();
    const [own, metric] = (model.evaluate(x, y) as tf.Tensor[]).map((tensor) => tensor.dataSync()[0]);
    expect(metric).toBeCloseTo(own, 5);
    // Targets of steps that do not count are nobody's business.
    const isBackwards = name.endsWith('backwards');
    const other = y.arraySync() as number[][][];
    for (const [sample, steps] of other.entries()) {
      for (let i = 0; i < sample; i++) steps[isBackwards ? i : time - 1 - i] = elsewhere(steps[0]);
    }
    const [unmoved] = model.evaluate(x, tf.tensor(other)) as tf.Tensor[];
    expect(unmoved.dataSync()[0]).toBeCloseTo(own, 5);
  });
});

/** Numbers of the same shape, all the same. */
const elsewhere = <T>(given: T): T =>
  (Array.isArray(given) ? given.map((each) => elsewhere(each)) : 0.37) as T;

test('a loss of one number for each sample cannot leave out steps, and says so; a metric too', () => {
  const model = (options: object) => {
    const built = tf.sequential({ layers: [tf.layers.masking({ inputShape: [time, features] })] });
    built.compile({ optimizer: 'sgd', loss: 'meanSquaredError', ...options });
    return () => built.evaluate(samples(), tf.ones([batch, time, features]));
  };
  const perSample = (t: tf.Tensor, y: tf.Tensor) => tf.mean(tf.abs(tf.sub(t, y)), [1, 2]);
  const sentence = 'cannot leave out the steps that the mask [3,4] leaves out: give a number for each step.';
  expect(model({ loss: perSample })).toThrow(`it has shape [3], and ${sentence}`);
  expect(model({ metrics: [perSample] })).toThrow(`perSample has shape [3], and ${sentence}`);
});

test('timeDistributed hands what a mask says within steps to the layer there', () => {
  const words = tf.tensor3d([
    [
      [1, 2, 0],
      [3, 0, 0],
      [0, 0, 0],
    ],
  ]);
  const model = (layer: tf.Layer) =>
    tf.sequential({
      layers: [
        tf.layers.embedding({
          inputDim: 4,
          outputDim: 2,
          maskZero: true,
          inputLength: [3, 3],
          embeddingsInitializer: 'ones',
        }),
        tf.layers.timeDistributed({ layer }),
      ],
    });
  const counting = model(
    tf.layers.simpleRNN({
      units: 1,
      ...{ activation: 'linear', kernelInitializer: 'ones', recurrentInitializer: 'ones' },
    }),
  );
  // 2 for each word that counts.
  expect((counting.predict(words) as tf.Tensor).arraySync()).toEqual([[[4], [2], [0]]]);
  counting.compile({ optimizer: 'sgd', loss: 'meanAbsoluteError' });
  // The third sentence has no word, and does not count.
  const loss = counting.evaluate(words, tf.tensor3d([[[4], [3], [9]]])) as tf.Tensor;
  expect(loss.dataSync()[0]).toBe(0.5);
});
