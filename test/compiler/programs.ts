// Models whose programs the compiler's tests look at: small ones that together use every pass.

import * as tf from '../../src/index.ts';
import type { DataList } from '../../src/training/feed.ts';

interface ProgramCase {
  readonly name: string;
  readonly model: () => tf.Model;
  readonly x: DataList;
  readonly y: DataList;
}

const ramp = (shape: number[]) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => ((i * 37) % 101) / 50 - 1),
    shape,
  );
};
const labels = (count: number, classes: number) =>
  tf.tensor(Int32Array.from({ length: count }, (_, i) => (i * 3) % classes));

function classifier(): tf.Model {
  const model = tf.sequential({
    name: 'classifier',
    layers: [
      tf.layers.rescaling({ scale: 1 / 255, inputShape: [20], inputDType: 'uint8', name: 'bytes' }),
      tf.layers.dense({ units: 13, activation: 'relu', name: 'hidden' }),
      tf.layers.dense({ units: 5, activation: 'softmax', name: 'classes' }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

function regression(): tf.Model {
  const model = tf.sequential({
    name: 'regression',
    layers: [
      tf.layers.dense({ units: 9, activation: 'gelu', inputShape: [6], name: 'hidden' }),
      tf.layers.dropout({ rate: 0.3, name: 'noise' }),
      tf.layers.dense({ units: 1, name: 'line', kernelRegularizer: 'l2', kernelConstraint: 'maxNorm' }),
    ],
  });
  model.compile({ optimizer: tf.train.rmsprop({ clipNorm: 1 }), loss: 'meanSquaredError', metrics: ['r2'] });
  return model;
}

function branches(): tf.Model {
  const left = tf.input({ shape: [4], name: 'left' });
  const right = tf.input({ shape: [7], name: 'right' });
  const shared = tf.layers.dense({ units: 8, activation: 'tanh', name: 'left_dense' });
  const other = tf.layers.dense({ units: 8, activation: 'mish', name: 'right_dense' });
  const a = shared.apply(left);
  const b = other.apply(right);
  const sum = tf.layers.add({ name: 'sum' }).apply([a, b]);
  const joined = tf.layers.concatenate({ name: 'joined' }).apply([sum, a]);
  const value = tf.layers.dense({ units: 2, name: 'value' }).apply(joined);
  const sign = tf.layers.dense({ units: 1, activation: 'sigmoid', name: 'sign' }).apply(joined);
  const model = tf.model({ inputs: [left, right], outputs: [value, sign], name: 'branches' });
  model.compile({ optimizer: 'sgd', loss: ['huber', 'binaryCrossentropy'], lossWeights: [1, 0.5] });
  return model;
}

function deep(): tf.Model {
  const model = tf.sequential({ name: 'deep' });
  model.add(tf.layers.dense({ units: 24, activation: 'elu', inputShape: [3, 8], name: 'first' }));
  for (let i = 0; i < 3; i++)
    model.add(tf.layers.dense({ units: 24, activation: 'swish', name: `deep_${i}` }));
  model.add(tf.layers.flatten({ name: 'flat' }));
  model.add(tf.layers.dense({ units: 3, activation: 'softmax', name: 'classes' }));
  model.compile({ optimizer: 'momentum', loss: 'categoricalCrossentropy' });
  return model;
}

function tiny(): tf.Model {
  const model = tf.sequential({
    name: 'tiny',
    layers: [
      tf.layers.dense({ units: 2, activation: 'sigmoid', inputShape: [2], name: 'hidden' }),
      tf.layers.dense({ units: 1, activation: 'sigmoid', name: 'out' }),
    ],
  });
  model.compile({ optimizer: 'sgd', loss: 'binaryCrossentropy' });
  return model;
}

function sequence(): tf.Model {
  const model = tf.sequential({
    name: 'sequence',
    layers: [
      tf.layers.masking({ batchInputShape: [4, 3, 5], maskValue: -1, name: 'mask' }),
      tf.layers.gru({ units: 6, stateful: true, returnSequences: true, goBackwards: true, name: 'gru' }),
      tf.layers.bidirectional({
        layer: tf.layers.lstm({ units: 3, recurrentDropout: 0.2, dropout: 0.1, name: 'lstm' }),
        name: 'both',
      }),
      tf.layers.dense({ units: 2, name: 'out' }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  return model;
}

function images(): tf.Model {
  const { averagePooling2d, conv2d, conv2dTranspose, depthwiseConv2d, maxPooling2d } = tf.layers;
  const model = tf.sequential({
    name: 'images',
    layers: [
      conv2d({ filters: 9, kernelSize: 3, activation: 'relu', inputShape: [8, 7, 3], name: 'conv' }),
      maxPooling2d({ poolSize: 2, strides: 1, padding: 'same', name: 'max' }),
      depthwiseConv2d({
        kernelSize: 3,
        padding: 'same',
        depthMultiplier: 2,
        activation: 'tanh',
        name: 'depth',
      }),
      averagePooling2d({ poolSize: 2, padding: 'same', name: 'mean' }),
      conv2d({ filters: 6, kernelSize: 2, groups: 3, activation: 'elu', name: 'groups' }),
      conv2dTranspose({ filters: 5, kernelSize: 3, strides: 2, activation: 'swish', name: 'grow' }),
      conv2d({ filters: 4, kernelSize: 1, activation: 'sigmoid', name: 'mix' }),
      tf.layers.flatten({ name: 'flat' }),
      tf.layers.dense({ units: 3, activation: 'softmax', name: 'classes' }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
  return model;
}

const bytes = tf.tensor(
  Uint8Array.from({ length: 7 * 20 }, (_, i) => (i * 31) % 256),
  [7, 20],
);

/** All weights are seeded by their places, so that a model is the same each time it is made. */
export const programCases: readonly ProgramCase[] = [
  { name: 'classifier', model: classifier, x: bytes, y: labels(7, 5) },
  { name: 'regression', model: regression, x: ramp([14, 6]), y: ramp([14, 1]) },
  {
    name: 'branches',
    model: branches,
    x: [ramp([5, 4]), ramp([5, 7])],
    y: [ramp([5, 2]), tf.tensor2d([[0], [1], [1], [0], [1]])],
  },
  { name: 'deep', model: deep, x: ramp([4, 3, 8]), y: tf.oneHot(labels(4, 3), 3) },
  { name: 'sequence', model: sequence, x: ramp([4, 3, 5]), y: ramp([4, 2]) },
  { name: 'images', model: images, x: ramp([5, 8, 7, 3]), y: tf.oneHot(labels(5, 3), 3) },
  { name: 'tiny', model: tiny, x: tf.tensor2d([[0, 1]]), y: tf.tensor2d([[1]]) },
];

/** Makes a case's model with seeded weights. */
export function seededModel(programCase: ProgramCase): tf.Model {
  tf.setSeed(5);
  return programCase.model();
}
