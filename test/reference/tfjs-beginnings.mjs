// Makes tfjs-beginnings.json: a chain that begins with an input layer, as TensorFlow.js saves it, and what it
// computes. Options that are not given are null in its file.
// Run in a folder where @tensorflow/tfjs 4.22.0 is installed: node …/test/reference/tfjs-beginnings.mjs

import { tf, write } from './tfjs.mjs';

const { layers } = tf;
const model = tf.sequential({
  layers: [
    layers.inputLayer({ inputShape: [3] }),
    layers.dense({ units: 4 }),
    layers.reLU(),
    layers.batchNormalization({ axis: 1 }),
    layers.dense({ units: 4, trainable: false }),
    layers.batchNormalization(),
    layers.dense({ units: 2 }),
  ],
});
model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
// So that moving averages differ from what they begin as.
await model.fit(tf.randomNormal([32, 3], 1, 2), tf.zeros([32, 2]), { epochs: 3, verbose: 0 });
const values = Array.from({ length: 12 }, (_, i) => ((i * 37) % 101) / 64 - 0.75);
await write(import.meta.url, model, [4, 3], values);
