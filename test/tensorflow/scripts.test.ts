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

test('the same in a loop: each optimizer has the weights of its network', () => {
  const forger = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  const judge = tf.sequential({
    layers: [
      tf.layers.dense({ units: 16, activation: 'tanh', inputShape: [1] }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  const weightsOf = (model: tf.LayersModel) => model.trainableWeights.map((weight) => weight.val);
  const [forgers, judges] = [weightsOf(forger), weightsOf(judge)];
  const [ofForger, ofJudge] = [tf.train.adam(0.02, 0.5), tf.train.adam(0.02)];
  const forge = () => forger.apply(tf.randomNormal([64, 1])) as tf.Tensor;
  const says = (samples: tf.Tensor) => judge.apply(samples) as tf.Tensor;
  const cost = (value: number, logits: tf.Tensor) =>
    tf.losses.sigmoidCrossEntropy(tf.fill([64, 1], value), logits) as tf.Tensor<tf.Rank.R0>;
  const means: number[] = [];
  for (let step = 0; step < 300; step++) {
    const before = forgers.map((weight) => [...weight.dataSync()]);
    ofJudge.minimize(
      () => cost(0.9, says(tf.randomNormal([64, 1], -2, 1))).add(cost(0, says(forge()))),
      false,
      judges,
    );
    if (step % 100 === 0) expect(forgers.map((weight) => [...weight.dataSync()])).toEqual(before);
    ofForger.minimize(() => cost(1, says(forge())), false, forgers);
    if (step >= 200) means.push(forge().mean().dataSync()[0]);
  }
  expect(Math.abs(means.reduce((a, b) => a + b, 0) / means.length + 2)).toBeLessThan(0.5);
});

test('a policy that learns of rewards: gradients of single steps, weighed when the game is over', () => {
  const policy = tf.sequential({
    layers: [
      tf.layers.dense({ units: 8, activation: 'elu', inputShape: [2] }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  const optimizer = tf.train.adam(0.1);
  /** One game: something leans to one side or the other, and a push against it is worth 1. */
  function play(): { grads: Record<string, tf.Tensor>; reward: number }[] {
    return Array.from({ length: 10 }, () => {
      const leaning = tf.randomUniform([1, 2], -1, 1);
      let action = 0;
      const { grads } = tf.variableGrads(() => {
        const logits = policy.predict(leaning) as tf.Tensor2D;
        const right = tf.sigmoid(logits);
        const both = tf.concat([right, tf.sub(1, right)], 1) as tf.Tensor2D;
        [action] = tf.multinomial(both, 1, undefined, true).dataSync();
        const wanted = tf.sub(1, tf.tensor2d([[action]]));
        return tf.losses.sigmoidCrossEntropy(wanted, logits) as tf.Tensor<tf.Rank.R0>;
      });
      const [side] = leaning.dataSync();
      return { grads, reward: side > 0 === (action === 0) ? 1 : 0 };
    });
  }
  const rewards: number[] = [];
  for (let round = 0; round < 12; round++) {
    const steps = [play(), play(), play()].flat();
    rewards.push(steps.reduce((sum, { reward }) => sum + reward, 0) / steps.length);
    tf.tidy(() => {
      const { mean, variance } = tf.moments(tf.tensor1d(steps.map(({ reward }) => reward)));
      const worth = steps.map(({ reward }) => tf.sub(reward, mean).div(variance.sqrt().add(1e-6)));
      const averaged = Object.keys(steps[0].grads).map((name) => {
        const weighed = steps.map(({ grads }, i) => grads[name].mul(worth[i]));
        return [name, tf.mean(tf.stack(weighed), 0)];
      });
      optimizer.applyGradients(Object.fromEntries(averaged));
    });
    tf.dispose(steps);
  }
  expect(rewards.slice(-3).reduce((a, b) => a + b) / 3).toBeGreaterThan(0.85);
});

describe('an autoencoder of chances', () => {
  class Drawn extends tf.layers.Layer {
    static readonly className = 'DrawnOfNormal';
    override computeOutputShape(inputShapes: tf.ModelShape[]): tf.ModelShape {
      return inputShapes[0];
    }
    override call(inputs: tf.Value | readonly tf.Value[], kwargs: tf.CallArguments) {
      this.invokeCallHook(inputs, kwargs);
      return tf.tidy(() => {
        const [mean, logVariance] = inputs as tf.Tensor[];
        const noise = tf.randomNormal(mean.shape as [number, number]);
        return mean.add(logVariance.mul(0.5).exp().mul(noise));
      });
    }
  }
  tf.serialization.registerClass(Drawn);

  test('points on a circle are one number each, and new ones are drawn', async () => {
    const input = tf.input({ shape: [2] });
    const hidden = tf.layers.dense({ units: 24, activation: 'relu' }).apply(input) as tf.SymbolicTensor;
    const mean = tf.layers.dense({ units: 1, name: 'mean' }).apply(hidden) as tf.SymbolicTensor;
    const logVariance = tf.layers.dense({ units: 1, name: 'log' }).apply(hidden) as tf.SymbolicTensor;
    const z = new Drawn({ name: 'z' }).apply([mean, logVariance]) as tf.SymbolicTensor;
    const encoder = tf.model({ inputs: input, outputs: [mean, logVariance, z], name: 'encoder' });
    const decoder = tf.sequential({
      layers: [
        tf.layers.dense({ units: 24, activation: 'tanh', inputShape: [1] }),
        tf.layers.dense({ units: 2 }),
      ],
    });
    const angles = tf.linspace(0, Math.PI, 64);
    const points = tf.stack([angles.cos(), angles.sin()], 1);
    const lost = (yTrue: tf.Tensor, yPred: tf.Tensor) =>
      tf.tidy(() => tf.sum(tf.squaredDifference(yTrue, yPred), -1).mul(50));
    const loss = () =>
      tf.tidy(() => {
        const [m, v, drawn] = encoder.apply(points) as unknown as tf.Tensor[];
        const far = tf.scalar(1).add(v).sub(m.square()).sub(v.exp()).sum(-1).mul(-0.5);
        return lost(points, decoder.apply(drawn) as tf.Tensor)
          .add(far)
          .mean() as tf.Tensor<tf.Rank.R0>;
      });
    const optimizer = tf.train.adam(0.01);
    const losses = Array.from({ length: 400 }, () => optimizer.minimize(loss, true)!.dataSync()[0]);
    expect(losses.at(-1)).toBeLessThan(losses[0] / 5);
    const made = decoder.predict(tf.randomNormal([64, 1])) as tf.Tensor;
    const off = made.square().sum(1).sqrt().sub(1).abs().mean().dataSync()[0];
    expect(off).toBeLessThan(0.15);
    const again = await tf.models.modelFromJSON(JSON.parse(encoder.toJSON() as string));
    again.setWeights(encoder.getWeights());
    const means = [encoder, again].map((model) => numbersOf(model.predict(points)));
    expect(means[1]).toEqual(means[0]);
  });
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
