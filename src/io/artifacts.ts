// A saved model in memory: TensorFlow.js's layers format, so that either library reads the other's files.

import type { WeightData, WeightEntry } from './weight-data.ts';

/** A plain JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

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

/** Sizes of what is saved, now. */
export function getModelArtifactsInfoForJSON(artifacts: Partial<ModelArtifacts>): ModelArtifactsInfo {
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

export const toCamel = (key: string) => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
export const toSnake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Options as files have them: names in snake_case, those without a value left out. */
export function withSnakeKeys(
  options: object,
  convert: (value: unknown, option: string) => Json,
): JsonObject {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([option, value]) => [toSnake(option), convert(value, option)]));
}

/** What files have in snake_case, as options. */
export function fromConfig(value: Json): unknown {
  if (Array.isArray(value)) return value.map(fromConfig);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [toCamel(key), fromConfig(each)]));
}
