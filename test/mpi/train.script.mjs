// Trains a network alone or as one of the ranks that mpirun started; the first rank prints what it came to, as JSON.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import process from 'node:process';
import * as tf from 'lanegrad';

/** What is asked for: { networks, threads, variant, alone, library, timeout, fit, … }. */
const order = JSON.parse(process.argv[2]);
tf.init({ threads: order.threads ?? 1, variant: order.variant ?? 'simd' });
const cluster = order.alone
  ? undefined
  : await (await import('lanegrad/mpi')).mpi({ library: order.library, timeout: order.timeout });

const networks = {
  dense: () => [
    tf.layers.dense({
      units: 128,
      activation: 'relu',
      inputShape: [784],
      kernelConstraint: 'maxNorm',
      kernelRegularizer: 'l2',
    }),
    tf.layers.dropout({ rate: 0.2 }),
    tf.layers.dense({ units: 10, activation: 'softmax' }),
  ],
  /** Its gradients are long enough for their sum to begin before all are there. */
  wide: () => [
    tf.layers.dense({ units: 384, activation: 'relu', inputShape: [784] }),
    tf.layers.dense({ units: 768, activation: 'relu' }),
    tf.layers.dense({ units: 10, activation: 'softmax' }),
  ],
  convnet: () => [
    tf.layers.reshape({ targetShape: [28, 28, 1], inputShape: [784] }),
    tf.layers.conv2d({ filters: 8, kernelSize: 3, strides: 2, activation: 'relu' }),
    tf.layers.batchNormalization(),
    tf.layers.conv2d({ filters: 12, kernelSize: 3, activation: 'relu' }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 10, activation: 'softmax' }),
  ],
};

/** Digits that nobody wrote: noise around a pattern of each class. */
function digits(count) {
  const random = (i) => ((Math.imul(i + 1, 2654435761) >>> 8) % 1000) / 1000;
  const labels = Int32Array.from({ length: count }, (_, i) => Math.floor(random(i) * 10));
  const images = Float32Array.from({ length: count * 784 }, (_, i) => {
    const label = labels[Math.floor(i / 784)];
    return 0.5 * random(i * 7) + ((i % 784) % 10 === label ? 0.5 : 0);
  });
  return { images, labels };
}

/** Batches of 64: whole, or of each what the order has a rank read of it. */
const batches = (images, labels) =>
  function* ({ rank, size }) {
    const own = order.dataset === 'own' ? 64 / size : 64;
    for (let start = 0; start + 64 <= labels.length; start += 64) {
      const from = start + (own < 64 ? rank * own : 0);
      // A file that is too short, on one rank.
      if (order.shortOn === rank && start > 0) return;
      yield {
        xs: tf.tensor2d(images.slice(from * 784, (from + own) * 784), [own, 784]),
        ys: tf.tensor1d(labels.slice(from, from + own), 'int32'),
      };
    }
  };

/** Has this rank get a signal, or run a command, at its `call`th exchange (`goesOn`: at those after it too), where the order says so of it. */
function sabotage({ rank, call, goesOn, signal, command } = {}) {
  if (!cluster || cluster.rank !== rank || !call) return;
  const { begin } = cluster;
  let calls = 0;
  cluster.begin = (...given) => {
    calls++;
    if (calls === call || (goesOn && calls > call)) {
      if (signal) process.kill(process.pid, signal);
      else execFileSync(command[0], command.slice(1));
    }
    return begin.apply(cluster, given);
  };
}

const digestOf = (arrays) => {
  const digest = createHash('sha256');
  for (const array of arrays) digest.update(array);
  return digest.digest('hex');
};

async function train(network) {
  // Ranks begin with other weights: the first one's count.
  tf.setSeed(7 + (cluster?.rank ?? 0));
  const model = tf.sequential({ layers: networks[network]() });
  model.compile({
    optimizer: tf.train[order.optimizer ?? 'adam']({ learningRate: 1e-3, ...order.clipping }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy', ...(order.metrics ?? [])],
  });
  const odd = cluster && order.oddSamples === cluster.rank ? 1 : 0;
  const { images, labels } = digits((order.samples ?? 400) + odd);
  const rates = [];
  const learn = (options) =>
    order.dataset
      ? model.fitDataset(batches(images, labels), { readsOwn: order.dataset === 'own', ...options })
      : model.fit(images, labels, { batchSize: 128, validationSplit: 0.1, ...options });
  const run = () =>
    learn({
      epochs: 2,
      microBatches: 8,
      verbose: 0,
      cluster,
      callbacks: [
        ...(order.callbacks ? [callbacks(model, rates)] : []),
        ...(order.checkpoint
          ? [tf.callbacks.checkpoint({ path: order.checkpoint, every: order.every })]
          : []),
      ],
      resume: order.checkpoint,
      ...order.fit,
    });
  const { history, profile } = await run();
  if (order.isTwice) await run();
  const remembered = digestOf((await model.optimizer.getWeights()).map(({ tensor }) => tensor.dataSync()));
  const options = { batchSize: 32, cluster };
  const evaluated = model.evaluate(images, labels, options).map((value) => value.dataSync()[0]);
  const predicted = digestOf([model.predict(images, options).dataSync()]);
  const weights = digestOf(model.getWeights().map((weight) => weight.dataSync()));
  const exchanges = profile?.filter(({ kind }) => kind === 'exchange');
  return { weights, remembered, predicted, evaluated, history, rates, exchanges };
}

/** They change the rate in the midst of epochs, stop before the end, and put other weights in place. */
const callbacks = (model, rates) => ({
  onBatchBegin: (batch) => {
    model.optimizer.learningRate = 1e-3 / (batch + 1);
    rates.push(model.optimizer.learningRate);
  },
  onBatchEnd: (batch) => {
    if (order.callbacks === 'throw' && batch === 1) throw new Error('the disk is full');
    model.stopTraining ||= rates.length === 5;
  },
  onEpochEnd: () => {
    const [first, ...others] = model.getWeights();
    model.setWeights([first.mul(0.5), ...others]);
  },
});

sabotage(order.sabotage);
const results = {};
for (const network of order.networks) results[network] = await train(network);
// Every rank has the same.
if (order.everyRank || !cluster || cluster.rank === 0) console.log(JSON.stringify(results));
