// A saved model in memory: TensorFlow.js's layers format, so that either library reads the other's files.

/** A plain JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32';
}

/** What handlers save and load. */
export interface ModelArtifacts {
  readonly modelTopology: JsonObject;
  readonly weightSpecs: readonly WeightEntry[];
  readonly weightData: Uint8Array;
}

/** Where models go: an object that takes the artifacts. */
export interface SaveHandler {
  save(artifacts: ModelArtifacts): Promise<unknown>;
}

/** Where models come from. */
export interface LoadHandler {
  load(): Promise<ModelArtifacts>;
}

const toCamel = (key: string) => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** What files have in snake_case, as options. */
export function fromConfig(value: Json): unknown {
  if (Array.isArray(value)) return value.map(fromConfig);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [toCamel(key), fromConfig(each)]));
}
