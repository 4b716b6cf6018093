// Makes tfjs-training.json: a model that TensorFlow.js trained for three steps with each optimizer, as it saves it
// with the optimizer, and its weights two steps later.
// Run in a folder where @tensorflow/tfjs 4.22.0 is installed: node …/test/reference/tfjs-training.mjs

import { base64, save, tf, writeBeside } from './tfjs.mjs';

const optimizers = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.8, true),
  adagrad: () => tf.train.adagrad(0.1, 0.2),
  adadelta: () => tf.train.adadelta(0.5, 0.9, 1e-6),
  adam: () => tf.train.adam(0.01, 0.8, 0.99, 1e-6),
  rmsprop: () => tf.train.rmsprop(0.01, 0.8, 0.5, 1e-6),
};
const samples = 6;
const inputs = Array.from({ length: samples * 3 }, (_, i) => ((i * 37) % 101) / 64 - 0.75);
const labels = Array.from({ length: samples }, (_, i) => (i * 2) % 3);
const x = tf.tensor(inputs, [samples, 3]);
const y = tf.tensor(labels, [samples, 1]);

/** Weights that are not trained in the middle: files have them behind all others. */
function network(name) {
  const { dense, batchNormalization } = tf.layers;
  const kernelInitializer = (seed) => tf.initializers.glorotUniform({ seed });
  const first = { units: 4, activation: 'tanh', inputShape: [3] };
  return tf.sequential({
    name,
    layers: [
      dense({ name: `${name}_a`, ...first, kernelInitializer: kernelInitializer(1) }),
      dense({ name: `${name}_fixed`, units: 4, trainable: false, kernelInitializer: kernelInitializer(2) }),
      batchNormalization({ name: `${name}_norm` }),
      dense({ name: `${name}_b`, units: 3, activation: 'softmax', kernelInitializer: kernelInitializer(3) }),
    ],
  });
}

async function trained(name, optimizer) {
  const model = network(name);
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['acc'] });
  for (let step = 0; step < 3; step++) await model.trainOnBatch(x, y);
  const { trainingConfig, modelTopology, weightSpecs, weightData } = await save(model, {
    includeOptimizer: true,
  });
  for (let step = 0; step < 2; step++) await model.trainOnBatch(x, y);
  const weights = model.weights.map(({ originalName, val }) => [originalName, Array.from(val.dataSync())]);
  return {
    modelTopology,
    trainingConfig,
    weightSpecs,
    weightData: base64(weightData),
    weights: Object.fromEntries(weights),
  };
}

const cases = {};
for (const [name, make] of Object.entries(optimizers)) cases[name] = await trained(name, make());
writeBeside(import.meta.url, { samples, inputs, labels, cases });
