// What losses, metrics and layers of one's own read beside their arguments: variables, and what other models predict.
// Numbers are of TensorFlow.js 4.22.

import { afterEach, expect, test, vi } from 'vitest';
import * as tf from '../../src/index.ts';

afterEach(() => vi.restoreAllMocks());

const quiet = { epochs: 1, shuffle: false, verbose: 0 };
const x = tf.fill([4, 2], 3);
const y = tf.ones([4, 1]);
const dense = (kernelInitializer: 'ones' | 'zeros', options = {}) =>
  tf.layers.dense({ units: 1, kernelInitializer, ...options });
const numbers = (given: unknown) => [given].flat().map((each) => (each as tf.Tensor).dataSync()[0]);

test('a loss and a metric read a variable as it is in each step', async () => {
  const weight = tf.variable(tf.scalar(0));
  const model = tf.sequential({ layers: [dense('zeros', { inputShape: [2] })] });
  const near = (p: tf.Tensor) => p.mean().add(weight);
  model.compile({
    optimizer: tf.train.sgd(0),
    // Of the variable alone, and with what is traced.
    loss: (t, p) => tf.losses.meanSquaredError(t, p).add(weight.mul(2).sub(weight)),
    metrics: [(_t: tf.Tensor, p: tf.Tensor) => near(p)],
  });
  const logs: number[][] = [];
  const callbacks = {
    onEpochBegin: async (epoch: number) => weight.assign(tf.scalar(epoch)),
    onEpochEnd: async (_: number, seen?: tf.Logs) => {
      logs.push(Object.values(seen!));
    },
  };
  await model.fit(x, y, { ...quiet, epochs: 3, callbacks });
  expect(logs).toEqual([
    [1, 0],
    [2, 1],
    [3, 2],
  ]);
  weight.assign(tf.scalar(5));
  expect(numbers(model.evaluate(x, y))).toEqual([6, 5]);
  expect(model.trainableWeights).toHaveLength(2);
});

test('a layer reads a variable as it is, and changes it in each step', async () => {
  class Following extends tf.layers.Layer {
    static className = 'FollowingByVariable';
    readonly mean = tf.variable(tf.scalar(0), false);
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      const [a] = [inputs].flat();
      this.mean.assign(this.mean.mul(0.5).add(a.mean()));
      return a.sub(this.mean);
    }
  }
  const layer = new Following({});
  const model = tf.sequential({ layers: [dense('ones', { inputShape: [2] }), layer] });
  expect(numbers(model.predict(x))).toEqual([0]);
  expect(numbers(model.predict(x))).toEqual([-3]);
  expect(numbers(layer.mean)).toEqual([9]);
  layer.mean.assign(tf.scalar(0));
  expect(numbers(model.apply(x))).toEqual([0]);
  expect(numbers(layer.mean)).toEqual([6]);
  layer.mean.assign(tf.scalar(9));
  model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
  const { history } = await model.fit(x, y, { ...quiet, epochs: 2, batchSize: 2 });
  expect(history.loss).toEqual([34.65625, expect.closeTo(736.16895, 2)]);
  expect(numbers(layer.mean)).toEqual([expect.closeTo(148.89752, 3)]);
});

test('a loss compares what another model predicts', async () => {
  const [doubled, dropping] = [new Float32Array([2]), tf.layers.dropout({ rate: 0.5 })];
  const judge = tf.sequential({ layers: [dense('ones', { inputShape: [1] }), dropping] });
  judge.layers[0].setWeights([tf.tensor2d(doubled, [1, 1]), tf.zeros([1])]);
  const model = tf.sequential({ layers: [dense('ones', { inputShape: [2] })] });
  model.compile({
    optimizer: tf.train.sgd(0.01),
    loss: (t, p) =>
      tf.losses.meanSquaredError(judge.predict(t) as tf.Tensor, judge.predictOnBatch(p) as tf.Tensor),
  });
  // Σ (2·6 − 2·1)² / 4, without dropout: predictions are no training.
  const { history } = await model.fit(x, y, quiet);
  expect(history.loss).toEqual([100]);
  // 6 − 0.01·2·(2·5)·2·3 for each weight.
  expect(model.getWeights()[0].arraySync()).toEqual([[expect.closeTo(-0.2, 5)], [expect.closeTo(-0.2, 5)]]);
  expect(judge.getWeights()[0].arraySync()).toEqual([[2]]);
});

/** The losses of three epochs, with `layer` between two dense layers, or with a loss of one's own. */
async function trained(options: { layer?: (x: tf.Tensor) => tf.Tensor; loss?: unknown }): Promise<number[]> {
  class Own extends tf.layers.Layer {
    static className = 'WithGradient';
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return options.layer!([inputs].flat()[0]);
    }
  }
  const first = dense('ones', { units: options.layer ? 2 : 1, inputShape: [2] });
  const model = tf.sequential({ layers: options.layer ? [first, new Own({}), dense('ones')] : [first] });
  model.compile({
    optimizer: tf.train.sgd(0.01),
    loss: (options.loss ?? 'meanSquaredError') as tf.LossFunction,
  });
  const { history } = await model.fit(tf.ones([4, 2]), y, { ...quiet, epochs: 3 });
  return history.loss as number[];
}

const steep = tf.customGrad((x: tf.Tensor, save: tf.GradSaveFunc) => {
  save([x]);
  return { value: x.square(), gradFunc: (dy: tf.Tensor, [kept]: tf.Tensor[]) => dy.mul(kept).mul(3) };
});
const near = (values: number[]) => values.map((value) => expect.closeTo(value, 5));

test('a layer and a loss have gradients of their own, of what was saved', async () => {
  expect(await trained({ layer: steep })).toEqual(near([49, 0.81369066, 0.71531743]));
  const loss = (t: tf.Tensor, p: tf.Tensor) => tf.losses.meanSquaredError(t, steep(p));
  expect(await trained({ loss })).toEqual(near([9, 0.02359299, 0.01126794]));
});

test('and of what they know without: arguments, constants, what the value does not need', async () => {
  const rounded = tf.customGrad((x: tf.Tensor, steps: tf.Tensor) => ({
    value: x.mul(steps).round().div(steps),
    gradFunc: (dy: tf.Tensor) => [dy, tf.zerosLike(steps)],
  }));
  expect(await trained({ layer: (x) => rounded(x, tf.scalar(4)) })).toEqual(near([9, 4.0804, 3.0003438]));
  const tripled = tf.customGrad((x: tf.Tensor) => {
    const three = x.mul(0).add(3);
    return { value: x.square(), gradFunc: (dy: tf.Tensor) => x.neg().mul(dy).mul(three).neg() };
  });
  expect(await trained({ layer: tripled })).toEqual(await trained({ layer: steep }));
  const constant = tf.customGrad((p: tf.Tensor) => ({
    value: tf.scalar(3),
    gradFunc: (dy: tf.Tensor) => tf.onesLike(p).mul(dy),
  }));
  expect(await trained({ loss: (_: tf.Tensor, p: tf.Tensor) => constant(p) })).toEqual([3, 3, 3]);
});

const lossesOf = async (loss: unknown, model: tf.Sequential, change = (_epoch: number) => {}) => {
  model.compile({ optimizer: tf.train.sgd(0.1), loss: loss as tf.LossFunction });
  const callbacks = { onEpochEnd: async (epoch: number) => change(epoch) };
  const { history } = await model.fit(tf.ones([4, 1]), y, { ...quiet, epochs: 3, callbacks });
  return history.loss as number[];
};
const scaling = (by: number) =>
  tf.sequential({
    layers: [
      tf.layers.dense({
        units: 1,
        inputShape: [1],
        useBias: false,
        kernelInitializer: tf.initializers.constant({ value: by }),
      }),
    ],
  });
const one = tf.ones([1, 1]);

test('weights are read as they are in each step: by predict, getWeights and read, of other models too', async () => {
  const shrinking = near([1, 0.64, 0.4096]);
  const model = scaling(1);
  const predicted = (_: tf.Tensor, p: tf.Tensor) =>
    p
      .mean()
      .mul(0)
      .add((model.predict(one) as tf.Tensor).square().mean());
  expect(await lossesOf(predicted, model)).toEqual(shrinking);
  const other = scaling(1);
  const squared = (_: tf.Tensor, p: tf.Tensor) =>
    p.mean().mul(0).add(other.layers[0].getWeights()[0].square().sum());
  expect(await lossesOf(squared, other)).toEqual(shrinking);
  // A model that nobody has used yet.
  const judge = scaling(3);
  const judged = (t: tf.Tensor, p: tf.Tensor) =>
    p.sub(t.matMul(judge.layers[0].weights[0].read())).square().mean();
  expect(await lossesOf(judged, scaling(1))).toEqual(near([4, 2.56, 1.6384]));
  const set = (epoch: number) => judge.setWeights([tf.tensor2d([[epoch + 5]])]);
  const still = (_: tf.Tensor, p: tf.Tensor) =>
    p
      .mul(0)
      .add(1)
      .sub(judge.predict(one) as tf.Tensor)
      .square()
      .mean();
  expect(await lossesOf(still, scaling(1), set)).toEqual(near([4, 16, 25]));
});

test('what getWeights gives in a function that is differentiated is what it depends on', () => {
  const model = scaling(2);
  const optimizer = tf.train.sgd(0.1);
  for (let i = 0; i < 3; i++) optimizer.minimize(() => model.getWeights()[0].square().sum());
  expect(numbers(model.getWeights()[0])).toEqual(near([1.024]));
});

test.each<[string, (v: tf.Tensor) => tf.Tensor]>([
  ['clone', (v) => v.clone()],
  ['cast', (v) => v.cast('float32')],
  ['cast to integers', (v) => v.cast('int32').toFloat()],
  ['reshape', (v) => v.reshape([1])],
  ['as1D', (v) => v.as1D()],
])('a variable is read in each step through %s', async (_, seen) => {
  const variable = tf.variable(tf.scalar(1), false);
  const loss = (_t: tf.Tensor, p: tf.Tensor) => p.mul(0).add(1).mul(seen(variable)).mean();
  const change = (epoch: number) => variable.assign(tf.scalar(epoch + 2));
  expect(await lossesOf(loss, scaling(1), change)).toEqual([1, 2, 3]);
});

test('gradients that do not come through dy: constants, and what was saved alone', async () => {
  const both = tf.customGrad((a: tf.Tensor, b: tf.Tensor, save: tf.GradSaveFunc) => {
    save([a, b]);
    const gradFunc = (dy: tf.Tensor, [, kept]: tf.Tensor[]) => [dy.mul(kept), tf.zerosLike(kept)];
    return { value: a.mul(b).mean(), gradFunc };
  });
  expect(await lossesOf((t: tf.Tensor, p: tf.Tensor) => both(p, t), scaling(2))).toEqual(near([2, 1.6, 1.2]));
  const saved = tf.customGrad((a: tf.Tensor, save: tf.GradSaveFunc) => {
    save([a]);
    return { value: a.mean(), gradFunc: (_: tf.Tensor, [kept]: tf.Tensor[]) => kept.mul(10) };
  });
  expect(await lossesOf((_: tf.Tensor, p: tf.Tensor) => saved(p), scaling(2))).toEqual(near([2, -6, 18]));
  const flat = tf.customGrad((a: tf.Tensor) => ({ value: a.mean(), gradFunc: () => tf.ones([4, 1]) }));
  expect(await lossesOf((_: tf.Tensor, p: tf.Tensor) => flat(p), scaling(2))).toEqual(near([2, 1.6, 1.2]));
});

test('gradients of one’s own in a step that is computed in parts', async () => {
  const loss = (_: tf.Tensor, p: tf.Tensor) => steep(p).mean();
  const losses = [1, 2].map(async (microBatches) => {
    const model = scaling(2);
    model.compile({ optimizer: tf.train.sgd(0.1), loss });
    return (await model.fit(tf.ones([4, 1]), y, { ...quiet, epochs: 3, microBatches })).history.loss;
  });
  const [whole, parts] = await Promise.all(losses);
  expect(parts).toEqual(near(whole as number[]));
});

test('what a loss assigns that is no part of its trace is assigned in each step too', async () => {
  const [source, seen] = [tf.variable(tf.scalar(0)), tf.variable(tf.scalar(0))];
  const loss = (_: tf.Tensor, p: tf.Tensor) => {
    seen.assign(source);
    return p.mean().mul(0).add(seen);
  };
  const change = (epoch: number) => source.assign(tf.scalar(epoch + 1));
  expect(await lossesOf(loss, scaling(1), change)).toEqual([0, 1, 2]);
});

test('regularizers and constraints that a loss calls read variables as they are', async () => {
  const variable = tf.variable(tf.scalar(-1));
  const change = (epoch: number) => variable.assign(tf.scalar(epoch + 2));
  const loss = (_: tf.Tensor, p: tf.Tensor) =>
    p
      .mean()
      .mul(0)
      .add(tf.regularizers.l2({ l2: 1 }).apply(variable))
      .add(tf.constraints.nonNeg().apply(variable));
  expect(await lossesOf(loss, scaling(1), change)).toEqual([1, 6, 12]);
});

test('gradients that a loss takes of a script’s own tensors are numbers', async () => {
  const v = tf.variable(tf.scalar(3));
  const gradients = [
    () => tf.grad((z) => z.square())(v),
    () => tf.grad((z) => z.mul(v))(tf.scalar(1)),
    () => tf.variableGrads(() => v.square() as tf.Scalar).value,
  ];
  for (const [i, taken] of gradients.entries()) {
    const loss = (_: tf.Tensor, p: tf.Tensor) => p.mean().mul(0).add(taken());
    expect(await lossesOf(loss, scaling(1))).toEqual(new Array(3).fill([6, 3, 9][i]));
  }
});

test('a moving average takes plain numbers in a layer too', async () => {
  // 2 moved a tenth of the way to 2², divided by 1 − 0.9²: in both units, against a target of 1.
  const moved = 2 + (0.1 * (4 - 2)) / (1 - 0.9 ** 2);
  const [first] = await trained({ layer: (x) => tf.movingAverage(x, x.square(), 0.9, 2) });
  expect(first).toBeCloseTo((2 * moved - 1) ** 2, 4);
});

test('print and String show shape and type where a model is traced, and stop nothing', async () => {
  const lines: unknown[] = [];
  vi.spyOn(console, 'log').mockImplementation((line) => lines.push(line));
  const loss = (t: tf.Tensor, p: tf.Tensor) => {
    p.print();
    lines.push(String(p));
    return tf.losses.meanSquaredError(t, p);
  };
  expect(await trained({ loss })).toHaveLength(3);
  expect(new Set(lines)).toEqual(new Set(['Tensor [4,1] float32, traced: it has no numbers yet']));
});
