import { LanegradError } from '../errors.ts';
import type { SymbolicTensor } from '../layers/symbolic.ts';
import type { Model } from '../models/model.ts';
import { platform } from '../platform/platform.ts';
import { type JsonObject, layerEntry, type ModelArtifacts, type SaveHandler } from './artifacts.ts';

const fileScheme = 'file://';

/**
 * Saves a model: layers and weights.
 * @param target 'file://folder', which gets model.json and weights.bin; or an object with `save`
 * @throws LanegradError for other addresses, and on a platform without files.
 */
export async function saveModel(model: Model, target: string | SaveHandler): Promise<void> {
  const artifacts = modelArtifacts(model);
  if (typeof target !== 'string') {
    await target.save(artifacts);
    return;
  }
  if (!target.startsWith(fileScheme)) {
    throw new LanegradError(
      `save: expected an address such as file://models/mnist; got ${JSON.stringify(target)}.`,
    );
  }
  if (!platform.writeFile) {
    throw new LanegradError('save: this runtime has no files. Give an object with a save method.');
  }
  const folder = target.slice(fileScheme.length);
  const { modelTopology, weightSpecs, weightData } = artifacts;
  const description = {
    format: 'layers-model',
    generatedBy: 'lanegrad',
    convertedBy: null,
    modelTopology,
    weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
  };
  await platform.writeFile(`${folder}/weights.bin`, weightData);
  await platform.writeFile(`${folder}/model.json`, new TextEncoder().encode(JSON.stringify(description)));
}

/** A model's description and weights, as handlers get them. */
export function modelArtifacts(model: Model): ModelArtifacts {
  const { variables } = model;
  const weightSpecs = variables.map(({ name, shape }) => ({ name, shape, dtype: 'float32' as const }));
  const values = variables.map((variable) => variable.values());
  const weightData = new Uint8Array(values.reduce((bytes, { byteLength }) => bytes + byteLength, 0));
  let offset = 0;
  for (const { buffer, byteLength } of values) {
    weightData.set(new Uint8Array(buffer, 0, byteLength), offset);
    offset += byteLength;
  }
  return { modelTopology: modelTopology(model), weightSpecs, weightData };
}

function modelTopology(model: Model): JsonObject {
  const isChain = model.className === 'Sequential';
  return {
    class_name: isChain ? 'Sequential' : 'Model',
    config: isChain ? chainConfig(model) : networkConfig(model),
    keras_version: 'tfjs-layers 4.22.0',
    backend: 'tensor_flow.js',
  };
}

function chainConfig(model: Model): JsonObject {
  const [{ shape, dtype }] = model.inputs;
  const layers = model.layers.map((layer, i) => {
    const entry = layerEntry(layer, i === 0 ? shape : undefined);
    return i === 0 ? { ...entry, config: { ...entry.config, dtype } } : entry;
  });
  return { name: model.name, layers };
}

function networkConfig(model: Model): JsonObject {
  const { inputs, outputs, applications } = model.topology;
  const nodeIndex = new Map<SymbolicTensor, number>();
  const applied = new Map<string, number>();
  const inbound = new Map<string, JsonObject[string][]>();
  const reference = (tensor: SymbolicTensor) => [
    tensor.source?.layer.name ?? tensor.name,
    nodeIndex.get(tensor) ?? 0,
    tensor.source?.index ?? 0,
  ];
  for (const { layer, inputs: needed, outputs: made } of applications) {
    const index = applied.get(layer.name) ?? 0;
    applied.set(layer.name, index + 1);
    for (const tensor of made) nodeIndex.set(tensor, index);
    const nodes = inbound.get(layer.name) ?? [];
    nodes.push(needed.map((tensor) => [...reference(tensor), {}]));
    inbound.set(layer.name, nodes);
  }
  const inputEntries = inputs.map(({ name, shape, dtype }) => ({
    name,
    class_name: 'InputLayer',
    config: { batch_input_shape: [...shape], dtype, sparse: false, name },
    inbound_nodes: [],
  }));
  const layerEntries = model.layers.map((layer) => ({
    name: layer.name,
    ...layerEntry(layer),
    inbound_nodes: inbound.get(layer.name)!,
  }));
  return {
    name: model.name,
    layers: [...inputEntries, ...layerEntries],
    input_layers: inputs.map(reference),
    output_layers: outputs.map(reference),
  };
}
