// A user's script in CommonJS. It is compiled against the built package, not run.

import tf = require('lanegrad');
import byName = require('lanegrad/node');
import plot = require('lanegrad/plot');
import training = require('lanegrad/worker');

class Doubled extends tf.layers.Layer {
  override call([x]: tf.Value[]): tf.Value {
    return tf.mul(tf.relu(x), 2);
  }
}
const model: tf.Sequential = tf.sequential({ layers: [new Doubled({ name: 'doubled' })] });
// @ts-expect-error A vector is no matrix.
const wrong: tf.Tensor2D = tf.tensor1d([1]);
const same: tf.Tensor = byName.scalar(1);
const line: string = plot.sparkline([1, 2, 3]);
const worker: training.TrainingWorker = new training.TrainingWorker();

export = { model, wrong, same, line, worker };
