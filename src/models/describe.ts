// What a saved model says of its layers: classes, options, and who reads whose output.

import { requireOptions } from '../errors.ts';
import { type Json, type JsonObject, withSnakeKeys } from '../io/json.ts';
import { Layer, type LayerClass } from '../layers/base/layer.ts';
import type { LayerNode, ModelShape, SymbolicTensor } from '../layers/base/symbolic.ts';
import { toSnake } from '../names.ts';
import { isRegistered } from '../options/registered-classes.ts';
import { isNetwork, type Network } from './wiring.ts';

/** A layer or model in a file. */
type Entry = { class_name: string; config: JsonObject };

/** A model's entry, whether it is what is saved or a layer of that. */
export function networkEntry(model: Network): Entry {
  requireUniqueNames(model);
  // A chain in a file has every layer once.
  const isChain = new Set(model.layers).size === model.layers.length;
  return model.className === 'Sequential' && isChain
    ? { class_name: 'Sequential', config: chainConfig(model) }
    : { class_name: 'Model', config: networkConfig(model) };
}

/** Number of a layer's first application. A model has one before it, of its own layers to its own inputs. */
export const firstNode = (layer: Layer): number => (isNetwork(layer) ? 1 : 0);

/** @throws LanegradError when two layers have one name: a file could not tell them apart. */
function requireUniqueNames(model: Network): void {
  const byName = new Map(model.layers.map((layer) => [layer.name, layer]));
  const twin = model.layers.find((layer) => byName.get(layer.name) !== layer);
  if (twin) throw model.error(`two of its layers are named ${twin.name}; only one of a name can be saved.`);
}

/**
 * @throws LanegradError when a layer stands in two of the models or wrappers inside: a file would make two of it. Two
 * without weights compute what one did.
 */
export function requireEachOnce(model: Network): void {
  const places = new Map<Layer, Layer>();
  const visit = (layer: Layer, within: Layer): void => {
    const other = places.get(layer);
    // Where it is applied twice, its model has it once.
    if (other && other !== within && layer.weights.length > 0) {
      throw model.error(
        `its layer ${layer.name} stands in ${other.name} and in ${within.name}, and would be two layers once it is ` +
          'loaded. Save the parts by themselves, or weights alone.',
      );
    }
    places.set(layer, within);
    for (const inner of isNetwork(layer) ? layer.layers : layersIn(layer.options)) visit(inner, layer);
  };
  for (const layer of model.layers) visit(layer, model);
}

/** The layers among options, such as what wrappers wrap. */
const layersIn = (options: object): Layer[] =>
  Object.values(options)
    .flat()
    .filter((value) => value instanceof Layer);

function chainConfig(model: Network): JsonObject {
  const [{ shape, dtype }] = model.wiring.inputs;
  const layers = model.layers.map((layer, i) => {
    const entry = layerEntry(layer, i === 0 ? shape : undefined);
    return i === 0 ? { ...entry, config: { ...entry.config, dtype } } : entry;
  });
  return { name: model.name, layers };
}

function networkConfig(model: Network): JsonObject {
  const { inputs, outputs, applications } = model.wiring;
  const nodeIndex = new Map<LayerNode, number>();
  const inbound = new Map<Layer, JsonObject[string][]>();
  const reference = ({ sourceLayer, name, source, tensorIndex }: SymbolicTensor) => [
    sourceLayer?.name ?? name,
    (source && nodeIndex.get(source)) ?? 0,
    tensorIndex,
  ];
  for (const node of applications) {
    const { outboundLayer: layer, inputTensors, callArgs } = node;
    const nodes = inbound.get(layer) ?? [];
    nodeIndex.set(node, nodes.length + firstNode(layer));
    nodes.push(inputTensors.map((tensor) => [...reference(tensor), callArgs as JsonObject]));
    inbound.set(layer, nodes);
  }
  const inputLayers = inputs.flatMap(({ sourceLayer }) => sourceLayer ?? []);
  const layers = [...new Set([...model.layers, ...inputLayers])].map((layer) => ({
    name: layer.name,
    ...layerEntry(layer),
    inbound_nodes: inbound.get(layer) ?? [],
  }));
  return {
    name: model.name,
    layers,
    input_layers: inputs.map(reference),
    output_layers: outputs.map(reference),
  };
}

/** A layer's entry: its options with its name and whether it is trained. */
function layerEntry(layer: Layer, inputShape?: ModelShape): Entry {
  if (isNetwork(layer)) {
    const { class_name, config } = networkEntry(layer);
    return { class_name, config: { ...config, trainable: layer.trainable } };
  }
  // Layers inside of it are written here, for models are not described by their options.
  const inner = Object.entries(layer.options).filter(([, value]) => value instanceof Layer);
  const own = requireOptions(`${layer.name}: getConfig`, layer.getConfig());
  const options = { ...own, ...Object.fromEntries(inner) };
  const config = withSnakeKeys(options, (value, option) => toConfig(layer, value, option));
  const shape: JsonObject = inputShape ? { batch_input_shape: [...inputShape] } : {};
  return { class_name: layer.className, config: { ...config, ...shape } };
}

/** How deep options may be nested, so that one that holds itself is told. */
const maxDepth = 100;

/** Options as files have them: snake_case, words too; objects with a class as class_name and config. */
function toConfig(
  layer: Layer,
  value: unknown,
  option: string,
  isWord = isOfWords(layer, option),
  depth = 0,
): Json {
  if (depth > maxDepth)
    throw layer.error(
      `option ${option} is nested more than ${maxDepth} deep, or holds itself; it cannot be saved.`,
    );
  if (typeof value === 'string') return isWord && !isRegistered(value) ? toSnake(value) : value;
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (value instanceof Layer) return layerEntry(value);
  if (Array.isArray(value))
    return value.map((element) => toConfig(layer, element, option, isWord, depth + 1));
  if (typeof value === 'object') {
    const { className, config } = value as { className?: string; config?: object };
    // What stands in the options of initializers and the like are words; in those of users' classes it may be anything.
    if (className) {
      return {
        class_name: className,
        config: toConfig(layer, config ?? {}, option, !isRegistered(className), depth + 1),
      };
    }
    return withSnakeKeys(value, (each) => toConfig(layer, each, option, isWord, depth + 1));
  }
  throw layer.error(`option ${option} is a ${typeof value} and cannot be saved. Give it by name.`);
}

const isOfWords = (layer: Layer, option: string): boolean => {
  const { options } = layer.constructor as LayerClass;
  return Object.hasOwn(options, option) && options[option].kind.isWord === true;
};
