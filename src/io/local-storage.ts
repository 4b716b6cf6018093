// Models in a page's localStorage, laid out as TensorFlow.js lays them out. There is room for a few megabytes.

import { toBase64 } from '../bytes.ts';
import { LanegradError, MissingError } from '../errors.ts';
import { findPageGlobal, pageGlobal, type TextStorage } from '../platform/page.ts';
import {
  getModelArtifactsInfoForJSON,
  type LoadSource,
  type ModelArtifacts,
  type ModelArtifactsInfo,
  type SavedArtifacts,
  type SaveResult,
  type SaveTarget,
} from './artifacts.ts';
import { wholeData } from './weight-data.ts';

const prefix = 'tensorflowjs_models/';
const parts = ['info', 'model_topology', 'weight_specs', 'weight_data', 'model_metadata'] as const;

const keyOf = (name: string, part: (typeof parts)[number]) => `${prefix}${name}/${part}`;

/** Workers have no localStorage, and databases in place of files. */
const storage = (where: string): TextStorage => {
  const instead = findPageGlobal('indexedDB') ? 'indexeddb://' : 'file://';
  return pageGlobal(where, 'localStorage', `Save to ${instead}, or to an object with a save method.`);
};

/** Saves to localStorage and loads from it. */
export class LocalStore implements SaveTarget<SaveResult>, LoadSource {
  readonly #name: string;

  constructor(name: string) {
    if (!name) throw new LanegradError('localstorage:// must be followed by a name for the model.');
    this.#name = name;
  }

  async save(artifacts: SavedArtifacts): Promise<SaveResult> {
    const store = storage('save');
    const { modelTopology, weightSpecs, weightData, ...metadata } = artifacts;
    const modelArtifactsInfo = getModelArtifactsInfoForJSON(artifacts);
    const values: Record<(typeof parts)[number], string> = {
      info: JSON.stringify(modelArtifactsInfo),
      model_topology: JSON.stringify(modelTopology),
      weight_specs: JSON.stringify(weightSpecs),
      weight_data: toBase64(wholeData('save', weightData)),
      model_metadata: JSON.stringify(metadata),
    };
    const before = parts.map((part) => store.getItem(keyOf(this.#name, part)));
    try {
      // A page may hold no more than a few megabytes: the old ones make room.
      for (const part of parts) store.removeItem(keyOf(this.#name, part));
      for (const part of parts) store.setItem(keyOf(this.#name, part), values[part]);
    } catch (cause) {
      for (const part of parts) store.removeItem(keyOf(this.#name, part));
      for (const [i, part] of parts.entries()) {
        if (before[i] !== null) store.setItem(keyOf(this.#name, part), before[i]);
      }
      throw new LanegradError(
        `save: localStorage has no room for ${this.#name} of ${modelArtifactsInfo.weightDataBytes} bytes ` +
          'of weights. Save to indexeddb:// instead.',
        { cause },
      );
    }
    return { modelArtifactsInfo };
  }

  async load(): Promise<ModelArtifacts> {
    const store = storage('loadLayersModel');
    const read = (part: (typeof parts)[number]): string => {
      const text = store.getItem(keyOf(this.#name, part));
      if (text !== null) return text;
      if (part === 'info')
        throw new MissingError(`loadLayersModel: localStorage has no model named ${this.#name}.`);
      throw new LanegradError(`loadLayersModel: ${part} of ${this.#name} is missing in localStorage.`);
    };
    read('info');
    const metadata = store.getItem(keyOf(this.#name, 'model_metadata'));
    return {
      ...parsed(this.#name, metadata ?? '{}'),
      modelTopology: parsed(this.#name, read('model_topology')),
      weightSpecs: parsed(this.#name, read('weight_specs')),
      weightData: fromBase64(this.#name, read('weight_data')),
    };
  }
}

function parsed<T>(name: string, text: string): T {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LanegradError(`loadLayersModel: ${name} is damaged in localStorage.`, { cause });
  }
}

/** All models in localStorage by name; none where this runtime has no such thing. */
export async function listLocalModels(): Promise<Record<string, ModelArtifactsInfo>> {
  const store = findPageGlobal('localStorage');
  const keys = Array.from({ length: store?.length ?? 0 }, (_, i) => store!.key(i)!);
  const names = keys
    .filter((key) => key.startsWith(prefix) && key.endsWith('/info'))
    .map((key) => key.slice(prefix.length, -'/info'.length));
  return Object.fromEntries(names.map((name) => [name, parsed(name, store!.getItem(keyOf(name, 'info'))!)]));
}

/** @throws LanegradError where there is no model of that name. */
export async function removeLocalModel(name: string): Promise<ModelArtifactsInfo> {
  const store = storage('removeModel');
  const info = store.getItem(keyOf(name, 'info'));
  if (info === null) throw new LanegradError(`removeModel: localStorage has no model named ${name}.`);
  for (const part of parts) store.removeItem(keyOf(name, part));
  return parsed(name, info);
}

function fromBase64(name: string, text: string): ArrayBuffer {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
  } catch (cause) {
    throw new LanegradError(`loadLayersModel: the weights of ${name} are damaged in localStorage.`, {
      cause,
    });
  }
}
