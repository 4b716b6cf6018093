// Makes tfjs-layers.json: what layers of TensorFlow.js compute.
// Run in a folder where @tensorflow/tfjs 4.22.0 is installed: node …/test/reference/tfjs-layers.mjs

import { tf, writeBeside } from './tfjs.mjs';

/** Numbers of no pattern that a mistake could keep. */
const wave = (count, seed) => Array.from({ length: count }, (_, i) => Math.fround(Math.sin(i * 1.7 + seed)));
const sizeOf = (shape) => shape.reduce((a, b) => a * b, 1);

const cases = [
  { layer: 'conv3d', options: { filters: 2, kernelSize: 2 }, shape: [2, 3, 4, 3, 2] },
  {
    layer: 'conv3d',
    options: { filters: 3, kernelSize: [3, 2, 1], strides: [2, 1, 2], padding: 'same', activation: 'tanh' },
    shape: [1, 4, 3, 5, 2],
  },
  {
    layer: 'conv3dTranspose',
    options: { filters: 2, kernelSize: [2, 3, 2], strides: [2, 1, 2], padding: 'valid' },
    shape: [1, 2, 3, 2, 3],
  },
  {
    layer: 'conv3dTranspose',
    options: { filters: 2, kernelSize: 3, strides: 2, padding: 'same', useBias: false },
    shape: [1, 2, 2, 3, 2],
  },
  { layer: 'maxPooling3d', options: {}, shape: [1, 4, 5, 4, 2] },
  {
    layer: 'averagePooling3d',
    options: { poolSize: [2, 3, 2], strides: [1, 2, 2], padding: 'same' },
    shape: [1, 3, 4, 5, 2],
  },
  {
    layer: 'convLstm2d',
    options: { filters: 2, kernelSize: 2, returnSequences: true },
    shape: [2, 3, 4, 5, 2],
  },
  {
    layer: 'convLstm2d',
    options: {
      filters: 2,
      kernelSize: 3,
      padding: 'same',
      strides: 2,
      recurrentActivation: 'sigmoid',
      unitForgetBias: false,
    },
    shape: [1, 2, 5, 4, 3],
  },
  { layer: 'resizing', options: { height: 4, width: 7 }, shape: [1, 3, 4, 2] },
  {
    layer: 'resizing',
    options: { height: 5, width: 2, interpolation: 'nearest', cropToAspectRatio: true },
    shape: [1, 3, 4, 2],
  },
  { layer: 'centerCrop', options: { height: 4, width: 5 }, shape: [1, 9, 8, 2] },
  { layer: 'flatten', options: { dataFormat: 'channelsFirst' }, shape: [2, 3, 2, 4] },
  { layer: 'simpleRNN', options: { units: 3, goBackwards: true, returnSequences: true }, shape: [2, 3, 2] },
];

const results = cases.map(({ layer: name, options, shape }) => {
  const layer = tf.layers[name]({ ...options });
  const values = wave(sizeOf(shape), 0.3);
  const x = tf.tensor(values, shape);
  layer.apply(x);
  const weights = layer
    .getWeights()
    .map((weight, i) => tf.tensor(wave(weight.size, i + 1), weight.shape).mul(0.5));
  layer.setWeights(weights);
  // Called with a tensor: some of its layers cannot be called with the list that a model gives them.
  const output = layer.call(x, {});
  return {
    layer: name,
    options,
    shape,
    values,
    weights: weights.map((weight) => ({ shape: weight.shape, values: Array.from(weight.dataSync()) })),
    outputShape: output.shape,
    output: Array.from(output.dataSync()),
  };
});

const categories = [
  [
    'multiHot',
    [
      [0, 2],
      [1, 1],
    ],
  ],
  [
    'count',
    [
      [0, 2],
      [1, 1],
    ],
  ],
  ['oneHot', [[2], [0]]],
].map(([outputMode, values]) => {
  const layer = tf.layers.categoryEncoding({ numTokens: 4, outputMode });
  return { outputMode, values, output: layer.apply(tf.tensor2d(values, undefined, 'int32')).arraySync() };
});

writeBeside(import.meta.url, { cases: results, categories });
