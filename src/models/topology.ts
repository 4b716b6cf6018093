// The layers between a model's inputs and outputs, in the order in which they run.

import { LanegradError } from '../errors.ts';
import type { JsonObject } from '../io/json.ts';
import type { Layer } from '../layers/layer.ts';
import type { SymbolicTensor } from '../layers/symbolic.ts';

/** One application of a layer. */
export interface Application {
  readonly layer: Layer;
  readonly inputs: readonly SymbolicTensor[];
  /** The symbolic tensors it made that the model uses. */
  readonly outputs: SymbolicTensor[];
}

/** Inputs, outputs, and the layers between them. */
export interface Topology {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  readonly applications: readonly Application[];
  /** Each layer once: see `layersByDepth`. */
  readonly layers: readonly Layer[];
}

/** A layer that is made of others: a model. */
export interface Network extends Layer {
  readonly topology: Topology;
  readonly layers: readonly Layer[];
  readonly userDefinedMetadata: JsonObject | undefined;
}

export const isNetwork = (layer: Layer): layer is Network => 'topology' in layer;

/**
 * Applications that compute `outputs` from `inputs`, each after those it needs.
 * @throws LanegradError when an output needs an input that is not among them.
 */
export function applicationsBetween(
  inputs: readonly SymbolicTensor[],
  outputs: readonly SymbolicTensor[],
): Application[] {
  const order: Application[] = [];
  // All outputs of one application share the array of its inputs: that is its identity.
  const byInputs = new Map<readonly SymbolicTensor[], Map<Layer, Application>>();
  const seen = new Set<SymbolicTensor>(inputs);

  const visit = (tensor: SymbolicTensor): void => {
    if (seen.has(tensor)) return;
    seen.add(tensor);
    if (!tensor.source) {
      throw new LanegradError(`model: outputs depend on ${tensor.name}, which is not among the inputs.`);
    }
    const { inputs: needed } = tensor.source;
    const layer = tensor.source.layer as Layer;
    for (const input of needed) visit(input);
    const siblings = byInputs.get(needed) ?? new Map<Layer, Application>();
    byInputs.set(needed, siblings);
    const known = siblings.get(layer);
    if (known) {
      known.outputs.push(tensor);
      return;
    }
    const application = { layer, inputs: needed, outputs: [tensor] };
    siblings.set(layer, application);
    order.push(application);
  };
  for (const output of outputs) visit(output);
  return order;
}

/**
 * The layers in the order of TensorFlow.js, which is that of weights in its files: first those furthest from the
 * outputs, and of those equally far the one that is met first on the way back from the outputs.
 */
export function layersByDepth(
  outputs: readonly SymbolicTensor[],
  applications: readonly Application[],
): Layer[] {
  const madeBy = new Map(
    applications.flatMap((made) => made.outputs.map((tensor) => [tensor, made] as const)),
  );
  const applicationDepth = new Map<Application, number>();
  const layerDepth = new Map<Layer, number>();
  for (const application of applications.toReversed()) {
    const { layer, inputs } = application;
    const depth = Math.max(applicationDepth.get(application) ?? 0, layerDepth.get(layer) ?? 0);
    layerDepth.set(layer, depth);
    for (const source of inputs.map((input) => madeBy.get(input))) {
      if (source) applicationDepth.set(source, Math.max(applicationDepth.get(source) ?? 0, depth + 1));
    }
  }
  const met = new Map<Layer, number>();
  const passed = new Set<Application>();
  const goBack = (tensor: SymbolicTensor): void => {
    const application = madeBy.get(tensor);
    if (!application || passed.has(application)) return;
    passed.add(application);
    if (!met.has(application.layer)) met.set(application.layer, met.size);
    for (const input of application.inputs) goBack(input);
  };
  for (const output of outputs) goBack(output);
  return [...met.keys()].sort((a, b) => layerDepth.get(b)! - layerDepth.get(a)! || met.get(a)! - met.get(b)!);
}
