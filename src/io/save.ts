import { LanegradError } from '../errors.ts';
import type { Model } from '../models/model.ts';
import { platform } from '../platform/platform.ts';
import type { ModelArtifacts, SaveHandler } from './artifacts.ts';
import { modelEntry } from './topology.ts';

const fileScheme = 'file://';
/** The version whose files these are like. */
const writtenBy = { keras_version: 'tfjs-layers 4.22.0', backend: 'tensor_flow.js' };

/**
 * Saves a model: layers and weights.
 * @param target 'file://folder', which gets model.json and weights.bin; or an object with `save`
 * @throws LanegradError for other addresses, and on a platform without files.
 */
export async function saveModel(model: Model, target: string | SaveHandler): Promise<void> {
  const artifacts = modelArtifacts(model);
  if (typeof target !== 'string') {
    await target.save(artifacts);
    return;
  }
  if (!target.startsWith(fileScheme)) {
    throw new LanegradError(
      `save: expected an address such as file://models/mnist; got ${JSON.stringify(target)}.`,
    );
  }
  if (!platform.writeFile) {
    throw new LanegradError('save: this runtime has no files. Give an object with a save method.');
  }
  const folder = target.slice(fileScheme.length);
  const { modelTopology, weightSpecs, weightData } = artifacts;
  const description = {
    format: 'layers-model',
    generatedBy: 'lanegrad',
    convertedBy: null,
    modelTopology,
    weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
  };
  await platform.writeFile(`${folder}/weights.bin`, weightData);
  await platform.writeFile(`${folder}/model.json`, new TextEncoder().encode(JSON.stringify(description)));
}

/** A model's description and weights, as handlers get them. */
export function modelArtifacts(model: Model): ModelArtifacts {
  const { variables } = model;
  const weightSpecs = variables.map(({ name, shape }) => ({ name, shape, dtype: 'float32' as const }));
  const values = variables.map((variable) => variable.values());
  const weightData = new Uint8Array(values.reduce((bytes, { byteLength }) => bytes + byteLength, 0));
  let offset = 0;
  for (const { buffer, byteLength } of values) {
    weightData.set(new Uint8Array(buffer, 0, byteLength), offset);
    offset += byteLength;
  }
  return { modelTopology: { ...modelEntry(model), ...writtenBy }, weightSpecs, weightData };
}
