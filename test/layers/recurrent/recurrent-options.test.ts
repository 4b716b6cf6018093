// What recurrent layers do beside their recurrence: states kept across batches, dropout, frozen and saved weights.

import { describe, expect, test } from 'vitest';
import * as tf from '../../../src/index.ts';
import type { ModelArtifacts } from '../../../src/io/artifacts.ts';

const quiet = { verbose: 0, shuffle: false } as const;
const wave = (shape: number[], phase = 0) => {
  const size = shape.reduce((a, b) => a * b);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(1 + phase + i * 0.7)),
    shape,
  );
};

describe('stateful', () => {
  const options = { units: 3, recurrentInitializer: tf.initializers.orthogonal({ seed: 2 }) };
  const chain = (layer: tf.Layer) => tf.sequential({ layers: [layer] });

  test.each(['simpleRNN', 'gru', 'lstm'] as const)('%s goes on where the last batch ended', (name) => {
    const whole = chain(tf.layers[name]({ ...options, inputShape: [6, 2] }));
    const parts = chain(tf.layers[name]({ ...options, stateful: true, batchInputShape: [4, 3, 2] }));
    parts.setWeights(whole.getWeights());
    const x = wave([4, 6, 2]);
    const halves = [x.slice([0, 0, 0], [4, 3, 2]), x.slice([0, 3, 0], [4, 3, 2])];
    const expected = (whole.predict(x) as tf.Tensor).arraySync();

    const first = (parts.predict(halves[0]) as tf.Tensor).arraySync();
    expect((parts.predict(halves[1]) as tf.Tensor).arraySync()).toEqual(expected);
    expect((parts.predict(halves[0]) as tf.Tensor).arraySync()).not.toEqual(first);
    parts.resetStates();
    expect((parts.predict(halves[0]) as tf.Tensor).arraySync()).toEqual(first);
  });

  test('begins with the states that resetStates is given', () => {
    const layer = tf.layers.gru({ ...options, stateful: true, batchInputShape: [4, 3, 2] });
    const model = chain(layer);
    const before = (model.predict(wave([4, 3, 2])) as tf.Tensor).arraySync();
    const again = (model.predict(wave([4, 3, 2], 5)) as tf.Tensor).arraySync();
    layer.resetStates(tf.tensor(before as number[][]));
    expect((model.predict(wave([4, 3, 2], 5)) as tf.Tensor).arraySync()).toEqual(again);
  });

  test('shows its states, and takes others', () => {
    const layer = tf.layers.gru({ ...options, stateful: true, batchInputShape: [4, 3, 2] });
    expect(layer.states).toEqual([]);
    const model = chain(layer);
    const last = (model.predict(wave([4, 3, 2])) as tf.Tensor).arraySync();
    expect(layer.states.map((state) => state.arraySync())).toEqual([last]);
    layer.states = [tf.ones([4, 3])];
    expect(layer.getStates()[0].arraySync()).toEqual(tf.ones([4, 3]).arraySync());
  });

  test('trains as a layer that is given those states', async () => {
    const kept = chain(tf.layers.lstm({ ...options, stateful: true, batchInputShape: [2, 3, 2] }));
    const input = tf.input({ shape: [3, 2] });
    const states = [tf.input({ shape: [3] }), tf.input({ shape: [3] })];
    const outputs = tf.layers.lstm({ ...options, returnState: true }).apply(input, { initialState: states });
    const given = tf.model({
      inputs: [input, ...states],
      outputs: (outputs as never as unknown[])[0] as never,
    });
    const ends = tf.model({ inputs: [input, ...states], outputs: outputs as never });
    given.setWeights(kept.getWeights());
    for (const model of [kept, given])
      model.compile({ optimizer: tf.train.sgd(0.5), loss: 'meanSquaredError' });

    const [x, y] = [wave([4, 3, 2]), wave([4, 3], 9)];
    const part = (tensor: tf.Tensor, start: number) =>
      tensor.slice([start, ...tensor.shape.slice(1).map(() => 0)], [2, ...tensor.shape.slice(1)]);
    const zeros = tf.zeros([2, 3]);
    const [, h, c] = ends.predict([part(x, 0), zeros, zeros]) as tf.Tensor[];
    await kept.fit(x, y, quiet);
    await given.fit([part(x, 0), zeros, zeros], part(y, 0), quiet);
    await given.fit([part(x, 2), h, c], part(y, 2), quiet);
    expect(kept.getWeights().map((w) => w.arraySync())).toEqual(given.getWeights().map((w) => w.arraySync()));
  });

  test('takes batches of the size it was built for', async () => {
    const model = chain(tf.layers.gru({ ...options, stateful: true, batchInputShape: [4, 3, 2], name: 'g' }));
    expect(() => model.predict(wave([6, 3, 2]))).toThrow(
      "predict: x: expected a multiple of 4 samples, the model's batch size; got 6.",
    );
    expect(() => model.predict(wave([4, 3, 2]), { batchSize: 2 })).toThrow(
      'g: is stateful for batches of 4 samples; got one of 2.',
    );
  });

  test('states are no weights', () => {
    const layer = tf.layers.lstm({ ...options, stateful: true, batchInputShape: [4, 3, 2] });
    expect(chain(layer).countParams()).toBe(2 * 12 + 3 * 12 + 12);
    expect(layer.getWeights().map(({ shape }) => shape)).toEqual([[2, 12], [3, 12], [12]]);
  });
});

describe('dropout', () => {
  const time = 3;

  /** Gradients of Σ y with respect to a weight, as one step of gradient descent shows them. */
  async function gradients(layer: tf.Layer, weight: number): Promise<number[]> {
    const model = tf.sequential({ layers: [layer] });
    model.compile({ optimizer: tf.train.sgd(1), loss: (_, y) => tf.sum(y) });
    const [, , features] = model.inputs[0].shape as [null, number, number];
    const [, , units] = model.outputs[0].shape as [null, number, number];
    const before = model.getWeights()[weight].dataSync();
    const x = tf.ones([1, time, features]);
    await model.fit(x, tf.zeros([1, time, units]), { ...quiet, seed: 3 });
    return Array.from(model.getWeights()[weight].dataSync(), (value, i) => before[i] - value);
  }

  const share = (values: readonly number[]) => values.filter((value) => value === 0).length / values.length;
  const linear = { activation: 'linear', useBias: false, returnSequences: true } as const;

  test('drops features, the same at all times', async () => {
    const values = await gradients(
      tf.layers.simpleRNN({
        ...linear,
        units: 1,
        dropout: 0.2,
        kernelInitializer: 'zeros',
        recurrentInitializer: 'zeros',
        inputShape: [time, 10_000],
      }),
      0,
    );
    expect([...new Set(values)].sort()).toEqual([0, time * 1.25]);
    // Four standard deviations of a share of 0.2 among 10,000.
    expect(Math.abs(share(values) - 0.2)).toBeLessThan(4 * Math.sqrt((0.2 * 0.8) / 10_000));
  });

  test('recurrentDropout drops what the cell reads of its last output, the same at all times', async () => {
    const units = 400;
    const values = await gradients(
      tf.layers.simpleRNN({
        ...linear,
        units,
        recurrentDropout: 0.5,
        kernelInitializer: 'ones',
        recurrentInitializer: 'zeros',
        inputShape: [time, 1],
      }),
      1,
    );
    const rows = Array.from({ length: units }, (_, i) => values.slice(i * units, (i + 1) * units));
    expect(rows.every((row) => new Set(row).size === 1)).toBe(true);
    // The output, 1 at each time, is read by all times but the first.
    expect([...new Set(values)].sort()).toEqual([0, (time - 1) * 2]);
    expect(Math.abs(share(values) - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / units));
  });

  test('leaves predictions alone', () => {
    const make = (rate: number) =>
      tf.layers.lstm({ units: 4, dropout: rate, recurrentDropout: rate, inputShape: [3, 2] });
    const [plain, dropping] = [0, 0.5].map((rate) => tf.sequential({ layers: [make(rate)] }));
    dropping.setWeights(plain.getWeights());
    const x = wave([2, 3, 2]);
    expect((dropping.predict(x) as tf.Tensor).arraySync()).toEqual(
      (plain.predict(x) as tf.Tensor).arraySync(),
    );
  });
});

/** Characters in, characters out: every kind of layer of this family in one model. */
function tagger(seed = 7): tf.Sequential {
  tf.setSeed(seed);
  const model = tf.sequential({
    layers: [
      tf.layers.masking({ inputShape: [5, 3] }),
      tf.layers.bidirectional({
        layer: tf.layers.lstm({ units: 4, returnSequences: true, dropout: 0.1, recurrentDropout: 0.1 }),
        name: 'both',
      }),
      tf.layers.gru({ units: 4, returnSequences: true, resetAfter: true, name: 'after' }),
      tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 2, activation: 'softmax' }), name: 'tag' }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
  return model;
}

const x = wave([6, 5, 3]);
const y = tf
  .oneHot(tf.tensor1d(Int32Array.from({ length: 30 }, (_, i) => (i * i) % 2)), 2)
  .reshape([6, 5, 2]);
const weightsOf = (layer: tf.Layer) => layer.getWeights().map((weight) => weight.arraySync());

async function savedAndLoaded(model: tf.Model): Promise<tf.Model> {
  let saved!: ModelArtifacts;
  await model.save({
    save: async (artifacts) => {
      saved = artifacts;
    },
  });
  // As a file has it.
  const load = async () => ({ ...saved, modelTopology: JSON.parse(JSON.stringify(saved.modelTopology)) });
  return tf.loadLayersModel({ load });
}

test('sequences of any length, one model for all', () => {
  const open = tf.sequential({
    layers: [
      tf.layers.lstm({ units: 2, returnSequences: true, inputShape: [null, 3] }),
      tf.layers.bidirectional({
        layer: tf.layers.gru({ units: 2, returnSequences: true }),
        mergeMode: 'ave',
      }),
    ],
  });
  expect(open.outputs[0].shape).toEqual([null, null, 2]);
  const shapes = [1, 4, 9].map((time) => (open.predict(wave([2, time, 3])) as tf.Tensor).shape);
  expect(shapes).toEqual([
    [2, 1, 2],
    [2, 4, 2],
    [2, 9, 2],
  ]);
});

test('timeDistributed applies a model to every time step, and trains it', async () => {
  const frame = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 2, kernelSize: 3, activation: 'relu', inputShape: [5, 4, 1] }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3 }),
    ],
  });
  const model = tf.sequential({
    layers: [tf.layers.timeDistributed({ layer: frame, inputShape: [6, 5, 4, 1] })],
  });
  const film = wave([2, 6, 5, 4, 1]);
  const each = (frame.predict(film.reshape([12, 5, 4, 1])) as tf.Tensor).reshape([2, 6, 3]);
  expect((model.predict(film) as tf.Tensor).arraySync()).toEqual(each.arraySync());
  expect(model.variables).toEqual(frame.variables);

  frame.trainable = false;
  const loaded = await savedAndLoaded(model);
  expect((loaded.predict(film) as tf.Tensor).arraySync()).toEqual(each.arraySync());
  expect(loaded.trainableVariables).toEqual([]);
  frame.trainable = true;

  const before = weightsOf(frame);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  await model.fit(film, tf.ones([2, 6, 3]), quiet);
  expect(weightsOf(frame)).not.toEqual(before);
});

test('the same seed gives the same weights', async () => {
  const trained = async (seed: number) => {
    const model = tagger();
    await model.fit(x, y, { epochs: 3, batchSize: 4, verbose: 0, seed });
    return weightsOf(model);
  };
  expect(await trained(1)).toEqual(await trained(1));
  expect(await trained(1)).not.toEqual(await trained(2));
});

test('frozen layers, inner ones too, are not moved', async () => {
  const model = tagger();
  const frozen = ['both', 'tag'].map((name) => model.getLayer(name));
  for (const layer of frozen) layer.trainable = false;
  expect(model.trainableVariables.map(({ name }) => name)).toEqual(
    ['kernel', 'recurrent_kernel', 'bias'].map((name) => `after/${name}`),
  );
  const before = frozen.map(weightsOf);
  const moving = weightsOf(model.getLayer('after'));
  await model.fit(x, y, quiet);
  expect(frozen.map(weightsOf)).toEqual(before);
  expect(weightsOf(model.getLayer('after'))).not.toEqual(moving);
});

test('a layer that is frozen itself stays so inside another', () => {
  const model = tf.sequential({
    layers: [
      tf.layers.bidirectional({ layer: tf.layers.gru({ units: 2, trainable: false }), inputShape: [4, 3] }),
    ],
  });
  expect(model.trainableVariables).toEqual([]);
  expect(model.countParams()).toBe(2 * (3 * 6 + 2 * 6 + 6));
});

test('weights have the names, shapes and order of TensorFlow.js', () => {
  expect(tagger().variables.map(({ name, shape }) => `${name} ${shape}`)).toEqual([
    ...['forward', 'backward'].flatMap((direction) =>
      ['kernel 3,16', 'recurrent_kernel 4,16', 'bias 16'].map((weight) =>
        expect.stringMatching(`^both/${direction}_lstm_\\d+/${weight}$`),
      ),
    ),
    'after/kernel 8,12',
    'after/recurrent_kernel 4,12',
    'after/bias 2,12',
    'tag/kernel 4,2',
    'tag/bias 2',
  ]);
});

test('the bias of the forget gate begins with ones', () => {
  const bias = (options: object) => {
    const layer = tf.layers.lstm({ units: 2, inputShape: [4, 3], ...options });
    tf.sequential({ layers: [layer] });
    return layer.getWeights()[2].arraySync();
  };
  expect(bias({})).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
  expect(bias({ unitForgetBias: false })).toEqual(new Array(8).fill(0));
  expect((bias({ biasInitializer: 'randomNormal' }) as number[]).slice(2, 4)).toEqual([1, 1]);
});

test('saved and loaded, a model computes the same', async () => {
  const model = tagger();
  await model.fit(x, y, quiet);
  const loaded = await savedAndLoaded(model);
  expect((loaded.predict(x) as tf.Tensor).arraySync()).toEqual((model.predict(x) as tf.Tensor).arraySync());
  expect(loaded.variables.map(({ name }) => name)).toEqual(model.variables.map(({ name }) => name));
});

test.each([true, false])(
  'forget gates of convLstm2d begin open where unitForgetBias is %s',
  (unitForgetBias) => {
    const layer = tf.layers.convLstm2d({ filters: 2, kernelSize: 1, unitForgetBias });
    layer.apply(tf.zeros([1, 2, 3, 3, 1]));
    const forget = Number(unitForgetBias);
    expect([...layer.getWeights()[2].dataSync()]).toEqual([0, 0, forget, forget, 0, 0, 0, 0]);
  },
);

test.each(['lstm', 'gru', 'convLstm2d', 'lstmCell', 'gruCell', 'convLstm2dCell'] as const)(
  'null is no activation of %s, as in TensorFlow.js, and comes back so',
  (name) => {
    const make = tf.layers[name] as unknown as (options: object) => tf.Layer;
    const size = { units: 1, filters: 1, kernelSize: 1 };
    const { units, ...image } = size;
    const least = name.startsWith('conv') ? image : { units };
    const layer = make({ ...least, activation: null, recurrentActivation: null });
    expect(layer.getConfig()).toMatchObject({ activation: 'linear', recurrentActivation: 'linear' });
    expect(make(least).getConfig()).toMatchObject({ activation: 'tanh', recurrentActivation: 'hardSigmoid' });
  },
);
