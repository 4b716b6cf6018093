import { tf } from '../build.mjs';
import { smallConvnet } from '../convnet.mjs';
import { customLoop, expression } from '../custom-loop.mjs';
import { product } from '../lanegrad-product.mjs';

const variants = [
  ['simd', 1],
  ['simd', 2],
  ['relaxed', 1],
  ['relaxed', 2],
];

export const contestants = variants.map(([variant, threads]) => ({
  name: `lanegrad ${variant}, ${threads} thread${threads > 1 ? 's' : ''}`,
  differs: 'trains with `fit`; reads the loss once per round',
  exact: true,
  cannot: () => undefined,
  async create(workload, data) {
    started ??= start(variant, threads);
    await started;
    return creators[workload.kind](workload, data);
  },
}));

/** The engine starts once in a process. */
let started;

/** A build without threads ignores the option: what the engine says it took decides. */
async function start(variant, threads) {
  tf.init({ variant, threads });
  tf.setSeed(1);
  const info = await tf.ready();
  if (threads > 1 && info?.threads !== threads) throw new Error('this build of lanegrad took one thread');
}

const creators = {
  ...{ train, inference, gemm: product, epoch, convnet, lstm, firstStep, eager },
  customLoop: (workload, data) => customLoop(tf, workload, data),
  expression: (workload, data) => expression(tf, workload, data),
};

function network({ sizes }, { kernels }, first = []) {
  const last = kernels.length - 1;
  const final = sizes[sizes.length - 1] === 1 ? 'sigmoid' : 'softmax';
  const model = tf.sequential({
    layers: [
      ...first,
      ...kernels.map((_, i) =>
        tf.layers.dense({
          units: sizes[i + 1],
          inputShape: [sizes[i]],
          activation: i < last ? 'relu' : final,
        }),
      ),
    ],
  });
  model.setWeights(
    kernels.flatMap((w, i) => [tf.tensor2d(w, [sizes[i], sizes[i + 1]]), tf.zeros([sizes[i + 1]])]),
  );
  const loss = final === 'sigmoid' ? 'binaryCrossentropy' : 'sparseCategoricalCrossentropy';
  model.compile({ optimizer: tf.train.adam(1e-3), loss });
  return model;
}

// An epoch is the same batch over and over: a small step is then one of many, and the data of a large one are
// no more than the others' one batch.
const samplesOfEpoch = 1024;
const bytesOfEpoch = 65536;

function tiled(array, times) {
  const all = new array.constructor(array.length * times);
  for (let i = 0; i < times; i++) all.set(array, i * array.length);
  return all;
}

/** Epochs of many steps, all on the same batch; what is left, the last step at least, as epochs of one. */
function repeated(model, { x, labels }, batchSize, sampleShape) {
  const most = Math.min(samplesOfEpoch, (bytesOfEpoch / x.byteLength) * batchSize);
  const stepsOfEpoch = Math.max(1, Math.floor(most / batchSize));
  const [many, one] = [stepsOfEpoch, 1].map((times) => ({
    inputs: tf.tensor(tiled(x, times), [times * batchSize, ...sampleShape]),
    targets: tf.tensor1d(tiled(labels, times)),
  }));
  let last = Number.NaN;
  const fit = ({ inputs, targets }, epochs) =>
    model.fit(inputs, targets, { epochs, batchSize, shuffle: false, verbose: 0 });
  return {
    async steps(n) {
      const epochs = Math.floor((n - 1) / stepsOfEpoch);
      if (epochs > 0) await fit(many, epochs);
      const { history } = await fit(one, n - epochs * stepsOfEpoch);
      last = history.loss[history.loss.length - 1];
    },
    loss: () => last,
  };
}

function train(workload, data) {
  return repeated(network(workload, data), data, workload.batch, [workload.sizes[0]]);
}

function inference(workload, data) {
  const model = network(workload, data);
  const inputs = tf.tensor2d(data.x, [workload.batch, workload.sizes[0]]);
  let outputs;
  return {
    async steps(n) {
      for (let i = 0; i < n; i++) {
        outputs?.dispose();
        outputs = model.predict(inputs, { batchSize: workload.batch });
        await outputs.data();
      }
    },
    loss: () => crossEntropy(outputs.dataSync(), data.labels, 10),
  };
}

/** Mean cross-entropy of probabilities: what inference is checked by. */
export function crossEntropy(probabilities, labels, classes) {
  const losses = Array.from(labels, (label, s) => -Math.log(probabilities[s * classes + label]));
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** Whole epochs of `fit` on bytes; fewer steps are an epoch over so many samples from the front. */
function epoch(workload, { bytes, labels, kernels }) {
  const { batch, sizes, samples } = workload;
  const scaling = tf.layers.rescaling({ scale: 1 / 255, inputShape: [sizes[0]], inputDType: 'uint8' });
  const model = network(workload, { kernels }, [scaling]);
  let last = Number.NaN;
  return {
    async steps(n) {
      const count = Math.min(n * batch, samples);
      const x = tf.tensor(bytes.subarray(0, count * sizes[0]), [count, sizes[0]], 'uint8');
      const y = tf.tensor1d(labels.subarray(0, count));
      const { history } = await model.fit(x, y, { epochs: 1, batchSize: batch, verbose: 0 });
      last = history.loss[0];
    },
    loss: () => last,
  };
}

/** A sequence of `times` steps for each sample. */
function lstm(workload, data) {
  const { times, features } = workload;
  return repeated(recurrentNetwork(workload), data, workload.batch, [times, features]);
}

function recurrentNetwork({ times, features, units, classes }) {
  const model = tf.sequential({
    layers: [
      tf.layers.lstm({ units, inputShape: [times, features] }),
      tf.layers.dense({ units: classes, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(1e-3), loss: 'sparseCategoricalCrossentropy' });
  return model;
}

/** The first step of a new model each time: tracing and compiling are most of it. */
function firstStep(workload, { x, labels }) {
  const { times, features, batch } = workload;
  const inputs = tf.tensor(x, [batch, times, features]);
  const targets = tf.tensor1d(labels);
  let last = Number.NaN;
  return {
    async steps(n) {
      for (let i = 0; i < n; i++) last = await recurrentNetwork(workload).trainOnBatch(inputs, targets);
    },
    loss: () => last,
  };
}

/** Small tensors added and multiplied outside of models, and read. */
function eager(_workload, { x }) {
  const a = tf.tensor1d(x);
  let sum = Number.NaN;
  return {
    steps(n) {
      for (let i = 0; i < n; i++) sum = tf.sum(tf.mul(tf.add(a, i), a)).dataSync()[0];
    },
    loss: () => sum,
  };
}

function convnet(workload, data) {
  const model = smallConvnet(tf, data);
  model.compile({ optimizer: tf.train.adam(1e-3), loss: 'sparseCategoricalCrossentropy' });
  return repeated(model, data, workload.batch, [28, 28, 1]);
}
