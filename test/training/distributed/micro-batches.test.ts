// A step in parts is the step of the whole batch, but for rounding; and it changes nothing where it fails.

import { afterEach, describe, expect, test, vi } from 'vitest';
import * as tf from '../../../src/index.ts';
import { expectClose } from '../../close.ts';
import { countingBytes } from '../../garbage.ts';
import reference from '../../reference/torch-micro-batches.json' with { type: 'json' };

afterEach(() => vi.restoreAllMocks());

const samples = 50;
const wave = (...shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i * 1.7 + (i % 7))),
    shape,
  );
const x = wave(samples, 6);
const y = tf.tensor2d(Array.from({ length: samples }, (_, i) => [Math.cos(i)]));
const labels = tf.tensor1d(Int32Array.from({ length: samples }, (_, i) => (i * i) % 3));
const options = { epochs: 2, batchSize: 16, verbose: 0, seed: 5 } as const;
const flat = (model: tf.Model) => model.variables.flatMap((variable) => Array.from(variable.values()));

function dense(): tf.Sequential {
  tf.setSeed(3);
  return tf.sequential({
    layers: [
      tf.layers.dense({
        units: 9,
        activation: 'tanh',
        inputShape: [6],
        kernelRegularizer: 'l1l2',
        activityRegularizer: 'l2',
      }),
      tf.layers.dense({ units: 1, kernelConstraint: 'maxNorm' }),
    ],
  });
}

/** Trains two models alike, one with whole batches and one with `microBatches` parts; expects the same. */
async function expectSame(
  make: () => tf.Model,
  train: (model: tf.Model, more: { microBatches?: number }) => Promise<tf.History>,
  microBatches: number,
  tolerance = 2e-5,
): Promise<void> {
  const [whole, parted] = [make(), make()];
  const expected = (await train(whole, {})).history;
  const { history } = await train(parted, { microBatches });
  expectClose(flat(parted), flat(whole), tolerance, 'weights');
  expect(Object.keys(history)).toEqual(Object.keys(expected));
  for (const name of Object.keys(expected)) expectClose(history[name], expected[name], tolerance, name);
}

const optimizers = Object.entries(tf.train).map(
  ([name, make]) => [name, make as unknown as (rate: number, momentum?: number) => tf.Optimizer] as const,
);

test('weights that no gradient reaches are told', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const model = dense();
  model.layers[0].trainable = false;
  model.layers[1].trainable = false;
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  await model.fit(x, y, { ...options, microBatches: 2 });
  expect(warn.mock.calls).toEqual([
    ['fit: no weight of the model is trainable, so that nothing will learn.'],
  ]);
});

describe('m parts are the whole batch', () => {
  test.each(optimizers)('%s', async (_, optimizer) => {
    const make = () => {
      const model = dense();
      model.compile({ optimizer: optimizer(0.01, 0.9), loss: 'meanSquaredError' });
      return model;
    };
    await expectSame(make, (model, more) => model.fit(x, y, { ...options, ...more }), 4);
  });

  test('an optimizer that draws random numbers, beside a model that draws none', async () => {
    const noisy = () =>
      new tf.Optimizer({
        className: 'noisy',
        numbers: { rate: (rate) => rate },
        learningRate: 0.01,
        update: ({ gradient, weights, numbers }) => {
          const noise = tf.randomUniform([...weights.shape], -0.1, 0.1);
          return { weights: tf.add(tf.sub(weights, tf.mul(numbers.rate, gradient)), noise) };
        },
      });
    const make = () => {
      const model = dense();
      model.compile({ optimizer: noisy(), loss: 'meanSquaredError' });
      return model;
    };
    await expectSame(make, (model, more) => model.fit(x, y, { ...options, ...more }), 3);
  });

  test.each([1, 2, 3, 5, 7, 16, 40])('%i parts of 16, and of the 2 samples that are left', async (parts) => {
    const make = () => {
      const model = dense();
      model.compile({ optimizer: tf.train.momentum(0.05, 0.9), loss: 'meanSquaredError', metrics: ['mae'] });
      return model;
    };
    await expectSame(make, (model, more) => model.fit(x, y, { ...options, ...more }), parts);
  });

  test.each([{ clipValue: 0.02 }, { clipNorm: 0.05 }, { globalClipNorm: 0.05 }])('%o', async (clipping) => {
    const make = () => {
      const model = dense();
      const optimizer = tf.train.adam({ learningRate: 0.01, ...clipping });
      model.compile({ optimizer, loss: 'meanSquaredError' });
      return model;
    };
    await expectSame(make, (model, more) => model.fit(x, y, { ...options, ...more }), 3);
  });

  test('weights of samples and classes, metrics that are sums and one that needs every sample', async () => {
    const make = () => {
      tf.setSeed(3);
      const layers = [tf.layers.dense({ units: 3, activation: 'softmax', inputShape: [6] })];
      const model = tf.sequential({ layers });
      const metrics = ['accuracy', tf.metrics.auc(), 'mse'];
      model.compile({ optimizer: tf.train.sgd(0.5), loss: 'categoricalCrossentropy', metrics });
      return model;
    };
    const sampleWeight = Float32Array.from({ length: samples }, (_, i) => 0.2 + (i % 5));
    const classWeight = { 0: 1, 1: 3, 2: 0.5 };
    const oneHot = tf.oneHot(labels, 3);
    await expectSame(
      make,
      (model, more) => model.fit(x, oneHot, { ...options, ...more, sampleWeight, classWeight }),
      3,
    );
  });

  test('masked steps: the mean is over those that count in the whole batch', async () => {
    const values = Float32Array.from(wave(samples, 5, 3).dataSync());
    // Sample i has i % 5 + 1 steps.
    for (let i = 0; i < samples; i++) values.fill(0, (i * 5 + (i % 5) + 1) * 3, (i + 1) * 15);
    const sequences = tf.tensor(values, [samples, 5, 3]);
    const targets = wave(samples, 5, 2);
    const make = () => {
      tf.setSeed(4);
      const layers = [
        tf.layers.masking({ maskValue: 0, inputShape: [5, 3] }),
        tf.layers.gru({ units: 4, returnSequences: true }),
        tf.layers.dense({ units: 2 }),
      ];
      const model = tf.sequential({ layers });
      model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError', metrics: ['mae'] });
      return model;
    };
    await expectSame(make, (model, more) => model.fit(sequences, targets, { ...options, ...more }), 3);
  });

  test('several outputs, each with a loss of its own', async () => {
    const make = () => {
      tf.setSeed(6);
      const input = tf.input({ shape: [6] });
      const hidden = tf.layers.dense({ units: 5, activation: 'tanh' }).apply(input) as tf.SymbolicTensor;
      const value = tf.layers.dense({ units: 1, name: 'value' }).apply(hidden) as tf.SymbolicTensor;
      const kind = tf.layers.dense({ units: 3, activation: 'softmax', name: 'kind' }).apply(hidden);
      const model = tf.model({ inputs: input, outputs: [value, kind as tf.SymbolicTensor] });
      model.compile({
        optimizer: tf.train.sgd(0.1),
        loss: { value: 'meanSquaredError', kind: 'sparseCategoricalCrossentropy' },
        lossWeights: { value: 2, kind: 0.5 },
        metrics: { kind: ['accuracy'] },
      });
      return model;
    };
    await expectSame(make, (model, more) => model.fit(x, [y, labels], { ...options, ...more }), 5);
  });

  test('fitDataset and trainOnBatch', async () => {
    const make = () => {
      const model = dense();
      model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
      return model;
    };
    const dataset = tf.data
      .zip({ xs: tf.data.array(x.arraySync() as number[][]), ys: tf.data.array(y.arraySync() as number[][]) })
      .batch(12);
    await expectSame(
      make,
      (model, more) => model.fitDataset(dataset as never, { epochs: 2, verbose: 0, ...more }),
      5,
    );
    const [whole, parted] = [make(), make()];
    const loss = await whole.trainOnBatch(x, y);
    expect(await parted.trainOnBatch(x, y, { microBatches: 3 })).toBeCloseTo(loss as number, 5);
    expectClose(flat(parted), flat(whole), 2e-5);
  });

  test('a frozen layer stays as it is, and learns once it is thawed', async () => {
    const make = () => {
      const model = dense();
      model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
      return model;
    };
    await expectSame(
      make,
      async (model, more) => {
        model.layers[0].trainable = false;
        await model.fit(x, y, { ...options, ...more });
        model.layers[0].trainable = true;
        return model.fit(x, y, { ...options, ...more });
      },
      3,
    );
  });
});

test('batch normalisation in parts is that of PyTorch where gradients are accumulated', async () => {
  const [hidden, outputs] = reference.units;
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: hidden, inputShape: reference.x.shape.slice(1) }),
      tf.layers.batchNormalization({ epsilon: reference.epsilon }),
      tf.layers.activation({ activation: 'tanh' }),
      tf.layers.dense({ units: outputs }),
    ],
  });
  model.compile({ optimizer: tf.train.momentum(0.1, 0.9), loss: 'meanSquaredError' });
  const trained = model.trainableVariables;
  for (const [i, variable] of trained.entries()) variable.write(Float32Array.from(reference.weights[i]));
  const losses: number[] = [];
  const { history } = await model.fit(
    tf.tensor(reference.x.values, reference.x.shape),
    tf.tensor(reference.y.values, reference.y.shape),
    {
      batchSize: reference.batchSize,
      microBatches: reference.parts,
      shuffle: false,
      verbose: 0,
      callbacks: { onBatchEnd: (_, logs) => void losses.push(logs!.loss) },
    },
  );
  const mean = reference.losses.reduce((sum, loss) => sum + loss) / reference.losses.length;
  expect(history.loss[0]).toBeCloseTo(mean, 6);
  expect(losses[0]).toBeCloseTo(reference.losses[0], 6);
  for (const [i, variable] of trained.entries())
    expectClose(variable.values(), reference.moved[i], 1e-4, variable.name);
});

describe('batch normalisation', () => {
  const make = () => {
    const model = tf.sequential({
      layers: [tf.layers.batchNormalization({ inputShape: [6], momentum: 0.9 })],
    });
    model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
    return model;
  };

  test('has the statistics of each part; moving averages follow their mean over the parts, weighted by samples', async () => {
    const model = make();
    await model.trainOnBatch(x, x, { microBatches: 4 });
    const rows = x.arraySync() as number[][];
    const sizes = [13, 13, 12, 12];
    let start = 0;
    const mean = new Float64Array(6);
    const variance = new Float64Array(6);
    for (const size of sizes) {
      const part = rows.slice(start, start + size);
      start += size;
      for (let j = 0; j < 6; j++) {
        const own = part.reduce((sum, row) => sum + row[j], 0) / size;
        mean[j] += (own * size) / samples;
        variance[j] += part.reduce((sum, row) => sum + (row[j] - own) ** 2, 0) / samples;
      }
    }
    const [, , movingMean, movingVariance] = model.getWeights().map((tensor) => tensor.dataSync());
    expectClose(
      movingMean,
      Array.from(mean, (value) => 0.1 * value),
      1e-5,
      'mean',
    );
    expectClose(
      movingVariance,
      Array.from(variance, (value) => 0.9 + 0.1 * value),
      1e-5,
      'variance',
    );
  });

  test('nothing has changed after a step whose loss is not finite', async () => {
    const model = make();
    await model.fit(x, x, { ...options, microBatches: 3 });
    const before = flat(model);
    const huge = tf.fill([samples, 6], 1e30);
    await expect(model.fit(x, huge, { ...options, microBatches: 3 })).rejects.toThrow(
      'fit: step 1 of epoch 1: the loss is Infinity.',
    );
    expect(flat(model)).toEqual(before);
    expect(model.optimizer.iterations).toBe(8);
  });
});

describe('randomness', () => {
  const trained = async (microBatches?: number) => {
    tf.setSeed(8);
    const layers = [
      tf.layers.dropout({ rate: 0.5, inputShape: [6] }),
      tf.layers.dense({ units: 1, useBias: false, kernelInitializer: 'ones' }),
    ];
    const model = tf.sequential({ layers });
    model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
    await model.fit(x, y, { ...options, microBatches });
    return flat(model);
  };

  test('is fixed by the seed and the number of parts', async () => {
    expect(await trained(3)).toEqual(await trained(3));
    expect(await trained(1)).toEqual(await trained(1));
  });

  test('other parts of a step draw other numbers', async () => {
    // Two samples alike: each a part. Were their masks alike too, every gradient would be 0 or that of both.
    const layers = [
      tf.layers.dropout({ rate: 0.5, inputShape: [200] }),
      tf.layers.dense({ units: 1, useBias: false, kernelInitializer: 'zeros' }),
    ];
    const model = tf.sequential({ layers });
    model.compile({ optimizer: tf.train.sgd(1), loss: 'meanAbsoluteError' });
    await model.trainOnBatch(tf.ones([2, 200]), tf.ones([2, 1]), { microBatches: 2 });
    const moved = new Set(flat(model));
    expect([...moved].sort()).toEqual([0, 1, 2]);
  });
});

test('a network that remembers from batch to batch cannot be trained in parts, and says so', async () => {
  const layers = [tf.layers.simpleRNN({ units: 2, stateful: true, batchInputShape: [5, 2, 3] })];
  const model = tf.sequential({ layers });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  await expect(
    model.fit(wave(samples, 2, 3), wave(samples, 2), { batchSize: 10, microBatches: 2, verbose: 0 }),
  ).rejects.toThrow('so that a batch cannot be computed in parts');
});

test('memory is that of one part, and of sums of what parts contribute', async () => {
  const make = () => {
    const layers = [
      tf.layers.dense({ units: 20, activation: 'relu', inputShape: [30] }),
      tf.layers.dense({ units: 3 }),
    ];
    const model = tf.sequential({ layers });
    model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
    return model;
  };
  const [inputs, targets] = [wave(4096, 30), wave(4096, 3)];
  const bytes = (settings: tf.TrainOnBatchOptions) =>
    countingBytes(async (heldBytes) => {
      await make().trainOnBatch(inputs, targets, settings);
      return heldBytes();
    });
  const whole = await bytes({});
  const parted = await bytes({ microBatches: 32 });
  expect(parted).toBeLessThan(whole / 8);
});
