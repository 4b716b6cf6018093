// Layers against TensorFlow.js: test/reference/tfjs-layers.mjs; those that it can compute in one way only, against
// themselves in another.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { expectClose } from '../close.ts';

interface Case {
  readonly layer: string;
  readonly options: object;
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly weights: readonly { readonly shape: readonly number[]; readonly values: readonly number[] }[];
  readonly outputShape: readonly number[];
  readonly output: readonly number[];
}

const file = new URL('../reference/tfjs-layers.json', import.meta.url);
const { cases, categories } = JSON.parse(readFileSync(file, 'utf8')) as {
  cases: readonly Case[];
  categories: readonly { outputMode: string; values: number[][]; output: number[][] }[];
};
const factories = tf.layers as unknown as Readonly<Record<string, (options: object) => tf.Layer>>;
const tensor = (values: readonly number[], shape: readonly number[]) => tf.tensor([...values], shape);

describe.each(cases.map((each) => [each.layer, each] as const))('%s', (_, each) => {
  const layer = factories[each.layer](each.options);
  const input = tf.input({ shape: each.shape.slice(1) });
  const model = tf.model({ inputs: input, outputs: layer.apply(input) });

  test('computes what TensorFlow.js does', () => {
    layer.setWeights(each.weights.map(({ values, shape }) => tensor(values, shape)));
    expect(model.outputs[0].shape.slice(1)).toEqual(each.outputShape.slice(1));
    const output = model.predict(tensor(each.values, each.shape)) as tf.Tensor;
    expectClose(output.dataSync(), each.output, 3e-6);
  });

  test('learns', async () => {
    if (each.weights.length === 0) return;
    const y = tf.zeros([...each.outputShape]);
    model.compile({ optimizer: tf.train.sgd(0.02), loss: 'meanSquaredError' });
    const { history } = await model.fit(tensor(each.values, each.shape), y, { epochs: 5, verbose: 0 });
    expect(history.loss[4]).toBeLessThan(history.loss[0]);
  });
});

test.each(categories)('categories as vectors: $outputMode', ({ outputMode, values, output }) => {
  const layer = tf.layers.categoryEncoding({ numTokens: 4, outputMode: outputMode as 'count' });
  const input = tf.input({ shape: [values[0].length], dtype: 'int32' });
  const model = tf.model({ inputs: input, outputs: layer.apply(input) });
  expect((model.predict(tf.tensor2d(values)) as tf.Tensor).arraySync()).toEqual(output);
  expect(() => model.predict(tf.tensor2d(values.map((row) => row.map(() => 4))))).toThrow(
    /: inputs must be integers from 0 to 3; got 4 at position 0\./,
  );
});

test('one sample of categories is a vector', () => {
  const encoded = (outputMode: 'count' | 'multiHot' | 'oneHot', values: tf.TensorLike) =>
    tf.layers.categoryEncoding({ numTokens: 4, outputMode }).apply(tf.tensor(values)).arraySync();
  expect(encoded('count', [1, 2, 1])).toEqual([0, 2, 1, 0]);
  expect(encoded('multiHot', [1, 2, 1])).toEqual([0, 1, 1, 0]);
  expect(encoded('multiHot', 3)).toEqual([0, 0, 0, 1]);
  expect(encoded('oneHot', 3)).toEqual([0, 0, 0, 1]);
  expect(encoded('oneHot', [3, 0])).toEqual([
    [0, 0, 0, 1],
    [1, 0, 0, 0],
  ]);
});

/** Layers that take channels first, and the shape of a sample with channels last. */
const ofChannels = [
  [tf.layers.conv1d, { filters: 3, kernelSize: 2, strides: 2, padding: 'causal' }, [7, 2]],
  [tf.layers.conv2d, { filters: 4, kernelSize: 3, padding: 'same', groups: 2 }, [5, 4, 2]],
  [tf.layers.conv2dTranspose, { filters: 2, kernelSize: 3, strides: 2 }, [3, 4, 2]],
  [tf.layers.conv3d, { filters: 2, kernelSize: 2 }, [3, 4, 3, 2]],
  [tf.layers.conv3dTranspose, { filters: 2, kernelSize: 2, strides: 2 }, [2, 3, 2, 2]],
  [tf.layers.depthwiseConv2d, { kernelSize: 2, depthMultiplier: 2 }, [4, 5, 3]],
  [tf.layers.separableConv2d, { filters: 2, kernelSize: 2 }, [4, 5, 3]],
  [tf.layers.maxPooling1d, { poolSize: 2 }, [6, 2]],
  [tf.layers.averagePooling2d, { poolSize: 2, padding: 'same' }, [5, 4, 2]],
  [tf.layers.maxPooling3d, { poolSize: 2 }, [4, 5, 4, 2]],
  [tf.layers.globalAveragePooling2d, {}, [4, 5, 3]],
  [tf.layers.globalMaxPooling2d, {}, [4, 5, 3]],
  [tf.layers.upSampling2d, { size: [2, 3], interpolation: 'bilinear' }, [3, 2, 2]],
  [
    tf.layers.zeroPadding2d,
    {
      padding: [
        [1, 0],
        [2, 1],
      ],
    },
    [3, 2, 2],
  ],
  [
    tf.layers.cropping2d,
    {
      cropping: [
        [1, 0],
        [1, 1],
      ],
    },
    [4, 5, 2],
  ],
] as unknown as readonly (readonly [(options: object) => tf.Layer, object, readonly number[]])[];

test.each(ofChannels)('channels first are channels last, moved: %#', (make, options, sample) => {
  // Eighths, whose sums are the same in the order of either memory.
  const eighths = (_: unknown, i: number) => Math.round(8 * Math.sin(3 * i)) / 8;
  const values = Array.from({ length: 2 * sample.reduce((a, b) => a * b) }, eighths);
  const x = tf.tensor(values, [2, ...sample]);
  const toFirst = [0, sample.length, ...sample.map((_, i) => i + 1).slice(0, -1)];
  const build = (dataFormat: string, shape: readonly number[]) => {
    const input = tf.input({ shape });
    const layer = make({ ...options, dataFormat });
    return tf.model({ inputs: input, outputs: layer.apply(input) });
  };
  const last = build('channelsLast', sample);
  const first = build('channels_first', [sample[sample.length - 1], ...sample.slice(0, -1)]);
  first.setWeights(last.getWeights());
  const expected = last.predict(x) as tf.Tensor;
  const output = first.predict(tf.transpose(x, toFirst)) as tf.Tensor;
  const moved = expected.rank === 2 ? expected : tf.transpose(expected, toFirst);
  expect(output.shape).toEqual(moved.shape);
  expect(Array.from(output.dataSync())).toEqual(Array.from(moved.dataSync()));
});

test('images may have any height and width', async () => {
  tf.setSeed(1);
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        filters: 2,
        kernelSize: 3,
        strides: 2,
        inputShape: [null, null, 3],
        activation: 'relu',
      }),
      tf.layers.maxPooling2d(),
      tf.layers.globalAveragePooling2d(),
      tf.layers.dense({ units: 1 }),
    ],
  });
  expect(model.layers.map((layer) => layer.outputShape)).toEqual([
    [null, null, null, 2],
    [null, null, null, 2],
    [null, 2],
    [null, 1],
  ]);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  for (const [height, width] of [
    [9, 12],
    [17, 7],
  ]) {
    const x = tf.ones([2, height, width, 3]);
    expect((model.predict(x) as tf.Tensor).shape).toEqual([2, 1]);
    const { history } = await model.fit(x, tf.ones([2, 1]), { epochs: 2, verbose: 0 });
    expect(history.loss[1]).toBeLessThan(history.loss[0]);
  }
});

test('rows may have any length', () => {
  const model = tf.sequential({
    layers: [
      tf.layers.conv1d({ filters: 2, kernelSize: 3, inputShape: [null, 4] }),
      tf.layers.maxPooling1d({ poolSize: 2 }),
      tf.layers.lstm({ units: 3, returnSequences: true }),
    ],
  });
  expect(model.outputShape).toEqual([null, null, 3]);
  expect((model.predict(tf.ones([1, 10, 4])) as tf.Tensor).shape).toEqual([1, 4, 3]);
});

test('inputs of lower rank get axes behind the batch', () => {
  const [a, b] = [tf.input({ shape: [3] }), tf.input({ shape: [2, 3] })];
  const model = tf.model({ inputs: [a, b], outputs: tf.layers.multiply().apply([a, b]) });
  expect(model.outputs[0].shape).toEqual([null, 2, 3]);
  const output = model.predict([
    tf.tensor2d([
      [1, 2, 3],
      [4, 5, 6],
    ]),
    tf.ones([2, 2, 3]),
  ]) as tf.Tensor;
  expect(output.arraySync()).toEqual([
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
    [
      [4, 5, 6],
      [4, 5, 6],
    ],
  ]);
});

test('the mask of a sequence that goes backwards is turned round with it', () => {
  const x = tf.tensor3d([[[1], [2], [0], [0]]]);
  const input = tf.input({ shape: [4, 1] });
  const masked = tf.layers.masking().apply(input);
  const backwards = tf.layers.simpleRNN({
    units: 1,
    returnSequences: true,
    goBackwards: true,
    activation: 'linear',
    kernelInitializer: 'ones',
    recurrentInitializer: 'zeros',
  });
  // Turned round, the steps that do not count are the first two: the mean is over the last two.
  const mean = tf.layers.globalAveragePooling1d().apply(backwards.apply(masked) as tf.SymbolicTensor);
  expect((tf.model({ inputs: input, outputs: mean }).predict(x) as tf.Tensor).arraySync()).toEqual([[1.5]]);
});

test('a mask that does not fit is an error', () => {
  class First extends tf.layers.Layer {
    static readonly className = 'First';

    override call([x]: tf.Value[]): tf.Value {
      return tf.slice(x, [0, 0, 0], [x.shape[0], 1, 1]);
    }

    override computeMask(_inputs: readonly tf.Value[], mask: tf.Value): tf.Value {
      return mask;
    }
  }
  const masked = tf.layers.masking().apply(tf.input({ shape: [4, 1] }));
  expect(() => new First({ name: 'f' }).apply(masked)).toThrow(
    'f: its mask [2,4] does not fit its output [2,1,1].',
  );
});

test('states of both directions are an even number', () => {
  const [x, state] = [tf.input({ shape: [4, 1] }), tf.input({ shape: [2] })];
  const layer = tf.layers.bidirectional({ layer: tf.layers.gru({ units: 2 }), name: 'both' });
  expect(() => layer.apply([x, state])).toThrow(
    'both: initialState must be states of both directions, an even number; got 1.',
  );
});

test('an input layer says the shape', () => {
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape: [3], dtype: 'int32' }));
  model.add(tf.layers.embedding({ inputDim: 5, outputDim: 2 }));
  expect(model.inputs[0].dtype).toBe('int32');
  expect(model.outputShape).toEqual([null, 3, 2]);
  expect(() => tf.layers.inputLayer({ name: 'i' })).toThrow(
    'i: An InputLayer should be passed either a `batchInputShape` or an `inputShape` (without the batch).',
  );
});

test('a model’s first layer has its input, of which another model can be made', () => {
  const input = tf.input({ shape: [3] });
  const output = tf.layers.dense({ units: 2 }).apply(input) as tf.SymbolicTensor;
  const [first] = tf.model({ inputs: input, outputs: output }).layers;
  expect(first.built).toBe(true);
  expect([first.input, first.getInputAt(0), first.output]).toEqual([input, input, input]);
  expect(first.inputShape).toEqual([null, 3]);
  const again = tf.model({ inputs: first.input, outputs: output });
  expect(again.predict(tf.ones([4, 3]))).toHaveProperty('shape', [4, 2]);
});

test('a layer tells where it stands', () => {
  const dense = tf.layers.dense({ units: 2, name: 'd' });
  expect(() => dense.input).toThrow('d: was applied 0 times; only what one application made is its input.');
  expect(dense.computeOutputShape([null, 5, 3])).toEqual([null, 5, 2]);
  expect(dense.built).toBe(false);
  const input = tf.input({ shape: [3] });
  const output = dense.apply(input);
  expect([dense.input, dense.output]).toEqual([input, output]);
  expect([dense.inputShape, dense.outputShape]).toEqual([
    [null, 3],
    [null, 2],
  ]);
  expect(dense.inboundNodes[0].inputTensors).toEqual([input]);
  expect(dense.weights.map(({ name }) => name)).toEqual(['d/kernel', 'd/bias']);
  dense.trainable = false;
  expect([dense.trainableWeights.length, dense.nonTrainableWeights.length]).toEqual([0, 2]);
});

test('a layer that is applied several times has a shape where all are one', () => {
  const [a, b, longer] = [2, 2, 3].map((size) => tf.input({ shape: [size, 4] }));
  const dense = tf.layers.dense({ units: 5, name: 'shared' });
  for (const input of [a, b]) dense.apply(input);
  expect([dense.inputShape, dense.outputShape]).toEqual([
    [null, 2, 4],
    [null, 2, 5],
  ]);
  expect(() => dense.output).toThrow('shared: was applied 2 times');
  dense.apply(longer);
  expect(() => dense.outputShape).toThrow(
    'shared: was applied 3 times; only what one application made is its output.',
  );
});

test.each<[string, tf.Layer, number[]]>([
  ['conv1d', tf.layers.conv1d({ filters: 3, kernelSize: 2, strides: 2 }), [3, 3]],
  ['maxPooling1d', tf.layers.maxPooling1d({ poolSize: 2 }), [3, 2]],
  ['averagePooling1d', tf.layers.averagePooling1d({ poolSize: [3], strides: 1 }), [4, 2]],
  ['separableConv2d', tf.layers.separableConv2d({ filters: 4, kernelSize: [1, 3] }), [2, 4, 4]],
])('the shape that a %s would make, before it is built', (_, layer, shape) => {
  const input = shape.length === 2 ? [null, 6, 2] : [null, 2, 6, 2];
  expect(layer.computeOutputShape(input)).toEqual([null, ...shape]);
  expect(layer.built).toBe(false);
});

test('a layer written for TensorFlow.js works as it is, and comes back from a file', async () => {
  class Antirectifier extends tf.layers.Layer {
    static className = 'Antirectifier';
    readonly factor: number;

    constructor(config: { factor: number; name?: string }) {
      super(config as object);
      this.factor = config.factor;
      (this as { supportsMasking: boolean }).supportsMasking = true;
    }

    override computeOutputShape(inputShape: tf.ModelShape): tf.ModelShape {
      return [inputShape[0], 2 * inputShape[1]!];
    }

    override call(inputs: tf.Tensor[], kwargs: tf.CallArguments): tf.Tensor {
      const input = inputs[0];
      this.invokeCallHook(inputs, kwargs);
      return tf.tidy(() => tf.concat([tf.relu(input), tf.relu(tf.neg(input)).mul(this.factor)], 1));
    }

    override getConfig() {
      return { ...super.getConfig(), factor: this.factor };
    }
  }
  tf.serialization.registerClass(Antirectifier);
  const { className } = Antirectifier;
  expect(tf.serialization.getRegisteredName(Antirectifier)).toBe(className);
  expect(tf.serialization.SerializationMap.getMap().classNameMap[className][0]).toBe(Antirectifier);
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [2] }),
      new Antirectifier({ factor: 2 }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  expect(model.layers[1].outputShape).toEqual([null, 6]);
  let saved: tf.ModelArtifacts | undefined;
  await model.save({
    save: async (artifacts) => {
      saved = artifacts;
    },
  });
  const loaded = await tf.loadLayersModel({ load: async () => saved! });
  const x = tf.tensor2d([[1, -2]]);
  expect((loaded.predict(x) as tf.Tensor).arraySync()).toEqual((model.predict(x) as tf.Tensor).arraySync());
  expect((loaded.layers[1] as unknown as Antirectifier).factor).toBe(2);
});

test.each([
  ['oneHot', [2], "e: outputMode 'oneHot' takes input of shape [batch] or [batch,1]; got [null,2]."],
  ['multiHot', [2, 3], "e: outputMode 'multiHot' takes input of shape [batch,n]; got [null,2,3]."],
] as const)('categories in other shapes than %s takes are refused', (outputMode, shape, message) => {
  const layer = tf.layers.categoryEncoding({ numTokens: 4, outputMode, name: 'e' });
  expect(() => layer.apply(tf.input({ shape: [...shape] }))).toThrow(message);
});

test('categories are counted by weights', () => {
  const layer = tf.layers.categoryEncoding({ numTokens: 4, outputMode: 'count', name: 'count' });
  const x = tf.tensor2d([[1, 3, 1]]);
  expect(layer.apply(x, { countWeights: tf.tensor2d([[1, 2, 3]]) }).arraySync()).toEqual([[0, 4, 0, 2]]);
  expect(layer.apply(tf.tensor1d([1, 1]), { countWeights: [2, 0.5] }).arraySync()).toEqual([0, 2.5, 0, 0]);
  expect(() => layer.apply(x, { countWeights: tf.ones([1, 2]) })).toThrow(
    'count: countWeights must have the shape of the input, [1,3]; got [1,2].',
  );
  const multiHot = tf.layers.categoryEncoding({ numTokens: 4, name: 'hot' });
  expect(() => multiHot.apply(x, { countWeights: x })).toThrow("hot: countWeights is for outputMode 'count'");
});
