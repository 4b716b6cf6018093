// Training on batches as an iterable gives them.

import { afterEach, describe, expect, test, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import { line, numbers, quiet, weightOf, x, y } from './line.ts';

afterEach(() => vi.restoreAllMocks());

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

  test('a function is told that it is for the only rank', async () => {
    const told: unknown[] = [];
    const dataset = (rank: unknown) => {
      told.push(rank);
      return batches;
    };
    const model = line();
    await model.fitDataset(dataset, quiet);
    await model.fitDataset(dataset, { ...quiet, batchesPerEpoch: 1, validationData: dataset });
    await model.evaluateDataset(dataset);
    expect(told).toEqual(Array(4).fill({ rank: 0, size: 1 }));
  });

  test('one that is stopped reads no further', async () => {
    const model = line();
    let read = 0;
    const dataset = function* () {
      for (const batch of batches) {
        read++;
        yield batch;
      }
    };
    const steps: number[] = [];
    const onBatchEnd = (batch: number) => {
      steps.push(batch);
      model.stopTraining = batch === 1;
    };
    const { epoch } = await model.fitDataset(dataset, { ...quiet, epochs: 3, callbacks: { onBatchEnd } });
    expect([steps, read, epoch]).toEqual([[0, 1], 2, [0]]);
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
      'fitDataset: a batch is inputs, targets and perhaps sample weights, or { xs, ys }; got 4 parts.',
    );
  });

  test('columns of a table that are not one array yet', async () => {
    const rows = tf.data.array([{ xs: { a: 1, b: 2 }, ys: { c: 3 } }]).batch(1);
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], name: 'd' })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await expect(model.fitDataset(rows, quiet)).rejects.toThrow(
      'fitDataset: x: no data for d_input; got data for a, b. Object.values joins columns.',
    );
  });

  test('an iterator of TensorFlow.js may say with its last batch that it is the last', async () => {
    const iterator = () => {
      const left = [...batches];
      return { next: async () => ({ value: left.shift()!, done: left.length === 0 }) as never };
    };
    for (const lazy of [{ iterator }, tf.data.generator(iterator)] as tf.Dataset[]) {
      const model = line(tf.train.sgd(0.1));
      await model.fitDataset(lazy, { ...quiet, epochs: 2 });
      expect(weightOf(model)).toBe(await expected());
      const [loss] = numbers(await model.evaluateDataset(lazy));
      expect(loss).toBeCloseTo(numbers(model.evaluate(x, y))[0], 6);
    }
  });

  test('a dataset that is too short to be evaluated so far is said', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    await line().evaluateDataset(batches, { batches: 5 });
    expect(warn.mock.calls).toEqual([[expect.stringContaining('ended after 3 of 5 batches')]]);
    await line().evaluateDataset(batches, { batches: 3 });
    expect(warn).toHaveBeenCalledTimes(1);
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

  describe('batchesPerEpoch goes on where the epoch before stopped', () => {
    /** Which batches each epoch was given, and what was warned of. */
    async function seen(
      dataset: tf.data.Dataset<{ xs: number[][]; ys: tf.Tensor }>,
      options: tf.FitDatasetOptions,
    ) {
      const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
      const epochs: number[][] = [];
      const noted = dataset.map((batch) => {
        epochs.at(-1)?.push(batch.ys.dataSync()[0]);
        return batch;
      });
      await line().fitDataset(noted, {
        ...quiet,
        callbacks: { onEpochBegin: () => void epochs.push([]) },
        ...options,
      });
      return { epochs, warnings: warn.mock.calls.map(([text]) => text) };
    }
    const numbered = tf.data.array([0, 1, 2, 3, 4]).map((i) => ({ xs: [[i / 10]], ys: tf.tensor2d([[i]]) }));

    test('and begins anew where it is repeated', async () => {
      const { epochs, warnings } = await seen(numbered.repeat(), { epochs: 4, batchesPerEpoch: 2 });
      // Between two epochs it is known already what comes next.
      expect(epochs.flat().slice(0, 8)).toEqual([0, 1, 2, 3, 4, 0, 1, 2]);
      expect(epochs).toHaveLength(4);
      expect(warnings).toEqual([]);
    });

    test('ends with the dataset, and says so', async () => {
      const { epochs, warnings } = await seen(numbered, { epochs: 4, batchesPerEpoch: 2 });
      expect(epochs.flat()).toEqual([0, 1, 2, 3, 4]);
      expect(epochs).toHaveLength(3);
      expect(warnings).toEqual([
        'fitDataset: the dataset ended with epoch 3 of 4, and so does the training. ' +
          'It needs batchesPerEpoch × epochs batches, 8 here: repeat() gives them.',
      ]);
    });

    test('without it every epoch goes through all, and the number of steps is known', async () => {
      let steps: number | undefined;
      const { epochs } = await seen(numbered, { epochs: 2 });
      expect(epochs).toEqual([
        [0, 1, 2, 3, 4],
        [0, 1, 2, 3, 4],
      ]);
      const callbacks = {
        setParams: (params: tf.TrainingParams) => {
          steps = params.steps;
        },
      };
      await line().fitDataset(numbered, { ...quiet, epochs: 1, callbacks: callbacks as tf.CallbackHooks });
      expect(steps).toBe(5);
    });

    test('its pass is ended with the training', async () => {
      let isOpen = false;
      const source = tf.data.generator(function* () {
        isOpen = true;
        try {
          for (;;) yield batches[0];
        } finally {
          isOpen = false;
        }
      });
      await line().fitDataset(source, { ...quiet, epochs: 1, batchesPerEpoch: 2 });
      expect(isOpen).toBe(false);
      const stops = { onBatchEnd: () => Promise.reject(new Error('stop')) };
      await expect(
        line().fitDataset(source, { ...quiet, batchesPerEpoch: 2, callbacks: stops }),
      ).rejects.toThrow('stop');
      expect(isOpen).toBe(false);
    });

    test('so many batches validate as are asked for', async () => {
      let validated = 0;
      const validationData = numbered.map((batch) => {
        validated++;
        return batch;
      });
      await line().fitDataset(numbered, { ...quiet, epochs: 2, validationData, validationBatches: 2 });
      expect(validated).toBe(4);
    });
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

  test('one that has nothing to evaluate, or no more, is a sentence and no loss', async () => {
    const validationData = (function* () {
      yield* batches;
    })();
    await expect(line().fitDataset(batches, { ...quiet, epochs: 2, validationData })).rejects.toThrow(
      'fitDataset: validationData found no batch. Give an iterable that can be iterated again, ',
    );
    await expect(line().evaluateDataset([])).rejects.toThrow('evaluateDataset found no batch.');
  });
});

test('a batch with which training or testing ends in an error is let go of', async () => {
  const model = line();
  const wrong = () =>
    tf.data.generator(function* () {
      yield { xs: tf.ones([2, 3]), ys: tf.ones([2, 1]) };
    });
  const stop = new AbortController();
  const aborting = () =>
    tf.data.generator(function* () {
      stop.abort();
      yield { xs: tf.ones([2, 1]), ys: tf.ones([2, 1]) };
    });
  const right = () =>
    tf.data.generator(function* () {
      yield { xs: tf.ones([2, 1]), ys: tf.ones([2, 1]) };
    });
  await model.fitDataset(right(), quiet);
  const { numTensors } = tf.memory();
  await expect(model.fitDataset(wrong(), quiet)).rejects.toThrow('shape');
  await expect(model.evaluateDataset(wrong())).rejects.toThrow('shape');
  const options = { ...quiet, validationData: aborting(), signal: stop.signal };
  await expect(model.fitDataset(right(), options)).rejects.toThrow('abort');
  expect(tf.memory().numTensors).toBe(numTensors);
});
