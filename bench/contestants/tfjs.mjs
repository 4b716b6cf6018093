import { smallConvnet } from '../convnet.mjs';
import { customLoop, expression } from '../custom-loop.mjs';
import { batches } from '../workloads.mjs';

const backends = [
  ['cpu', 1],
  ['wasm', 1],
  ['wasm', 2],
];

export const contestants = backends.map(([backend, threads]) => ({
  name: `TensorFlow.js ${backend}${backend === 'wasm' ? `, ${threads} thread${threads > 1 ? 's' : ''}` : ''}`,
  differs: 'trains with `trainOnBatch`; a batch becomes a tensor each time only where data is loaded',
  exact: true,
  cannot: () => undefined,
  async create(workload, data) {
    const tf = await start(backend, threads);
    const creators = { gemm, customLoop, expression };
    return (creators[workload.kind] ?? network)(tf, workload, data);
  },
}));

async function start(backend, threads) {
  const core = await import('@tensorflow/tfjs-core');
  const layers = await import('@tensorflow/tfjs-layers');
  const { setThreadsCount, getThreadsCount } = await import(`@tensorflow/tfjs-backend-${backend}`);
  if (backend === 'wasm') setThreadsCount(threads);
  await core.setBackend(backend);
  await core.ready();
  if (threads > 1 && getThreadsCount() !== threads) throw new Error('its wasm backend took one thread');
  return { ...core, ...layers };
}

function gemm(tf, { m, k, n, form }, { a, b }) {
  const [transposeA, transposeB] = [form.startsWith('Aᵀ'), form.endsWith('Bᵀ')];
  const left = tf.tensor2d(a, transposeA ? [k, m] : [m, k]);
  const right = tf.tensor2d(b, transposeB ? [n, k] : [k, n]);
  let product;
  return {
    async steps(count) {
      for (let i = 0; i < count; i++) {
        product?.dispose();
        product = tf.matMul(left, right, transposeA, transposeB);
      }
      await product.data();
    },
    // Of the rows' means: a sum of millions of numbers in single precision is off by a thousandth.
    loss: () => tf.mean(tf.mean(tf.abs(product), -1)).dataSync()[0],
  };
}

function network(tf, workload, data) {
  const { kind, sizes, batch } = workload;
  const model = kind === 'convnet' ? smallConvnet(tf, data) : dense(tf, workload, data);
  const binary = sizes[sizes.length - 1] === 1;
  const loss = binary ? 'binaryCrossentropy' : 'sparseCategoricalCrossentropy';
  model.compile({ optimizer: tf.train.adam(1e-3), loss });
  const shape = kind === 'convnet' ? [batch, 28, 28, 1] : [batch, sizes[0]];
  const inputs = (x) => tf.tensor(x, shape);
  const targets = (y) =>
    binary ? tf.tensor2d(Float32Array.from(y), [batch, 1]) : tf.tensor1d(Float32Array.from(y));
  if (kind === 'inference') return predict(tf, model, inputs(data.x), targets(data.labels));
  if (kind === 'epoch') return trainFrom(tf, model, batches(data, workload), inputs, targets);
  return train(model, inputs(data.x), targets(data.labels));
}

function dense(tf, { sizes }, { kernels }) {
  const model = tf.sequential();
  const last = kernels.length - 1;
  const final = sizes[sizes.length - 1] === 1 ? 'sigmoid' : 'softmax';
  for (const i of kernels.keys()) {
    const activation = i < last ? 'relu' : final;
    model.add(tf.layers.dense({ units: sizes[i + 1], inputShape: [sizes[i]], activation }));
  }
  setWeights(
    tf,
    model,
    kernels,
    kernels.map((_, i) => [sizes[i], sizes[i + 1]]),
  );
  return model;
}

function setWeights(tf, model, kernels, shapes) {
  model.setWeights(shapes.flatMap((shape, i) => [tf.tensor(kernels[i], shape), tf.zeros(shape.slice(-1))]));
}

function train(model, inputs, targets) {
  let last = Number.NaN;
  return {
    async steps(n) {
      for (let i = 0; i < n; i++) last = await model.trainOnBatch(inputs, targets);
    },
    loss: () => last,
  };
}

function trainFrom(tf, model, source, inputs, targets) {
  let last = Number.NaN;
  return {
    async steps(n) {
      for (let i = 0; i < n; i++) {
        const { x, labels } = source.next().value;
        const [input, target] = [inputs(x), targets(labels)];
        last = await model.trainOnBatch(input, target);
        tf.dispose([input, target]);
      }
    },
    loss: () => last,
  };
}

function predict(tf, model, inputs, targets) {
  let output;
  return {
    async steps(n) {
      for (let i = 0; i < n; i++) {
        output?.dispose();
        output = model.predictOnBatch(inputs);
        await output.data();
      }
    },
    loss: () => crossEntropyOf(tf, output, targets),
  };
}

function crossEntropyOf(tf, output, targets) {
  const hot = tf.oneHot(tf.cast(targets, 'int32'), output.shape[1]);
  return -tf.mean(tf.sum(tf.mul(tf.log(output), hot), 1)).dataSync()[0];
}
