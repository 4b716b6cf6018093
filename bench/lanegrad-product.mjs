// One matrix product as training does it, timed by the profile of `fit`: packing included, copying of data not.

import { tf } from './build.mjs';

/** Sizes of layers whose training contains the product, and which of the layers does. */
const forms = {
  // Frozen, the layer has no product but this one.
  A·B: ({ m, k, n }) => ({ batch: m, sizes: [k, n, 1], layer: 0, trainable: false }),
  Aᵀ·B: ({ m, k, n }) => ({ batch: k, sizes: [m, n], layer: 0 }),
  // The input's gradient is asked for only where a layer below learns: one of a single input.
  A·Bᵀ: ({ m, k, n }) => ({ batch: m, sizes: [1, n, k], layer: 1 }),
};

export function product(workload, { a, b }) {
  const { m, k, n, form } = workload;
  const { batch, sizes, layer, trainable } = forms[form](workload);
  const layers = sizes.slice(1).map((units, i) =>
    tf.layers.dense({
      units,
      useBias: false,
      inputShape: [sizes[i]],
      name: `layer${i}`,
      trainable: i === layer ? trainable : true,
    }),
  );
  const model = tf.sequential({ layers });
  model.compile({ optimizer: tf.train.sgd(1e-6), loss: (_, y) => tf.mean(y, -1) });
  const [x, y] = [tf.ones([batch, sizes[0]]), tf.zeros([batch, 1])];
  // On several threads a long sum may be taken in parts.
  const result = new RegExp(`^\\[(\\d+,)?${m},${n}\\]$`);
  const shapes = {
    matMul: result,
    matMulParts: result,
    sumParts: result,
    packB: new RegExp(`^\\[${Math.ceil(n / 8)},${k},8\\]$`),
  };
  const isPart = (entry) => entry.layers.includes(`layer${layer}`) && shapes[entry.kind]?.test(entry.shape);
  return {
    async steps(epochs) {
      const { profile } = await model.fit(x, y, { epochs, batchSize: batch, verbose: 0, profile: true });
      const timed = profile.filter(isPart);
      const products = timed.filter(({ kind }) => kind.startsWith('matMul'));
      if (products.length !== 1 || timed.some(({ runs }) => runs !== epochs))
        throw new Error(`${workload.name}: products are confused.`);
      return timed.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000;
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
