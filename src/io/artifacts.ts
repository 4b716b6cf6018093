// A saved model in memory: TensorFlow.js's layers format, so that either library reads the other's files.

import { Layer } from '../layers/layer.ts';
import type { ModelShape } from '../layers/symbolic.ts';

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

const toSnake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const toCamel = (key: string) => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Options as files have them: snake_case, objects with a class as class_name and config. */
export function toConfig(layer: Layer, value: unknown, option: string): Json {
  if (
    value === null ||
    typeof value === 'boolean' ||
    typeof value === 'number' ||
    typeof value === 'string'
  ) {
    return value;
  }
  if (value instanceof Layer) return layerEntry(value);
  if (Array.isArray(value)) return value.map((element) => toConfig(layer, element, option));
  if (typeof value === 'object') {
    const { className, config } = value as { className?: string; config?: object };
    if (className) return { class_name: className, config: toConfig(layer, config ?? {}, option) };
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    return Object.fromEntries(entries.map(([key, each]) => [toSnake(key), toConfig(layer, each, option)]));
  }
  throw layer.error(`option ${option} is a ${typeof value} and cannot be saved. Give it by name.`);
}

/** The reverse of `toConfig`. */
export function fromConfig(value: Json): unknown {
  if (Array.isArray(value)) return value.map(fromConfig);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [toCamel(key), fromConfig(each)]));
}

/** Options that other parts of the file hold. */
const notSaved = new Set(['weights', 'inputShape', 'batchInputShape', 'inputDType']);

/** A layer's entry: its class, and its options with its name and whether it is trained. */
export function layerEntry(
  layer: Layer,
  inputShape?: ModelShape,
): { class_name: string; config: JsonObject } {
  const entries = Object.entries(layer.options).filter(
    ([option, value]) => value !== undefined && !notSaved.has(option),
  );
  const config = Object.fromEntries(
    entries.map(([option, value]) => [toSnake(option), toConfig(layer, value, option)]),
  );
  const shape: JsonObject = inputShape ? { batch_input_shape: [...inputShape] } : {};
  return {
    class_name: layer.className,
    config: { ...config, ...shape, name: layer.name, trainable: layer.trainable },
  };
}
