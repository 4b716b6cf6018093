// What contestants run: sizes of the layers, samples of a batch, and the data, the same for all.

const mlp = (name, sizes, batch, more) => ({ kind: 'train', name, sizes, batch, ...more });
const gemm = (m, k, n, form) => ({
  kind: 'gemm',
  name: `GEMM ${m}×${k}×${n} ${form}`,
  m,
  k,
  n,
  form,
  batch: 1,
});
const digits = [784, 128, 10];

export const workloads = [
  mlp('XOR 2-2-1', [2, 2, 1], 4),
  mlp('4-16-3', [4, 16, 3], 16),
  ...[1, 32, 128, 1024].map((batch) => mlp('784-128-10', digits, batch)),
  mlp('784-512-512-10', [784, 512, 512, 10], 128),
  mlp('784-128-10 inference', digits, 1, { kind: 'inference' }),
  mlp('784-128-10 inference', digits, 256, { kind: 'inference' }),
  gemm(128, 784, 128, 'A·B'),
  gemm(784, 128, 128, 'Aᵀ·B'),
  gemm(128, 128, 784, 'A·Bᵀ'),
  gemm(128, 128, 10, 'A·B'),
  gemm(784, 1024, 128, 'A·B'),
  // Large ones: a layer of 2,048 units on a batch of 512, and others.
  gemm(512, 2048, 2048, 'A·B'),
  gemm(2048, 512, 2048, 'Aᵀ·B'),
  gemm(512, 2048, 1024, 'A·Bᵀ'),
  gemm(1024, 1024, 1024, 'A·B'),
  gemm(4096, 256, 1024, 'A·B'),
  gemm(256, 4096, 1024, 'Aᵀ·B'),
  gemm(4096, 1024, 256, 'A·Bᵀ'),
  mlp('784-128-10 epoch of 60,000', digits, 128, { kind: 'epoch', samples: 60_000 }),
  // Some take the better part of a minute for one step.
  { kind: 'convnet', name: 'convnet 32-64', sizes: [784, 10], batch: 128, limit: 60 },
  mlp('XOR 2-2-1 by minimize', [2, 2, 1], 4, { kind: 'customLoop' }),
  mlp('784-128-10 by minimize', digits, 128, { kind: 'customLoop' }),
  { kind: 'expression', name: 'relu(A·B + c) of 64×64, read', sizes: [8192, 10], batch: 1 },
];

const sequences = (times) => ({ times, features: 16, units: 64, classes: 10, sizes: [times * 16, 10] });

/** What `compare.mjs` measures: small, and a little of everything. */
export const comparedWorkloads = [
  ...workloads.filter(({ kind, name }) => kind === 'train' && name === 'XOR 2-2-1'),
  ...workloads.filter(({ kind, name, batch }) => kind === 'train' && name === '784-128-10' && batch < 1024),
  ...workloads.filter(({ kind }) => kind === 'convnet'),
  { kind: 'lstm', name: 'LSTM of 64, 50 times', batch: 32, ...sequences(50) },
  { kind: 'firstStep', name: 'first step of an LSTM, 20 times', batch: 8, ...sequences(20) },
  { kind: 'eager', name: 'tensors of 100, three operations and a read', batch: 1, sizes: [100, 10] },
];

/** The next of the same pseudo-random words for every contestant: a linear congruential generator modulo 2³². */
const wordAfter = (word) => (Math.imul(word, 1664525) + 1013904223) >>> 0;

/** These as numbers in [−1, 1). */
function* noise() {
  for (let word = 1; ; word = wordAfter(word)) yield word / 2 ** 31 - 1;
}

function drawer() {
  const numbers = noise();
  return (length, scale) => Float32Array.from({ length }, () => numbers.next().value * scale);
}

/**
 * Data, and weights to start from. What there is depends on the kind of workload.
 * @returns {any}
 */
export function problem(workload) {
  if (workload.kind === 'gemm') return matrices(workload);
  if (workload.kind === 'epoch') return digitsLike(workload);
  const { sizes, batch } = workload;
  const draw = drawer();
  const classes = sizes[sizes.length - 1];
  return {
    x: draw(batch * sizes[0], 1),
    labels: Int32Array.from({ length: batch }, (_, i) => (i * 7) % Math.max(classes, 2)),
    kernels: startingKernels(workload, draw),
  };
}

const startingKernels = ({ kind, sizes }, draw) =>
  kind === 'convnet'
    ? [
        draw(9 * 32, Math.sqrt(3 / 9)),
        draw(9 * 32 * 64, Math.sqrt(3 / 288)),
        draw(1600 * 10, Math.sqrt(3 / 1600)),
      ]
    : sizes.slice(1).map((size, i) => draw(sizes[i] * size, Math.sqrt(3 / sizes[i])));

/** A and B as they lie in memory: A of form Aᵀ·B is k × m, B of form A·Bᵀ is n × k. */
function matrices({ m, k, n }) {
  const draw = drawer();
  return { a: draw(m * k, 1), b: draw(k * n, 1) };
}

/** Bytes like MNIST's: a faint pattern of its own for every class, four fifths of the pixels 0. */
function digitsLike(workload) {
  const { sizes, samples } = workload;
  const draw = drawer();
  const kernels = startingKernels(workload, draw);
  const patterns = draw(10 * sizes[0], 1);
  const bytes = new Uint8Array(samples * sizes[0]);
  const labels = Int32Array.from({ length: samples }, (_, i) => (i * 7) % 10);
  let word = 1;
  for (let i = 0; i < bytes.length; i++) {
    word = wordAfter(word);
    const pattern = patterns[labels[(i / sizes[0]) | 0] * sizes[0] + (i % sizes[0])];
    if (pattern > 0.6) bytes[i] = 100 + (word >>> 24) * 0.6;
  }
  return { bytes, labels, kernels };
}

/** Endless batches in a shuffled order, bytes scaled to [0, 1]: for contestants without a `fit` of their own. */
export function* batches({ bytes, labels }, { sizes, batch, samples }) {
  const width = sizes[0];
  const order = Uint32Array.from({ length: samples }, (_, i) => i);
  const x = new Float32Array(batch * width);
  const y = new Int32Array(batch);
  for (;;) {
    for (let i = samples - 1; i > 0; i--) {
      const j = Math.floor(Math.random() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    for (let from = 0; from + batch <= samples; from += batch) {
      for (let s = 0; s < batch; s++) {
        const start = order[from + s] * width;
        for (let i = 0; i < width; i++) x[s * width + i] = bytes[start + i] / 255;
        y[s] = labels[order[from + s]];
      }
      yield { x, labels: y };
    }
  }
}
