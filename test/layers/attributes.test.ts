import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

/** A layer as scripts in JavaScript see it. */
const read = (layer: tf.layers.Layer) => layer as unknown as Record<string, unknown>;

test('options are attributes of a layer, as they were read', () => {
  const lstm = read(tf.layers.lstm({ units: 3, returnSequences: true }));
  expect([lstm.units, lstm.returnSequences, lstm.stateful, lstm.useBias]).toEqual([3, true, false, true]);
  expect(read(tf.layers.bidirectional({ layer: tf.layers.gru({ units: 1 }) })).mergeMode).toBe('concat');
});

test('attributes that follow from options', () => {
  const { maxPooling1d, averagePooling2d, maxPooling3d, bidirectional, lstm } = tf.layers;
  const pools = [
    averagePooling2d({ poolSize: 3 }),
    averagePooling2d(),
    maxPooling3d({ poolSize: [1, 2, 3] }),
  ];
  expect(pools.map((pool) => read(pool).strides)).toEqual([
    [3, 3],
    [2, 2],
    [1, 2, 3],
  ]);
  expect(averagePooling2d({ poolSize: 3, strides: 1 }).getConfig()).toMatchObject({ strides: [1, 1] });
  expect(maxPooling1d({ poolSize: 3 }).getConfig()).toMatchObject({ poolSize: [3], strides: [3] });
  expect(bidirectional({ layer: lstm({ units: 1, returnSequences: true }) }).returnSequences).toBe(true);
});

test('an activation can be applied by itself, and tells its name', () => {
  interface Applicable {
    apply(x: tf.Tensor): tf.Tensor;
    getClassName(): string | undefined;
  }
  const double = (x: tf.Tensor) => x.mul(2);
  for (const [activation, expected, name] of [
    ['relu', [0, 2], 'relu'],
    [undefined, [-1, 2], 'linear'],
    [double as never, [-2, 4], undefined],
  ] as const) {
    const own = read(tf.layers.dense({ units: 1, activation })).activation as Applicable;
    expect([own.apply(tf.tensor1d([-1, 2])).arraySync(), own.getClassName()]).toEqual([expected, name]);
  }
});

test('null is no options', () => {
  const { flatten, batchNormalization } = tf.layers as unknown as Record<string, (options: null) => tf.Layer>;
  expect([flatten(null), batchNormalization(null)].map(({ className }) => className)).toEqual([
    'Flatten',
    'BatchNormalization',
  ]);
});

test('layers inside of a layer are its attributes', () => {
  const gru = tf.layers.gru({ name: 'g', units: 1, returnSequences: true });
  const { forwardLayer, backwardLayer, mergeMode } = tf.layers.bidirectional({ layer: gru });
  expect([forwardLayer, backwardLayer].map(({ name }) => name)).toEqual(['forward_g', 'backward_g']);
  expect([forwardLayer, backwardLayer].map(({ goBackwards }) => goBackwards)).toEqual([false, true]);
  expect([mergeMode, forwardLayer.returnSequences, forwardLayer.returnState]).toEqual([
    'concat',
    true,
    false,
  ]);
  expect(tf.layers.timeDistributed({ layer: gru }).layer).toBe(gru);
});

test('a class that extends a layer may set attributes of those names', () => {
  class Wide extends tf.layers.Layer {
    constructor(config: tf.LayerOptions) {
      super(config);
      read(this).updatable = 7;
    }
  }
  const [one, other] = [new Wide({}), new Wide({})];
  expect(read(one).updatable).toBe(7);
  expect(one.id).not.toBe(other.id);
});

test('a config has null for what was not given, and makes the same layer', () => {
  const config = tf.layers.conv2d({ filters: 1, kernelSize: 2 }).getConfig();
  expect(config).toMatchObject({ kernelRegularizer: null, biasConstraint: null, activityRegularizer: null });
  expect(config).not.toHaveProperty('inputShape');
  expect(tf.layers.conv2d(config as never).getConfig()).toEqual(config);
  const recurrent = tf.layers.simpleRNN({ units: 1, inputDim: 2, inputLength: 3 }).getConfig();
  expect(recurrent).toMatchObject({ batchInputShape: [null, 3, 2] });
  expect(recurrent).not.toHaveProperty('inputDim');
});

test('what Keras writes: an axis as a list of one, the type of an initializer', () => {
  const config = { axis: [1], gammaInitializer: { className: 'Ones', config: { dtype: 'float32' } } };
  expect(read(tf.layers.batchNormalization(config as never)).axis).toBe(1);
});

test('initial states of a recurrent layer are zeros', () => {
  const states = tf.layers.lstm({ units: 3 }).getInitialState(tf.zeros([2, 5, 1]));
  expect(states.map((state) => state.arraySync())).toEqual(
    new Array(2).fill([
      [0, 0, 0],
      [0, 0, 0],
    ]),
  );
});

test('what a constraint makes of a tensor is one that the books count', () => {
  const before = tf.memory().numTensors;
  const w = tf.tensor2d([[3], [4]]);
  const held = tf.constraints.maxNorm({ maxValue: 1 }).apply(w) as tf.Tensor;
  expect(tf.memory().numTensors).toBe(before + 2);
  expect(held.kept).toBe(false);
  expect(tf.keep(held).kept).toBe(true);
  expect(held.dataSync()[1]).toBeCloseTo(0.8, 6);
});

test('an option that is set as an attribute before a model computes is what it computes with', async () => {
  const x = tf.ones([4, 50]);
  const dropout = tf.layers.dropout({ name: 'drops', rate: 0.5, inputShape: [50] });
  const dense = tf.layers.dense({ units: 2, kernelInitializer: 'ones', activation: 'relu' });
  const model = tf.sequential({ layers: [dropout, dense] });
  Object.assign(read(dropout), { rate: 0 });
  Object.assign(read(dense), { activation: 'linear' });
  dense.setWeights([tf.fill([50, 2], -1), tf.zeros([2])]);
  expect((model.apply(x, { training: true }) as tf.Tensor).arraySync()).toEqual(Array(4).fill([-50, -50]));
  expect(dropout.getConfig().rate).toBe(0);
  expect(() => Object.assign(read(dropout), { rate: 'high' })).toThrow(
    "drops: rate must be at least 0 and less than 1; got 'high'.",
  );
});

test('a recurrent layer and its cell have the attributes of both', () => {
  const x = tf.ones([4, 3, 5]);
  for (const make of [tf.layers.lstm, tf.layers.gru, tf.layers.simpleRNN]) {
    const layer = make({ units: 2, dropout: 0.5 });
    Object.assign(read(layer), { units: 3, dropout: 0 });
    const drawn = [0, 1].map(() => (layer.apply(x, { training: true }) as tf.Tensor).arraySync());
    expect(drawn[1]).toEqual(drawn[0]);
    Object.assign(read(layer.cell), { recurrentDropout: 0.25 });
    expect(layer.getConfig()).toMatchObject({ units: 3, dropout: 0, recurrentDropout: 0.25 });
    const again = tf.sequential({
      layers: [make({ ...(layer.getConfig() as object), units: 3, inputShape: [3, 5] })],
    });
    again.setWeights(layer.getWeights());
    expect((again.predict(x) as tf.Tensor).arraySync()).toEqual(drawn[0]);
  }
});

test('a layer that is set into a timeDistributed is the one that is applied', () => {
  const wrapper = tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 2 }), inputShape: [3, 4] });
  const layer = tf.layers.dense({ units: 3 });
  Object.assign(wrapper, { layer });
  expect(tf.sequential({ layers: [wrapper] }).outputShape).toEqual([null, 3, 3]);
  expect(wrapper.getWeights().map(({ shape }) => shape)).toEqual([[4, 3], [3]]);
});
