import { LanegradError } from '../errors.ts';
import type { Model } from '../models/model.ts';
import { platform } from '../platform/platform.ts';
import type { CompileArguments } from '../training/compiled.ts';
import type { NamedTensor, Optimizer } from '../training/optimizers.ts';
import {
  type JsonObject,
  joined,
  type ModelArtifacts,
  type SaveHandler,
  type WeightEntry,
} from './artifacts.ts';
import { modelEntry } from './topology.ts';
import { trainingConfig } from './training-config.ts';

const fileScheme = 'file://';
/** The version whose files these are like. */
const writtenBy = { keras_version: 'tfjs-layers 4.22.0', backend: 'tensor_flow.js' };

/** What of a compiled model's training is saved. */
export interface Training {
  readonly args: CompileArguments;
  readonly optimizer: Optimizer;
}

/**
 * Saves a model: layers and weights, and how it is trained where that is given.
 * @param target 'file://folder', which gets model.json and weights.bin; or an object with `save`
 * @throws LanegradError for other addresses, on a platform without files, and for losses that are functions.
 */
export async function saveModel(
  model: Model,
  target: string | SaveHandler,
  training: Training | undefined,
): Promise<void> {
  const artifacts = await modelArtifacts(model, training);
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
    throw new LanegradError('save: this runtime has no file system. Give an object with a save method.');
  }
  const folder = target.slice(fileScheme.length);
  const { weightSpecs, weightData, ...described } = artifacts;
  const description = {
    format: 'layers-model',
    generatedBy: 'lanegrad',
    convertedBy: null,
    ...described,
    weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
  };
  // All that training changes is in this file: one from before and one from after an interruption fit each other.
  await platform.writeFile(`${folder}/weights.bin`, weightData);
  await platform.writeFile(`${folder}/model.json`, new TextEncoder().encode(JSON.stringify(description)));
}

async function modelArtifacts(model: Model, training: Training | undefined): Promise<ModelArtifacts> {
  const weights: SavedArray[] = model.variables.map((variable) => ({
    entry: { name: variable.name, shape: variable.shape, dtype: 'float32' },
    values: variable.values(),
  }));
  const remembered = training ? await training.optimizer.getWeights(model.trainableVariables) : [];
  const all = [...weights, ...remembered.map(savedOf)];
  return {
    modelTopology: { ...topologyOf(model), ...writtenBy },
    ...(training && { trainingConfig: trainingConfig(training.args, training.optimizer) }),
    weightSpecs: all.map(({ entry }) => entry),
    weightData: joined(all.map(({ values }) => values)),
  };
}

/** A model's layers, and that it is not trained where it is not. */
function topologyOf(model: Model): JsonObject {
  const { class_name, config } = modelEntry(model);
  return { class_name, config: model.trainable ? config : { ...config, trainable: false } };
}

interface SavedArray {
  readonly entry: WeightEntry;
  readonly values: ArrayBufferView;
}

function savedOf({ name, tensor }: NamedTensor): SavedArray {
  const dtype = tensor.dtype as WeightEntry['dtype'];
  return { entry: { name, shape: tensor.shape, dtype, group: 'optimizer' }, values: tensor.dataSync() };
}
