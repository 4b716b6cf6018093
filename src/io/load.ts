import { LanegradError } from '../errors.ts';
import { sizeOf } from '../graph/shape.ts';
import { layerClasses } from '../layers/classes.ts';
import type { Layer } from '../layers/layer.ts';
import { input, type SymbolicTensor } from '../layers/symbolic.ts';
import { Model } from '../models/model.ts';
import { Sequential } from '../models/sequential.ts';
import { lookUp } from '../names.ts';
import { platform } from '../platform/platform.ts';
import type { Variable } from '../state/variable.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { NamedTensor } from '../training/optimizers.ts';
import {
  fromConfig,
  type Json,
  type JsonObject,
  joined,
  type LoadHandler,
  type ModelArtifacts,
  type WeightEntry,
} from './artifacts.ts';
import { firstNode } from './topology.ts';
import { canCompile, compileArguments } from './training-config.ts';

const fileScheme = 'file://';

/** A layer of a saved model. */
interface LayerEntry {
  readonly name: string;
  readonly class_name: string;
  readonly config: JsonObject;
  readonly inbound_nodes: readonly (readonly (readonly [string, number, number, JsonObject?])[])[];
}

/**
 * Loads a model that `save` or TensorFlow.js wrote. Where the optimizer was saved with it, it is compiled, and
 * training goes on as if it had never stopped: with the same seed, and the epochs done as `initialEpoch`.
 * @param source the address of its model.json, as 'file://models/mnist/model.json' or 'https://…/model.json', beside
 * which its weights are; or an object with `load`
 * @throws LanegradError for files that are missing parts, and for layers that lanegrad does not have.
 */
export async function loadLayersModel(source: string | LoadHandler): Promise<Model> {
  const { modelTopology, trainingConfig, weightSpecs, weightData } =
    typeof source === 'string' ? await readFiles(source) : await source.load();
  const topology = (modelTopology.model_config ?? modelTopology) as JsonObject;
  const config = topology.config as JsonObject;
  const model = topology.class_name === 'Sequential' ? buildChain(config) : buildNetwork(config);
  const arrays = readArrays(weightSpecs, weightData);
  const weights = arrays.filter(({ group }) => group !== 'optimizer');
  model.setWeights(inOrderOf(model.variables, weights));
  model.trainable = config.trainable !== false;
  if (!trainingConfig || !canCompile(trainingConfig)) return model;
  model.compile(compileArguments(trainingConfig));
  const remembered = arrays.filter(({ group }) => group === 'optimizer');
  // Where other weights were trained than are now, as after freezing some, the optimizer begins anew.
  if (model.optimizer.takes(remembered)) await model.optimizer.setWeights(remembered);
  return model;
}

/** The tensors of `variables`, by name; in the file's order where its names are others, as Keras's may be. */
function inOrderOf(variables: readonly Variable[], weights: readonly NamedTensor[]): Tensor[] {
  if (weights.length !== variables.length) {
    throw new LanegradError(
      `loadLayersModel: the model has ${variables.length} weights; the file has ${weights.length}.`,
    );
  }
  const byName = new Map(weights.map(({ name, tensor }) => [name, tensor]));
  const isByName = byName.size === weights.length && variables.every(({ name }) => byName.has(name));
  return isByName ? variables.map(({ name }) => byName.get(name)!) : weights.map(({ tensor }) => tensor);
}

interface LoadedArray extends NamedTensor {
  readonly group: WeightEntry['group'];
}

function readArrays(entries: readonly WeightEntry[], bytes: Uint8Array): LoadedArray[] {
  const expected = entries.reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);
  if (bytes.byteLength !== expected) {
    throw new LanegradError(
      `loadLayersModel: the weights should be ${expected} bytes; the file has ${bytes.byteLength}.`,
    );
  }
  let offset = 0;
  return entries.map(({ name, shape, dtype, group }) => {
    const { buffer } = bytes.slice(offset, offset + 4 * sizeOf(shape));
    offset += buffer.byteLength;
    const values = dtype === 'int32' ? new Int32Array(buffer) : new Float32Array(buffer);
    return { name, group, tensor: new Tensor(values, shape, dtype) };
  });
}

async function readFiles(address: string): Promise<ModelArtifacts> {
  const read = readerFor(address);
  const [path, query = ''] = address.split(/(?=\?)/);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const description = JSON.parse(new TextDecoder().decode(await read(address)));
  const parts: Uint8Array[] = [];
  for (const { paths } of description.weightsManifest) {
    for (const name of paths) parts.push(await read(folder + name + query));
  }
  const weightSpecs = description.weightsManifest.flatMap(({ weights }: { weights: Json }) => weights);
  const { modelTopology, trainingConfig } = description;
  return { modelTopology, trainingConfig, weightSpecs, weightData: joined(parts) };
}

/** What reads files at addresses like this one: the platform, or `fetch`, which knows a page's own addresses too. */
function readerFor(address: string): (address: string) => Promise<Uint8Array> {
  const { readFile } = platform;
  if (address.startsWith(fileScheme) && readFile) return (each) => readFile(each.slice(fileScheme.length));
  const isFetched = /^https?:/.test(address) || (!readFile && !address.startsWith(fileScheme));
  if (isFetched) return fetchFile;
  throw new LanegradError(
    `loadLayersModel: expected an address such as file://models/mnist/model.json or https://…; ` +
      `got ${JSON.stringify(address)}.`,
  );
}

async function fetchFile(address: string): Promise<Uint8Array> {
  const response = await fetch(address);
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  throw new LanegradError(`loadLayersModel: ${address} answered ${response.status} ${response.statusText}.`);
}

/** Models by their classes in TensorFlow.js and Keras. */
const modelBuilders: Readonly<Record<string, (config: JsonObject) => Model>> = {
  Sequential: buildChain,
  Model: buildNetwork,
  Functional: buildNetwork,
};

function buildLayer(entry: LayerEntry): Layer {
  const buildModel = modelBuilders[entry.class_name];
  if (buildModel) {
    const model = buildModel(entry.config);
    model.trainable = entry.config.trainable !== false;
    return model;
  }
  const given = Object.entries(fromConfig(entry.config) as object).filter(([, value]) => value !== null);
  const { dtype, layer: inner, ...rest } = Object.fromEntries(given);
  if (inner) rest.layer = buildLayer(entry.config.layer as unknown as LayerEntry);
  const Class = lookUp('layer', entry.class_name, layerClasses);
  return new Class(typeof dtype === 'string' ? { ...rest, inputDType: dtype } : rest);
}

function buildChain(config: JsonObject): Sequential {
  const entries = (Array.isArray(config) ? config : config.layers) as unknown as readonly LayerEntry[];
  const isInput = ({ class_name }: LayerEntry) => class_name === 'InputLayer';
  const [{ config: first }] = entries;
  const layers = entries
    .filter((entry) => !isInput(entry))
    .map((entry, i) => {
      if (i > 0 || !isInput(entries[0])) return buildLayer(entry);
      const { batch_input_shape, dtype = 'float32' } = first;
      return buildLayer({ ...entry, config: { ...entry.config, batch_input_shape, dtype } });
    });
  return new Sequential({ name: config.name as string, layers });
}

function buildNetwork(config: JsonObject): Model {
  const entries = config.layers as unknown as readonly LayerEntry[];
  const made = new Map<string, SymbolicTensor[]>();
  const find = ([name, node, index]: readonly [string, number, number, JsonObject?]) =>
    made.get(`${name} ${node}`)?.[index];
  const pending: { layer: Layer; node: number; from: LayerEntry['inbound_nodes'][number] }[] = [];
  for (const entry of entries) {
    if (entry.class_name === 'InputLayer') {
      const { batchInputShape, dtype, name } = fromConfig(entry.config) as {
        batchInputShape: (number | null)[];
        dtype?: 'float32' | 'int32' | 'uint8';
        name: string;
      };
      made.set(`${entry.name} 0`, [input({ batchShape: batchInputShape, dtype, name })]);
      continue;
    }
    const layer = buildLayer(entry);
    for (const [node, from] of entry.inbound_nodes.entries()) pending.push({ layer, node, from });
  }
  while (pending.length > 0) {
    const ready = pending.findIndex(({ from }) => from.every((reference) => find(reference)));
    if (ready < 0)
      throw new LanegradError(`loadLayersModel: the inputs of ${pending[0].layer.name} are missing.`);
    const [{ layer, node, from }] = pending.splice(ready, 1);
    const inputs = from.map((reference) => find(reference)!);
    const result = inputs.length === 1 ? layer.apply(inputs[0]) : layer.apply(inputs);
    made.set(`${layer.name} ${node + firstNode(layer)}`, [result].flat());
  }
  const references = (json: Json) => json as unknown as readonly (readonly [string, number, number])[];
  return new Model({
    name: config.name as string,
    inputs: references(config.input_layers).map((reference) => find(reference)!),
    outputs: references(config.output_layers).map((reference) => find(reference)!),
  });
}
