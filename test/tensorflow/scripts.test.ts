// Scripts as people write them for TensorFlow.js: each learns what it is for.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import * as tf from '../../src/node.ts';

const folder = mkdtempSync(join(tmpdir(), 'lanegrad-scripts-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => tf.setSeed(5));

const numbersOf = (tensor: tf.Tensor | tf.Tensor[]) => [...[tensor].flat()[0].dataSync()];

test('a training loop: variables, batches as slices, accuracy read on the way, a learning rate that falls', () => {
  const points = tf.randomUniform([256, 2], -1, 1);
  const [x, y] = tf.unstack(points, 1);
  const inside = x.square().add(y.square()).less(0.5).toFloat();
  const [w1, b1] = [tf.variable(tf.randomNormal([2, 16])), tf.variable(tf.zeros([16]))];
  const [w2, b2] = [tf.variable(tf.randomNormal([16, 1], 0, 0.3)), tf.variable(tf.scalar(0))];
  const model = (input: tf.Tensor) =>
    tf.tidy(() => input.matMul(w1).add(b1).relu().matMul(w2).add(b2).squeeze([1]));
  const optimizer = tf.train.adam(0.05);
  let accuracy = 0;
  for (let epoch = 0; epoch < 200 && accuracy < 0.97; epoch++) {
    optimizer.learningRate = 0.05 * 0.99 ** epoch;
    for (let start = 0; start < 256; start += 64) {
      const batch = points.slice([start, 0], [64, 2]);
      const labels = inside.slice([start], [64]);
      optimizer.minimize(() => tf.losses.sigmoidCrossEntropy(labels, model(batch)) as tf.Tensor);
    }
    accuracy = tf.tidy(() => model(points).greater(0).equal(inside.cast('bool')).mean().dataSync()[0]);
  }
  expect(accuracy).toBeGreaterThanOrEqual(0.97);
  tf.dispose([w1, b1, w2, b2]);
});

test('two networks against each other, each with its optimizer, the judge frozen where the forger learns', async () => {
  const latent = 2;
  const forger = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [latent] })] });
  const judge = tf.sequential({
    layers: [
      tf.layers.dense({ units: 16, activation: 'tanh', inputShape: [1] }),
      tf.layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
  });
  judge.compile({ optimizer: tf.train.adam(0.02), loss: 'binaryCrossentropy' });
  judge.trainable = false;
  const noise = tf.input({ shape: [latent] });
  const both = tf.model({ inputs: noise, outputs: judge.apply(forger.apply(noise)) as tf.SymbolicTensor });
  both.compile({ optimizer: tf.train.adam(0.02, 0.5), loss: 'binaryCrossentropy' });
  const [real, fake] = [tf.ones([64, 1]), tf.zeros([64, 1])];
  const forge = () => forger.predict(tf.randomNormal([64, latent])) as tf.Tensor;
  expect(Math.abs(forge().mean().dataSync()[0] - 3)).toBeGreaterThan(2);
  const means: number[] = [];
  for (let step = 0; step < 300; step++) {
    const seen = tf.concat([tf.randomNormal([64, 1], 3, 1), forge()]);
    await judge.trainOnBatch(seen, tf.concat([real.mul(0.9), fake]));
    const before = judge.getWeights().map((w) => [...w.dataSync()]);
    await both.trainOnBatch(tf.randomNormal([64, latent]), real);
    if (step % 100 === 0) expect(judge.getWeights().map((w) => [...w.dataSync()])).toEqual(before);
    if (step >= 200) means.push(forge().mean().dataSync()[0]);
  }
  const mean = means.reduce((a, b) => a + b, 0) / means.length;
  expect(Math.abs(mean - 3)).toBeLessThan(0.5);
});

test('a sequence to its reverse, with attention', async () => {
  const [length, symbols, units] = [5, 6, 24];
  const encoderInput = tf.input({ shape: [length] });
  const decoderInput = tf.input({ shape: [length] });
  const embed = () => tf.layers.embedding({ inputDim: symbols + 1, outputDim: 8 });
  const recurrent = () => tf.layers.lstm({ units, returnSequences: true });
  const encoder = recurrent().apply(embed().apply(encoderInput)) as tf.SymbolicTensor;
  const last = tf.layers.globalAveragePooling1d().apply(encoder) as tf.SymbolicTensor;
  const decoder = recurrent().apply(embed().apply(decoderInput), { initialState: [last, last] });
  const scores = tf.layers.dot({ axes: [2, 2] }).apply([decoder, encoder] as tf.SymbolicTensor[]);
  const attention = tf.layers.activation({ activation: 'softmax', name: 'attention' }).apply(scores);
  const context = tf.layers.dot({ axes: [2, 1] }).apply([attention, encoder] as tf.SymbolicTensor[]);
  const joined = tf.layers.concatenate().apply([context, decoder] as tf.SymbolicTensor[]);
  const output = tf.layers
    .timeDistributed({ layer: tf.layers.dense({ units: symbols + 1, activation: 'softmax' }) })
    .apply(joined) as tf.SymbolicTensor;
  const model = tf.model({ inputs: [encoderInput, decoderInput], outputs: output });
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'sparseCategoricalCrossentropy' });

  const given = tf.randomUniform([320, length], 1, symbols + 1, 'int32').toFloat();
  const wanted = given.reverse(1);
  // What the decoder has written so far: nothing, and then what it should have.
  const written = tf.concat([tf.zeros([320, 1]), wanted.slice([0, 0], [320, length - 1])], 1);
  await model.fit([given, written], wanted, { epochs: 40, batchSize: 32, verbose: 0, seed: 1 });

  const fresh = tf.randomUniform([32, length], 1, symbols + 1, 'int32').toFloat();
  const answer = tf.buffer([32, length]);
  let chosen: number[][] = [];
  for (let t = 0; t < length; t++) {
    const predicted = model.predict([fresh, answer.toTensor()]) as tf.Tensor;
    chosen = predicted.argMax(2).arraySync() as number[][];
    if (t + 1 < length) for (const [i, row] of chosen.entries()) answer.set(row[t], i, t + 1);
  }
  const right = fresh.reverse(1).equal(tf.tensor2d(chosen));
  expect(right.mean().dataSync()[0]).toBeGreaterThan(0.9);
  const looking = tf.model({
    inputs: model.inputs,
    outputs: model.getLayer('attention').output as tf.SymbolicTensor,
  });
  const map = looking.predict([fresh, answer.toTensor()]) as tf.Tensor;
  expect(map.shape).toEqual([32, length, length]);
  for (const sum of numbersOf(map.sum(-1))) expect(sum).toBeCloseTo(1, 5);
});

describe('a table to a regression', () => {
  const price = (rooms: number, area: number, kind: string) =>
    3 * rooms + 0.5 * area + (kind === 'new' ? 4 : 0);
  const table = () => {
    const rows = Array.from({ length: 200 }, (_, i) => {
      const [rooms, area, kind] = [
        1 + (i % 5),
        20 + ((i * 37) % 60),
        i % 3 === 0 ? 'new' : '"old, but fine"',
      ];
      return `${rooms},${area},${kind},${price(rooms, area, kind)}`;
    });
    return `rooms,area,kind,price\n${rows.join('\n')}\n`;
  };

  test('by tf.data.csv, fitDataset, save and load', async () => {
    const path = join(folder, 'houses.csv');
    writeFileSync(path, table());
    const rows = tf.data.csv(`file://${path}`, { columnConfigs: { price: { isLabel: true } } });
    expect(await rows.columnNames()).toEqual(['rooms', 'area', 'kind', 'price']);
    const samples = rows.map((row) => {
      const { xs, ys } = row as unknown as {
        xs: Record<string, string | number>;
        ys: Record<string, number>;
      };
      return { xs: [xs.rooms, Number(xs.area) / 40, xs.kind === 'new' ? 1 : 0], ys: [ys.price] };
    });
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [3] })] });
    model.compile({ optimizer: tf.train.adam(1), loss: 'meanSquaredError', metrics: ['mae'] });
    const { history } = await model.fitDataset(samples.shuffle(50, 3).batch(20) as never, {
      epochs: 80,
      verbose: 0,
      validationData: samples.batch(50) as never,
    });
    expect((history.val_mae as number[]).at(-1)).toBeLessThan(0.1);
    await model.save(`file://${join(folder, 'model')}`);
    const loaded = await tf.loadLayersModel(`file://${join(folder, 'model')}/model.json`);
    const [predicted] = numbersOf(loaded.predict(tf.tensor2d([[3, 1, 1]])));
    expect(Math.abs(predicted - price(3, 40, 'new'))).toBeLessThan(0.5);
  });
});
