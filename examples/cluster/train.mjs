// Trains on digits with as many processes as it is started with, to the same weights:
//
//   node examples/cluster/train.mjs
//   mpirun -n 4 node examples/cluster/train.mjs
//
// Needs an MPI library (Debian: apt-get install openmpi-bin libopenmpi-dev) and the package koffi. Options:
// --epochs 4, --samples 2000, --save folder.

import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import * as tf from 'lanegrad';
import { mpi } from 'lanegrad/mpi';

const { values } = parseArgs({
  options: {
    epochs: { type: 'string', default: '4' },
    samples: { type: 'string', default: '2000' },
    save: { type: 'string' },
  },
});

// One thread for each process, and a build whose bits are the same on every processor.
tf.init({ threads: 1, variant: 'simd' });
tf.setSeed(42);
const cluster = await mpi();

/** Images of 12×12 pixels: a bar whose place is the class, in noise. */
function bars(count, seed) {
  const noise = tf.randomUniform([count, 12, 12, 1], 0, 1, 'float32', seed).dataSync();
  const labels = Int32Array.from({ length: count }, (_, i) => (i * 7) % 10);
  const images = Float32Array.from(noise, (value, i) => {
    const column = i % 12;
    const sample = Math.floor(i / 144);
    return 0.6 * value + (column === labels[sample] || column === labels[sample] + 1 ? 0.4 : 0);
  });
  return { images: tf.tensor(images, [count, 12, 12, 1]), labels: tf.tensor1d(labels, 'int32') };
}

// Every rank has the data; of each batch it computes its own parts alone.
const train = bars(Number(values.samples), 1);
const test = bars(500, 2);

const model = tf.sequential({
  layers: [
    tf.layers.conv2d({ filters: 8, kernelSize: 3, activation: 'relu', inputShape: [12, 12, 1] }),
    tf.layers.batchNormalization(),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.flatten(),
    tf.layers.dropout({ rate: 0.2 }),
    tf.layers.dense({ units: 10, activation: 'softmax' }),
  ],
});
model.compile({
  optimizer: tf.train.adam(0.01),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
});

await model.fit(train.images, train.labels, {
  epochs: Number(values.epochs),
  batchSize: 128,
  // More parts than ranks, so that any number of ranks up to eight comes to the same bits.
  microBatches: 8,
  verbose: 2,
  cluster,
});

const [, accuracy] = model
  .evaluate(test.images, test.labels, { batchSize: 50, cluster })
  .map((value) => value.dataSync()[0]);

if (cluster.rank === 0) {
  const digest = createHash('sha256');
  for (const weight of model.getWeights()) digest.update(weight.dataSync());
  console.log(`accuracy ${accuracy.toFixed(3)}, weights ${digest.digest('hex').slice(0, 16)}`);
  if (values.save) await model.save(`file://${values.save}`);
}
