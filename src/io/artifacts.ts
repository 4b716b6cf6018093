// A saved model in memory: TensorFlow.js's layers format, so that either library reads the other's files.

import { requireArgument } from '../options/arguments.ts';
import type { JsonObject } from './json.ts';
import type { WeightData, WeightEntry } from './weight-data.ts';

/** What handlers save and load. */
export interface ModelArtifacts {
  readonly modelTopology: JsonObject;
  /** What the model was compiled with, where the optimizer is saved too. */
  readonly trainingConfig?: JsonObject;
  readonly weightSpecs: readonly WeightEntry[];
  readonly weightData: WeightData;
  readonly format?: string;
  readonly generatedBy?: string;
  readonly convertedBy?: string | null;
  /** What the user said of the model. */
  readonly userDefinedMetadata?: JsonObject;
  /** Where training was, in a checkpoint: `fit({ resume })` goes on from there. */
  readonly trainingState?: JsonObject;
  readonly signature?: JsonObject;
}

/** What was saved, in sizes. */
export interface ModelArtifactsInfo {
  readonly dateSaved: Date;
  readonly modelTopologyType: 'JSON';
  readonly modelTopologyBytes: number;
  readonly weightSpecsBytes: number;
  readonly weightDataBytes: number;
}

/** What saving a model resolves to. */
export interface SaveResult {
  readonly modelArtifactsInfo: ModelArtifactsInfo;
  /** What servers answered. */
  readonly responses?: readonly unknown[];
}

/** Where models go: an object that takes the artifacts. */
export interface SaveHandler<Result = unknown> {
  save(artifacts: ModelArtifacts): Result | Promise<Result>;
}

/** Where models come from. Without weights the model begins with new ones. */
export interface LoadHandler {
  load(): Partial<ModelArtifacts> | Promise<Partial<ModelArtifacts>>;
}

/** Where models go or come from, or both, as TensorFlow.js has it: `save` and `load` say where one is missing. */
export interface IOHandler {
  save?(artifacts: ModelArtifacts): unknown;
  load?(): Partial<ModelArtifacts> | Promise<Partial<ModelArtifacts>>;
}

/** Sizes of what is saved, now. */
export function getModelArtifactsInfoForJSON(artifacts: Partial<ModelArtifacts>): ModelArtifactsInfo {
  requireArgument('getModelArtifactsInfoForJSON: artifacts', 'object', artifacts);
  const { modelTopology, weightSpecs, weightData } = artifacts;
  const sizeOfJson = (value: unknown) =>
    value === undefined ? 0 : new TextEncoder().encode(JSON.stringify(value)).length;
  const parts = weightData ? ([weightData].flat() as readonly { byteLength: number }[]) : [];
  return {
    dateSaved: new Date(),
    modelTopologyType: 'JSON',
    modelTopologyBytes: sizeOfJson(modelTopology),
    weightSpecsBytes: sizeOfJson(weightSpecs),
    weightDataBytes: parts.reduce((sum, part) => sum + part.byteLength, 0),
  };
}
