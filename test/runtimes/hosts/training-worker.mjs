// What the test of training workers calls in the page: each function makes a model, trains it, and tells what came.

import * as tf from 'lanegrad';
import { TrainingWorker } from 'lanegrad/worker';

const worker = new TrainingWorker();

/** Random images of the classes' own patterns, as bytes. */
function samples(count) {
  const images = new Uint8Array(count * 64);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    labels[i] = i % 4;
    for (let j = 0; j < 64; j++)
      images[64 * i + j] = (j * (labels[i] + 3) * 37 + ((i * 31 + j * 17) % 90)) % 256;
  }
  return [tf.tensor2d(images, [count, 64], 'uint8'), tf.tensor1d(labels, 'uint8')];
}

function network(options = {}) {
  tf.setSeed(5);
  const model = tf.sequential({
    layers: [
      tf.layers.rescaling({ scale: 1 / 255, inputShape: [64], inputDType: 'uint8' }),
      tf.layers.dense({ units: options.units ?? 32, activation: 'relu' }),
      tf.layers.dropout({ rate: 0.2 }),
      tf.layers.dense({ units: 4, activation: 'softmax' }),
    ],
  });
  const learningRate = tf.schedules.cosine({ initial: 0.01, decaySteps: 60 });
  model.compile({
    optimizer: tf.train.adam({ learningRate, clipNorm: 1 }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
    ...options.compile,
  });
  return model;
}

const weightsOf = (model) => model.getWeights().flatMap((tensor) => [...tensor.dataSync()]);
const same = (a, b) => a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
const messageOf = (promise) =>
  promise.then(
    () => 'it resolved',
    (error) => error.message,
  );

/** A worker whose script is not there. */
const missing = () => new Worker('./missing.js', { type: 'module' });

globalThis.tests = {
  /** Three fits in a row with the same seeds, on the page, and in the worker but for the second. */
  async sameBits(variant) {
    tf.init({ variant });
    const [x, y] = samples(300);
    const models = [];
    const histories = [];
    for (const where of [undefined, worker]) {
      const model = network();
      const options = { epochs: 3, batchSize: 32, validationSplit: 0.1, verbose: 0, worker: where };
      const { history } = await model.fit(x, y, { ...options, seed: 9 });
      await model.fit(x, y, { ...options, worker: undefined });
      await model.fit(x, y, { ...options, classWeight: { 1: 2 } });
      models.push(model);
      histories.push(JSON.stringify(history));
    }
    const [page, remote] = models;
    return {
      weights: same(weightsOf(page), weightsOf(remote)),
      histories: histories[0] === histories[1],
      iterations: [page.optimizer.iterations, remote.optimizer.iterations],
      dataKept: x.dataSync().length === 300 * 64 && y.dataSync().length === 300,
    };
  },

  /** The hooks that are called, in order, with the model that they find. */
  async callbacks() {
    const [x, y] = samples(64);
    const model = network();
    const before = weightsOf(model);
    const calls = [];
    await model.fit(x, y, {
      epochs: 5,
      batchSize: 32,
      verbose: 0,
      worker,
      callbacks: {
        onTrainBegin: () => calls.push('train begin'),
        onEpochBegin: (epoch) => calls.push(`epoch ${epoch} begin`),
        onBatchEnd: (batch, { loss }) => calls.push(`batch ${batch} ${loss > 0}`),
        async onEpochEnd(epoch, { acc }) {
          await tf.nextFrame();
          calls.push(`epoch ${epoch} end ${acc >= 0} ${!same(before, weightsOf(model))}`);
          if (epoch === 1) model.stopTraining = true;
        },
        onTrainEnd: () => calls.push('train end'),
      },
    });
    return calls;
  },

  async earlyStopping() {
    const [x, y] = samples(64);
    const stopping = tf.callbacks.earlyStopping({ monitor: 'loss', patience: 1, minDelta: 10 });
    const { epoch } = await network().fit(x, y, { epochs: 50, verbose: 0, worker, callbacks: stopping });
    return epoch;
  },

  async abort() {
    const [x, y] = samples(256);
    const model = network();
    const controller = new AbortController();
    const before = weightsOf(model);
    const callbacks = { onEpochEnd: () => controller.abort(new Error('enough')) };
    const fit = model.fit(x, y, { epochs: 1e6, verbose: 0, worker, callbacks, signal: controller.signal });
    const message = await messageOf(fit);
    return { message, trained: !same(before, weightsOf(model)), steps: model.optimizer.iterations > 0 };
  },

  /** What each mistake is told as; the worker goes on after all of them. */
  async mistakes() {
    const [x, y] = samples(32);
    const options = { verbose: 0, worker };
    const custom = network({ compile: { loss: (t, p) => tf.mean(tf.square(tf.sub(t, p))) } });
    class Mine extends tf.layers.Layer {
      static className = 'Mine';
      call([value]) {
        return value;
      }
    }
    const withLayer = tf.sequential({
      layers: [new Mine({ inputShape: [64] }), tf.layers.dense({ units: 4 })],
    });
    withLayer.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const first = network().fit(x, y, { ...options, epochs: 20 });
    const busy = await messageOf(network().fit(x, y, options));
    await first;
    const messages = {
      busy,
      loss: await messageOf(custom.fit(x, y, options)),
      layer: await messageOf(withLayer.fit(tf.zeros([32, 64]), tf.zeros([32, 4]), options)),
      shape: await messageOf(network().fit(tf.zeros([32, 63]), y, options)),
      callback: await messageOf(
        network().fit(x, y, {
          ...options,
          epochs: 9,
          callbacks: {
            onEpochEnd() {
              throw new Error('mine');
            },
          },
        }),
      ),
    };
    await network().fit(x, y, options);
    const ended = network().fit(x, y, { ...options, epochs: 1e6 });
    setTimeout(() => worker.terminate(), 100);
    return {
      ...messages,
      ended: await messageOf(ended),
      after: await messageOf(network().fit(x, y, options)),
      missing: await messageOf(network().fit(x, y, { ...options, worker: new TrainingWorker(missing()) })),
    };
  },

  /** Milliseconds between frames while steps that take longer than a frame are trained. */
  async frames(inWorker) {
    const [x, y] = samples(4096);
    const model = network({ units: 4096 });
    const gaps = [];
    let last = performance.now();
    let runs = true;
    const tick = (now) => {
      gaps.push(now - last);
      last = now;
      if (runs) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    await model.fit(x, y, { epochs: 3, batchSize: 2048, verbose: 0, worker: inWorker ? worker : undefined });
    runs = false;
    gaps.sort((a, b) => a - b);
    return { count: gaps.length, median: gaps[gaps.length >> 1], p95: gaps[Math.floor(gaps.length * 0.95)] };
  },
};
