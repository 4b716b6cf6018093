// What the optimizer remembers, saved and loaded: training goes on as if it had never stopped.

import { describe, expect, test, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import type { SavedArtifacts } from '../../src/io/artifacts.ts';
import { wholeData } from '../../src/io/weight-data.ts';
import { expectClose } from '../close.ts';
import reference from '../reference/tfjs-training.json' with { type: 'json' };

async function saved(model: tf.Model): Promise<SavedArtifacts> {
  let artifacts: SavedArtifacts | undefined;
  const save = async (given: SavedArtifacts) => {
    artifacts = given;
  };
  await model.save({ save }, { includeOptimizer: true });
  return artifacts!;
}

const reloaded = async (model: tf.Model) => {
  const artifacts = await saved(model);
  return tf.loadLayersModel({ load: async () => artifacts });
};

const weightsOf = (model: tf.Model) =>
  model.getWeights().map((weight) => Array.from((weight as tf.Tensor).dataSync()));

const x = tf.tensor2d(Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(i), i / 40]));
const y = tf.tensor1d(Array.from({ length: 40 }, (_, i) => i % 2));

function network(compile: Partial<tf.CompileArguments> = {}): tf.Model {
  tf.setSeed(5);
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 6, activation: 'tanh', inputShape: [3] }),
      tf.layers.dense({ units: 6, trainable: false }),
      tf.layers.batchNormalization(),
      tf.layers.dropout({ rate: 0.4 }),
      tf.layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['acc'], ...compile });
  return model;
}

describe.each(Object.entries(tf.train))('%s', (_, factory) => {
  const make = factory as (options: object) => tf.Optimizer;
  const options = { learningRate: 0.05, clipNorm: 0.9 };
  const fit = { epochs: 4, batchSize: 16, seed: 3, verbose: 0 } as const;

  test('goes on bit for bit', async () => {
    const whole = network({ optimizer: make(options) });
    await whole.fit(x, y, fit);
    const first = network({ optimizer: make(options) });
    await first.fit(x, y, { ...fit, epochs: 2 });
    const second = await reloaded(first);
    await second.fit(x, y, { ...fit, initialEpoch: 2 });
    expect(weightsOf(second)).toEqual(weightsOf(whole));
    expect(second.optimizer.getConfig()).toEqual(whole.optimizer.getConfig());
    expect(second.optimizer.iterations).toBe(whole.optimizer.iterations);
  });
});

test.each<[string, tf.Schedule]>([
  ['step', tf.schedules.step({ initial: 0.1, factor: 0.7, every: 4 })],
  ['exponential', tf.schedules.exponential({ initial: 0.1, decaySteps: 5, decayRate: 0.6, staircase: true })],
  ['inverseTime', tf.schedules.inverseTime({ initial: 0.1, decaySteps: 5, decayRate: 0.6 })],
  ['cosine', tf.schedules.cosine({ initial: 0.1, decaySteps: 9, alpha: 0.1, warmUpSteps: 2 })],
  ['piecewise', tf.schedules.piecewise({ boundaries: [3, 7], values: [0.1, 0.05, 0.01] })],
])('the schedule %s goes on bit for bit', async (_, schedule) => {
  const fit = { epochs: 4, batchSize: 16, seed: 3, verbose: 0 } as const;
  const whole = network({ optimizer: tf.train.adam(schedule) });
  await whole.fit(x, y, fit);
  const first = network({ optimizer: tf.train.adam(schedule) });
  await first.fit(x, y, { ...fit, epochs: 2 });
  const second = await reloaded(first);
  await second.fit(x, y, { ...fit, initialEpoch: 2 });
  expect(weightsOf(second)).toEqual(weightsOf(whole));
  expect(second.optimizer.learningRate).toBe(whole.optimizer.learningRate);
});

test('options that are not the defaults come back', async () => {
  const model = network({
    optimizer: tf.train.adam({ learningRate: 0.5, epsilon: 1e-3, amsgrad: true, clipValue: 2 }),
  });
  const { optimizer } = await reloaded(model);
  expect(optimizer.getConfig()).toEqual(model.optimizer.getConfig());
  expect([optimizer.kernel, optimizer.clipValue]).toEqual([model.optimizer.kernel, 2]);
});

describe.each(Object.entries(reference.cases))('%s of a file of TensorFlow.js', (optimizer, file) => {
  const { modelTopology, trainingConfig, weightData, weights } = file;
  const artifacts = {
    modelTopology,
    trainingConfig,
    weightSpecs: file.weightSpecs,
    weightData: Uint8Array.from(Buffer.from(weightData, 'base64')),
  } as unknown as SavedArtifacts;
  const { inputs, labels, samples } = reference;

  // Adadelta there divides by the average of the step before; src/optimizers/optimizers.ts follows TensorFlow.
  test.skipIf(optimizer === 'adadelta')('goes on as there', async () => {
    const model = await tf.loadLayersModel({ load: async () => artifacts });
    const [inputTensor, labelTensor] = [tf.tensor(inputs, [samples, 3]), tf.tensor(labels, [samples, 1])];
    for (let step = 0; step < 2; step++) await model.trainOnBatch(inputTensor, labelTensor);
    for (const variable of model.variables) {
      // Both sides are float32, over five steps.
      expectClose(variable.values(), weights[variable.name as keyof typeof weights], 2e-5, variable.name);
    }
  });

  test('is saved as it was', async () => {
    const model = await tf.loadLayersModel({ load: async () => artifacts });
    const again = await saved(model);
    expect(again.trainingConfig).toMatchObject(trainingConfig);
    const bytesByName = ({ weightSpecs, weightData }: SavedArtifacts) => {
      const bytes = wholeData('test', weightData);
      let offset = 0;
      return Object.fromEntries(
        weightSpecs.map(({ name, shape, ...rest }) => {
          const start = offset;
          offset += 4 * shape.reduce((a, b) => a * b, 1);
          return [name, { shape, ...rest, bytes: bytes.slice(start, offset) }];
        }),
      );
    };
    expect(bytesByName(again)).toEqual(bytesByName(artifacts));
  });
});

test('losses with options, by output, weights of losses and metrics come back', async () => {
  const input = tf.input({ shape: [3] });
  const outputs = ['p', 'q'].map(
    (name) => tf.layers.dense({ units: 2, name }).apply(input) as tf.SymbolicTensor,
  );
  const model = tf.model({ inputs: input, outputs });
  model.compile({
    optimizer: tf.train.adamw({ weightDecay: 0 }),
    loss: { p: tf.losses.sparseCategoricalCrossentropy({ fromLogits: true }), q: tf.losses.huber },
    metrics: { p: ['accuracy', tf.metrics.sparseTopKCategoricalAccuracy], q: tf.losses.meanAbsoluteError },
    lossWeights: { p: 0.25, q: 2 },
  });
  const targets = [y, tf.tensor2d(Array.from({ length: 40 }, (_, i) => [i / 40, 1]))];
  const loaded = await reloaded(model);
  const evaluate = (each: tf.Model) =>
    (each.evaluate(x, targets) as tf.Tensor[]).map((value) => value.dataSync()[0]);
  expect(loaded.metricsNames).toEqual(model.metricsNames);
  expect(evaluate(loaded)).toEqual(evaluate(model));
  expect(loaded.optimizer.getConfig()).toMatchObject({ weightDecay: 0 });
});

describe('what does not fit is left out', () => {
  test.each(Object.keys(tf.train))('%s of a file that has the weights of the model alone', async (name) => {
    const { weightSpecs, weightData, ...rest } = await saved(network({ optimizer: name }));
    const own = weightSpecs.filter(({ group }) => group !== 'optimizer');
    const bytes = own.reduce((sum, { shape }) => sum + 4 * shape.reduce((a, b) => a * b, 1), 0);
    const artifacts = { ...rest, weightSpecs: own, weightData: weightData.slice(0, bytes) };
    const model = await tf.loadLayersModel({ load: async () => artifacts });
    expect(model.optimizer.iterations).toBe(0);
    await model.fit(x, y, { verbose: 0, batchSize: 20 });
    expect(model.optimizer.iterations).toBe(2);
  });

  const loaded = async (change: (artifacts: SavedArtifacts) => object, model = network()) => {
    const artifacts = await saved(model);
    return tf.loadLayersModel({ load: async () => ({ ...artifacts, ...change(artifacts) }) });
  };
  const withConfig = (change: object) => (artifacts: SavedArtifacts) => ({
    trainingConfig: { ...artifacts.trainingConfig, ...change },
  });

  test('an optimizer that has not made a step, of which TensorFlow.js saves the steps alone', async () => {
    const model = network();
    await model.fit(x, y, { verbose: 0, seed: 1 });
    const fresh = await loaded(({ weightSpecs, weightData }) => {
      const count = weightSpecs.findIndex(({ name }) => name === 'iter') + 1;
      const bytes = weightSpecs
        .slice(0, count)
        .reduce((sum, { shape }) => sum + 4 * shape.reduce((a, b) => a * b, 1), 0);
      return { weightSpecs: weightSpecs.slice(0, count), weightData: weightData.slice(0, bytes) };
    }, model);
    expect(fresh.optimizer.iterations).toBe(0);
    expect(Math.max(...(await fresh.optimizer.getWeights())[1].tensor.dataSync())).toBe(0);
  });

  test.each([{ loss: {} }, { loss: null }])('a loss that was a function: %o', async (change) => {
    const model = await loaded(withConfig(change));
    await expect(model.fit(x, y, { verbose: 0 })).rejects.toThrow('fit needs a compiled model');
  });

  test('names of metrics are those of TensorFlow.js', async () => {
    const model = await loaded(withConfig({ metrics: ['sparse_categorical_accuracy', 'mse'] }));
    expect(model.metricsNames).toEqual(['loss', 'sparseCategoricalAccuracy', 'mse']);
  });
});

test('functions of two tensors that are metrics are saved by name', async () => {
  const { meanAbsoluteError, mse, cosineProximity, r2Score, binaryAccuracy } = tf.metrics;
  const functions = [meanAbsoluteError, mse, cosineProximity, r2Score, binaryAccuracy];
  const { trainingConfig } = await saved(network({ metrics: functions as never }));
  expect(trainingConfig).toMatchObject({
    metrics: ['meanAbsoluteError', 'meanSquaredError', 'cosineProximity', 'r2', 'binaryAccuracy'],
  });
});

test('a model that is frozen as a whole comes back so', async () => {
  const model = network();
  await model.fit(x, y, { verbose: 0, seed: 1 });
  model.trainable = false;
  const again = await reloaded(model);
  expect(again.trainableVariables).toEqual([]);
  expect(again.optimizer.iterations).toBe(model.optimizer.iterations);
});

test('one optimizer of two models remembers for each', async () => {
  const optimizer = tf.train.adam(0.1);
  const [first, second] = [network({ optimizer }), network({ optimizer })];
  await first.fit(x, y, { verbose: 0, seed: 1 });
  const artifacts = await saved(first);
  expect(artifacts.weightSpecs.filter(({ name }) => name.endsWith('/m'))).toHaveLength(6);
  const slots = await optimizer.getWeights(first.trainableVariables);
  expect(Math.max(...slots[1].tensor.dataSync())).toBeGreaterThan(0);
  expect(Math.max(...(await optimizer.getWeights(second.trainableVariables))[1].tensor.dataSync())).toBe(0);
});

describe('errors', () => {
  test('weights of another optimizer, or of another model', async () => {
    const weights = await network().optimizer.getWeights();
    const { optimizer } = network({ optimizer: 'sgd' });
    await expect(optimizer.setWeights(weights)).rejects.toThrow(
      'sgd: remembers 1 arrays, of the shapes of 6 weights; got 13 that do not fit.',
    );
    const swapped = [weights[0], weights[2], weights[1], ...weights.slice(3)];
    await expect(network().optimizer.setWeights(swapped)).rejects.toThrow(
      'adam: remembers 13 arrays, of the shapes of 6 weights; got 13 that do not fit.',
    );
  });

  test.each([-5, 0.5])('%d steps', async (steps) => {
    const { optimizer } = network();
    const [, ...slots] = await optimizer.getWeights();
    const wrong = [{ name: 'iter', tensor: tf.scalar(steps) }, ...slots];
    await expect(optimizer.setWeights(wrong)).rejects.toThrow(
      `adam: remembers how many steps it has done; got ${steps}.`,
    );
  });

  test('no steps are a count too', async () => {
    const model = network();
    const [, ...slots] = await model.optimizer.getWeights();
    await model.optimizer.setWeights([{ name: 'iter', tensor: tf.scalar(0) }, ...slots]);
    expect(model.optimizer.iterations).toBe(0);
  });

  test('as many steps as a file can tell are gone on from at once', async () => {
    const model = network();
    const [, ...slots] = await model.optimizer.getWeights();
    const most = tf.scalar(2 ** 31 - 1, 'int32');
    await model.optimizer.setWeights([{ name: 'iter', tensor: most }, ...slots]);
    const begun = performance.now();
    await model.trainOnBatch(x, y);
    expect(performance.now() - begun).toBeLessThan(2000);
    expect(weightsOf(model).flat().every(Number.isFinite)).toBe(true);
  });

  test('bytes that are missing', async () => {
    const artifacts = await saved(network());
    const whole = wholeData('test', artifacts.weightData);
    const cut = { ...artifacts, weightData: whole.slice(4) };
    await expect(tf.loadLayersModel({ load: async () => cut })).rejects.toThrow(
      `loadLayersModel: the weights should be ${whole.length} bytes; the file has ${cut.weightData.length}.`,
    );
  });
});

describe('what a file cannot tell is left out, with a warning, and the model is saved', () => {
  const own = (_: tf.Value, yPred: tf.Value) => yPred;

  async function savedWithWarning(model: tf.Model): Promise<[SavedArtifacts, string]> {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const artifacts = await saved(model);
    const warnings = warn.mock.calls.flat();
    warn.mockRestore();
    expect(warnings).toHaveLength(1);
    return [artifacts, warnings[0]];
  }

  const loaded = (artifacts: SavedArtifacts) => tf.loadLayersModel({ load: async () => artifacts });

  test('how a model is trained that is not compiled', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })], name: 'plain' });
    const [artifacts, warning] = await savedWithWarning(model);
    expect(warning).toBe('plain: saved without an optimizer: it is not compiled.');
    expect(artifacts).not.toHaveProperty('trainingConfig');
    expect(weightsOf(await loaded(artifacts))).toEqual(weightsOf(model));
  });

  test('a loss: training goes on once the model is compiled with it', async () => {
    const loss = (_: tf.Value, yPred: tf.Value) => tf.mean(tf.square(tf.sub(yPred, 0.7)), -1);
    const model = network({ loss, metrics: [] });
    await model.fit(x, y, { epochs: 1, verbose: 0, seed: 1 });
    const [artifacts, warning] = await savedWithWarning(model);
    expect(warning).toMatch(/^\w+: saved without this: A loss that is a function can be neither /);
    expect(artifacts.trainingConfig).toMatchObject({ loss: {}, metrics: [] });
    const again = await loaded(artifacts);
    expect(() => again.evaluate(x, y)).toThrow('evaluate needs a compiled model');
    again.compile({ optimizer: again.optimizer, loss });
    for (const each of [model, again]) {
      await each.fit(x, y, { initialEpoch: 1, epochs: 2, verbose: 0, seed: 1 });
    }
    expect(weightsOf(again)).toEqual(weightsOf(model));
  });

  test('losses by output, all of them', async () => {
    const model = network();
    model.compile({ optimizer: 'sgd', loss: { [model.outputNames[0]]: own } });
    const [artifacts] = await savedWithWarning(model);
    expect(artifacts.trainingConfig).toMatchObject({ loss: {} });
  });

  test('metrics', async () => {
    const [artifacts, warning] = await savedWithWarning(
      network({ metrics: [own, 'acc', tf.metrics.meanAbsoluteError, tf.metrics.precision()] }),
    );
    expect(warning).toContain('A metric that is a function can be neither saved nor sent to a worker.');
    expect(warning).toContain(
      "A metric that is an object can be neither saved nor sent to a worker. Give it by its name, 'precision'.",
    );
    expect(artifacts.trainingConfig).toMatchObject({ metrics: ['acc', 'meanAbsoluteError'] });
    expect((await loaded(artifacts)).metricsNames).toEqual(['loss', 'acc', 'meanAbsoluteError']);
  });

  test('metrics by output', async () => {
    const model = network();
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: { [model.outputNames[0]]: own } });
    const [artifacts] = await savedWithWarning(model);
    expect(artifacts.trainingConfig).toMatchObject({ metrics: { [model.outputNames[0]]: [] } });
    expect((await loaded(artifacts)).metricsNames).toEqual(['loss']);
  });

  test('a learning rate', async () => {
    const model = network({ optimizer: tf.train.adam((step) => 0.1 / (step + 1)) });
    const [artifacts, warning] = await savedWithWarning(model);
    expect(warning).toContain(
      'A learning rate that is a function, or a schedule of your own, can be neither saved nor sent to a worker. ' +
        'Give one of tf.schedules, or a number; callbacks.checkpoint needs none of that.',
    );
    expect(weightsOf(await loaded(artifacts))).toEqual(weightsOf(model));
  });

  test.each([{ className: 'own' }, { config: {} }, {}])(
    'a schedule of one\u2019s own: %o',
    async (described) => {
      const model = network({ optimizer: tf.train.sgd({ at: () => 0.1, ...described }) });
      const [artifacts, warning] = await savedWithWarning(model);
      expect(warning).toContain('a schedule of your own, can be neither saved');
      expect(artifacts).not.toHaveProperty('trainingConfig');
      expect(weightsOf(await loaded(artifacts))).toEqual(weightsOf(model));
    },
  );
});

test('a loss by the name of its output comes back', async () => {
  const model = network();
  const loss = { [model.outputNames[0]]: 'sparseCategoricalCrossentropy' };
  model.compile({ optimizer: 'adam', loss, metrics: ['acc'] });
  const losses = [model, await reloaded(model)].map((each) => each.evaluate(x, y) as tf.Tensor[]);
  const [before, after] = losses.map((each) => each.map((value) => value.dataSync()[0]));
  expect(after).toEqual(before);
});
