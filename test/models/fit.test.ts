// The training loop: batches, order, validation, weights, callbacks, turns of the event loop, datasets.

import { afterEach, describe, expect, test } from 'vitest';
import { engine } from '../../src/engine/engine.ts';
import * as tf from '../../src/index.ts';
import { type Platform, platform, portablePlatform, setPlatform } from '../../src/platform/platform.ts';

const quiet = { verbose: 0 } as const;
const x = tf.tensor2d(Array.from({ length: 20 }, (_, i) => [i / 10 - 1]));
const y = tf.tensor2d(Array.from({ length: 20 }, (_, i) => [(i * i) / 100]));

/** One weight, no bias, started at 0.5. */
function line(optimizer: string | tf.Optimizer = 'sgd', metrics: string[] = []): tf.Sequential {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, useBias: false, inputShape: [1] })] });
  model.setWeights([tf.tensor2d([[0.5]])]);
  model.compile({ optimizer, loss: 'meanSquaredError', metrics });
  return model;
}

const weightOf = (model: tf.Model) => model.getWeights()[0].dataSync()[0];
const numbers = (result: tf.Tensor | tf.Tensor[]) => [result].flat().map((each) => each.dataSync()[0]);

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
      onBatchEnd: (batch, logs) => void losses.push(logs!.loss * (batch + 1)),
      onEpochEnd: () => {
        // The running mean, times the samples so far, grows by the loss of the one at hand.
        orders.push(losses.map((sum, i) => (sum - (losses[i - 1] ?? 0)).toFixed(4)).join());
        losses = [];
      },
    },
  });
  expect(new Set(orders).size).toBe(3);
});

test('dropout takes other elements in each step', async () => {
  const model = tf.sequential({ layers: [tf.layers.dropout({ rate: 0.5, inputShape: [64] })] });
  const seen: number[] = [];
  const total = (_: tf.Value, yPred: tf.Value) => tf.sum(yPred, -1);
  model.compile({ optimizer: 'sgd', loss: total });
  const ramp = tf.tensor2d([Array.from({ length: 64 }, (_, i) => i)]);
  const { history } = await model.fit(ramp, tf.zeros([1, 64]), { ...quiet, epochs: 4 });
  seen.push(...history.loss);
  expect(new Set(seen).size).toBe(4);
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

describe('weights of samples', () => {
  /** Gradient of the mean of c·(w·x − y)² at w = 0.5. */
  const expectedStep = (weights: readonly number[]) => {
    const [xs, ys] = [x.dataSync(), y.dataSync()];
    return weights.reduce((sum, c, i) => sum + (c * 2 * (0.5 * xs[i] - ys[i]) * xs[i]) / 20, 0);
  };
  const all = { ...quiet, batchSize: 20, shuffle: false };

  test('by sample', async () => {
    const weights = Array.from({ length: 20 }, (_, i) => (i % 4) / 2);
    const model = line(tf.train.sgd(1));
    await model.fit(x, y, { ...all, sampleWeight: tf.tensor1d(weights) });
    expect(0.5 - weightOf(model)).toBeCloseTo(expectedStep(weights), 5);
  });

  test('by class: of labels and of one-hot targets', async () => {
    const labels = Int32Array.from({ length: 20 }, (_, i) => i % 2);
    async function trained(loss: string, targets: tf.Tensor): Promise<number[]> {
      tf.setSeed(1);
      const model = tf.sequential({
        layers: [tf.layers.dense({ units: 2, activation: 'softmax', inputShape: [1] })],
      });
      model.compile({ optimizer: tf.train.sgd(1), loss });
      await model.fit(x, targets, { ...all, classWeight: { 1: 3 } });
      return Array.from(model.getWeights()[0].dataSync());
    }
    const sparse = await trained('sparseCategoricalCrossentropy', tf.tensor1d(labels));
    expect(await trained('categoricalCrossentropy', tf.oneHot(tf.tensor1d(labels), 2))).toEqual(sparse);

    tf.setSeed(1);
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 2, activation: 'softmax', inputShape: [1] })],
    });
    model.compile({ optimizer: tf.train.sgd(1), loss: 'sparseCategoricalCrossentropy' });
    const sampleWeight = tf.tensor1d(Array.from(labels, (label) => (label === 1 ? 3 : 1)));
    await model.fit(x, tf.tensor1d(labels), { ...all, sampleWeight });
    expect(Array.from(model.getWeights()[0].dataSync())).toEqual(sparse);
  });
});

describe('callbacks', () => {
  test('hooks are called in order, and waited for', async () => {
    const calls: string[] = [];
    const note = (name: string) => async (index: unknown) => {
      await Promise.resolve();
      calls.push(typeof index === 'number' ? `${name} ${index}` : name);
    };
    await line().fit(x, y, {
      ...quiet,
      epochs: 2,
      batchSize: 10,
      callbacks: {
        onTrainBegin: note('train begin'),
        onEpochBegin: note('epoch begin'),
        onBatchBegin: note('batch begin'),
        onBatchEnd: note('batch end'),
        onEpochEnd: note('epoch end'),
        onTrainEnd: note('train end'),
      },
    });
    const epoch = (i: number) => [
      `epoch begin ${i}`,
      ...['batch begin 0', 'batch end 0', 'batch begin 1', 'batch end 1'],
      `epoch end ${i}`,
    ];
    expect(calls).toEqual(['train begin', ...epoch(0), ...epoch(1), 'train end']);
  });

  test('batches log what the epoch has so far, but for metrics that need its end', async () => {
    const names = new Set<string>();
    const model = line('sgd', ['mae', 'auc']);
    const { history } = await model.fit(x, tf.greater(x, 0), {
      ...quiet,
      callbacks: {
        onBatchEnd: (_, logs) => {
          for (const name of Object.keys(logs!)) names.add(name);
        },
      },
    });
    expect([...names]).toEqual(['batch', 'size', 'loss', 'mae']);
    expect(history.auc[0]).toBe(1);
  });

  test('stopTraining ends after the current step', async () => {
    const model = line();
    let steps = 0;
    const { epoch } = await model.fit(x, y, {
      ...quiet,
      epochs: 5,
      batchSize: 5,
      callbacks: {
        onBatchEnd: () => {
          if (++steps === 2) model.stopTraining = true;
        },
      },
    });
    expect([steps, epoch]).toEqual([2, [0]]);
  });

  test('stopTraining before an epoch leaves it out, and does not outlast its fit', async () => {
    const model = line();
    const { epoch, history } = await model.fit(x, y, {
      ...quiet,
      epochs: 3,
      callbacks: {
        onEpochBegin: (each) => {
          if (each === 1) model.stopTraining = true;
        },
      },
    });
    expect(epoch).toEqual([0]);
    expect(history.loss).toHaveLength(1);
    expect((await model.fit(x, y, { ...quiet, epochs: 2 })).epoch).toEqual([0, 1]);
  });

  test('an object that takes the model', async () => {
    const seen: unknown[] = [];
    const callback = { setModel: (model: unknown) => void seen.push(model), onEpochEnd: () => undefined };
    const model = line();
    await model.fit(x, y, { ...quiet, callbacks: callback });
    expect(seen).toEqual([model]);
  });

  test('an object of a class of its own', async () => {
    class Counter {
      epochs = 0;

      onEpochEnd(): void {
        this.epochs++;
      }
    }
    const counter = new Counter();
    await line().fit(x, y, { ...quiet, epochs: 2, callbacks: counter });
    expect(counter.epochs).toBe(2);
  });

  test('metrics of one name are numbered', async () => {
    const model = line();
    const precisions = [0.1, 0.9].map((threshold) => tf.metrics.precision({ threshold }));
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: precisions });
    const { history } = await model.fit(x, y, quiet);
    expect(Object.keys(history)).toEqual(['loss', 'precision', 'precision_1']);
  });

  test('early stopping gives the best weights back', async () => {
    // From 0.5 the weight grows towards what fits the training data; at 0.8 the validation data are met.
    const model = line(tf.train.sgd(0.05));
    const seen: number[] = [];
    const { history } = await model.fit(x, tf.mul(x, 2), {
      ...quiet,
      epochs: 50,
      validationData: [x, tf.mul(x, 0.8)],
      callbacks: [
        tf.callbacks.earlyStopping({ patience: 3, restoreBestWeights: true }),
        { onEpochEnd: () => void seen.push(weightOf(model)) },
      ],
    });
    const best = history.val_loss.indexOf(Math.min(...history.val_loss));
    expect(best).toBeGreaterThan(1);
    expect(history.val_loss).toHaveLength(best + 4);
    expect(weightOf(model)).toBe(seen[best]);
  });

  test('a log that does not exist is a sentence', async () => {
    await expect(line().fit(x, y, { ...quiet, callbacks: tf.callbacks.earlyStopping() })).rejects.toThrow(
      'earlyStopping: there is no val_loss to monitor, only loss. Give fit validationData or validationSplit.',
    );
  });

  test('the learning rate by epoch, and lowered on a plateau', async () => {
    const model = line(tf.train.sgd(0.1));
    const rates: number[] = [];
    const note = { onEpochEnd: () => void rates.push(model.optimizer.learningRate) };
    await model.fit(x, y, {
      ...quiet,
      epochs: 3,
      callbacks: [tf.callbacks.learningRateScheduler((epoch, rate) => (epoch === 0 ? 0.5 : rate / 2)), note],
    });
    expect(rates).toEqual([0.5, 0.25, 0.125]);
    rates.length = 0;
    model.optimizer.learningRate = 0;
    await model.fit(x, y, { ...quiet, epochs: 2 });
    model.optimizer.learningRate = 1e-9;
    const reduce = tf.callbacks.reduceLROnPlateau({ monitor: 'loss', factor: 0.5, patience: 2 });
    await model.fit(x, y, { ...quiet, epochs: 5, callbacks: [reduce, note] });
    expect(rates).toEqual([1e-9, 1e-9, 5e-10, 5e-10, 2.5e-10]);
    rates.length = 0;
    model.optimizer.learningRate = 1e-9;
    const options = { monitor: 'loss', factor: 0.5, patience: 0, cooldown: 2, minLR: 4e-10 };
    await model.fit(x, y, {
      ...quiet,
      epochs: 7,
      callbacks: [tf.callbacks.reduceLROnPlateau(options), note],
    });
    expect(rates).toEqual([1e-9, 5e-10, 5e-10, 4e-10, 4e-10, 4e-10, 4e-10]);
  });
});

describe('a signal', () => {
  test('aborts after the current step with its reason, and the model stays usable', async () => {
    const controller = new AbortController();
    const model = line();
    let steps = 0;
    const training = model.fit(x, y, {
      ...quiet,
      epochs: 100,
      batchSize: 4,
      signal: controller.signal,
      callbacks: {
        onBatchEnd: () => {
          if (++steps === 7) controller.abort(new Error('enough'));
        },
      },
    });
    await expect(training).rejects.toThrow('enough');
    expect(steps).toBe(7);
    expect((await model.fit(x, y, quiet)).epoch).toEqual([0]);
  });
});

describe('the event loop', () => {
  test('gets turns while fit runs', async () => {
    let turns = 0;
    let done = false;
    const count = () => {
      turns++;
      if (!done) setImmediate(count);
    };
    setImmediate(count);
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 64, inputShape: [64] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await model.fit(tf.ones([3200, 64]), tf.ones([3200, 64]), { ...quiet, epochs: 20 });
    done = true;
    expect(turns).toBeGreaterThan(3);
  });

  test.each([
    ['batch', 10],
    ['epoch', 2],
    ['never', 0],
  ] as const)('yieldEvery %s', async (yieldEvery, expected) => {
    const previous = platform;
    let turns = 0;
    const counting: Platform = {
      ...portablePlatform(),
      turn: async () => {
        turns++;
      },
    };
    setPlatform(counting);
    try {
      await line().fit(x, y, { ...quiet, epochs: 2, batchSize: 4, yieldEvery });
    } finally {
      setPlatform(previous);
    }
    expect(turns).toBe(expected);
  });
});

describe('what it writes', () => {
  const previous = platform;
  afterEach(() => setPlatform(previous));

  async function written(verbose: 0 | 1 | 2, isInteractive: boolean): Promise<string> {
    let text = '';
    setPlatform({
      ...portablePlatform(),
      isInteractive,
      write: (part) => {
        text += part;
      },
    });
    await line().fit(x, y, { epochs: 2, batchSize: 10, verbose, validationSplit: 0.5 });
    return text.replace(/\d+\.\d{4}|\d\.\d+e[-+]\d+/g, 'N').replace(/\d+ samples/g, 'N samples');
  }

  test('nothing, when it is not to', async () => {
    expect(await written(0, true)).toBe('');
  });

  test('a line per epoch', async () => {
    const lines = 'Epoch 1/2  loss N  val_loss N  N samples/s\nEpoch 2/2  loss N  val_loss N  N samples/s\n';
    expect(await written(1, false)).toBe(lines);
    expect(await written(2, false)).toBe(lines);
  });

  test('in a terminal the line grows', async () => {
    const parts = (await written(1, true)).split('\r');
    expect(parts[1]).toMatch(/^Epoch 1\/2 {2}\[={20}\] 100 % {2}loss N {2}N samples\/s\s*$/);
    expect(parts[2]).toMatch(/^Epoch 1\/2 {2}loss N {2}val_loss N {2}N samples\/s\s*\n$/);
  });
});

describe('datasets', () => {
  const batches = [0, 8, 16].map((start): [tf.Tensor, tf.Tensor] => {
    const count = Math.min(8, 20 - start);
    return [x.slice([start, 0], [count, 1]), y.slice([start, 0], [count, 1])];
  });

  async function expected(): Promise<number> {
    const model = line(tf.train.sgd(0.1));
    await model.fit(x, y, { ...quiet, epochs: 2, batchSize: 8, shuffle: false });
    return weightOf(model);
  }

  test.each<[string, tf.Dataset]>([
    ['an array of pairs', batches],
    ['objects', batches.map(([xs, ys]) => ({ xs, ys }))],
    [
      'a generator function',
      function* () {
        yield* batches;
      },
    ],
    [
      'an async generator function',
      async function* () {
        yield* batches;
      },
    ],
  ])('%s trains as fit does', async (_, dataset) => {
    const model = line(tf.train.sgd(0.1));
    const { history } = await model.fitDataset(dataset, {
      ...quiet,
      epochs: 2,
      validationData: () => batches,
    });
    expect(weightOf(model)).toBe(await expected());
    expect(history.val_loss).toHaveLength(2);
    expect(numbers(await model.evaluateDataset(dataset))[0]).toBeCloseTo(numbers(model.evaluate(x, y))[0], 6);
  });

  test('weights of samples, beside those of classes', async () => {
    const weights = Array.from({ length: 20 }, (_, i) => (i % 4) / 2);
    const labels = tf.tensor1d(Int32Array.from({ length: 20 }, (_, i) => i % 2));
    const trained = async (train: (model: tf.Model) => Promise<unknown>) => {
      tf.setSeed(1);
      const model = tf.sequential({
        layers: [tf.layers.dense({ units: 2, activation: 'softmax', inputShape: [1] })],
      });
      model.compile({ optimizer: tf.train.sgd(1), loss: 'sparseCategoricalCrossentropy' });
      await train(model);
      return Array.from(model.getWeights()[0].dataSync());
    };
    const sampleWeight = tf.tensor1d(weights);
    const options = { ...quiet, classWeight: { 1: 3 } };
    const inDataset = await trained((model) => model.fitDataset([[x, labels, sampleWeight]], options));
    const product = tf.tensor1d(weights.map((weight, i) => weight * (i % 2 === 1 ? 3 : 1)));
    const once = { ...quiet, batchSize: 20, shuffle: false };
    expect(await trained((model) => model.fit(x, labels, { ...once, sampleWeight: product }))).toEqual(
      inDataset,
    );
    expect(
      await trained((model) => model.fit(x, labels, { ...once, classWeight: { 1: 3 }, sampleWeight })),
    ).toEqual(inDataset);
    const four = [x, labels, sampleWeight, sampleWeight] as unknown as tf.Batch;
    await expect(line().fitDataset([four], quiet)).rejects.toThrow(
      'fitDataset: a batch is inputs, targets and perhaps sample weights; got 4 parts.',
    );
  });

  test('so many batches are evaluated as are asked for', async () => {
    const model = line();
    const [first] = numbers(await model.evaluateDataset(batches, { batches: 1 }));
    const [[xs, ys]] = batches;
    expect(first).toBeCloseTo(numbers(model.evaluate(xs, ys))[0], 6);
    expect(first).not.toBeCloseTo(numbers(model.evaluate(x, y))[0], 3);
  });

  test('batchesPerEpoch of an endless one', async () => {
    const endless = function* (): Generator<tf.Batch> {
      for (;;) yield batches[0];
    };
    let steps = 0;
    await line().fitDataset(endless, {
      ...quiet,
      epochs: 2,
      batchesPerEpoch: 4,
      callbacks: { onBatchEnd: () => void steps++ },
    });
    expect(steps).toBe(8);
  });

  test('one that can be iterated only once is a sentence', async () => {
    const once = (function* () {
      yield* batches;
    })();
    await expect(line().fitDataset(once, { ...quiet, epochs: 2 })).rejects.toThrow(
      'fitDataset: epoch 2 found no batch. Give an iterable that can be iterated again, ' +
        'such as a function that returns an iterator.',
    );
  });
});

test('trainOnBatch gives the loss before the step, and the metrics', async () => {
  const model = line('sgd', ['mae']);
  const before = numbers(model.evaluate(x, y, { batchSize: 20 }));
  const got = (await model.trainOnBatch(x, y)) as number[];
  expect(got.map(Math.fround)).toEqual(before);
  expect(numbers(model.evaluate(x, y, { batchSize: 20 }))[0]).toBeLessThan(before[0]);
});

test('an optimizer keeps what it remembers of weights that are frozen for a while, and begins with new ones', async () => {
  const optimizer = tf.train.adam(0.1);
  const layers = [tf.layers.dense({ units: 2, inputShape: [1] }), tf.layers.dense({ units: 1 })];
  const model = tf.sequential({ layers });
  const compile = () => model.compile({ optimizer, loss: 'meanSquaredError' });
  compile();
  await model.fit(x, y, quiet);
  const remembered = async () => {
    const weights = await model.optimizer.getWeights();
    return weights.slice(1).map(({ tensor }) => Array.from(tensor.dataSync()));
  };
  const before = await remembered();
  layers[0].trainable = false;
  compile();
  layers[0].trainable = true;
  compile();
  expect(await remembered()).toEqual(before);
  model.add(tf.layers.dense({ units: 1000 }));
  compile();
  const after = await remembered();
  expect(after[0]).toEqual(before[0]);
  expect(new Set(after[4])).toEqual(new Set([0]));
});

describe('an optimizer', () => {
  /** Two steps, a new compile with the same optimizer, two more. */
  test('goes on after another compile', async () => {
    const optimizer = tf.train.adam(0.1);
    const model = line(optimizer);
    const whole = line(tf.train.adam(0.1));
    const once = { ...quiet, batchSize: 20, shuffle: false };
    await whole.fit(x, y, { ...once, epochs: 4 });
    await model.fit(x, y, { ...once, epochs: 2 });
    model.compile({ optimizer, loss: 'meanSquaredError' });
    await model.fit(x, y, { ...once, epochs: 2 });
    expect(weightOf(model)).toBe(weightOf(whole));
  });

  test('of another model begins anew', async () => {
    const optimizer = tf.train.adam(0.1);
    await line(optimizer).fit(x, y, { ...quiet, epochs: 3 });
    const [second, fresh] = [line(optimizer), line(tf.train.adam(0.1))];
    for (const model of [second, fresh]) await model.fit(x, y, { ...quiet, shuffle: false });
    expect(weightOf(second)).toBe(weightOf(fresh));
  });
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
