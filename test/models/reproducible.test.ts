// One seed fixes everything; and what is frozen, shared, constrained or penalised behaves as it should.

import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const wave = (rows: number, columns: number) =>
  tf.tensor2d(
    Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => Math.sin(i * 1.7 + j))),
  );

const x = wave(50, 6);
const y = tf.tensor2d(Array.from({ length: 50 }, (_, i) => [Math.cos(i)]));
// Of `variables`, because the order of weights is another where layers are frozen.
const flat = (model: tf.Model) => model.variables.flatMap((variable) => Array.from(variable.values()));

function network(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 16, activation: 'relu', inputShape: [6] }),
      tf.layers.dropout({ rate: 0.4 }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });
  return model;
}

async function trained(seed: number, fitSeed?: number): Promise<number[]> {
  tf.setSeed(seed);
  const model = network();
  await model.fit(x, y, { epochs: 3, batchSize: 8, verbose: 0, seed: fitSeed });
  return flat(model);
}

describe('seeds', () => {
  test('the same gives the same bits, dropout and shuffling included', async () => {
    expect(await trained(1)).toEqual(await trained(1));
  });

  test('another gives others, in the script and in fit', async () => {
    const first = await trained(1, 5);
    expect(await trained(1, 5)).toEqual(first);
    expect(await trained(2, 5)).not.toEqual(first);
    expect(await trained(1, 6)).not.toEqual(first);
  });
});

describe('trainable', () => {
  test('a frozen layer keeps its weights, and learns again when it is thawed', async () => {
    tf.setSeed(4);
    const model = network();
    const [first] = model.layers;
    first.trainable = false;
    expect(model.trainableVariables.map(({ name }) => name.split('/')[1])).toEqual(['kernel', 'bias']);
    const before = flat(model);
    await model.fit(x, y, { epochs: 1, verbose: 0 });
    const frozen = first.countParams();
    expect(flat(model).slice(0, frozen)).toEqual(before.slice(0, frozen));
    expect(flat(model).slice(frozen)).not.toEqual(before.slice(frozen));
    first.trainable = true;
    await model.fit(x, y, { epochs: 1, verbose: 0 });
    expect(flat(model).slice(0, frozen)).not.toEqual(before.slice(0, frozen));
  });

  test('a model that is frozen as a whole is so where it is saved', async () => {
    const model = network();
    model.trainable = false;
    let saved: tf.ModelArtifacts | undefined;
    await model.save({ save: async (artifacts) => (saved = artifacts) });
    const loaded = await tf.loadLayersModel({ load: async () => saved! });
    expect([loaded.trainable, loaded.trainableWeights.length]).toEqual([false, 0]);
  });
});

describe('functional models', () => {
  test('a shared layer has its weights once and learns from both uses', async () => {
    tf.setSeed(2);
    const [a, b] = [tf.input({ shape: [6] }), tf.input({ shape: [6] })];
    const shared = tf.layers.dense({ units: 1, useBias: false });
    const sum = tf.layers.add().apply([shared.apply(a), shared.apply(b)]);
    const model = tf.model({ inputs: [a, b], outputs: sum });
    expect(model.countParams()).toBe(6);
    const twice = model.predict([x, x]) as tf.Tensor;
    const single = tf.model({ inputs: a, outputs: shared.apply(a) }).predict(x) as tf.Tensor;
    expect(Array.from(twice.dataSync())).toEqual(
      Array.from(single.dataSync(), (value) => Math.fround(2 * value)),
    );
  });

  test('several inputs and outputs, by order and by name; the loss is the weighted sum', () => {
    tf.setSeed(3);
    const [a, b] = [tf.input({ shape: [6], name: 'a' }), tf.input({ shape: [6], name: 'b' })];
    const joined = tf.layers.concatenate().apply([a, b]);
    const left = tf.layers.dense({ units: 1, name: 'left' }).apply(joined);
    const right = tf.layers.dense({ units: 2, activation: 'softmax', name: 'right' }).apply(joined);
    const model = tf.model({ inputs: [a, b], outputs: [left, right] });
    model.compile({
      optimizer: 'sgd',
      loss: { left: 'meanSquaredError', right: 'sparseCategoricalCrossentropy' },
      lossWeights: { left: 1, right: 0.25 },
      metrics: { right: 'accuracy' },
    });
    expect(model.metricsNames).toEqual(['loss', 'left_loss', 'right_loss', 'right_acc']);
    const labels = tf.tensor1d(Int32Array.from({ length: 50 }, (_, i) => i % 2));
    const numbers = (result: tf.Tensor | tf.Tensor[]) => [result].flat().map((each) => each.dataSync()[0]);
    const byOrder = numbers(model.evaluate([x, x], [y, labels]));
    expect(numbers(model.evaluate({ a: x, b: x }, { left: y, right: labels }))).toEqual(byOrder);
    expect(byOrder[0]).toBeCloseTo(byOrder[1] + 0.25 * byOrder[2], 5);
  });

  test('a model is a layer of another', async () => {
    tf.setSeed(6);
    const inner = tf.sequential({
      layers: [tf.layers.dense({ units: 3, activation: 'tanh', inputShape: [6] })],
    });
    const outer = tf.sequential({ layers: [inner, tf.layers.dense({ units: 1 })] });
    outer.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const before = flat(inner);
    await outer.fit(x, y, { verbose: 0 });
    expect(flat(inner)).not.toEqual(before);
    expect((inner.predict(x) as tf.Tensor).shape).toEqual([50, 3]);
  });
});

describe('penalties', () => {
  function lossWith(options: Partial<Parameters<typeof tf.layers.dense>[0]>): number {
    tf.setSeed(9);
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [6], ...options })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const kernel = Array.from(model.getWeights()[0].dataSync());
    const loss = (model.evaluate(x, wave(50, 2), { batchSize: 50 }) as tf.Tensor).dataSync()[0];
    sums = {
      l1: kernel.reduce((sum, w) => sum + Math.abs(w), 0),
      l2: kernel.reduce((sum, w) => sum + w * w, 0),
      output: Array.from((model.predict(x) as tf.Tensor).dataSync()).reduce(
        (sum, value) => sum + value * value,
        0,
      ),
    };
    return loss;
  }
  let sums = { l1: 0, l2: 0, output: 0 };

  test('l1, l2 and both add what they should', () => {
    const plain = lossWith({});
    expect(lossWith({ kernelRegularizer: tf.regularizers.l1({ l1: 0.1 }) }) - plain).toBeCloseTo(
      0.1 * sums.l1,
      5,
    );
    expect(lossWith({ kernelRegularizer: 'l2' }) - plain).toBeCloseTo(0.01 * sums.l2, 5);
    expect(lossWith({ kernelRegularizer: tf.regularizers.l1l2({ l1: 0.2, l2: 0.3 }) }) - plain).toBeCloseTo(
      0.2 * sums.l1 + 0.3 * sums.l2,
      5,
    );
  });

  test('an activity penalty is of the batch, divided by its size', () => {
    const plain = lossWith({});
    const penalised = lossWith({ activityRegularizer: tf.regularizers.l2({ l2: 0.5 }) });
    expect(penalised - plain).toBeCloseTo((0.5 * sums.output) / 50, 5);
  });
});

test('constraints hold after every step', async () => {
  tf.setSeed(12);
  const layer = tf.layers.dense({
    units: 4,
    inputShape: [6],
    kernelConstraint: tf.constraints.maxNorm({ maxValue: 0.5 }),
    biasConstraint: 'nonNeg',
  });
  const model = tf.sequential({ layers: [layer] });
  model.compile({ optimizer: tf.train.sgd(0.5), loss: 'meanSquaredError' });
  for (let step = 0; step < 5; step++) {
    await model.trainOnBatch(x, wave(50, 4));
    const [kernel, bias] = layer.getWeights().map((weight) => weight.dataSync());
    for (let unit = 0; unit < 4; unit++) {
      const norm = Math.hypot(...Array.from({ length: 6 }, (_, i) => kernel[i * 4 + unit]));
      expect(norm).toBeLessThan(0.5 + 1e-6);
    }
    expect(Math.min(...bias)).toBeGreaterThanOrEqual(0);
  }
});

describe('clipping', () => {
  async function gradientWith(clipping: object): Promise<number[]> {
    tf.setSeed(13);
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [6] })] });
    model.compile({ optimizer: tf.train.sgd({ learningRate: 1, ...clipping }), loss: 'sumSquaredError' });
    const before = flat(model);
    await model.trainOnBatch(x, wave(50, 2));
    return flat(model).map((value, i) => before[i] - value);
  }
  const norm = (values: number[]) => Math.hypot(...values);

  test('by value, by each norm, by the norm of all', async () => {
    const plain = await gradientWith({});
    const byValue = await gradientWith({ clipValue: 0.05 });
    for (const [i, g] of byValue.entries()) {
      expect(g).toBeCloseTo(Math.min(Math.max(plain[i], -0.05), 0.05), 5);
    }
    const byNorm = await gradientWith({ clipNorm: 0.1 });
    expect(norm(byNorm.slice(0, 12))).toBeCloseTo(0.1, 5);
    const byAll = await gradientWith({ globalClipNorm: 0.1 });
    expect(norm(byAll)).toBeCloseTo(0.1, 5);
    for (const [i, g] of byAll.entries()) expect(g).toBeCloseTo((plain[i] * 0.1) / norm(plain), 5);
    expect(await gradientWith({ clipNorm: 1e6 })).toEqual(plain);
    // By value first; then the kernel, whose norm is that of its clipped gradient.
    const kernel = (await gradientWith({ clipValue: 0.05, clipNorm: 0.06 })).slice(0, 12);
    const kernelNorm = norm(byValue.slice(0, 12));
    expect(kernelNorm).toBeGreaterThan(0.06);
    for (const [i, g] of kernel.entries()) expect(g).toBeCloseTo((byValue[i] * 0.06) / kernelNorm, 5);
  });
});
