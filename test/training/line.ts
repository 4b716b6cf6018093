// A model of one weight that is known by hand, and data for it.

import * as tf from '../../src/index.ts';

export const quiet = { verbose: 0 } as const;
export const x = tf.tensor2d(Array.from({ length: 20 }, (_, i) => [i / 10 - 1]));
export const y = tf.tensor2d(Array.from({ length: 20 }, (_, i) => [(i * i) / 100]));

/** One weight, no bias, started at 0.5. */
export function line(optimizer: string | tf.Optimizer = 'sgd', metrics: string[] = []): tf.Sequential {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, useBias: false, inputShape: [1] })] });
  model.setWeights([tf.tensor2d([[0.5]])]);
  model.compile({ optimizer, loss: 'meanSquaredError', metrics });
  return model;
}

export const weightOf = (model: tf.Model) => model.getWeights()[0].dataSync()[0];
export const numbers = (result: tf.Tensor | tf.Tensor[]) => [result].flat().map((each) => each.dataSync()[0]);
