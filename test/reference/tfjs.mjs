// What the tfjs-*.mjs scripts beside this file share: TensorFlow.js of the folder they are run in, and JSON of a
// model as it saves it, with what it computes.

import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const tf = createRequire(join(process.cwd(), 'package.json'))('@tensorflow/tfjs');
await tf.setBackend('cpu');

/** Writes the model and its predictions for `values` of `shape` beside `script`, under its name with .json. */
export async function write(script, model, shape, values) {
  const predictions = await model.predict(tf.tensor(values, shape)).data();
  let saved;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  const { modelTopology, weightSpecs, weightData } = saved;
  writeFileSync(
    script.replace(/\.mjs$/, '.json').replace('file://', ''),
    `${JSON.stringify({
      modelTopology,
      weightSpecs,
      weights: Buffer.from(weightData).toString('base64'),
      values,
      predictions: Array.from(predictions),
    })}\n`,
  );
}
