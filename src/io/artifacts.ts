// A saved model in memory: TensorFlow.js's layers format, so that either library reads the other's files.

/** A plain JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  /** int32 only for the optimizer's steps. */
  readonly dtype: 'float32' | 'int32';
  /** Whether it is something that the optimizer remembers; a weight of the model otherwise. */
  readonly group?: 'optimizer';
}

/** What handlers save and load. */
export interface ModelArtifacts {
  readonly modelTopology: JsonObject;
  /** What the model was compiled with, where the optimizer is saved too. */
  readonly trainingConfig?: JsonObject;
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

/** The bytes of arrays, one after the other. */
export function joined(arrays: readonly ArrayBufferView[]): Uint8Array {
  const bytes = new Uint8Array(arrays.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let offset = 0;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), offset);
    offset += byteLength;
  }
  return bytes;
}
