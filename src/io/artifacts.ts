// A model's artifacts: what every place and every form of files gives, and what models/load.ts makes a model of. They are
// those of TensorFlow.js's layers format, so that either library reads the other's files.

import { requireArgument } from '../options/arguments.ts';
import type { JsonObject } from './json.ts';
import type { WeightData, WeightEntry } from './weight-data.ts';

/** What a model was compiled with, as files have it: losses and metrics by their names, of all outputs or by output. */
export interface TrainingConfig {
  optimizer_config: object;
  loss: string | string[] | Record<string, string>;
  metrics?: string[] | Record<string, string>;
  weighted_metrics?: string[];
  sample_weight_mode?: string;
  loss_weights?: number[] | Record<string, number>;
}

/** A model as handlers load it: what there is of it. Without weights it begins with new ones. */
export interface ModelArtifacts {
  modelTopology?: object;
  /** What the model was compiled with, where the optimizer is saved too. */
  trainingConfig?: TrainingConfig;
  weightSpecs?: WeightEntry[];
  weightData?: WeightData;
  format?: string;
  generatedBy?: string;
  convertedBy?: string | null;
  /** What the user said of the model. */
  userDefinedMetadata?: JsonObject;
  /** Where training was, in a checkpoint: `fit({ resume })` goes on from there. */
  trainingState?: object;
  signature?: object;
  modelInitializer?: object;
  initializerSignature?: object;
}

/** A model as `save` hands it over: whole. */
export interface SavedArtifacts extends ModelArtifacts {
  modelTopology: JsonObject;
  weightSpecs: WeightEntry[];
  weightData: WeightData;
}

/** What was saved, in sizes. */
export interface ModelArtifactsInfo {
  dateSaved: Date;
  modelTopologyType: 'JSON';
  modelTopologyBytes?: number;
  weightSpecsBytes?: number;
  weightDataBytes?: number;
}

/** What is saved with a model's weights, as TensorFlow.js names it: options of `model.save`. */
export interface SaveConfig {
  /** Whether how the model is compiled and what the optimizer remembers is saved; false by default. */
  includeOptimizer?: boolean;
  /** Whether the weights that are not trained are left out; false by default. */
  trainableOnly?: boolean;
}

/** What saving a model resolves to. */
export interface SaveResult {
  modelArtifactsInfo: ModelArtifactsInfo;
  /** What servers answered. */
  responses?: unknown[];
  /** What a handler of one's own says went wrong. */
  errors?: unknown[];
}

/** Where models go: an object that takes the artifacts. */
export interface SaveTarget<Result = unknown> {
  save(artifacts: ModelArtifacts): Result | Promise<Result>;
}

/** Where models come from. */
export interface LoadSource {
  load(): ModelArtifacts | Promise<ModelArtifacts>;
}

/** Where models go or come from, or both, as TensorFlow.js has it: `save` and `load` say where one is missing. */
export interface IOHandler {
  save?(artifacts: ModelArtifacts): SaveResult | Promise<SaveResult>;
  load?(): ModelArtifacts | Promise<ModelArtifacts>;
}

/** `IOHandler` whose methods give no promises. */
export interface IOHandlerSync {
  save?(artifacts: ModelArtifacts): SaveResult;
  load?(): ModelArtifacts;
}

/** A `save` as TensorFlow.js names its type: what `withSaveHandler` takes. */
export type SaveHandler = (artifacts: ModelArtifacts) => Promise<SaveResult>;
/** A `load` as TensorFlow.js names its type. */
export type LoadHandler = () => Promise<ModelArtifacts>;

/** Sizes of what is saved, now. */
export function getModelArtifactsInfoForJSON(artifacts: ModelArtifacts): ModelArtifactsInfo {
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
