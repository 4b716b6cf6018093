import { Program } from '../compiler/program.ts';
import { engine } from '../engine/engine.ts';
import { Graph, type Value } from '../graph/graph.ts';
import type { DType } from '../graph/op.ts';
import { asFloat } from '../graph/ops/elementwise.ts';
import { input } from '../graph/ops/sources.ts';
import type { DataType } from './data-type.ts';
import { Tensor } from './tensor.ts';

/** The graph's type for a tensor's: a bool is a byte of 0 or 1. */
export const graphDType = (dtype: DataType): DType => (dtype === 'bool' ? 'uint8' : dtype);

/**
 * Applies a function of graph values to tensors at once: traces it, compiles it, runs it.
 * @returns a float32 tensor for each value that `build` returns.
 */
export function evaluate(
  tensors: readonly Tensor[],
  build: (...values: Value[]) => readonly Value[],
): Tensor[] {
  const graph = new Graph();
  const inputs = tensors.map((tensor, i) => input(graph, i, tensor.shape, graphDType(tensor.dtype)));
  const outputs = build(...inputs).map(asFloat);
  const program = new Program(outputs, [], { inputs, purpose: 'an operation on tensors' });
  try {
    for (const [i, tensor] of tensors.entries()) {
      engine().write(program.addressOf(inputs[i]), tensor.dataSync());
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
