// A small model, and what a store keeps of it.

import * as tf from '../../src/node.ts';

/** A network of two layers, compiled. */
export function network(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [2], activation: 'tanh', name: 'a' }),
      tf.layers.dense({ units: 1, name: 'b' }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  return model;
}

/** What its weights are. */
export const bits = (model: tf.Model) => model.getWeights().map((weight) => Array.from(weight.dataSync()));

export async function artifactsOf(model: tf.Model): Promise<tf.io.SavedArtifacts> {
  return model.save(tf.io.withSaveHandler(async (artifacts) => artifacts));
}

/** A model.json and its weights in two files. */
export async function inShards(model: tf.Model) {
  const { weightSpecs, weightData, ...rest } = await artifactsOf(model);
  const bytes = new Uint8Array(weightData as ArrayBuffer);
  const weightsManifest = [{ paths: ['shard1.bin', 'sub/shard2.bin'], weights: weightSpecs }];
  return {
    description: JSON.stringify({ ...rest, weightsManifest }),
    shards: [bytes.slice(0, 10), bytes.slice(10)],
  };
}
