// A loss that is not finite ends training before anything has changed.

import { afterEach, describe, expect, test, vi } from 'vitest';
import * as tf from '../../src/index.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Numbers of a model: weights, moving statistics, and what its optimizer remembers. */
async function numbersOf(model: tf.Model): Promise<number[][]> {
  const remembered = await model.optimizer.getWeights();
  return [...model.getWeights(), ...remembered.map(({ tensor }) => tensor)].map((tensor) =>
    Array.from(tensor.dataSync()),
  );
}

const x = tf.tensor2d([
  [1, 2],
  [3, 4],
  [5, 6],
  [-7, 8],
]);
const y = tf.tensor2d([[1], [0], [1], [0]]);
/** Finite numbers whose squares are not. */
const huge = tf.fill([4, 1], 1e30);
const quiet = { epochs: 1, batchSize: 4, verbose: 0, seed: 1 } as const;

describe.each<[string, Partial<tf.FitOptions>]>([
  ['in one go', {}],
  ['step by step', { profile: true }],
])('%s', (_, options) => {
  test.each<[string, () => tf.Optimizer]>([
    ['sgd', () => tf.train.sgd(0.1)],
    ['adam', () => tf.train.adam(0.1)],
    ['adam with clipped gradients', () => tf.train.adam({ learningRate: 0.1, globalClipNorm: 1 })],
  ])('%s moves nothing, and goes on afterwards as if that step had not been', async (_, optimizer) => {
    const trained = async (withFailure: boolean) => {
      const model = tf.sequential({
        layers: [
          tf.layers.dense({
            inputShape: [2],
            units: 3,
            kernelConstraint: tf.constraints.maxNorm({ maxValue: 1 }),
            kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }),
          }),
          tf.layers.batchNormalization(),
          tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed: 4 }) }),
        ],
      });
      model.compile({ optimizer: optimizer(), loss: 'meanSquaredError' });
      await model.fit(x, y, quiet);
      if (withFailure) {
        const before = await numbersOf(model);
        await expect(model.fit(x, huge, { ...quiet, ...options })).rejects.toThrow(
          'fit: step 1 of epoch 1: the loss is Infinity.',
        );
        expect(await numbersOf(model)).toEqual(before);
      }
      await model.fit(x, y, quiet);
      return numbersOf(model);
    };
    expect(await trained(true)).toEqual(await trained(false));
  });
});

test('states of stateful layers stay too', async () => {
  const model = tf.sequential({
    layers: [tf.layers.simpleRNN({ units: 1, stateful: true, batchInputShape: [1, 2, 1], useBias: false })],
  });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const series = tf.ones([1, 2, 1]);
  const first = (model.predict(series) as tf.Tensor).dataSync();
  const options = { ...quiet, batchSize: 1 };
  await expect(model.fit(series, tf.fill([1, 1], 1e30), options)).rejects.toThrow('the loss is Infinity');
  const second = (model.predict(series) as tf.Tensor).dataSync();
  model.resetStates();
  expect((model.predict(series) as tf.Tensor).dataSync()).toEqual(first);
  expect((model.predict(series) as tf.Tensor).dataSync()).toEqual(second);
});

describe('weights that the loss has no gradient for', () => {
  /** A function without a gradient before the loss. */
  class Steps extends tf.layers.Layer {
    static readonly className = 'Steps';
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return tf.step([inputs].flat()[0] as tf.Tensor);
    }
    override computeOutputShape(shape: number[]): number[] {
      return shape;
    }
  }

  test('are named, once', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const layers = [tf.layers.dense({ inputShape: [2], units: 1, name: 'still' }), new Steps()];
    const model = tf.sequential({ layers });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await model.fit(x, y, { ...quiet, epochs: 2 });
    await model.fit(x, y, { ...quiet, batchSize: 2 });
    expect(warn.mock.calls).toEqual([
      [expect.stringContaining('fit: the loss has no gradient for still/kernel, still/bias')],
    ]);
  });

  test('are not those that nobody trains', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const layers = [
      tf.layers.dense({ inputShape: [2], units: 1, trainable: false }),
      tf.layers.dense({ units: 1 }),
    ];
    const model = tf.sequential({ layers });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await model.fit(x, y, quiet);
    expect(warn).not.toHaveBeenCalled();
  });
});
