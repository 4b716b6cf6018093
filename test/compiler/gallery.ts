// Networks of which each uses passes of the compiler that others leave out, in sizes on both sides of where they pay.

import * as tf from '../../src/index.ts';
import type { DataList } from '../../src/training/feed.ts';

interface Exhibit {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly layers: () => tf.layers.Layer[];
  readonly optimizer?: string | tf.Optimizer;
  readonly loss?: string;
  readonly metrics?: readonly string[];
}

const { dense, conv2d, conv1d, conv3d, conv2dTranspose, depthwiseConv2d, separableConv2d } = tf.layers;
const { maxPooling2d, averagePooling2d, globalAveragePooling2d, globalMaxPooling2d } = tf.layers;
const { batchNormalization, layerNormalization, dropout, flatten, activation, embedding } = tf.layers;
const { lstm, gru, simpleRNN, bidirectional, timeDistributed, masking, upSampling2d, zeroPadding2d } =
  tf.layers;

const classes = { units: 10, activation: 'softmax' } as const;
const mlp = (inputs: number) => () => [
  dense({ units: 128, activation: 'relu', inputShape: [inputs] }),
  dropout({ rate: 0.2 }),
  dense(classes),
];
const square = (filters: number, size: number, options: object = {}) =>
  conv2d({ filters, kernelSize: size, activation: 'relu', ...options });
const tower = (filters: number, size: number) => () => [
  square(filters, 3, {
    padding: 'same',
    useBias: false,
    inputShape: [size, size, filters],
    activation: undefined,
  }),
  batchNormalization(),
  activation({ activation: 'relu' }),
  square(filters + 4, 3),
  globalAveragePooling2d(),
  dense(classes),
];

export const exhibits: readonly Exhibit[] = [
  { name: 'dense, 128 samples', x: [128, 784], y: [128, 10], layers: mlp(784) },
  { name: 'dense, 12 samples: weights are read where they lie', x: [12, 784], y: [12, 10], layers: mlp(784) },
  { name: 'dense, 13 samples: weights are read in panels', x: [13, 784], y: [13, 10], layers: mlp(784) },
  { name: 'dense, 13 samples of 8 features', x: [13, 8], y: [13, 10], layers: mlp(8) },
  {
    name: 'dense, few samples of many features: k is shared',
    x: [2, 6001],
    y: [2, 10],
    layers: () => [dense({ units: 300, activation: 'tanh', inputShape: [6001] }), dense(classes)],
  },
  {
    name: 'dense, more samples than a sum takes at once',
    x: [5000, 20],
    y: [5000, 1],
    loss: 'meanSquaredError',
    layers: () => [
      dense({ units: 24, activation: 'gelu', inputShape: [20] }),
      layerNormalization(),
      batchNormalization(),
      dense({ units: 1 }),
    ],
  },
  {
    name: 'digits',
    x: [32, 28, 28, 1],
    y: [32, 10],
    layers: () => [
      square(8, 3, { inputShape: [28, 28, 1] }),
      maxPooling2d({ poolSize: 2 }),
      square(16, 3),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dense(classes),
    ],
  },
  { name: 'tiles: 16 channels', x: [8, 12, 12, 16], y: [8, 10], layers: tower(16, 12) },
  { name: 'no tiles: 12 channels', x: [8, 12, 12, 12], y: [8, 10], layers: tower(12, 12) },
  { name: 'no tiles: images too small', x: [8, 5, 5, 16], y: [8, 10], layers: tower(16, 5) },
  {
    name: 'windows of all kinds',
    x: [4, 17, 15, 6],
    y: [4, 10],
    layers: () => [
      depthwiseConv2d({ kernelSize: 3, padding: 'same', activation: 'relu', inputShape: [17, 15, 6] }),
      separableConv2d({ filters: 8, kernelSize: 3, depthMultiplier: 2 }),
      square(8, 3, { strides: 2, padding: 'same' }),
      square(8, 2, { dilationRate: 2 }),
      square(12, 2, { groups: 4 }),
      square(8, 1),
      upSampling2d({ size: [2, 2] }),
      zeroPadding2d({ padding: [1, 2] }),
      conv2dTranspose({ filters: 5, kernelSize: 3, strides: 2, activation: 'swish' }),
      averagePooling2d({ poolSize: 3, strides: 2 }),
      globalMaxPooling2d(),
      dense(classes),
    ],
  },
  {
    name: 'what follows a window runs on its rows',
    x: [4, 9, 8, 6],
    y: [4, 10],
    layers: () => [
      depthwiseConv2d({ kernelSize: 3, activation: 'tanh', inputShape: [9, 8, 6] }),
      maxPooling2d({ poolSize: 2, strides: 1 }),
      activation({ activation: 'sigmoid' }),
      averagePooling2d({ poolSize: 2, strides: 1 }),
      activation({ activation: 'elu' }),
      flatten(),
      dense(classes),
    ],
  },
  {
    name: 'lines and volumes',
    x: [4, 6, 5, 6, 2],
    y: [4, 10],
    layers: () => [
      conv3d({ filters: 4, kernelSize: 2, activation: 'relu', inputShape: [6, 5, 6, 2] }),
      tf.layers.maxPooling3d({ poolSize: 2 }),
      tf.layers.reshape({ targetShape: [8, 4] }),
      conv1d({ filters: 6, kernelSize: 3, activation: 'relu', padding: 'causal' }),
      tf.layers.averagePooling1d({ poolSize: 2 }),
      flatten(),
      dense(classes),
    ],
  },
  {
    name: 'a loop: LSTM, 20 steps, the last one counts',
    x: [16, 20, 8],
    y: [16, 10],
    layers: () => [lstm({ units: 12, inputShape: [20, 8] }), dense(classes)],
  },
  {
    name: 'loops, 18 steps, all count, one backwards',
    x: [6, 18, 5],
    y: [6, 18, 10],
    layers: () => [
      masking({ inputShape: [18, 5] }),
      bidirectional({ layer: gru({ units: 7, returnSequences: true, dropout: 0.1 }) as never }),
      simpleRNN({ units: 9, returnSequences: true, goBackwards: true, activation: 'relu' }),
      timeDistributed({ layer: dense(classes) }),
    ],
  },
  {
    name: 'no loop: 15 steps',
    x: [6, 15, 5],
    y: [6, 10],
    layers: () => [simpleRNN({ units: 9, inputShape: [15, 5] }), dense(classes)],
  },
  {
    name: 'words',
    x: [9, 7],
    y: [9, 1],
    loss: 'binaryCrossentropy',
    layers: () => [
      embedding({ inputDim: 50, outputDim: 6, inputLength: 7, maskZero: true }),
      lstm({ units: 5 }),
      dense({ units: 1, activation: 'sigmoid' }),
    ],
  },
  ...['momentum', 'rmsprop', 'adagrad', 'adadelta', 'adamax', 'adamw', 'lamb'].map(
    (optimizer): Exhibit => ({
      name: `optimizer: ${optimizer}`,
      x: [8, 6],
      y: [8, 2],
      optimizer,
      loss: 'meanSquaredError',
      layers: () => [dense({ units: 2, inputShape: [6], kernelConstraint: 'nonNeg' })],
    }),
  ),
  ...[{ clipNorm: 1 }, { clipValue: 1 }, { globalClipNorm: 1 }].map(
    (clipping): Exhibit => ({
      name: `optimizer: sgd, ${Object.keys(clipping)}`,
      x: [8, 6],
      y: [8, 2],
      optimizer: tf.train.sgd({ learningRate: 0.1, ...clipping }),
      loss: 'meanSquaredError',
      layers: () => [dense({ units: 2, inputShape: [6] })],
    }),
  ),
  ...(['huber', 'hinge', 'kullbackLeiblerDivergence', 'poisson', 'cosineProximity', 'logCosh'] as const).map(
    (loss): Exhibit => ({
      name: `loss: ${loss}`,
      x: [8, 6],
      y: [8, 2],
      optimizer: 'sgd',
      loss,
      metrics: ['meanAbsoluteError', 'meanSquaredError'],
      layers: () => [dense({ units: 2, activation: 'softplus', inputShape: [6], kernelRegularizer: 'l1l2' })],
    }),
  ),
];

/** An exhibit's model, and zeros to train it with: what it computes, nobody looks at. */
export function shown({
  layers,
  x,
  y,
  optimizer = 'adam',
  loss = 'categoricalCrossentropy',
  metrics = [],
}: Exhibit): {
  model: tf.Model;
  x: DataList;
  y: DataList;
} {
  tf.setSeed(5);
  const model = tf.sequential({ layers: layers() });
  model.compile({ optimizer: optimizer as 'adam', loss, metrics: [...metrics] });
  return { model, x: tf.zeros([...x]), y: tf.zeros([...y]) };
}
