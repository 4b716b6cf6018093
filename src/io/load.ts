import { LanegradError } from '../errors.ts';
import { layerClasses } from '../layers/classes.ts';
import type { Layer } from '../layers/layer.ts';
import { input, type SymbolicTensor } from '../layers/symbolic.ts';
import { Model } from '../models/model.ts';
import { Sequential } from '../models/sequential.ts';
import { lookUp } from '../names.ts';
import { platform } from '../platform/platform.ts';
import { Tensor } from '../tensor/tensor.ts';
import {
  fromConfig,
  type Json,
  type JsonObject,
  type LoadHandler,
  type ModelArtifacts,
} from './artifacts.ts';
import { firstNode } from './topology.ts';

const fileScheme = 'file://';

/** A layer of a saved model. */
interface LayerEntry {
  readonly name: string;
  readonly class_name: string;
  readonly config: JsonObject;
  readonly inbound_nodes: readonly (readonly (readonly [string, number, number, JsonObject?])[])[];
}

/**
 * Loads a model that `save` or TensorFlow.js wrote.
 * @param source the address of its model.json, as 'file://models/mnist/model.json'; or an object with `load`
 * @throws LanegradError for files that are missing parts, and for layers that lanegrad does not have.
 */
export async function loadLayersModel(source: string | LoadHandler): Promise<Model> {
  const { modelTopology, weightSpecs, weightData } =
    typeof source === 'string' ? await readFiles(source) : await source.load();
  const topology = (modelTopology.model_config ?? modelTopology) as JsonObject;
  const config = topology.config as JsonObject;
  const model = topology.class_name === 'Sequential' ? buildChain(config) : buildNetwork(config);
  const expected = model.variables.reduce((sum, { shape }) => sum + 4 * shape.reduce((a, b) => a * b, 1), 0);
  if (weightData.byteLength !== expected || weightSpecs.length !== model.variables.length) {
    throw new LanegradError(
      `loadLayersModel: the model has ${model.variables.length} weights in ${expected} bytes; ` +
        `the file has ${weightSpecs.length} in ${weightData.byteLength}.`,
    );
  }
  let offset = 0;
  const weights = weightSpecs.map(({ shape }) => {
    const bytes = 4 * shape.reduce((a, b) => a * b, 1);
    const values = new Float32Array(weightData.slice(offset, offset + bytes).buffer);
    offset += bytes;
    return new Tensor(values, shape, 'float32');
  });
  model.setWeights(weights);
  return model;
}

async function readFiles(address: string): Promise<ModelArtifacts> {
  if (!address.startsWith(fileScheme) || !platform.readFile) {
    throw new LanegradError(
      `loadLayersModel: expected an address such as file://models/mnist/model.json on a platform with files; got ${JSON.stringify(address)}.`,
    );
  }
  const path = address.slice(fileScheme.length);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const description = JSON.parse(new TextDecoder().decode(await platform.readFile(path)));
  const parts: Uint8Array[] = [];
  for (const { paths } of description.weightsManifest) {
    for (const name of paths) parts.push(await platform.readFile(folder + name));
  }
  const weightData = new Uint8Array(parts.reduce((bytes, { byteLength }) => bytes + byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    weightData.set(part, offset);
    offset += part.byteLength;
  }
  const weightSpecs = description.weightsManifest.flatMap(({ weights }: { weights: Json }) => weights);
  return { modelTopology: description.modelTopology, weightSpecs, weightData };
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
  const options = fromConfig(entry.config) as Record<string, unknown>;
  const { dtype, layer: inner, ...rest } = options;
  if (inner) rest.layer = buildLayer(entry.config.layer as unknown as LayerEntry);
  const Class = lookUp('layer', entry.class_name, layerClasses);
  return new Class(typeof dtype === 'string' ? { ...rest, inputDType: dtype } : rest);
}

function buildChain(config: JsonObject): Sequential {
  const entries = (Array.isArray(config) ? config : config.layers) as unknown as readonly LayerEntry[];
  const layers = entries.filter(({ class_name }) => class_name !== 'InputLayer').map(buildLayer);
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
