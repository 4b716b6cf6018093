// Loads a model: from its artifacts its layers, their weights, and how it is trained.

import { LanegradError } from '../errors.ts';
import { loadHandlerFor } from '../io/addresses.ts';
import type { IOHandler, LoadSource, ModelArtifacts } from '../io/artifacts.ts';
import type { JsonObject } from '../io/json.ts';
import { loadOptions } from '../io/load-options.ts';
import { understood } from '../io/model-json.ts';
import { readWeights, type WeightData, type WeightEntry, wholeData } from '../io/weight-data.ts';
import { withRoomFor } from '../layers/base/room-for-weights.ts';
import type { NamedTensor } from '../optimizers/optimizers.ts';
import { requireArgument } from '../options/arguments.ts';
import { flag } from '../options/kinds.ts';
import { describe, type OptionsOf, optional, type SettingsOf } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import { canCompile, compileArguments, optimizerOf } from '../training/training-config.ts';
import { setWeights } from './load-weights.ts';
import type { Model } from './model.ts';
import { rebuildModel } from './rebuild.ts';

const loadModelOptions = /* @__PURE__ */ describe(loadOptions, {
  /** Whether the file must have every weight of the model and no other; true by default. Else weights go by their names. */
  strict: optional(flag, true),
});

/** How a model is loaded, and how strictly. */
export interface LoadModelOptions extends OptionsOf<typeof loadModelOptions> {}

/** What the weights of a model may take by default: what WebAssembly has. */
const defaultMaxBytes = 2 ** 32;
/** The same where the file has no weights, so that a few bytes ask for no more. */
const maxBytesWithoutData = 2 ** 28;
/** Weights that a small model may have beyond its file, in bytes: the missing ones can be named then. */
const mostMissing = 2 ** 20;

/**
 * Loads a model that `save` or TensorFlow.js wrote. Where the optimizer was saved with it, it is compiled, and
 * training goes on as if it had never stopped: with the same seed, and the epochs done as `initialEpoch`.
 * @param source the address of its model.json, as 'file://models/mnist/model.json' or 'https://…/model.json', beside
 * which its weights are; 'localstorage://name' or 'indexeddb://name'; or an object with `load`
 * @throws LanegradError for files that are missing parts, and for layers that lanegrad does not have.
 */
export async function loadLayersModel(
  source: string | LoadSource | IOHandler,
  given: LoadModelOptions = {},
): Promise<Model> {
  const options = readOptions('loadLayersModel', loadModelOptions, given);
  const { strict: _, ...loading } = options;
  const handler = typeof source === 'string' ? loadHandlerFor('loadLayersModel', source, loading) : source;
  if (typeof handler?.load !== 'function') {
    throw new LanegradError('loadLayersModel: expected an address, or an object with a load method.');
  }
  return modelOf(await handler.load(), options);
}

async function modelOf(
  artifacts: ModelArtifacts,
  options: SettingsOf<typeof loadModelOptions>,
): Promise<Model> {
  requireArgument('loadLayersModel: what load gives', 'object', artifacts);
  const { weightSpecs, weightData } = artifacts;
  const modelTopology = artifacts.modelTopology as JsonObject | undefined;
  const trainingConfig = artifacts.trainingConfig as JsonObject | undefined;
  const { strict, maxBytes = weightData ? defaultMaxBytes : maxBytesWithoutData } = options;
  const arrays = weightData ? loadedArrays(weightSpecs ?? [], weightData) : undefined;
  const weights = arrays?.filter(({ group }) => group !== 'optimizer');
  const asked = weights && strict ? 4 * numbersIn(weights) + mostMissing : maxBytes;
  const model = withRoomFor(Math.min(asked, maxBytes) / 4, () => rebuildModel(modelTopology));
  if (weights) setWeights(model, weights, strict);
  if (artifacts.userDefinedMetadata) model.setUserDefinedMetadata(artifacts.userDefinedMetadata);
  if (!trainingConfig) return model;
  understood('the training config', () => train(model, trainingConfig));
  const remembered = arrays?.filter(({ group }) => group === 'optimizer') ?? [];
  // Where other weights were trained than are now, as after freezing some, the optimizer begins anew.
  const { optimizer, trainableVariables } = model;
  if (optimizer?.fits(remembered, trainableVariables)) await optimizer.setWeights(remembered);
  return model;
}

/** Compiles a model; where no loss is told it has its optimizer, for who compiles it. */
function train(model: Model, config: JsonObject): void {
  if (canCompile(config)) model.compile(compileArguments(config));
  else if (config.optimizer_config) model.optimizer = optimizerOf(config.optimizer_config as JsonObject);
}

interface LoadedArray extends NamedTensor {
  readonly group: WeightEntry['group'];
}

function loadedArrays(specs: readonly WeightEntry[], data: WeightData): LoadedArray[] {
  const bytes = wholeData('loadLayersModel', data);
  const read = readWeights('loadLayersModel', specs, bytes);
  return read.map((weight, i) => ({ ...weight, group: specs[i].group }));
}

const numbersIn = (weights: readonly LoadedArray[]) =>
  weights.reduce((sum, { tensor }) => sum + tensor.size, 0);
