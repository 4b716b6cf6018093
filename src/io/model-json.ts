// model.json, the one form of files so far: what it says of a model, and which files beside it hold the weights. Files,
// servers and chosen files each give their text to `parseDescription`.

import { joinedBuffer } from '../bytes.ts';
import { LanegradError, noGraphModels, shown } from '../errors.ts';
import { requireArgument } from '../options/arguments.ts';
import type { ModelArtifacts, SavedArtifacts } from './artifacts.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import type { WeightData, WeightEntry } from './weight-data.ts';

/** Weights, and the files that hold them, one after the other. */
export interface WeightsGroup {
  paths: string[];
  weights: WeightEntry[];
}

/** A file's weights and the paths of their bytes, group by group. */
export type WeightsManifest = WeightsGroup[];

/** A model.json that was read. */
export interface ModelDescription extends Omit<ModelArtifacts, 'weightSpecs' | 'weightData'> {
  readonly modelTopology: JsonObject;
  weightsManifest?: WeightsManifest;
}

/** The text of a model.json. @param path of the file that will hold the weights */
export function descriptionText(artifacts: SavedArtifacts, path: string): string {
  const { weightSpecs, weightData: _, ...described } = artifacts;
  const weightsManifest = [{ paths: [path], weights: weightSpecs }];
  return JSON.stringify({ ...described, weightsManifest });
}

/**
 * @param name what errors call it
 * @param mayAscend whether weights may lie in other folders beside and above its own
 * @throws LanegradError for what is no model.json of a layers model.
 */
export function parseDescription(name: string, text: string, mayAscend = false): ModelDescription {
  const description = parseJson(name, text);
  const { modelTopology, weightsManifest = [] } = description as Partial<ModelDescription>;
  if (!isJsonObject(modelTopology)) {
    throw new LanegradError(`loadLayersModel: ${name} has no modelTopology; it is no saved layers model.`);
  }
  if (description.format === 'graph-model' || 'node' in modelTopology) {
    throw new LanegradError(`loadLayersModel: ${name} is a graph model. ${noGraphModels}`);
  }
  const isManifest = Array.isArray(weightsManifest) && weightsManifest.every(isGroup);
  if (!isManifest) throw new LanegradError(`loadLayersModel: the weightsManifest of ${name} is damaged.`);
  for (const path of weightsManifest.flatMap(({ paths }) => paths)) {
    requireWithinFolder(name, path, mayAscend);
  }
  return description as unknown as ModelDescription;
}

function parseJson(name: string, text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new LanegradError(`loadLayersModel: ${name} is no JSON: ${(cause as Error).message}`, { cause });
  }
  if (isJsonObject(value)) return value;
  throw new LanegradError(`loadLayersModel: ${name} holds no object.`);
}

const isGroup = (group: Partial<WeightsGroup> | null): group is WeightsGroup =>
  Array.isArray(group?.paths) &&
  group.paths.every((path) => typeof path === 'string') &&
  Array.isArray(group.weights);

/** A file may name what lies beside it and below, and nothing else. */
function requireWithinFolder(name: string, path: string, mayAscend: boolean): void {
  const segments = path.split('/');
  const isUpwards = !mayAscend && segments.some((segment) => /^(\.|%2e){2}$/i.test(segment));
  const isElsewhere = path.startsWith('/') || /[\\\0]|%2f|%5c/i.test(path) || segments[0].includes(':');
  if (path === '' || isUpwards || isElsewhere) {
    throw new LanegradError(
      `loadLayersModel: ${name} names weights outside its folder: ${JSON.stringify(path)}.`,
    );
  }
}

/** The entries of all groups, and the paths of their files. */
export function weightsOf(description: ModelDescription): { weightSpecs: WeightEntry[]; paths: string[] } {
  const groups = description.weightsManifest ?? [];
  return {
    weightSpecs: getWeightSpecs(groups),
    paths: groups.flatMap(({ paths }) => paths),
  };
}

/** The entries of all weights that a manifest tells of, in the order of their bytes. */
export function getWeightSpecs(manifest: WeightsManifest): WeightEntry[] {
  requireManifest('getWeightSpecs', manifest);
  return manifest.flatMap(({ weights }) => weights);
}

/** @throws LanegradError unless it is a list of groups of weights and their files. */
export function requireManifest(where: string, manifest: unknown): void {
  const hasLists = (each: Partial<WeightsGroup> | null) =>
    Array.isArray(each?.weights) && Array.isArray(each?.paths ?? []);
  if (Array.isArray(manifest) && manifest.every(hasLists)) return;
  throw new LanegradError(
    `${where}: the manifest must be a list of groups, each with weights and paths; got ${shown(manifest)}.`,
  );
}

/**
 * What a handler's `load` returns for the model.json that it read.
 * @param loadWeights gives the entries and the bytes of the weights that the manifest tells of
 */
export async function getModelArtifactsForJSON(
  modelJson: ModelDescription,
  loadWeights: (manifest: WeightsManifest) => Promise<readonly [readonly WeightEntry[], WeightData]>,
): Promise<ModelArtifacts> {
  requireArgument('getModelArtifactsForJSON: modelJson', 'object', modelJson);
  const { weightsManifest, ...described } = modelJson;
  if (!weightsManifest) return described;
  requireArgument('getModelArtifactsForJSON: loadWeights', 'function', loadWeights);
  const weights: unknown = await loadWeights(weightsManifest);
  if (!Array.isArray(weights)) {
    throw new LanegradError(
      `getModelArtifactsForJSON: loadWeights must give the entries of weights and their bytes; got ${shown(weights)}.`,
    );
  }
  const [weightSpecs, weightData] = weights;
  return { ...described, weightSpecs, weightData };
}

/** `getModelArtifactsForJSON` with weights that are there already. */
export function getModelArtifactsForJSONSync(
  modelJson: ModelDescription,
  weightSpecs?: WeightEntry[],
  weightData?: WeightData,
): ModelArtifacts {
  requireArgument('getModelArtifactsForJSONSync: modelJson', 'object', modelJson);
  const { weightsManifest, ...described } = modelJson;
  return weightsManifest ? { ...described, weightSpecs, weightData } : described;
}

/**
 * What was read, as handlers give it.
 * @param weights the files of weights, in order
 */
export function artifactsOf(
  description: ModelDescription,
  weightSpecs: WeightEntry[],
  weights: readonly (Uint8Array | ArrayBuffer)[],
): ModelArtifacts {
  return getModelArtifactsForJSONSync(description, weightSpecs, joinedBuffer(weights));
}

/**
 * What `read` makes of a part of a file. Layers, optimizers and losses check what scripts give them; what they make of
 * values that no script would give becomes a sentence here.
 * @throws LanegradError whatever goes wrong.
 */
export function understood<T>(part: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof LanegradError) throw cause;
    throw damaged(part, (cause as Error).message, cause);
  }
}

export const damaged = (part: string, what: string, cause?: unknown) =>
  new LanegradError(`loadLayersModel: ${part} is damaged: ${what}.`, { cause });
