// The layers between a model's inputs and outputs, in the order in which they run.

import { LanegradError } from '../errors.ts';
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
}

/** A layer that is made of others: a model. */
export interface Network extends Layer {
  readonly topology: Topology;
  /** Each once, in the order in which they run. */
  readonly layers: readonly Layer[];
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
