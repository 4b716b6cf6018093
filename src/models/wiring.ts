// The layers between a model's inputs and outputs, in the order in which they run.

import { LanegradError } from '../errors.ts';
import type { JsonObject } from '../io/json.ts';
import type { Layer } from '../layers/base/layer.ts';
import { LayerNode, type SymbolicTensor } from '../layers/base/symbolic.ts';

/** Inputs, outputs, and the layers between them. */
export interface Wiring {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  /** Applications of layers, each after the applications that make what it needs; inputs are not among them. */
  readonly applications: readonly LayerNode[];
  /** Each layer once, inputs among them: see `layersByDepth`. */
  readonly layers: readonly Layer[];
}

/** A layer that is made of others: a model. */
export interface Network extends Layer {
  /** @internal */
  readonly wiring: Wiring;
  readonly layers: readonly Layer[];
  readonly userDefinedMetadata: JsonObject | undefined;
}

export const isNetwork = (layer: Layer): layer is Network => 'wiring' in layer;

/**
 * Applications that compute `outputs` from `inputs`, each after those it needs.
 * @throws LanegradError when an output needs an input that is not among them.
 */
export function applicationsBetween(
  inputs: readonly SymbolicTensor[],
  outputs: readonly SymbolicTensor[],
): LayerNode[] {
  const order = new Set<LayerNode>();
  const seen = new Set<SymbolicTensor>(inputs);
  // No calls within calls: of those there may be fewer than layers.
  const left: (SymbolicTensor | LayerNode)[] = outputs.toReversed();
  for (let next = left.pop(); next; next = left.pop()) {
    if (next instanceof LayerNode) order.add(next);
    else if (!seen.has(next)) {
      seen.add(next);
      const { source, name } = next;
      if (!source || source.inputTensors.length === 0) {
        throw new LanegradError(
          `model: outputs depend on ${name}, which is not among the inputs. The graph is disconnected.`,
        );
      }
      left.push(source, ...source.inputTensors.toReversed());
    }
  }
  return [...order];
}

/**
 * The layers in the order of TensorFlow.js, which is that of weights in its files: first those furthest from the
 * outputs, and of those equally far the one that is met first on the way back from the outputs.
 */
export function layersByDepth(
  inputs: readonly SymbolicTensor[],
  outputs: readonly SymbolicTensor[],
  applications: readonly LayerNode[],
): Layer[] {
  const starts = inputs.flatMap(({ source }) => (source?.inputTensors.length === 0 ? [source] : []));
  const nodes = new Set([...starts, ...applications]);
  const nodeDepth = new Map<LayerNode, number>();
  const layerDepth = new Map<Layer, number>();
  for (const node of [...nodes].toReversed()) {
    const { outboundLayer: layer, inputTensors } = node;
    const depth = Math.max(nodeDepth.get(node) ?? 0, layerDepth.get(layer) ?? 0);
    layerDepth.set(layer, depth);
    for (const { source } of inputTensors) {
      if (source) nodeDepth.set(source, Math.max(nodeDepth.get(source) ?? 0, depth + 1));
    }
  }
  const met = new Map<Layer, number>();
  const left = outputs.toReversed();
  for (let next = left.pop(); next; next = left.pop()) {
    const { source } = next;
    // Deleted as they are passed.
    if (!source || !nodes.delete(source)) continue;
    const { outboundLayer: layer } = source;
    if (!met.has(layer)) met.set(layer, met.size);
    left.push(...source.inputTensors.toReversed());
  }
  return [...met.keys()].sort((a, b) => layerDepth.get(b)! - layerDepth.get(a)! || met.get(a)! - met.get(b)!);
}
