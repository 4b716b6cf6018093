// Trains with as many threads as it is told; prints the loss, a digest of the weights, how many threads there
// were, and the seconds of processor time that half a second of idleness took. It ends by itself.

import { createHash } from 'node:crypto';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import * as tf from 'lanegrad';

const threads = Number(process.argv[2]);
tf.init({ threads });
tf.setSeed(7);
const model = tf.sequential({
  layers: [
    tf.layers.reshape({ targetShape: [10, 10, 3], inputShape: [300] }),
    tf.layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.separableConv2d({ filters: 12, kernelSize: 3, activation: 'relu' }),
    tf.layers.conv2dTranspose({ filters: 8, kernelSize: 3, activation: 'relu' }),
    tf.layers.averagePooling2d({ poolSize: 2, padding: 'same' }),
    tf.layers.flatten(),
    // Its outputs are the depth of the next product, which threads share.
    tf.layers.dense({ units: 900, activation: 'relu' }),
    tf.layers.dropout({ rate: 0.2 }),
    tf.layers.dense({ units: 10, activation: 'softmax' }),
  ],
});
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
const x = tf.tensor2d(
  Float32Array.from({ length: 500 * 300 }, (_, i) => ((i * 7919) % 1000) / 1000),
  [500, 300],
);
const y = tf.tensor1d(Int32Array.from({ length: 500 }, (_, i) => i % 10));
// Steps in parts, too.
await model.fit(x, y, { epochs: 4, batchSize: 70, microBatches: 4, verbose: 0 });
const { history } = await model.fit(x, y, { epochs: 100, batchSize: 70, verbose: 0 });

const digest = createHash('sha256');
for (const weight of model.getWeights()) digest.update(weight.dataSync());
await setTimeout(100);
const before = process.cpuUsage();
await setTimeout(500);
const { user, system } = process.cpuUsage(before);
const idleSeconds = (user + system) / 1e6;
console.log(JSON.stringify({ losses: history.loss, digest: digest.digest('hex'), idleSeconds }));
