import * as tf from 'lanegrad';
import { TrainingWorker } from 'lanegrad/worker';

/** esbuild and Rollup leave a worker's script to their user: the page says where it is. */
const script = new URLSearchParams(location.search).get('script');
const worker = script ? new Worker(script, { type: 'module' }) : undefined;

const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [1], units: 1 })] });
model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
const x = [[0], [1], [2]];
const y = [[1], [3], [5]];
model.fit(x, y, { epochs: 200, verbose: 0, worker: new TrainingWorker(worker) }).then(
  () =>
    show(
      model
        .predict([[10]])
        .dataSync()[0]
        .toFixed(1),
    ),
  (error) => show(error.message),
);

function show(text) {
  document.querySelector('output').textContent = text;
}
