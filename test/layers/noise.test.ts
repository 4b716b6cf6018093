// Layers of noise: what they let through in training, by statistics of seeded runs, and that they rest otherwise.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { normalQuantile } from '../../src/random/normal-quantiles.ts';

const size = 40_000;

/** What a layer makes of ones in one training step: an output of the model, as the loss sees it. */
async function disturbed(layer: tf.Layer, shape: readonly number[], seed = 5): Promise<Float32Array> {
  const { length } = tf.ones([...shape]).dataSync();
  const model = tf.sequential({ layers: [layer, tf.layers.flatten(), collector(length)] });
  model.compile({ optimizer: tf.train.sgd(1), loss: (_, y) => tf.sum(y, -1) });
  await model.fit(tf.ones([1, ...shape]), tf.zeros([1, 1]), { verbose: 0, seed });
  return Float32Array.from(model.getWeights()[0].dataSync(), (gradient) => -gradient);
}

/** A sum whose weights' gradient is its input. */
const collector = (inputs: number) =>
  tf.layers.dense({ units: 1, useBias: false, weights: [tf.zeros([inputs, 1])] });

function moments(values: Float32Array) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

describe('gaussianNoise', () => {
  test('adds numbers of the distribution that it names', async () => {
    const values = await disturbed(tf.layers.gaussianNoise({ stddev: 0.5, inputShape: [size] }), [size]);
    const { mean, deviation } = moments(values);
    // Four standard errors.
    expect(Math.abs(mean - 1)).toBeLessThan((4 * 0.5) / Math.sqrt(size));
    expect(Math.abs(deviation - 0.5)).toBeLessThan((4 * 0.5) / Math.sqrt(2 * size));
    const sorted = Array.from(values, (value) => (value - 1) / 0.5).sort((a, b) => a - b);
    for (const p of [0.001, 0.05, 0.2, 0.5, 0.8, 0.95, 0.999]) {
      const density = Math.exp(-(normalQuantile(p) ** 2) / 2) / Math.sqrt(2 * Math.PI);
      const error = Math.sqrt((p * (1 - p)) / size) / density;
      expect(Math.abs(sorted[Math.floor(p * size)] - normalQuantile(p))).toBeLessThan(4 * error);
    }
  });

  test('a seed of its own fixes the noise', async () => {
    const make = () => tf.layers.gaussianNoise({ stddev: 1, seed: 9, inputShape: [8] });
    expect(await disturbed(make(), [8], 1)).toEqual(await disturbed(make(), [8], 2));
  });
});

const rowsOf = (values: Float32Array, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, i) => [...values.slice(i * width, (i + 1) * width)]);

test('gaussianDropout multiplies by numbers of mean 1 and the deviation of dropout', async () => {
  const values = await disturbed(tf.layers.gaussianDropout({ rate: 0.2, inputShape: [size] }), [size]);
  const { mean, deviation } = moments(values);
  expect(Math.abs(mean - 1)).toBeLessThan((4 * 0.5) / Math.sqrt(size));
  expect(Math.abs(deviation - 0.5)).toBeLessThan((4 * 0.5) / Math.sqrt(2 * size));
});

test('alphaDropout takes two values, as often as its rate says', async () => {
  const rate = 0.25;
  const values = await disturbed(tf.layers.alphaDropout({ rate, inputShape: [size] }), [size]);
  // Klambauer et al.: α′ = −1.7581, a = (1 − rate)^−½ (1 + rate·α′²)^−½, b = −a·rate·α′.
  const floor = -1.7580993408473766;
  const a = 1 / Math.sqrt((1 - rate) * (1 + rate * floor ** 2));
  const b = -a * rate * floor;
  const low = values.filter((value) => value < 0);
  expect(Math.abs(low.length / size - rate)).toBeLessThan(4 * Math.sqrt((rate * (1 - rate)) / size));
  expect(low[0]).toBeCloseTo(a * floor + b, 5);
  expect(values.find((value) => value > 0)).toBeCloseTo(a + b, 5);
  expect(new Set(values).size).toBe(2);
});

test('axes of size 1 in alphaDropout’s noiseShape share what they lose', async () => {
  const options = { rate: 0.5, noiseShape: [null, 1, 3], inputShape: [40, 3] };
  const [first, ...rows] = rowsOf(await disturbed(tf.layers.alphaDropout(options), [40, 3]), 3);
  for (const row of rows) expect(row).toEqual(first);
});

test.each([
  ['spatialDropout1d', [4, 3000]],
  ['spatialDropout2d', [2, 2, 3000]],
] as const)('%s drops whole channels', async (name, shape) => {
  const values = await disturbed(tf.layers[name]({ rate: 0.4, inputShape: shape }), shape);
  const channels = Array.from(
    { length: 3000 },
    (_, c) => new Set([0, 1, 2, 3].map((i) => values[i * 3000 + c])),
  );
  expect(channels.every((seen) => seen.size === 1)).toBe(true);
  const dropped = channels.filter((seen) => seen.has(0)).length;
  expect(Math.abs(dropped / 3000 - 0.4)).toBeLessThan(4 * Math.sqrt((0.4 * 0.6) / 3000));
  expect(Math.max(...values)).toBeCloseTo(1 / 0.6, 6);
});

test('channels are dropped for each sample anew', async () => {
  const layer = tf.layers.spatialDropout1d({ rate: 0.5, inputShape: [1, 64] });
  const model = tf.sequential({ layers: [layer] });
  const total = (_: tf.Value, yPred: tf.Value) => tf.sum(tf.mul(yPred, tf.stopGradient(yPred)), [1, 2]);
  const differing = (_: tf.Value, yPred: tf.Value) => {
    const [first, second] = [0, 1].map((i) => tf.slice(yPred, [i, 0, 0], [1, 1, 64]));
    return tf.sum(tf.abs(tf.sub(first, second)));
  };
  model.compile({ optimizer: 'sgd', loss: total, metrics: [differing] });
  const { history } = await model.fit(tf.ones([2, 1, 64]), tf.zeros([2, 1, 64]), { seed: 1, verbose: 0 });
  expect(history.differing[0]).toBeGreaterThan(10);
});

test.each([
  ['gaussianNoise', { stddev: 1 }, [3]],
  ['gaussianDropout', { rate: 0.5 }, [3]],
  ['alphaDropout', { rate: 0.5 }, [3]],
  ['spatialDropout1d', { rate: 0.5 }, [2, 3]],
  ['spatialDropout2d', { rate: 0.5 }, [2, 2, 3]],
] as const)('%s passes its input on when it is not training', (name, options, shape) => {
  const factory = tf.layers[name] as (options: object) => tf.Layer;
  const model = tf.sequential({ layers: [factory({ ...options, inputShape: shape })] });
  const x = tf.ones([2, ...shape]);
  expect((model.predict(x) as tf.Tensor).dataSync()).toEqual(x.dataSync());
});

test('wrong options are sentences', () => {
  const name = 'noise';
  expect(() => tf.layers.gaussianNoise({ stddev: -1, name })).toThrow(
    'noise: stddev must be a finite number, 0 or more; got -1.',
  );
  expect(() => tf.layers.alphaDropout({ rate: 1, name })).toThrow(
    'noise: rate must be at least 0 and less than 1; got 1.',
  );
  expect(() => tf.layers.spatialDropout2d({ rate: 0.1, name }).apply(tf.input({ shape: [4, 4] }))).toThrow(
    'noise: takes input of rank 4; got [null,4,4].',
  );
});
