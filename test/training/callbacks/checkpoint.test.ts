// Trainings that end at any step and go on from a checkpoint come to the bits of those that were never interrupted.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as tf from '../../../src/node.ts';

afterEach(() => vi.restoreAllMocks());

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'lanegrad-checkpoint-'));
});
afterEach(() => rmSync(path, { recursive: true }));

/** A training from the first line of its script, as after a kill. */
type Script = (options: {
  resume?: string;
  callbacks: (tf.Callback | tf.CallbackHooks)[];
}) => Promise<{ model: tf.LayersModel; history: tf.History }>;

interface Outcome {
  readonly weights: readonly ArrayLike<number>[];
  readonly remembered: readonly ArrayLike<number>[];
  readonly history: unknown;
  readonly rate: number;
}

async function outcome({ model, history }: Awaited<ReturnType<Script>>): Promise<Outcome> {
  const { optimizer } = model;
  return {
    weights: model.getWeights().map((weight) => weight.dataSync()),
    remembered: (await optimizer.getWeights()).map(({ tensor }) => tensor.dataSync()),
    history: { epoch: history.epoch, history: history.history },
    rate: optimizer.learningRate,
  };
}

/** Ends a training within a step, before anybody has saved it. */
class Killer extends tf.Callback {
  #left: number;

  constructor(steps: number) {
    super();
    this.#left = steps;
  }

  override onBatchEnd(): void {
    if (this.#left-- === 0) throw new Error('killed');
  }
}

/** Runs a script to its end, killed after `steps` steps, and again after as many, and so on. */
async function killedEvery(steps: number, script: Script, every: 'epoch' | number): Promise<Outcome> {
  for (let runs = 0; runs < 100; runs++) {
    const checkpoint = tf.callbacks.checkpoint({ path, every });
    try {
      return await outcome(await script({ resume: path, callbacks: [new Killer(steps), checkpoint] }));
    } catch (error) {
      if ((error as Error).message !== 'killed') throw error;
    }
  }
  throw new Error('came to no end');
}

const uninterrupted = async (script: Script) => outcome(await script({ callbacks: [] }));

const points = (count: number) => {
  const random = tf.randomUniform([count, 4], -1, 1, 'float32', 5).arraySync() as number[][];
  return { x: random, y: random.map(([a, b]) => (a * b > 0 ? 1 : 0)) };
};

/** Dropout, running means, a metric that collects, a rate that is lowered, weights that are kept. */
const classifier: Script = async ({ resume, callbacks }) => {
  tf.setSeed(3);
  const { x, y } = points(50);
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 8, activation: 'relu', inputShape: [4] }),
      tf.layers.batchNormalization(),
      tf.layers.dropout({ rate: 0.3 }),
      tf.layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.05), loss: 'binaryCrossentropy', metrics: ['accuracy', 'auc'] });
  const history = await model.fit(x, y, {
    ...{ epochs: 6, batchSize: 12, validationSplit: 0.3, verbose: 0, resume },
    callbacks: [
      tf.callbacks.reduceLROnPlateau({ patience: 1, factor: 0.5 }),
      tf.callbacks.learningRateScheduler((_, rate) => rate * 0.9),
      tf.callbacks.earlyStopping({ patience: 2, restoreBestWeights: true }),
      ...callbacks,
    ],
  });
  return { model, history };
};

/** States from batch to batch, and a rate that follows the step. */
const recurrent: Script = async ({ resume, callbacks }) => {
  tf.setSeed(4);
  const model = tf.sequential({
    layers: [
      tf.layers.lstm({ units: 3, stateful: true, batchInputShape: [2, 3, 1], recurrentDropout: 0.2 }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  const learningRate = tf.schedules.cosine({ initial: 0.1, decaySteps: 12 });
  model.compile({ optimizer: tf.train.rmsprop(learningRate, 0.9, 0.5), loss: 'meanSquaredError' });
  const x = Array.from({ length: 8 }, (_, i) => [[i / 8], [(i + 1) / 8], [(i + 2) / 8]]);
  const y = x.map((_, i) => [Math.sin(i)]);
  const history = await model.fit(x, y, {
    ...{ epochs: 3, batchSize: 2, shuffle: false, verbose: 0, resume, callbacks },
  });
  return { model, history };
};

const dataset = () => {
  const { x, y } = points(24);
  return tf.data
    .array(x.map((xs, i) => ({ xs, ys: [y[i]] })))
    .shuffle(10)
    .map(({ xs, ys }) => ({ xs: tf.tensor(xs as number[]).add(tf.randomNormal([4], 0, 0.1)), ys }))
    .batch(5);
};

const line = () => {
  tf.setSeed(5);
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
  model.compile({ optimizer: tf.train.momentum(0.1, 0.9), loss: 'meanSquaredError' });
  return model;
};

const fromPasses: Script = async ({ resume, callbacks }) => {
  const model = line();
  const data = dataset() as never;
  const history = await model.fitDataset(data, {
    ...{ epochs: 3, verbose: 0, resume, callbacks, validationData: data },
  });
  return { model, history };
};

const fromOnePass: Script = async ({ resume, callbacks }) => {
  const model = line();
  const history = await model.fitDataset(dataset().repeat(4) as never, {
    ...{ epochs: 5, batchesPerEpoch: 4, verbose: 0, resume, callbacks },
  });
  return { model, history };
};

const drawing: Script = async ({ resume, callbacks }) => {
  const model = line();
  const drawn = {
    onEpochBegin() {
      model.optimizer.learningRate = tf.randomUniform([]).dataSync()[0];
    },
  };
  const history = await model.fit(x, y, {
    ...{ ...quiet, epochs: 4, resume, callbacks: [drawn, ...callbacks] },
  });
  return { model, history };
};

test.each([
  ['dropout, running means, early stopping, plateaus', classifier],
  ['a stateful layer and a schedule', recurrent],
  ['a dataset, pass by pass', fromPasses],
  ['a dataset, in one pass', fromOnePass],
  ['a rate that is drawn when an epoch begins', drawing],
])('%s: killed over and over, the bits of the uninterrupted training', async (_, script) => {
  const expected = await uninterrupted(script);
  expect(await killedEvery(3, script, 1)).toEqual(expected);
  rmSync(path, { recursive: true });
  expect(await killedEvery(7, script, 3)).toEqual(expected);
  rmSync(path, { recursive: true });
  expect(await killedEvery(11, script, 'epoch')).toEqual(expected);
});

const { x, y } = points(20);
const quiet = { verbose: 0, batchSize: 5 } as const;

test('the latest are kept, and the best', async () => {
  const model = line();
  const rates = [0.1, 0.1, 0, 3, 3];
  const history = await model.fit(x, y, {
    ...{ ...quiet, epochs: 5, seed: 1 },
    callbacks: [
      tf.callbacks.learningRateScheduler((epoch) => rates[epoch]),
      tf.callbacks.checkpoint({ path, keep: 2, best: true, monitor: 'loss' }),
    ],
  });
  expect(readdirSync(path).sort()).toEqual(['best', 'checkpoint-1', 'checkpoint-2']);
  const { loss } = history.history;
  const best = loss.indexOf(Math.min(...loss));
  const state = JSON.parse(readFileSync(join(path, 'best/model.json'), 'utf8')).trainingState;
  expect(state.epoch).toBe(best + 1);
  const loaded = await tf.loadLayersModel(`file://${path}/best/model.json`);
  expect(loaded.predict(x)).toBeInstanceOf(tf.Tensor);
});

test('whoever stops within an epoch goes on within it', async () => {
  const expected = line();
  await expected.fit(x, y, { ...quiet, epochs: 2, seed: 1 });
  const stopped = line();
  await stopped.fit(x, y, {
    ...{ ...quiet, epochs: 2, seed: 1 },
    callbacks: [
      tf.callbacks.checkpoint({ path }),
      {
        onBatchEnd(batch) {
          if (batch === 1) stopped.stopTraining = true;
        },
      },
    ],
  });
  const model = line();
  const { epoch } = await model.fit(x, y, { ...quiet, epochs: 2, seed: 1, resume: path });
  expect(epoch).toEqual([0, 1]);
  expect(model.getWeights().map((w) => w.dataSync())).toEqual(expected.getWeights().map((w) => w.dataSync()));
});

test('a training that has ended is not begun again', async () => {
  const options = { ...quiet, epochs: 2 };
  const first = await line().fit(x, y, { ...options, callbacks: tf.callbacks.checkpoint({ path }) });
  const again = await line().fit(x, y, { ...options, resume: path });
  expect(again.history).toEqual(first.history);
});

test('a training that its dataset ended ends there again', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const options = { verbose: 0, epochs: 9, batchesPerEpoch: 1 } as const;
  const callbacks = tf.callbacks.checkpoint({ path });
  const first = await line().fitDataset(dataset() as never, { ...options, callbacks });
  const again = await line().fitDataset(dataset() as never, { ...options, resume: path });
  expect(again.history).toEqual(first.history);
  expect(again.epoch).toHaveLength(5);
  expect(warn.mock.calls.map(([text]) => text.slice(0, 44))).toEqual(
    new Array(2).fill('fitDataset: the dataset ended with epoch 5 o'),
  );
});

test('of several the latest is gone on from, wherever it is', async () => {
  for (const done of [2, 3]) {
    const callbacks = tf.callbacks.checkpoint({ path, keep: 2 });
    await line().fit(x, y, { ...quiet, epochs: done, seed: 1, callbacks });
    const epochs: number[] = [];
    const onEpochBegin = (epoch: number) => void epochs.push(epoch);
    await line().fit(x, y, { ...quiet, epochs: 4, seed: 1, resume: path, callbacks: { onEpochBegin } });
    expect(epochs).toEqual([2, 3].slice(done - 2));
  }
});

test('one that is damaged is passed over where another is whole', async () => {
  const callbacks = tf.callbacks.checkpoint({ path, keep: 2 });
  await line().fit(x, y, { ...quiet, epochs: 2, seed: 1, callbacks });
  writeFileSync(join(path, 'checkpoint-2/model.json'), '{"modelTopology":');
  const { epoch } = await line().fit(x, y, { ...quiet, epochs: 3, seed: 1, resume: path });
  expect(epoch).toEqual([0, 1, 2]);
  writeFileSync(join(path, 'checkpoint-1/model.json'), '{"modelTopology":');
  await expect(line().fit(x, y, { ...quiet, resume: path })).rejects.toThrow(
    `loadLayersModel: ${path}/checkpoint-2/model.json is no JSON`,
  );
});

test('what a callback of one\u2019s own remembers comes back', async () => {
  const counter = () => ({
    counts: [] as number[],
    onEpochEnd(epoch: number) {
      this.counts.push(epoch / 0);
    },
    getState() {
      return { counts: this.counts };
    },
    setState({ counts }: { counts: number[] }) {
      this.counts = counts;
    },
  });
  const checkpoint = tf.callbacks.checkpoint({ path });
  await line().fit(x, y, { ...quiet, epochs: 2, callbacks: [counter(), checkpoint] });
  const second = counter();
  await line().fit(x, y, { ...quiet, epochs: 3, resume: path, callbacks: [second] });
  expect(second.counts).toEqual([Number.NaN, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
});

describe('refused in a sentence', () => {
  const checkpointed = () =>
    line().fit(x, y, {
      ...{ ...quiet, epochs: 1, seed: 1 },
      callbacks: [tf.callbacks.earlyStopping({ monitor: 'loss' }), tf.callbacks.checkpoint({ path })],
    });

  test.each<[string, tf.FitOptions, string]>([
    ['another batch size', { batchSize: 4 }, 'is of a training with batchSize 5; this one has 4.'],
    ['parts of batches', { microBatches: 2 }, 'with microBatches none; this one has 2.'],
    ['another seed', { seed: 2 }, 'is of a training with seed 1; this one has 2.'],
    ['a callback that is missing', {}, 'fit: the checkpoint remembers a callback earlyStopping that this'],
  ])('%s', async (_, options, sentence) => {
    await checkpointed();
    const fit = line().fit(x, y, { ...quiet, epochs: 2, resume: path, ...options });
    await expect(fit).rejects.toThrow(sentence);
  });

  test('other data', async () => {
    await checkpointed();
    const fit = line().fit(x.slice(1), y.slice(1), { ...quiet, resume: path });
    await expect(fit).rejects.toThrow('is of a training with samples 20; this one has 19.');
  });

  test('another model', async () => {
    await checkpointed();
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [4], useBias: false, name: 'd' })],
    });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await expect(model.fit(x, y, { ...quiet, resume: path })).rejects.toThrow(
      'is of another model: it has 2 weights where this has 1, and',
    );
  });

  test('a file in the folder’s place', async () => {
    writeFileSync(join(path, 'file'), '');
    const fit = line().fit(x, y, { ...quiet, resume: join(path, 'file') });
    await expect(fit).rejects.toThrow('cannot be read: a part of its path is no folder.');
  });

  test('a saved model that is no checkpoint', async () => {
    await line().save(`file://${path}/checkpoint-1`);
    await expect(line().fit(x, y, { ...quiet, resume: path })).rejects.toThrow(
      'is a saved model and no checkpoint of a training.',
    );
  });

  test.each([
    ['epoch', -1],
    ['epoch', 0.5],
    ['batch', -1],
    ['batch', undefined],
    ['seed', 'first'],
    ['seeds', null],
    ['seeds', { taken: -1 }],
    ['savedAt', null],
    ['totals', 1],
    ['callbacks', 7],
    ['callbacks', [{ name: 'history', state: { epoch: [0], history: { loss: 7 } } }]],
    ['trainer', 'one'],
    ['trainer', { remembered: [] }],
  ])('a state that is damaged: %s', async (part, value) => {
    await checkpointed();
    const file = join(path, 'checkpoint-1/model.json');
    const described = JSON.parse(readFileSync(file, 'utf8'));
    described.trainingState[part] = value;
    writeFileSync(file, JSON.stringify(described));
    const fit = line().fit(x, y, { ...quiet, epochs: 2, resume: path });
    await expect(fit).rejects.toThrow('the state of training is damaged');
  });

  test('an address that nothing can be saved at', () => {
    expect(() => tf.callbacks.checkpoint({ path: 'http//a' })).not.toThrow();
    expect(() => tf.callbacks.checkpoint({ path: 'ftp://a' })).toThrow(
      'checkpoint: expected an address such as file://models/mnist; got "ftp://a".',
    );
  });
});

test('the random numbers of a script go on behind a training that was done', async () => {
  const script = async () => {
    tf.setSeed(5);
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const draw = { onEpochEnd: () => void tf.randomUniform([2]) };
    const callbacks = [draw, tf.callbacks.checkpoint({ path })];
    await model.fit(tf.ones([8, 4]), tf.ones([8, 1]), { epochs: 3, verbose: 0, callbacks, resume: path });
    return tf.randomUniform([3]).dataSync();
  };
  expect(await script()).toEqual(await script());
});
