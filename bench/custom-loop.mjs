// What scripts write themselves, the same lines for lanegrad and TensorFlow.js: a loop around `minimize`, and an
// expression of tensors that is read. By functions: TensorFlow.js's core has the methods of tensors in no bundle for Node.

/** Dense layers as variables, trained by `optimizer.minimize(() => loss)`. */
export function customLoop(tf, { sizes, batch }, { x, labels, kernels }) {
  const classes = sizes[sizes.length - 1];
  const inputs = tf.tensor2d(x, [batch, sizes[0]]);
  const binary = classes === 1;
  const targets = binary
    ? tf.tensor2d(Float32Array.from(labels), [batch, 1])
    : tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), classes), 'float32');
  const layers = kernels.map((kernel, i) => ({
    kernel: tf.variable(tf.tensor2d(kernel, [sizes[i], sizes[i + 1]])),
    bias: tf.variable(tf.zeros([sizes[i + 1]])),
  }));
  const logits = () =>
    layers.reduce((h, { kernel, bias }, i) => {
      const z = tf.add(tf.matMul(h, kernel), bias);
      return i < layers.length - 1 ? tf.relu(z) : z;
    }, inputs);
  const loss = () => {
    const z = logits();
    if (binary) return tf.mean(tf.sub(tf.softplus(z), tf.mul(z, targets)));
    return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(z), targets), -1)));
  };
  const optimizer = tf.train.adam(1e-3);
  let last = Number.NaN;
  return {
    steps(n) {
      for (let i = 1; i < n; i++) optimizer.minimize(loss);
      const cost = optimizer.minimize(loss, true);
      last = cost.dataSync()[0];
      cost.dispose();
    },
    loss: () => last,
  };
}

/** relu(A·B + c) of [64,64], computed and read. */
export function expression(tf, _workload, { x }) {
  const [a, b] = [0, 1].map((i) => tf.tensor2d(x.slice(4096 * i, 4096 * (i + 1)), [64, 64]));
  const c = tf.tensor1d(x.slice(0, 64));
  let sum = Number.NaN;
  const read = () => tf.tidy(() => tf.relu(tf.add(tf.matMul(a, b), c)).dataSync());
  return {
    steps(n) {
      for (let i = 1; i < n; i++) read();
      // Once is enough: adding up takes longer than what is measured.
      sum = read().reduce((a, b) => a + b, 0);
    },
    loss: () => sum,
  };
}
