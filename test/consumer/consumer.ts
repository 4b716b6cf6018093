// A user's script under the strictest settings, with the types of neither browsers nor Node. It is compiled
// against the built package, not run.

import * as tf from 'lanegrad';
import { TrainingWorker } from 'lanegrad/worker';

class Doubled extends tf.layers.Layer {
  override call([x]: tf.Value[]): tf.Value {
    return tf.mul(tf.relu(x), 2);
  }
}

const model = tf.sequential({
  layers: [
    tf.layers.dense({ units: 2, inputShape: [3], activation: 'relu' }),
    new Doubled({ name: 'doubled' }),
  ],
});
model.compile({
  optimizer: tf.train.adam({
    learningRate: tf.schedules.cosine({ initial: 1e-3, decaySteps: 100 }),
    clipNorm: 1,
  }),
  loss: (yTrue, yPred) => tf.mean(tf.square(tf.sub(yTrue, yPred)), -1),
  metrics: ['mae'],
});
const { history } = await model.fit([[1, 2, 3]], tf.tensor2d([[1, 2]]), {
  epochs: 2,
  seed: 1,
  validationSplit: 0.5,
  callbacks: [
    tf.callbacks.earlyStopping({ patience: 1 }),
    { onEpochEnd: (epoch, logs) => check(epoch, logs) },
  ],
});

function check(epoch: number, logs: tf.Logs | undefined): void {
  if (epoch > 0 && logs?.loss === 0) model.stopTraining = true;
}

export const losses: number[] | undefined = history.loss;
export const halves: tf.Tensor = tf.div(tf.ones([2, 2]), 2);

const worker = new TrainingWorker();
await model.fit([[1, 2, 3]], [[1, 2]], { worker });
worker.terminate();
