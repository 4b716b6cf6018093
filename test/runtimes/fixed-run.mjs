// What every runtime does: learn XOR, learn digits, and take a fixed number of steps from a fixed seed.
// Only ES globals and what the package offers are used, so that the same file runs anywhere.

/**
 * @param {typeof import('lanegrad')} tf the built package, as the runtime resolved it
 * @param {{ images: string, labels: string }} digits bytes in base64: 28×28 images, and their classes
 * @param {import('lanegrad').Variant} [variant] the kernels to use; by default the runtime's own choice
 */
export async function fixedRun(tf, digits, variant) {
  if (variant) tf.init({ variant });
  const { variant: used, threads } = await tf.ready();
  return {
    variant: used,
    threads,
    xor: await learnXor(tf),
    accuracy: await learnDigits(tf, digits),
    sha256: await hashOfFixedSteps(tf, digits),
  };
}

/** Whether a small network tells all four cases apart after training. */
async function learnXor(tf) {
  const inputs = tf.tensor2d([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
  const expected = [0, 1, 1, 0];
  tf.setSeed(1);
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [2], units: 8, activation: 'tanh' }),
      tf.layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.05), loss: 'binaryCrossentropy' });
  await model.fit(inputs, tf.tensor2d(expected, [4, 1]), { epochs: 300, batchSize: 4, verbose: 0 });
  return [...model.predict(inputs).dataSync()].every((y, i) => Math.round(y) === expected[i]);
}

function classifier(tf, ...between) {
  const model = tf.sequential({
    layers: [
      tf.layers.rescaling({ scale: 1 / 255, inputShape: [28, 28], inputDType: 'uint8' }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 64, activation: 'relu' }),
      ...between,
      tf.layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
  model.compile({
    optimizer: tf.train.adam(2e-3),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}

/** Accuracy on a fifth of the digits after training on the rest. */
async function learnDigits(tf, digits) {
  const { images, labels } = tensorsOf(tf, digits);
  const [samples] = labels.shape;
  const held = samples / 5;
  tf.setSeed(2);
  const model = classifier(tf);
  await model.fit(
    images.slice([held, 0, 0], [samples - held, 28, 28]),
    labels.slice([held], [samples - held]),
    {
      epochs: 8,
      batchSize: 32,
      verbose: 0,
    },
  );
  const [, accuracy] = model.evaluate(images.slice([0, 0, 0], [held, 28, 28]), labels.slice([0], [held]));
  return accuracy.dataSync()[0];
}

/** SHA-256 of the weights after 51 steps with shuffling, dropout and a last batch that is not full. */
async function hashOfFixedSteps(tf, digits) {
  const { images, labels } = tensorsOf(tf, digits);
  tf.setSeed(3);
  const model = classifier(tf, tf.layers.dropout({ rate: 0.25 }));
  await model.fit(images, labels, { epochs: 3, batchSize: 48, verbose: 0 });
  const weights = model.getWeights().map((tensor) => tensor.dataSync());
  const all = new Float32Array(weights.reduce((length, values) => length + values.length, 0));
  let offset = 0;
  for (const values of weights) {
    all.set(values, offset);
    offset += values.length;
  }
  const hash = await crypto.subtle.digest('SHA-256', all);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function tensorsOf(tf, { images, labels }) {
  const classes = bytesOf(labels);
  return {
    images: tf.tensor3d(bytesOf(images), [classes.length, 28, 28]),
    labels: tf.tensor1d(classes),
  };
}

const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
