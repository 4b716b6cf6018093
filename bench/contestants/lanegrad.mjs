import * as tf from 'lanegrad';
import { smallConvnet } from '../convnet.mjs';

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
  const info = await tf.ready();
  if (threads > 1 && info?.threads !== threads) throw new Error('this build of lanegrad took one thread');
}

const creators = { train, inference, gemm, epoch, convnet };

function network({ sizes }, { kernels }) {
  const last = kernels.length - 1;
  const final = sizes[sizes.length - 1] === 1 ? 'sigmoid' : 'softmax';
  const model = tf.sequential({
    layers: kernels.map((_, i) =>
      tf.layers.dense({
        units: sizes[i + 1],
        inputShape: [sizes[i]],
        activation: i < last ? 'relu' : final,
      }),
    ),
  });
  model.setWeights(
    kernels.flatMap((w, i) => [tf.tensor2d(w, [sizes[i], sizes[i + 1]]), tf.zeros([sizes[i + 1]])]),
  );
  const loss = final === 'sigmoid' ? 'binaryCrossentropy' : 'sparseCategoricalCrossentropy';
  model.compile({ optimizer: tf.train.adam(1e-3), loss });
  return model;
}

/** `steps` epochs of one batch each. */
function repeated(model, inputs, targets, batchSize) {
  let last = Number.NaN;
  return {
    async steps(epochs) {
      const options = { epochs, batchSize, shuffle: false, verbose: 0 };
      const { history } = await model.fit(inputs, targets, options);
      last = history.loss[epochs - 1];
    },
    loss: () => last,
  };
}

function train(workload, data) {
  const inputs = tf.tensor2d(data.x, [workload.batch, workload.sizes[0]]);
  return repeated(network(workload, data), inputs, tf.tensor1d(data.labels), workload.batch);
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

function gemm() {
  throw new Error('matMul works inside a model only; a contestant for the product alone is not written yet');
}

/** Whole epochs of `fit`; fewer steps are an epoch over so many samples from the front. */
function epoch(workload, { bytes, labels, kernels }) {
  const model = network(workload, { kernels });
  const { batch, sizes, samples } = workload;
  let last = Number.NaN;
  return {
    async steps(n) {
      const count = Math.min(n * batch, samples);
      const x = tf.tensor2d(
        Float32Array.from(bytes.subarray(0, count * sizes[0]), (v) => v / 255),
        [count, sizes[0]],
      );
      const y = tf.tensor1d(labels.subarray(0, count));
      const { history } = await model.fit(x, y, { epochs: 1, batchSize: batch, shuffle: true, verbose: 0 });
      last = history.loss[0];
      tf.dispose([x, y]);
    },
    loss: () => last,
  };
}

function convnet(workload, data) {
  const model = smallConvnet(tf, data);
  model.compile({ optimizer: tf.train.adam(1e-3), loss: 'sparseCategoricalCrossentropy' });
  const inputs = tf.tensor(data.x, [workload.batch, 28, 28, 1]);
  return repeated(model, inputs, tf.tensor1d(data.labels), workload.batch);
}
