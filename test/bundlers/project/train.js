// The twenty lines of the README, with data from the page's own server.

import * as tf from 'lanegrad';

export async function trainDigits() {
  const { train, test } = await tf.mnist({ url: '/mnist', verify: false, verbose: false });

  tf.setSeed(42);
  const model = tf.sequential({
    layers: [
      tf.layers.rescaling({ scale: 1 / 255, inputShape: [28, 28], inputDType: 'uint8' }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 128, activation: 'relu' }),
      tf.layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
  model.compile({
    optimizer: tf.train.adam(1e-3),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  await model.fit(train.images, train.labels, { epochs: 5, batchSize: 32 });

  const [, accuracy] = model.evaluate(test.images, test.labels);
  return accuracy.dataSync()[0];
}
