// Layers and models out of what a file says of them.

import { isObject, LanegradError, shown } from '../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../io/json.ts';
import { damaged, understood } from '../io/model-json.ts';
import { registerBuiltInLayers } from '../layers/base/classes.ts';
import type { Layer } from '../layers/base/layer.ts';
import { layerClass } from '../layers/base/registry.ts';
import type { SymbolicTensor } from '../layers/base/symbolic.ts';
import { InputLayer } from '../layers/input-layer.ts';
import { toCamel } from '../names.ts';
import { firstNode } from './describe.ts';
import { configOf, isAppliedByKeras3, isFunction, type LayerOfKeras, referencesIn } from './keras3.ts';
import { Model } from './model.ts';
import { Sequential } from './sequential.ts';

/** Whose output a layer reads: a layer's name, the number of its application, the number of the output. */
type Reference = readonly [string, number, number, JsonObject?];

/** A layer of a saved model. */
interface LayerEntry extends LayerOfKeras {
  readonly inbound_nodes: Json;
}

/**
 * The model that a file describes, with new weights.
 * @throws LanegradError for what describes none, and for layers that lanegrad does not have.
 */
export function rebuildModel(modelTopology: JsonObject | undefined): Model {
  registerBuiltInLayers();
  return understood(part, () => {
    const entry = entryOf(modelTopology?.model_config ?? modelTopology);
    const build = Object.hasOwn(modelBuilders, entry.class_name)
      ? modelBuilders[entry.class_name]
      : undefined;
    if (!build) throw damaged(part, `${entry.class_name} is no class of models`);
    return trained(entry, build(entry.config));
  });
}

const part = 'the description of the model';

/** Models by their classes in TensorFlow.js and Keras. */
const modelBuilders: Readonly<Record<string, (config: JsonObject) => Model>> = {
  Sequential: buildChain,
  Model: buildNetwork,
  Functional: buildNetwork,
};

/** A model that is not trained where the file says so. */
function trained(entry: LayerEntry, model: Model): Model {
  model.trainable = entry.config.trainable !== false;
  return model;
}

function buildLayer(entry: LayerEntry): Layer {
  const { class_name, config } = entry;
  if (Object.hasOwn(modelBuilders, class_name)) return trained(entry, modelBuilders[class_name](config));
  const Class = layerClass(class_name);
  return Class.fromConfig(Class, optionsOf(configOf(entry)) as object);
}

/** A config as options: names in camelCase, models inside of layers built. */
function optionsOf(value: Json): unknown {
  if (Array.isArray(value)) return value.map(optionsOf);
  if (!isObject(value)) return value;
  const { class_name, type, value: number } = value as JsonObject;
  // Keras writes scalars of NumPy so.
  if (type === 'ndarray' && typeof number === 'number') return number;
  if (typeof class_name === 'string' && Object.hasOwn(modelBuilders, class_name))
    return buildLayer(entryOf(value));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [toCamel(key), optionsOf(each)]));
}

function buildChain(config: JsonObject): Sequential {
  const entries = entriesOf(Array.isArray(config) ? config : config.layers);
  const layers = entries
    .filter(({ class_name }, i) => i === 0 || class_name !== 'InputLayer')
    .map(buildLayer);
  return new Sequential({ name: nameOf(config), layers });
}

function buildNetwork(config: JsonObject): Model {
  const made = new Map<string, SymbolicTensor[]>();
  const find = ([name, node, index]: Reference) => made.get(`${name} ${node}`)?.[index];
  const pending: { name: string; layer: Layer; node: number; from: readonly Reference[] }[] = [];
  for (const { entry, applications } of neededOf(config)) {
    const layer = buildLayer(entry);
    if (layer instanceof InputLayer) {
      made.set(`${entry.name} 0`, [layer.tensor]);
      continue;
    }
    const { name = layer.name } = entry as Partial<LayerEntry>;
    const first = isAppliedByKeras3(entry.inbound_nodes) ? 0 : firstNode(layer);
    for (const [i, from] of applications.entries()) pending.push({ name, layer, node: first + i, from });
  }
  while (pending.length > 0) {
    const ready = pending.findIndex(({ from }) => from.every(find));
    if (ready < 0)
      throw new LanegradError(`loadLayersModel: the inputs of ${pending[0].layer.name} are missing.`);
    const [{ name, layer, node, from }] = pending.splice(ready, 1);
    const inputs = from.map((reference) => find(reference)!);
    const result = layer.apply(inputs.length === 1 ? inputs[0] : inputs, from[0]?.[3]);
    made.set(`${name} ${node}`, [result].flat());
  }
  const ends = (option: 'input_layers' | 'output_layers') =>
    referencesOf(option, config[option]).map((reference) => {
      const tensor = find(reference);
      if (!tensor) throw damaged(part, `${option} names ${reference[0]}, which is not there`);
      return tensor;
    });
  return new Model({ name: nameOf(config), inputs: ends('input_layers'), outputs: ends('output_layers') });
}

interface AppliedLayer {
  readonly entry: LayerEntry;
  /** What each application reads. */
  readonly applications: readonly (readonly Reference[])[];
}

/** The layers of a network, without functions that only make masks. */
function neededOf({ layers, output_layers }: JsonObject): AppliedLayer[] {
  const read = new Set(referencesOf('output_layers', output_layers).map(([name]) => name));
  const needed: AppliedLayer[] = [];
  // A function stands before what reads it.
  for (const entry of [...entriesOf(layers)].reverse()) {
    if (isFunction(entry) && !read.has(entry.name)) continue;
    const applications = applicationsOf(entry);
    for (const [name] of applications.flat()) read.add(name);
    needed.push({ entry, applications });
  }
  return needed.reverse();
}

function applicationsOf(entry: LayerEntry): (readonly Reference[])[] {
  if (entry.class_name === 'InputLayer') return [];
  const nodes = listOf(`inbound_nodes of ${entry.name}`, entry.inbound_nodes);
  return nodes.map((node) => referencesOf(entry.name, referencesIn(entry, node)));
}

const nameOf = ({ name }: JsonObject): string | undefined => (typeof name === 'string' ? name : undefined);

function objectOf(what: string, value: unknown): JsonObject {
  if (isObject(value)) return value as JsonObject;
  throw damaged(part, `${what} is ${shown(value)} where an object should be`);
}

function listOf(what: string, value: Json | undefined | readonly unknown[]): readonly Json[] {
  if (Array.isArray(value)) return value;
  throw damaged(part, `${what} is ${shown(value)} where a list should be`);
}

function entryOf(value: Json | undefined): LayerEntry {
  const entry = objectOf('a layer', value);
  if (typeof entry.class_name !== 'string') throw damaged(part, 'a layer has no class_name');
  objectOf(`config of ${entry.class_name}`, entry.config);
  return entry as unknown as LayerEntry;
}

function entriesOf(value: Json | undefined): readonly LayerEntry[] {
  const entries = listOf('layers', value).map(entryOf);
  if (entries.length === 0) throw damaged(part, 'it has no layers');
  return entries;
}

const isReference = (value: unknown): value is Reference =>
  Array.isArray(value) &&
  typeof value[0] === 'string' &&
  Number.isInteger(value[1]) &&
  Number.isInteger(value[2]);

/**
 * References in a list; one alone may stand for the list, and Keras 3 has lists and objects within. It writes an object's
 * names as they were given, and counts them in alphabetical order.
 */
function referencesOf(what: string, value: Json | undefined): readonly Reference[] {
  if (isReference(value)) return [value];
  const within = isJsonObject(value)
    ? Object.keys(value)
        .sort()
        .map((name) => value[name])
    : listOf(what, value);
  if (within.length > 0) return within.flatMap((each) => referencesOf(what, each));
  throw damaged(part, `${what} does not tell which layers it reads`);
}
