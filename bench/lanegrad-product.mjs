// One matrix product as training does it, timed by the profile of `fit`: packing included, copying of data not.

import * as tf from 'lanegrad';

/** Layers whose training contains the product: forward, for the weights' gradient, or for the input's. */
const forms = {
  A·B: ({ m, k, n }) => ({ batch: m, sizes: [k, n], shape: [m, n] }),
  Aᵀ·B: ({ m, k, n }) => ({ batch: k, sizes: [m, n], shape: [m, n] }),
  // The input's gradient is asked for only where a layer below learns: one of a single input.
  A·Bᵀ: ({ m, k, n }) => ({ batch: m, sizes: [1, n, k], shape: [m, n] }),
};

export function product(workload, { a, b }) {
  const { batch, sizes, shape } = forms[workload.form](workload);
  const model = tf.sequential({
    layers: sizes
      .slice(1)
      .map((units, i) =>
        tf.layers.dense({ units, useBias: false, inputShape: [sizes[i]], name: `layer${i}` }),
      ),
  });
  model.compile({ optimizer: tf.train.sgd(1e-6), loss: (_, y) => tf.mean(y, -1) });
  const [x, y] = [tf.ones([batch, sizes[0]]), tf.zeros([batch, 1])];
  const last = `layer${sizes.length - 2}`;
  const isPart = ({ kind, shape: made, layers }) =>
    layers.includes(last) && (kind === 'packB' || (kind === 'matMul' && made === `[${shape}]`));
  return {
    async steps(epochs) {
      const { profile } = await model.fit(x, y, { epochs, batchSize: batch, verbose: 0, profile: true });
      const parts = profile.filter(isPart);
      return parts.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000;
    },
    loss: () => checksum(workload, a, b),
  };
}

/** The mean size of the elements of the product of the workload's own matrices. */
function checksum({ m, k, n, form }, a, b) {
  const [transposeA, transposeB] = [form.startsWith('Aᵀ'), form.endsWith('Bᵀ')];
  const left = tf.tensor2d(a, transposeA ? [k, m] : [m, k]);
  const right = tf.tensor2d(b, transposeB ? [n, k] : [k, n]);
  return tf.mean(tf.abs(tf.matMul(left, right, transposeA, transposeB))).dataSync()[0];
}
