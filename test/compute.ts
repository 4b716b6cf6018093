// Graph functions applied to tensors at once: what most tests of ops, losses and layers compute with.

import { Program } from '../src/compiler/program.ts';
import { prune } from '../src/compiler/prune.ts';
import { engine } from '../src/engine/engine.ts';
import { Graph, type Value } from '../src/graph/graph.ts';
import { isMadeBy } from '../src/graph/op.ts';
import { asFloat } from '../src/graph/ops/conversion.ts';
import { input, inputOp } from '../src/graph/ops/sources.ts';
import { graphDType } from '../src/tensor/data-type.ts';
import { Tensor } from '../src/tensor/tensor.ts';

/**
 * Applies a function of graph values to tensors at once: traces it, compiles it, runs it.
 * @returns a float32 tensor for each value that `build` returns.
 */
export function compute(
  tensors: readonly Tensor[],
  build: (...values: Value[]) => readonly Value[],
): Tensor[] {
  const graph = new Graph();
  const inputs = tensors.map((tensor, i) => input(graph, i, tensor.shape, graphDType(tensor.dtype)));
  const outputs = build(...inputs).map(asFloat);
  const program = new Program(outputs, [], { purpose: 'an operation on tensors' });
  try {
    // Of the results' graph: what `build` returns may be simplified.
    for (const node of prune(outputs)) {
      if (!isMadeBy(node, inputOp)) continue;
      engine().write(program.addressOf(node), tensors[node.attrs.index].dataSync());
    }
    program.run();
    return outputs.map(
      ({ shape, size }, i) =>
        new Tensor(engine().readFloats(program.addressOf(outputs[i]), size), shape, 'float32'),
    );
  } finally {
    program.dispose();
  }
}
