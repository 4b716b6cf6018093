// A model and how it is trained, as artifacts, and to where they go.

import { bytesOf, floatBytes, joinedBuffer } from '../bytes.ts';
import { sizeOf } from '../graph/shape.ts';
import { saveHandlerFor } from '../io/addresses.ts';
import type { IOHandler, SavedArtifacts, SaveResult, SaveTarget, TrainingConfig } from '../io/artifacts.ts';
import { fromConfig, type JsonObject } from '../io/json.ts';
import type { WeightEntry } from '../io/weight-data.ts';
import type { NamedTensor, Optimizer } from '../optimizers/optimizers.ts';
import { type ConfigDict, having, readAs } from '../options/kinds.ts';
import type { Weights } from '../state/weights.ts';
import type { CompileArguments } from '../training/compiled.ts';
import { trainingConfig } from '../training/training-config.ts';
import { networkEntry, requireEachOnce } from './describe.ts';
import type { Network } from './wiring.ts';

/** The version whose files these are like. */
export const writtenBy = { keras_version: 'tfjs-layers 4.22.0', backend: 'tensor_flow.js' };
const format = { format: 'layers-model', generatedBy: 'lanegrad', convertedBy: null };

/** What of a compiled model's training is saved. */
export interface SavedTraining {
  readonly args: CompileArguments;
  readonly optimizer: Optimizer;
}

/**
 * Saves a model: layers and weights, and how it is trained where that is given.
 * @param target 'file://folder', 'localstorage://name', 'indexeddb://name', 'downloads://name', 'https://…', or an
 * object with `save`
 * @param weights which of its weights are saved
 * @returns what the handler says: for addresses the sizes of what was saved
 * @throws LanegradError for other addresses, and where the runtime lacks such a place.
 */
export async function saveModel<Result = SaveResult>(
  model: Network,
  target: string | SaveTarget<Result> | IOHandler,
  training: SavedTraining | undefined,
  weights: readonly Weights[],
): Promise<Result> {
  const handler =
    typeof target === 'string'
      ? saveHandlerFor('save', target)
      : readAs(
          having<SaveTarget<Result>>('an address, or an object with a save method', 'save'),
          'save: target',
          target,
        );
  return (await handler.save(await modelArtifacts(model, training, weights))) as Result;
}

async function modelArtifacts(
  model: Network,
  training: SavedTraining | undefined,
  weights: readonly Weights[],
): Promise<SavedArtifacts> {
  // Before anything is awaited: who saves and goes on saves what there is now.
  const numbers = numbersOf(weights);
  const remembered = training ? await training.optimizer.getWeights(model.trainableVariables) : [];
  const { userDefinedMetadata } = model;
  warnOfSize(model.name, userDefinedMetadata);
  return {
    modelTopology: { ...topologyOf(model), ...writtenBy },
    ...(training && howTrained(model.name, training)),
    weightSpecs: [...weights.map(entryOf), ...remembered.map(rememberedEntry)],
    weightData: joinedBuffer([numbers, ...remembered.map(({ tensor }) => bytesOf(tensor.dataSync()))]),
    ...(userDefinedMetadata && { userDefinedMetadata }),
    ...format,
  };
}

/** What a file can tell of a training; of the rest a warning, for the weights are worth more than what is lost. */
function howTrained(name: string, { args, optimizer }: SavedTraining): { trainingConfig?: TrainingConfig } {
  const problems: string[] = [];
  const config = trainingConfig(args, optimizer, (problem) => problems.push((problem as Error).message));
  if (problems.length > 0) console.warn(`${name}: saved without this: ${problems.join(' ')}`);
  return config ? { trainingConfig: config } : {};
}

/** What a user says of a model is meant to be short. */
const longestMetadata = 2 ** 20;

function warnOfSize(name: string, metadata: JsonObject | undefined): void {
  const { length } = JSON.stringify(metadata ?? null);
  if (length <= longestMetadata) return;
  console.warn(
    `${name}: save: its user-defined metadata are ${length} letters long; keep them below ${longestMetadata}.`,
  );
}

/** A model's layers, and that it is not trained where it is not. */
export function topologyOf(model: Network): JsonObject {
  requireEachOnce(model);
  const { class_name, config } = networkEntry(model);
  return { class_name, config: model.trainable ? config : { ...config, trainable: false } };
}

/** The same as a layer tells its options. */
export const modelConfig = (model: Network): ConfigDict =>
  fromConfig(networkEntry(model).config) as ConfigDict;

/** The numbers of weights, one after the other: none is copied but to there. */
function numbersOf(weights: readonly Weights[]): Uint8Array {
  const bytes = new Uint8Array(floatBytes * weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0));
  const floats = new Float32Array(bytes.buffer);
  let offset = 0;
  for (const weight of weights) {
    weight.copyTo(floats, offset);
    offset += sizeOf(weight.shape);
  }
  return bytes;
}

const entryOf = ({ name, shape }: Weights): WeightEntry => ({ name, shape: [...shape], dtype: 'float32' });

const rememberedEntry = ({ name, tensor: { shape, dtype } }: NamedTensor): WeightEntry => ({
  ...{ name, shape: [...shape], dtype: dtype as WeightEntry['dtype'], group: 'optimizer' },
});
