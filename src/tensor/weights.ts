// Weights in linear memory as tensors. A node reads a version of them: the numbers that they have when it is made.

import type { Op, Value } from '../graph/graph.ts';
import { parameterOp } from '../graph/ops/sources.ts';
import { Weights } from '../state/weights.ts';
import type { Deferred } from './deferred.ts';
import { storageOf } from './structure.ts';
import { recorder, type Tensor } from './tensor.ts';

const versions = new WeakMap<Weights, Tensor>();

/** The version of weights that there is now. Gives them their place in linear memory, if they have none. */
export function versionOfWeights(weights: Weights): Tensor {
  const known = versions.get(weights);
  // One whose numbers were read is a tensor of these, and no way to the weights any more.
  if (known && !known.numbers) return known;
  Weights.settle([weights], weights.name);
  const version = recorder.add(parameterOp, [], { storage: weights }) as unknown as Tensor;
  follow(version, weights);
  return version;
}

/** The weights that nodes read, each once. */
export const weightsRead = (nodes: readonly Value[]): Weights[] =>
  [...new Set(nodes.map(storageOf))].filter((storage) => storage instanceof Weights);

/** Turns a tensor with numbers into a version of the weights that have been made of them. */
export function becomeVersion(version: Tensor, weights: Weights): void {
  version.numbers = undefined;
  version.passedBy = undefined;
  version.forget();
  version.op = parameterOp as Op;
  version.attrs = { storage: weights };
  follow(version, weights);
}

/** Has a version keep its numbers when the weights change, if somebody may still read them. */
function follow(version: Tensor, weights: Weights): void {
  versions.set(weights, version);
  weights.onceBeforeChange(() => {
    versions.delete(weights);
    if (!(version as Deferred).isRead) return;
    version.setNumbers(weights.values());
    version.forget();
  });
}
