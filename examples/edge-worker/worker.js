// A Cloudflare Worker that learns to read digits in one request, and reads one in the next.
//
//   GET /train?data=URL   fetches MNIST's four files from that folder, trains, answers with the test accuracy
//   POST /classify        a digit, 28 × 28 bytes from 0 (paper) to 255 (ink); answers with its probabilities

import * as tf from 'lanegrad';

const epochs = 4;
const batchSize = 128;

/** The trained model. It lives as long as the isolate; `save` and `loadLayersModel` would keep it in KV. */
let reader;

export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    try {
      if (pathname === '/train') return Response.json(await train(searchParams.get('data')));
      if (pathname === '/classify') return Response.json(classify(await request.arrayBuffer()));
      return new Response('GET /train?data=URL, then POST /classify', { status: 404 });
    } catch (error) {
      return Response.json({ error: error.message }, { status: 400 });
    }
  },
};

async function train(url) {
  const { train, test } = await tf.mnist({ url, verify: false, verbose: false });
  const model = network();
  const decaySteps = epochs * Math.ceil(train.labels.size / batchSize);
  model.compile({
    optimizer: tf.train.adam({ learningRate: tf.schedules.cosine({ initial: 3e-3, decaySteps }) }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  await model.fit(train.images, train.labels, { epochs, batchSize, seed: 42, verbose: 0 });
  const [loss, accuracy] = model.evaluate(test.images, test.labels, { batchSize: 500 });
  reader = model;
  return {
    trainedOn: train.labels.size,
    testedOn: test.labels.size,
    loss: loss.dataSync()[0],
    accuracy: accuracy.dataSync()[0],
  };
}

function network() {
  tf.setSeed(42);
  return tf.sequential({
    layers: [
      // Images stay bytes until the kernels read them: 47 MB in place of 188.
      tf.layers.rescaling({ scale: 1 / 255, inputShape: [28, 28], inputDType: 'uint8' }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 128, activation: 'relu' }),
      tf.layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
}

function classify(bytes) {
  if (!reader) throw new Error('There is no model yet: GET /train?data=URL first.');
  if (bytes.byteLength !== 784)
    throw new Error(`Expected 784 bytes, a digit of 28 × 28; got ${bytes.byteLength}.`);
  const probabilities = [...reader.predict(tf.tensor3d(new Uint8Array(bytes), [1, 28, 28])).dataSync()];
  return { digit: probabilities.indexOf(Math.max(...probabilities)), probabilities };
}
