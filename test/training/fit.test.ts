// What `fit` does with its data: batches, order, validation, programs.

import { describe, expect, test } from 'vitest';
import { engine } from '../../src/engine/engine.ts';
import * as tf from '../../src/index.ts';
import { line, numbers, quiet, weightOf, x, y } from './line.ts';

describe('batches', () => {
  test('the last may be smaller, and the epoch loss weighs samples, not batches', async () => {
    const sizes: number[] = [];
    const model = line(tf.train.sgd(0));
    const { history } = await model.fit(x, y, {
      ...quiet,
      batchSize: 8,
      callbacks: { onBatchEnd: (_, logs) => void sizes.push(logs!.size) },
    });
    expect(sizes).toEqual([8, 8, 4]);
    expect(history.loss[0]).toBeCloseTo(numbers(model.evaluate(x, y, { batchSize: 20 }))[0], 6);
    expect(numbers(model.evaluate(x, y, 20))).toEqual(numbers(model.evaluate(x, y, { batchSize: 20 })));
  });

  test('the learning rate that is in force is the one that was set last', async () => {
    const model = line(tf.train.sgd(0.1));
    const seen: number[] = [];
    await model.fit(x, y, {
      ...quiet,
      epochs: 3,
      callbacks: {
        onEpochEnd: () => {
          seen.push(weightOf(model));
          model.optimizer.learningRate = 0;
        },
      },
    });
    expect(seen[0]).not.toBe(0.5);
    expect(seen[2]).toBe(seen[0]);
  });
});

describe('order', () => {
  async function trained(options: tf.FitOptions): Promise<number> {
    const model = line(tf.train.sgd(0.1));
    await model.fit(x, y, { ...quiet, batchSize: 3, ...options });
    return weightOf(model);
  }

  test('shuffled by the seed', async () => {
    const first = await trained({ seed: 1 });
    expect(await trained({ seed: 1 })).toBe(first);
    expect(await trained({ seed: 2 })).not.toBe(first);
  });

  test('not shuffled, it is that of the data', async () => {
    const model = line(tf.train.sgd(0.1));
    for (let start = 0; start < 20; start += 3) {
      const count = Math.min(3, 20 - start);
      await model.trainOnBatch(x.slice([start, 0], [count, 1]), y.slice([start, 0], [count, 1]));
    }
    expect(await trained({ shuffle: false })).toBe(weightOf(model));
  });

  test('an epoch is shuffled alike whether or not those before it ran', async () => {
    const whole = line(tf.train.sgd(0.1));
    await whole.fit(x, y, { ...quiet, epochs: 3, batchSize: 3, seed: 4 });
    const parts = line(tf.train.sgd(0.1));
    await parts.fit(x, y, { ...quiet, epochs: 1, batchSize: 3, seed: 4 });
    const rest = await parts.fit(x, y, { ...quiet, epochs: 3, initialEpoch: 1, batchSize: 3, seed: 4 });
    expect(rest.epoch).toEqual([1, 2]);
    expect(weightOf(parts)).toBe(weightOf(whole));
  });
});

test('each epoch is shuffled in an order of its own', async () => {
  const orders: string[] = [];
  const model = line(tf.train.sgd(0));
  let losses: number[] = [];
  await model.fit(x, y, {
    ...quiet,
    epochs: 3,
    batchSize: 1,
    callbacks: {
      onBatchEnd: (_, logs) => void losses.push(logs!.loss),
      onEpochEnd: () => {
        orders.push(losses.map((loss) => loss.toFixed(4)).join());
        losses = [];
      },
    },
  });
  expect(new Set(orders).size).toBe(3);
});

test('dropout takes other elements in each step', async () => {
  const model = tf.sequential({ layers: [tf.layers.dropout({ rate: 0.5, inputShape: [64] })] });
  const total = (_: tf.Value, yPred: tf.Value) => tf.sum(yPred, -1);
  model.compile({ optimizer: 'sgd', loss: total });
  const ramp = tf.tensor2d([Array.from({ length: 64 }, (_, i) => i)]);
  const { history } = await model.fit(ramp, tf.zeros([1, 64]), { ...quiet, epochs: 4, seed: 1 });
  expect(new Set(history.loss).size).toBe(4);
});

describe('validation', () => {
  test('weights of classes count in training only, those of samples in both', async () => {
    const labels = tf.tensor1d(Int32Array.from({ length: 20 }, (_, i) => i % 2));
    const validated = async (options: tf.FitOptions) => {
      tf.setSeed(1);
      const model = tf.sequential({
        layers: [tf.layers.dense({ units: 2, activation: 'softmax', inputShape: [1] })],
      });
      model.compile({ optimizer: tf.train.sgd(0), loss: 'sparseCategoricalCrossentropy' });
      const { history } = await model.fit(x, labels, { ...quiet, validationSplit: 0.5, ...options });
      return [history.loss[0], history.val_loss[0]];
    };
    const [loss, valLoss] = await validated({});
    const [weighted, valWeighted] = await validated({ classWeight: { 1: 100 } });
    expect(weighted).toBeGreaterThan(10 * loss);
    expect(valWeighted).toBe(valLoss);
    const doubled = await validated({ sampleWeight: tf.fill([20], 2) });
    expect(doubled[0]).toBeCloseTo(2 * loss, 5);
    expect(doubled[1]).toBeCloseTo(2 * valLoss, 5);
    const both = await validated({ sampleWeight: tf.fill([20], 2), classWeight: { 1: 100 } });
    expect(both[0]).toBeCloseTo(2 * weighted, 3);
    expect(both[1]).toBeCloseTo(2 * valLoss, 5);
  });

  test('data with weights of samples', async () => {
    const zeros = tf.zeros([20]);
    const { history } = await line().fit(x, y, { ...quiet, validationData: [x, y, zeros] });
    expect(history.val_loss).toEqual([0]);
    const dataset = await line().fitDataset([[x, y]], { ...quiet, validationData: [x, y, zeros] });
    expect(dataset.history.val_loss).toEqual([0]);
  });

  test('a split takes the end of the data', async () => {
    const model = line(tf.train.sgd(0));
    const { history } = await model.fit(x, y, { ...quiet, validationSplit: 0.25 });
    expect(history.val_loss[0]).toBe(
      numbers(model.evaluate(x.slice([15, 0], [5, 1]), y.slice([15, 0], [5, 1])))[0],
    );
    expect(history.loss[0]).toBeCloseTo(
      numbers(model.evaluate(x.slice([0, 0], [15, 1]), y.slice([0, 0], [15, 1])))[0],
      6,
    );
  });

  test('data of its own, with metrics', async () => {
    const { history } = await line('sgd', ['mae', 'r2']).fit(x, y, {
      ...quiet,
      epochs: 2,
      validationData: [x, y],
    });
    expect(Object.keys(history).sort()).toEqual(['loss', 'mae', 'r2', 'val_loss', 'val_mae', 'val_r2']);
    expect(history.val_mae).toHaveLength(2);
  });

  test("'accuracy' is logged as acc", async () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 2, activation: 'softmax', inputShape: [1] })],
    });
    model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    const labels = tf.tensor1d(Int32Array.from({ length: 20 }, (_, i) => Number(i > 9)));
    const { history } = await model.fit(x, labels, { ...quiet, validationSplit: 0.2 });
    expect(Object.keys(history)).toEqual(['loss', 'acc', 'val_loss', 'val_acc']);
  });
});

test('trainOnBatch gives the loss before the step, and the metrics', async () => {
  const model = line('sgd', ['mae']);
  const before = numbers(model.evaluate(x, y, { batchSize: 20 }));
  const got = (await model.trainOnBatch(x, y)) as number[];
  expect(got.map(Math.fround)).toEqual(before);
  expect(numbers(model.evaluate(x, y, { batchSize: 20 }))[0]).toBeLessThan(before[0]);
});

test('a program that callbacks push out of the cache is made anew', async () => {
  const losses = async (callbacks: tf.CallbackHooks) => {
    const model = line(tf.train.sgd(0.1));
    const { history } = await model.fit(x, y, { ...quiet, epochs: 2, batchSize: 10, seed: 1, callbacks });
    return history.loss;
  };
  const evaluateMany = (model: tf.Model) => {
    for (let size = 1; size <= 300; size++)
      model.evaluate(tf.ones([size, 1]), tf.ones([size, 1]), { batchSize: size });
  };
  class Evaluating extends tf.Callback {
    override onBatchBegin(): void {
      evaluateMany(this.model as tf.Model);
    }
  }
  expect(await losses(new Evaluating())).toEqual(await losses({}));
});

test('programs for many batch sizes do not pile up', () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 64, inputShape: [64] })] });
  const predicted = (batch: number) => model.predictOnBatch(tf.ones([batch, 64])) as tf.Tensor;
  const { memoryBytes } = engine();
  // Some 10 MB each: 500 in all.
  for (let i = 0; i < 50; i++) predicted(20_000 + i);
  expect(engine().memoryBytes - memoryBytes).toBeLessThan(350 * 2 ** 20);
});

test.each([
  [10, 0.8, 2],
  [10, 0.9, 1],
  [100, 0.07, 93],
  [15, 0.1, 13],
  [7, 0.5, 3],
])('of %i samples a validationSplit of %f trains with %i', async (samples, validationSplit, expected) => {
  const sizes: number[] = [];
  const callbacks = { onBatchEnd: (_: number, logs?: tf.Logs) => void sizes.push(logs!.size) };
  const options = { ...quiet, epochs: 1, batchSize: samples, validationSplit, callbacks };
  await line().fit(tf.ones([samples, 1]), tf.ones([samples, 1]), options);
  expect(sizes).toEqual([expected]);
});

test('options that do nothing in TensorFlow.js do nothing', async () => {
  const train = async (options: object) => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'ones' })],
    });
    model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
    const x = tf.tensor2d([[1], [2], [3], [4]]);
    const settings = { epochs: 2, batchSize: 2, seed: 1, validationSplit: 0.5, verbose: 0, ...options };
    return (await model.fit(x, x.mul(2), settings as tf.FitOptions)).history;
  };
  expect(await train({ stepsPerEpoch: 1, validationSteps: 1 })).toEqual(await train({}));
  await expect(train({ stepsPerEpoch: 0 })).rejects.toThrow(
    'fit: stepsPerEpoch must be a positive integer; got 0.',
  );
});

test('a model tells whether it is being trained', async () => {
  const model = line();
  expect(model.isTraining).toBe(false);
  const training = model.fit(x, y, { epochs: 1, verbose: 0 });
  expect(model.isTraining).toBe(true);
  await training;
  expect(model.isTraining).toBe(false);
});
