// Trains with as many threads as the address says; the title then tells their number and a digest of the weights.

import * as tf from './node_modules/lanegrad/dist/index.js';

tf.init({ threads: Number(new URLSearchParams(location.search).get('threads')), variant: 'simd' });
const x = tf.tensor2d(
  Float32Array.from({ length: 640 * 200 }, (_, i) => ((i * 7919) % 100) / 100),
  [640, 200],
);
const y = tf.tensor1d(Int32Array.from({ length: 640 }, (_, i) => i % 10));

function network() {
  tf.setSeed(1);
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 64, activation: 'relu', inputShape: [200] }),
      tf.layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  return model;
}

// A second of steps first, for the threads to arrive.
const first = network();
const until = performance.now() + 1000;
while (performance.now() < until) await first.fit(x, y, { batchSize: 64, verbose: 0, yieldEvery: 'batch' });

const model = network();
await model.fit(x, y, { batchSize: 64, epochs: 3, verbose: 0 });
const weights = await new Blob(model.getWeights().map((weight) => weight.dataSync())).arrayBuffer();
const digest = Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', weights))).join();
const { threads } = await tf.ready();
document.title = JSON.stringify({ isolated: crossOriginIsolated, threads, digest });
