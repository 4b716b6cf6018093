// Masks on their way through models: which layers hand them on, what losses and metrics make of them.

import { afterEach, describe, expect, test, vi } from 'vitest';
import * as tf from '../../src/index.ts';

afterEach(() => vi.restoreAllMocks());

const short = tf.tensor3d([
  [
    [1, 2],
    [3, -1],
  ],
  [
    [-2, 1],
    [0.5, 4],
  ],
]);
/** The same sequences with two steps of padding. */
const padded = tf.concat([short, tf.fill([2, 2, 2], 9)], 1) as tf.Tensor;

/** A model of layers between a mask and an lstm. */
function through(layers: tf.Layer[], time: number): tf.Model {
  return tf.sequential({
    layers: [
      tf.layers.masking({ maskValue: 9, inputShape: [time, 2] }),
      ...layers,
      tf.layers.lstm({ units: 3, kernelInitializer: 'ones', recurrentInitializer: 'ones' }),
    ],
  });
}

const predict = (model: tf.Model, x: tf.Tensor | tf.Tensor[]) => (model.predict(x) as tf.Tensor).arraySync();

describe('padding makes no difference behind', () => {
  const dense = () => tf.layers.dense({ units: 2, kernelInitializer: 'ones', biasInitializer: 'ones' });
  test.each<[string, () => tf.Layer]>([
    ['dense', dense],
    ['dropout', () => tf.layers.dropout({ rate: 0.5 })],
    ['activation', () => tf.layers.activation({ activation: 'sigmoid' })],
    ['reLU', () => tf.layers.reLU()],
    ['timeDistributed', () => tf.layers.timeDistributed({ layer: dense() })],
    [
      'simpleRNN',
      () =>
        tf.layers.simpleRNN({
          units: 2,
          kernelInitializer: 'ones',
          recurrentInitializer: 'ones',
          returnSequences: true,
        }),
    ],
    [
      'bidirectional',
      () =>
        tf.layers.bidirectional({
          layer: tf.layers.gru({
            units: 2,
            kernelInitializer: 'ones',
            recurrentInitializer: 'ones',
            returnSequences: true,
          }),
        }),
    ],
    [
      'a model',
      () => tf.sequential({ layers: [tf.layers.activation({ activation: 'tanh', inputShape: [null, 2] })] }),
    ],
    ['a model that masks', () => tf.sequential({ layers: [tf.layers.masking({ inputShape: [null, 2] })] })],
  ])('%s', (_, layer) => {
    const expected = predict(through([layer()], 2), short);
    expect(predict(through([layer()], 4), padded)).toEqual(expected);
  });
});

describe('layers of several inputs', () => {
  const mask = (maskValue: number) => tf.layers.masking({ maskValue });
  /** What counts of inputs whose steps are masked where they are 1, or 2: sums of ones by an lstm-like count. */
  function counted(merge: tf.Layer, axis: 'time' | 'features', masks: [number?, number?]): unknown {
    const inputs = [tf.input({ shape: [3, 1] }), tf.input({ shape: [3, 1] })];
    const parts = inputs.map((input, i) =>
      masks[i] === undefined ? input : (mask(masks[i]).apply(input) as tf.SymbolicTensor),
    );
    const merged = merge.apply(parts) as tf.SymbolicTensor;
    const ones = tf.layers.dense({
      units: 1,
      kernelInitializer: 'zeros',
      biasInitializer: 'ones',
    });
    const count = tf.layers.simpleRNN({
      units: 1,
      activation: 'linear',
      kernelInitializer: 'ones',
      recurrentInitializer: 'ones',
    });
    const model = tf.model({ inputs, outputs: count.apply(ones.apply(merged)) });
    expect(merged.shape[1]).toBe(axis === 'time' ? 6 : 3);
    return predict(model, [tf.tensor3d([[[1], [2], [3]]]), tf.tensor3d([[[1], [2], [3]]])]);
  }

  test('a step counts where it does in all of them', () => {
    expect(counted(tf.layers.add(), 'features', [1, 2])).toEqual([[1]]);
    expect(counted(tf.layers.multiply(), 'features', [1, undefined])).toEqual([[2]]);
    expect(counted(tf.layers.concatenate(), 'features', [1, 2])).toEqual([[1]]);
  });

  test('joined along time, masks are joined', () => {
    expect(counted(tf.layers.concatenate({ axis: 1 }), 'time', [1, 1])).toEqual([[4]]);
    expect(counted(tf.layers.concatenate({ axis: 1 }), 'time', [undefined, 1])).toEqual([[5]]);
    expect(counted(tf.layers.concatenate({ axis: 1 }), 'time', [undefined, undefined])).toEqual([[6]]);
  });
});

test.each<[string, () => tf.Layer, number]>([
  ['add', () => tf.layers.add(), 2],
  ['joined along features', () => tf.layers.concatenate(), 1],
  ['joined along time', () => tf.layers.concatenate({ axis: 1 }), 1],
  ['joined within steps', () => tf.layers.concatenate({ axis: 2 }), 1],
])('%s: a mask of steps and one of what is within them', (_, merge, expected) => {
  const inputs = [tf.input({ shape: [2, 2] }), tf.input({ shape: [2, 2, 1] })];
  const [steps, within] = inputs.map((input) => tf.layers.masking().apply(input));
  const apart = tf.layers.timeDistributed({ layer: tf.layers.reshape({ targetShape: [2, 1] }) });
  const outputs = merge().apply([apart.apply(steps) as tf.SymbolicTensor, within as tf.SymbolicTensor]);
  const model = tf.model({ inputs, outputs });
  model.compile({ optimizer: 'sgd', loss: 'meanAbsoluteError', metrics: ['mae'] });
  // The second step of the one counts nothing, nor does the second half of the first step of the other.
  const x = [tf.tensor3d([1, 1, 0, 0], [1, 2, 2]), tf.tensor4d([1, 0, 1, 1], [1, 2, 2, 1])];
  const y = tf.zeros([1, ...model.outputs[0].shape.slice(1)] as number[]);
  expect((model.evaluate(x, y) as tf.Tensor[]).map((each) => each.dataSync()[0])).toEqual([
    expected,
    expected,
  ]);
});

test('a mask ends at a layer that does not support it, which says so once', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const flat = tf.layers.flatten({ name: 'f' });
  const model = tf.sequential({ layers: [tf.layers.masking({ inputShape: [2, 2] }), flat] });
  const x = tf.tensor3d([[[0, 0], [1, 2]]]); // biome-ignore format: two steps
  expect((model.predict(x) as tf.Tensor).arraySync()).toEqual([[0, 0, 1, 2]]);
  expect(model.outputs[0].shape).toEqual([null, 4]);
  expect((model.predict(x.slice(0, 1)) as tf.Tensor).shape).toEqual([1, 4]);
  expect(() => flat.computeMask(x, tf.ones([1, 2]))).toThrow('f: does not support masking');
  expect(warn.mock.calls).toEqual([['f: does not support masking; the mask of its input ends here.']]);
});

test('a class that says its shapes says its mask too: here none', () => {
  class Mean extends tf.layers.Layer {
    static className = 'MaskedMean';
    override supportsMasking = true;
    override computeOutputShape([batch, , features]: tf.ModelShape): tf.ModelShape {
      return [batch, features];
    }
    override call(inputs: tf.Tensor | tf.Tensor[], { mask }: tf.CallArguments): tf.Tensor {
      const [x] = [inputs].flat();
      const counts = (mask as tf.Tensor).expandDims(2);
      return x.mul(counts).sum(1).div(counts.sum(1));
    }
    override computeMask(): null {
      return null;
    }
  }
  const dense = tf.layers.dense({ units: 1, kernelInitializer: 'ones' });
  const layers = [tf.layers.masking({ inputShape: [null, 2] }), new Mean({}), dense];
  const x = tf.tensor3d([[[2, 4], [6, 8], [0, 0]]]); // biome-ignore format: three steps
  expect(predict(tf.sequential({ layers }), x)).toEqual([[10]]);
});

test('the mean over time of a sequence that is all padding is zero', () => {
  const model = tf.sequential({
    layers: [tf.layers.masking({ inputShape: [2, 1] }), tf.layers.globalAveragePooling1d()],
  });
  const x = tf.tensor3d([
    [[0], [0]],
    [[6], [0]],
  ]);
  expect((model.predict(x) as tf.Tensor).arraySync()).toEqual([[0], [6]]);
});

test('a last output has no mask', () => {
  const model = tf.sequential({
    layers: [
      tf.layers.masking({ inputShape: [4, 2] }),
      tf.layers.bidirectional({ layer: tf.layers.gru({ units: 2 }) }),
      tf.layers.flatten(),
    ],
  });
  expect(model.outputs[0].shape).toEqual([null, 4]);
});

test('losses, metrics and gradients leave masked steps out', async () => {
  const make = (time: number, maskValue?: number) => {
    const inputShape = [time, 2];
    const dense = tf.layers.dense({ units: 1, kernelInitializer: 'ones', inputShape });
    const mask = maskValue === undefined ? [] : [tf.layers.masking({ maskValue, inputShape })];
    const model = tf.sequential({ layers: [...mask, dense] });
    model.compile({
      optimizer: tf.train.sgd(0.01),
      loss: 'meanSquaredError',
      metrics: ['meanAbsoluteError', 'binaryAccuracy', 'r2', 'auc'],
    });
    return model;
  };
  const [plain, masked] = [make(2), make(4, 9)];
  const y = tf.tensor3d([
    [[1], [0]],
    [[0], [1]],
  ]);
  const paddedY = tf.concat([y, tf.ones([2, 2, 1])], 1) as tf.Tensor;
  const values = (model: tf.Model, x: tf.Tensor, targets: tf.Tensor, options = {}) =>
    (model.evaluate(x, targets, options) as tf.Tensor[]).map((value) => value.dataSync()[0]);

  expect(values(masked, padded, paddedY)).toEqual(values(plain, short, y));
  const sampleWeight = tf.tensor1d([0.5, 2]);
  expect(values(masked, padded, paddedY, { sampleWeight })).toEqual(
    values(plain, short, y, { sampleWeight }),
  );

  await plain.fit(short, y, { verbose: 0, seed: 1 });
  await masked.fit(padded, paddedY, { verbose: 0, seed: 1 });
  expect(masked.getWeights().map((w) => w.arraySync())).toEqual(plain.getWeights().map((w) => w.arraySync()));
});

test('a batch in which nothing counts has no loss', () => {
  const model = tf.sequential({
    layers: [
      tf.layers.masking({ inputShape: [2, 1] }),
      tf.layers.dense({ units: 1, biasInitializer: 'ones' }),
    ],
  });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  expect((model.evaluate(tf.zeros([3, 2, 1]), tf.zeros([3, 2, 1])) as tf.Tensor).dataSync()[0]).toBe(0);
});

test('an embedding that masks zeros: sequences padded with them are read as far as they go', () => {
  const model = (length: number) => {
    tf.setSeed(4);
    return tf.sequential({
      layers: [
        tf.layers.embedding({ inputDim: 6, outputDim: 3, maskZero: true, inputLength: length }),
        tf.layers.layerNormalization(),
        tf.layers.spatialDropout1d({ rate: 0.2 }),
        tf.layers.bidirectional({ layer: tf.layers.lstm({ units: 2 }) }),
      ],
    });
  };
  const whole = tf.tensor2d([
    [5, 1],
    [2, 4],
  ]);
  const longer = tf.tensor2d([
    [5, 1, 0, 0],
    [2, 4, 0, 0],
  ]);
  expect(predict(model(4), longer)).toEqual(predict(model(2), whole));
});

test('masks go through what works on each element or on features, and what merges, as in Keras', () => {
  const through = {
    elu: {},
    leakyReLU: {},
    prelu: {},
    reLU: {},
    softmax: {},
    thresholdedReLU: {},
    activation: { activation: 'relu' },
    rescaling: { scale: 2 },
    normalization: {},
    batchNormalization: {},
    layerNormalization: {},
    dense: { units: 1 },
    globalAveragePooling1d: {},
    dropout: { rate: 0.5 },
    alphaDropout: { rate: 0.5 },
    gaussianDropout: { rate: 0.5 },
    spatialDropout1d: { rate: 0.5 },
    spatialDropout2d: { rate: 0.5 },
    gaussianNoise: { stddev: 1 },
    add: {},
    average: {},
    concatenate: {},
    dot: { axes: 1 },
    maximum: {},
    minimum: {},
    multiply: {},
    subtract: {},
  };
  const not = {
    flatten: {},
    reshape: { targetShape: [1] },
    conv1d: { filters: 1, kernelSize: 1 },
    maxPooling1d: {},
  };
  const make = tf.layers as unknown as Record<string, (options: object) => tf.Layer>;
  const handingOn = Object.entries({ ...through, ...not }).filter(
    ([name, options]) => make[name](options).supportsMasking,
  );
  expect(handingOn.map(([name]) => name)).toEqual(Object.keys(through));
});
