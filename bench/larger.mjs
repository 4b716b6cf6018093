// Networks larger than the benchmark's, as lanegrad's users write them; networks.py has the same in PyTorch.

import { tf } from './build.mjs';

const { layers: l } = tf;

const classes = () => l.dense({ units: 10, activation: 'softmax' });
export const dense = (first, ...units) => [
  ...units.map((count, i) =>
    l.dense({ units: count, activation: 'relu', ...(i === 0 && { inputShape: [first] }) }),
  ),
  classes(),
];
export const lstm = (units, inputShape) => [
  l.lstm({ units, inputShape, recurrentActivation: 'sigmoid' }),
  classes(),
];
const convnet = () => [
  l.conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }),
  l.maxPooling2d({ poolSize: 2 }),
  l.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
  l.maxPooling2d({ poolSize: 2 }),
  l.flatten(),
  l.dropout({ rate: 0.5 }),
  classes(),
];
const normalised = () => {
  const block = (filters, first) => [
    l.conv2d({ filters, kernelSize: 3, padding: 'same', useBias: false, ...first }),
    l.batchNormalization(),
    l.activation({ activation: 'relu' }),
  ];
  return [
    ...block(32, { inputShape: [32, 32, 3] }),
    ...block(32),
    l.maxPooling2d({ poolSize: 2 }),
    ...block(64),
    ...block(64),
    l.maxPooling2d({ poolSize: 2 }),
    l.flatten(),
    classes(),
  ];
};
const embedded = () => [
  l.embedding({ inputDim: 20000, outputDim: 64, inputLength: 100 }),
  l.globalAveragePooling1d({}),
  classes(),
];

/** By the names that networks.py knows them by: layers, and a batch. */
export const networks = {
  '784-128-10, batch 128': [() => dense(784, 128), [128, 784]],
  '784-128-10, batch 32': [() => dense(784, 128), [32, 784]],
  '1024-2048-2048-10, batch 512': [() => dense(1024, 2048, 2048), [512, 1024]],
  'convnet 32-64, batch 128': [convnet, [128, 28, 28, 1]],
  'normalised 32-32-64-64, batch 64': [normalised, [64, 32, 32, 3]],
  'LSTM of 64, 50 times of 64, batch 32': [() => lstm(64, [50, 64]), [32, 50, 64]],
  'LSTM of 128, 100 times of 32, batch 64': [() => lstm(128, [100, 32]), [64, 100, 32]],
  'embedding of 20,000 × 64, 100 words, batch 32': [embedded, [32, 100], 20000],
};

/** A function that makes so many steps on one batch. @param words from which the batch is drawn, else numbers */
export function stepper(makeLayers, shape, words) {
  const model = tf.sequential({ layers: makeLayers() });
  model.compile({ optimizer: tf.train.adam(1e-3), loss: 'sparseCategoricalCrossentropy' });
  const x = words ? tf.floor(tf.randomUniform(shape, 0, words)) : tf.randomUniform(shape, -1, 1);
  const y = tf.tensor1d(Array.from({ length: shape[0] }, (_, i) => i % 10));
  return (epochs) => model.fit(x, y, { epochs, batchSize: shape[0], shuffle: false, verbose: 0 });
}
