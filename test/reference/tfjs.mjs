// What the tfjs-*.mjs scripts beside this file share: TensorFlow.js of the folder they are run in, and JSON of a
// model as it saves it, with what it computes.

import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const tf = createRequire(join(process.cwd(), 'package.json'))('@tensorflow/tfjs');
await tf.setBackend('cpu');

/** What the model's `save` hands to a handler. */
export async function save(model, config) {
  let saved;
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    saved = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
  });
  await model.save(handler, config);
  return saved;
}

export const base64 = (bytes) => Buffer.from(bytes).toString('base64');

/** Writes `object` beside `script`, under its name with .json. */
export function writeBeside(script, object) {
  writeFileSync(script.replace(/\.mjs$/, '.json').replace('file://', ''), `${JSON.stringify(object)}\n`);
}

/** Writes the model and its predictions for `values` of `shape` beside `script`. */
export async function write(script, model, shape, values) {
  const predictions = Array.from(await model.predict(tf.tensor(values, shape)).data());
  const { modelTopology, weightSpecs, weightData } = await save(model);
  writeBeside(script, { modelTopology, weightSpecs, weights: base64(weightData), values, predictions });
}
