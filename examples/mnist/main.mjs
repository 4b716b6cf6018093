// Trains a network on MNIST: `npm run mnist`.
//
//   --model NAME    dense (784-128-10, the default) or conv (two convolutions, each with a pool)
//   --data DIR      folder of the four IDX files; else LANEGRAD_DATA, the cache, or a download
//   --epochs N      5 by default
//   --seed N        42 by default
//   --samples N     train on the first N samples only
//   --save DIR      where the model goes; models/mnist by default

import { parseArgs } from 'node:util';
import * as tf from 'lanegrad';
import { loadDigits } from './digits.mjs';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    model: { type: 'string', default: 'dense' },
    epochs: { type: 'string', default: '5' },
    seed: { type: 'string', default: '42' },
    samples: { type: 'string' },
    save: { type: 'string', default: 'models/mnist' },
  },
});
const epochs = Number(options.epochs);
const seed = Number(options.seed);
const batchSize = 128;

const { train, test } = await loadDigits(options.data);
const samples = Math.min(Number(options.samples ?? train.images.shape[0]), train.images.shape[0]);
const images = train.images.slice([0, 0, 0], [samples, 28, 28]);
const labels = train.labels.slice([0], [samples]);

/** The layers between bytes and classes, and the learning rate to begin with. */
const networks = {
  dense: {
    initialRate: 3e-3,
    layers: () => [tf.layers.flatten(), tf.layers.dense({ units: 128, activation: 'relu' })],
  },
  conv: {
    initialRate: 6e-3,
    layers: () => [
      tf.layers.reshape({ targetShape: [28, 28, 1] }),
      tf.layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dropout({ rate: 0.5 }),
    ],
  },
};
const network = networks[options.model];
if (!network) throw new Error(`--model must be dense or conv; got ${options.model}.`);

tf.setSeed(seed);
const model = tf.sequential({
  layers: [
    tf.layers.rescaling({ scale: 1 / 255, inputShape: [28, 28], inputDType: 'uint8' }),
    ...network.layers(),
    tf.layers.dense({ units: 10, activation: 'softmax' }),
  ],
});
// The rate falls to zero along half a cosine: half a percent better in five epochs than a constant one.
const learningRate = tf.schedules.cosine({
  initial: network.initialRate,
  decaySteps: epochs * Math.ceil(samples / batchSize),
});
model.compile({
  optimizer: tf.train.adam({ learningRate }),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
});
model.summary();

const start = performance.now();
await model.fit(images, labels, { epochs, batchSize, seed });
const seconds = (performance.now() - start) / 1000;

const [loss, accuracy] = model
  .evaluate(test.images, test.labels, { batchSize: 500 })
  .map((tensor) => tensor.dataSync()[0]);
console.log(`Test loss ${loss.toFixed(4)}, test accuracy ${(accuracy * 100).toFixed(2)} %`);
console.log(`${Math.round((samples * epochs) / seconds)} samples per second, ${seconds.toFixed(1)} s in all`);

await model.save(`file://${options.save}`);
console.log(`Saved the model to ${options.save}/model.json`);
