// A page that trains: `node examples/browser/serve.mjs`, then open the address that it prints.
// `?data=URL` names the folder of MNIST's four files, `?epochs=N` how often to go through them.

import * as tf from 'lanegrad';
import { TrainingWorker } from 'lanegrad/worker';
import { createChart } from './chart.js';
import { createPad } from './pad.js';

const query = new URLSearchParams(location.search);
const epochs = Number(query.get('epochs') ?? 4);
const batchSize = 128;
/** Batches between two points of the chart. */
const batchesPerPoint = 8;

const find = (id) => document.getElementById(id);
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (share) => `${(100 * share).toFixed(2)} %`;

/** Trains while the page draws. Left out of `fit`, the page would train itself, and still keep most of its frames. */
const worker = new TrainingWorker();
const model = tf.sequential({
  layers: [
    tf.layers.rescaling({ scale: 1 / 255, inputShape: [28, 28], inputDType: 'uint8' }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 128, activation: 'relu' }),
    tf.layers.dense({ units: 10, activation: 'softmax' }),
  ],
});

const pad = createPad(find('pad'), readDigit);
find('clear').addEventListener('click', () => {
  pad.clear();
  showDigit('?', new Array(10).fill(0));
});
for (let digit = 0; digit < 10; digit++) find('probabilities').append(document.createElement('li'));

const { train, test } = await tf.mnist({
  url: query.get('data') ?? './mnist',
  verify: false,
  verbose: false,
});
const batches = Math.ceil(train.labels.size / batchSize);
const chart = createChart(find('chart'), batches, epochs);
showDigits();
find('status').textContent = `${train.labels.size.toLocaleString('en')} digits to learn from`;
find('train').disabled = false;
find('train').addEventListener('click', learn);

async function learn() {
  find('train').disabled = true;
  chart.clear();
  const learningRate = tf.schedules.cosine({ initial: 3e-3, decaySteps: epochs * batches });
  model.compile({
    optimizer: tf.train.adam({ learningRate }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  let epoch = 0;
  let [losses, accuracies] = [[], []];
  const begun = performance.now();
  await model.fit(train.images, train.labels, {
    epochs,
    batchSize,
    verbose: 0,
    worker,
    callbacks: {
      onEpochBegin(number) {
        epoch = number;
        find('status').textContent = `Epoch ${epoch + 1} of ${epochs}`;
      },
      onBatchEnd(batch, { loss, acc }) {
        losses.push(loss);
        accuracies.push(acc);
        if (losses.length < batchesPerPoint && batch < batches - 1) return;
        chart.add(epoch * batches + batch, mean(losses), mean(accuracies));
        find('loss').textContent = mean(losses).toFixed(4);
        find('accuracy').textContent = percent(mean(accuracies));
        [losses, accuracies] = [[], []];
      },
    },
  });
  const seconds = (performance.now() - begun) / 1000;
  const [, accuracy] = model.evaluate(test.images, test.labels, { batchSize: 500 });
  const result = `${percent(accuracy.dataSync()[0])} of ${test.labels.size} digits never seen`;
  find('status').textContent = `${result}, after ${seconds.toFixed(1)} s`;
  find('train').textContent = 'Train on';
  find('train').disabled = false;
  readDigit();
}

/** The first digits, side by side in two rows, in the page's ink. */
function showDigits() {
  const [side, columns, rows] = [28, 16, 2];
  const canvas = find('digits');
  canvas.width = columns * side;
  canvas.height = rows * side;
  const context = canvas.getContext('2d');
  const pixels = train.images.dataSync();
  for (let i = 0; i < columns * rows; i++) {
    const image = context.createImageData(side, side);
    for (let j = 0; j < side * side; j++) image.data[4 * j + 3] = pixels[i * side * side + j];
    context.putImageData(image, (i % columns) * side, Math.floor(i / columns) * side);
  }
}

function readDigit() {
  const image = pad.read();
  if (!image) return;
  const probabilities = [...model.predict(tf.tensor3d(image, [1, 28, 28])).dataSync()];
  showDigit(String(probabilities.indexOf(Math.max(...probabilities))), probabilities);
}

function showDigit(text, probabilities) {
  find('digit').textContent = text;
  for (const [digit, item] of [...find('probabilities').children].entries()) {
    item.style.setProperty('--share', probabilities[digit].toFixed(3));
  }
}
