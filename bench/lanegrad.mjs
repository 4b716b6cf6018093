import * as tf from 'lanegrad';

/** The same network in lanegrad: returns a function that makes `steps` steps and resolves to the loss. */
export function lanegrad({ sizes, batch }, { x, labels, kernels }) {
  const outputs = sizes[sizes.length - 1];
  const model = tf.sequential({
    layers: kernels.map((_, i) =>
      tf.layers.dense({
        units: sizes[i + 1],
        inputShape: [sizes[i]],
        activation: i < kernels.length - 1 ? 'relu' : outputs === 1 ? 'sigmoid' : 'softmax',
      }),
    ),
  });
  model.setWeights(
    kernels.flatMap((w, i) => [tf.tensor2d(w, [sizes[i], sizes[i + 1]]), tf.zeros([sizes[i + 1]])]),
  );
  const loss = outputs === 1 ? 'binaryCrossentropy' : 'sparseCategoricalCrossentropy';
  model.compile({ optimizer: tf.train.adam(1e-3), loss });
  const inputs = tf.tensor2d(x, [batch, sizes[0]]);
  const targets = tf.tensor1d(labels);
  return async (steps) => {
    const options = { epochs: steps, batchSize: batch, shuffle: false, verbose: 0 };
    const { history } = await model.fit(inputs, targets, options);
    return history.loss[steps - 1];
  };
}
