import { batches } from '../workloads.mjs';

export const contestants = [
  {
    name: 'jax-js',
    differs:
      'WebAssembly backend; the whole step with Adam, written out here, goes through `jit`; its convnet has no dropout',
    exact: true,
    cannot: () => undefined,
    async create(workload, data) {
      const jax = await import('@jax-js/jax');
      await jax.init('wasm');
      jax.defaultDevice('wasm');
      const creators = { gemm, expression };
      return (creators[workload.kind] ?? network)(jax, workload, data);
    },
  },
];

function gemm({ numpy: np, jit, blockUntilReady }, { m, k, n, form }, { a, b }) {
  const [transposeA, transposeB] = [form.startsWith('Aᵀ'), form.endsWith('Bᵀ')];
  const left = np.array(a).reshape(transposeA ? [k, m] : [m, k]);
  const right = np.array(b).reshape(transposeB ? [n, k] : [k, n]);
  const product = jit((x, y) => np.matmul(transposeA ? x.transpose() : x, transposeB ? y.transpose() : y));
  let output;
  return {
    async steps(count) {
      for (let i = 0; i < count; i++) {
        output?.dispose();
        output = product(left.ref, right.ref);
        await blockUntilReady(output.ref);
      }
    },
    // Of the rows' means: a sum of millions of numbers in single precision is off by a thousandth.
    loss: () => np.mean(np.mean(np.abs(output.ref), -1)).item(),
  };
}

/** relu(A·B + c) of [64,64], computed at once and read: what is not in `jit`. */
function expression({ numpy: np }, _workload, { x }) {
  const [a, b] = [0, 1].map((i) => np.array(x.slice(4096 * i, 4096 * (i + 1))).reshape([64, 64]));
  const c = np.array(x.slice(0, 64));
  let first = Number.NaN;
  return {
    async steps(n) {
      for (let i = 0; i < n; i++) {
        const result = await np.maximum(np.matmul(a.ref, b.ref).add(c.ref), 0).data();
        first = result.reduce((sum, value) => sum + value, 0);
      }
    },
    loss: () => first,
  };
}

/** The logits; every array is handed on, as jax-js counts references. */
function forward(jax, parameters, x) {
  return parameters[0].shape.length === 4 ? convolve(jax, parameters, x) : multiply(jax, parameters, x);
}

/** Convolution, relu, pool, twice, and a dense layer; channels come first. */
function convolve({ numpy: np, lax }, [w1, b1, w2, b2, w3, b3], x) {
  const layer = (input, w, b) => {
    const channels = w.shape[0];
    const y = lax.conv(input, w, [1, 1], 'VALID').add(b.reshape([1, channels, 1, 1]));
    const [batch, , height, width] = y.shape;
    const [rows, columns] = [height >> 1, width >> 1];
    const even = np.maximum(y, 0).slice([], [], [0, 2 * rows], [0, 2 * columns]);
    return np.max(even.reshape([batch, channels, rows, 2, columns, 2]), [3, 5]);
  };
  const features = layer(layer(x, w1, b1), w2, b2);
  return np.matmul(features.reshape([features.shape[0], w3.shape[0]]), w3).add(b3);
}

function multiply({ numpy: np }, parameters, x) {
  let value = x;
  for (let i = 0; i < parameters.length; i += 2) {
    value = np.matmul(value, parameters[i]).add(parameters[i + 1]);
    if (i + 2 < parameters.length) value = np.maximum(value, 0);
  }
  return value;
}

function meanLoss(jax, parameters, x, targets, binary) {
  const { numpy: np, nn } = jax;
  const logits = forward(jax, parameters, x);
  if (!binary) return np.mean(np.sum(nn.logSoftmax(logits).mul(targets), -1)).mul(-1);
  return np.mean(nn.softplus(logits.ref).sub(logits.mul(targets)));
}

function adam({ numpy: np }, [w, m, v], gradient, rate, epsilon) {
  const mean = m.mul(0.9).add(gradient.ref.mul(0.1));
  const square = v.mul(0.999).add(gradient.ref.mul(gradient).mul(0.001));
  const moved = w.sub(mean.ref.mul(rate).div(np.sqrt(square.ref).add(epsilon)));
  return [moved, mean, square];
}

function network(jax, workload, data) {
  const { numpy: np, jit, valueAndGrad } = jax;
  const { kind, sizes, batch } = workload;
  const classes = sizes[sizes.length - 1];
  const sample = kind === 'convnet' ? [1, 28, 28] : [sizes[0]];
  const input = (x) => np.array(Float32Array.from(x)).reshape([batch, ...sample]);
  const target = (labels) => np.array(hot(labels, classes)).reshape([batch, classes]);
  let parameters = data.kernels.flatMap((w, i) => {
    const kernel =
      kind === 'convnet' ? convnetKernel(np, w, i) : np.array(w).reshape([sizes[i], sizes[i + 1]]);
    const { shape } = kernel;
    return [kernel, np.zeros([shape.length === 4 ? shape[0] : shape[1]])];
  });
  if (kind === 'inference') return predict(jax, parameters, input(data.x), target(data.labels));

  let means = parameters.map(({ shape }) => np.zeros(shape));
  let squares = parameters.map(({ shape }) => np.zeros(shape));
  const update = jit((weights, m, v, x, y, rate, epsilon) => {
    const lossOf = (each) => meanLoss(jax, each, x, y, classes === 1);
    const [loss, gradients] = valueAndGrad(lossOf)(weights.map(({ ref }) => ref));
    const moved = weights.map((w, i) => adam(jax, [w, m[i], v[i]], gradients[i], rate.ref, epsilon.ref));
    rate.dispose();
    epsilon.dispose();
    return [loss, ...[0, 1, 2].map((part) => moved.map((each) => each[part]))];
  });
  const source = kind === 'epoch' ? batches(data, workload) : undefined;
  const fixed = source ? undefined : [input(data.x), target(data.labels)];
  let step = 0;
  let last;
  const take = () => {
    if (fixed) return fixed.map(({ ref }) => ref);
    const { x, labels } = source.next().value;
    return [input(x), target(labels)];
  };
  return {
    async steps(n) {
      for (let i = 0; i < n; i++) {
        step++;
        const correction = Math.sqrt(1 - 0.999 ** step);
        const scalars = [(1e-3 * correction) / (1 - 0.9 ** step), 1e-7 * correction].map((s) => np.array(s));
        last?.dispose();
        [last, parameters, means, squares] = update(parameters, means, squares, ...take(), ...scalars);
      }
      await jax.blockUntilReady(last.ref);
    },
    loss: () => last.ref.item(),
  };
}

/** The convnet's kernels, which come as [height, width, inputs, outputs], with outputs and inputs first. */
function convnetKernel(np, w, i) {
  const shapes = [
    [3, 3, 1, 32],
    [3, 3, 32, 64],
    [1600, 10],
  ];
  const kernel = np.array(w).reshape(shapes[i]);
  return i < 2 ? np.transpose(kernel, [3, 2, 0, 1]) : kernel;
}

const hot = (labels, classes) =>
  classes === 1
    ? Float32Array.from(labels)
    : Float32Array.from({ length: labels.length * classes }, (_, i) =>
        labels[Math.floor(i / classes)] === i % classes ? 1 : 0,
      );

function predict(jax, parameters, x, targets) {
  const { numpy: np, nn, jit } = jax;
  const run = jit((weights, input) => nn.softmax(forward(jax, weights, input)));
  let output;
  return {
    async steps(n) {
      for (let i = 0; i < n; i++) {
        output?.dispose();
        output = run(
          parameters.map(({ ref }) => ref),
          x.ref,
        );
        await output.ref.data();
      }
    },
    loss: () =>
      np
        .mean(np.sum(np.log(output.ref).mul(targets.ref), -1))
        .mul(-1)
        .item(),
  };
}
