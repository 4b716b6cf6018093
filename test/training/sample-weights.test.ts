// What samples and classes count for in `fit`.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { line, quiet, weightOf, x, y } from './line.ts';

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

  describe('of steps', () => {
    const series = tf.tensor3d([
      [[1], [2], [3]],
      [[-1], [0], [2]],
    ]);
    const labels = tf.tensor2d([
      [0, 1, 1],
      [1, 0, 0],
    ]);
    /** The kernel after one step. */
    async function trained(loss: string, targets: tf.Tensor, options: tf.FitOptions): Promise<number[]> {
      const dense = tf.layers.dense({
        units: 2,
        activation: 'softmax',
        inputShape: [3, 1],
        kernelInitializer: 'ones',
      });
      const model = tf.sequential({ layers: [dense] });
      model.compile({ optimizer: tf.train.sgd(1), loss });
      await model.fit(series, targets, { ...all, ...options });
      return Array.from(model.getWeights()[0].dataSync());
    }
    const sparse = 'sparseCategoricalCrossentropy';

    test('each has the weight of its own class', async () => {
      const byClass = await trained(sparse, labels, { classWeight: { 0: 1, 1: 4 } });
      const byStep = await trained(sparse, labels, {
        sampleWeight: tf.add(tf.mul(labels, 3), 1) as tf.Tensor,
      });
      expect(byClass).toEqual(byStep);
      expect(byClass).not.toEqual(await trained(sparse, labels, {}));
      const oneHot = tf.oneHot(labels.toInt(), 2);
      const dense = await trained('categoricalCrossentropy', oneHot, { classWeight: { 1: 4 } });
      for (const [i, value] of dense.entries()) expect(value).toBeCloseTo(byClass[i], 6);
    });

    test('and of its sample', async () => {
      const both = { classWeight: { 1: 4 }, sampleWeight: tf.tensor1d([2, 0]) };
      const byStep = tf.mul(tf.add(tf.mul(labels, 3), 1), tf.tensor2d([[2], [0]])) as tf.Tensor;
      expect(await trained(sparse, labels, both)).toEqual(
        await trained(sparse, labels, { sampleWeight: byStep }),
      );
    });

    test('are as many as there are steps', async () => {
      await expect(trained(sparse, labels, { sampleWeight: tf.ones([2, 2]) })).rejects.toThrow(
        'fit: sampleWeight must hold a number for each of 2 samples, or for each of their steps; got [2,2].',
      );
    });
  });

  test('of samples without steps are as many as there are samples', async () => {
    await expect(line().fit(x, y, { ...quiet, sampleWeight: tf.ones([3]) })).rejects.toThrow(
      /^fit: sampleWeight must hold a number for each of 20 samples; got \[3\]\.$/,
    );
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

test('class weights of one-hot targets; a sample that is far off costs what it costs', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [2], kernelInitializer: 'zeros', activation: 'softmax' }),
    ],
  });
  model.compile({ loss: 'categoricalCrossentropy', optimizer: tf.train.sgd(1) });
  const x = tf.tensor2d([
    [0, 1],
    [0, 2],
    [1, 10],
    [1, 20],
    [2, -10],
    [2, -20],
  ]);
  const y = tf.oneHot([0, 0, 1, 1, 2, 2], 3);
  const { history } = await model.fit(x, y, {
    epochs: 2,
    verbose: 0,
    classWeight: [{ 0: 1, 1: 10, 2: 1 }],
  });
  // All are as likely at first: log 3, 24 times over 6 samples. A step later two are 52.5 and 102 off, in class 0.
  expect(history.loss[0]).toBeCloseTo(4 * Math.log(3), 5);
  expect(history.loss[1]).toBeCloseTo((52.5 + 102) / 6, 4);
});

describe('class weights in lists', () => {
  const x = tf.ones([2, 1]);
  const y = tf.oneHot([0, 1], 2);

  /** The losses of the first epoch, of a model that thinks all classes as likely, in units of log 2. */
  async function losses(outputs: number, classWeight: unknown): Promise<number[]> {
    const input = tf.input({ shape: [1] });
    const heads = ['left', 'right'].slice(0, outputs).map((name) => {
      const options = { units: 2, kernelInitializer: 'zeros', activation: 'softmax', name } as const;
      return tf.layers.dense(options).apply(input) as tf.SymbolicTensor;
    });
    const model = tf.model({ inputs: input, outputs: heads });
    model.compile({ loss: 'categoricalCrossentropy', optimizer: tf.train.sgd(0) });
    const y_ = heads.map(() => y);
    const { history } = await model.fit(x, y_, { epochs: 1, verbose: 0, classWeight } as never);
    return Object.values(history).map(([loss]) => Number((loss / Math.log(2)).toFixed(5)));
  }

  test('numbers are by class, of a model of one output', async () => {
    expect(await losses(1, [1, 3])).toEqual([2]);
  });

  test('objects are by output, null where all classes count the same', async () => {
    expect(await losses(2, [null, { 0: 1, 1: 3 }])).toEqual([3, 1, 2]);
    expect(await losses(2, [[1, 3], null])).toEqual([3, 2, 1]);
    expect(await losses(2, { left: null, right: { 1: 3 } })).toEqual([3, 1, 2]);
  });

  test.each([[{ 0: 1, 1: 2 }], [[1, 2]], [[{ 0: 1, 1: 2 }]]])(
    'of a model of two outputs they say of which: %j',
    async (classWeight) => {
      await expect(losses(2, classWeight)).rejects.toThrow(
        'classWeight must be objects for 2 outputs, in a list or by the names left, right; got',
      );
    },
  );
});

test.each([
  [[{ 0: 1 }, { 0: 'heavy' }]],
  [[{ 0: 1 }, 3]],
  [[{ 0: Number.NaN }]],
  [{ 0: 'heavy' }],
  [{ left: { 0: 1 }, right: { 0: 'heavy' } }],
  [3],
])('class weights that are none: %j', async (classWeight) => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [1] })] });
  model.compile({ loss: 'sparseCategoricalCrossentropy', optimizer: 'sgd' });
  const fit = model.fit(tf.ones([2, 1]), tf.tensor1d([0, 1]), { verbose: 0, classWeight } as never);
  await expect(fit).rejects.toThrow(
    'fit: classWeight must be an object with a number for each class; or such objects, in a list or by the names of outputs; got',
  );
});

test('the class of a target that is not all of one is its largest', async () => {
  const moved = [{ classWeight: { 0: 2, 1: 8 } }, { sampleWeight: tf.tensor1d([2, 8]) }].map(
    async (options) => {
      const layer = tf.layers.dense({
        units: 2,
        inputShape: [1],
        kernelInitializer: 'ones',
        activation: 'softmax',
      });
      const model = tf.sequential({ layers: [layer] });
      model.compile({ loss: 'categoricalCrossentropy', optimizer: tf.train.sgd(1) });
      const targets = tf.tensor2d([[0.75, 0.25], [0.125, 0.875]]); // biome-ignore format: two rows
      await model.fit(tf.tensor2d([[1], [3]]), targets, { verbose: 0, shuffle: false, ...options });
      return Array.from(model.getWeights()[0].dataSync());
    },
  );
  expect(await moved[0]).toEqual(await moved[1]);
});

test('the classes of one-hot rows count, however many there are', async () => {
  const classes = 200_000;
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: classes, inputShape: [1], kernelInitializer: 'zeros' })],
  });
  model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
  const target = new Float32Array(classes);
  target[classes - 1] = 1;
  const options = { epochs: 1, verbose: 0, classWeight: { [classes - 1]: 4 } } as const;
  const { history } = await model.fit(tf.ones([1, 1]), tf.tensor2d(target, [1, classes]), options);
  expect(history.loss[0] * classes).toBeCloseTo(4, 5);
});
