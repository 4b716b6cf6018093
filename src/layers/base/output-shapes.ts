// What a layer will make of its inputs, as far as it is known before anything is computed.

import { shown } from '../../errors.ts';
import type { Storage, Value } from '../../graph/graph.ts';
import { input as graphInput } from '../../graph/ops/sources.ts';
import { ProgramTrace, type Trace } from '../../state/trace.ts';
import { TensorGraph } from '../../tensor/tensor.ts';
import { maskOf, withMask } from './mask.ts';
import type { Foreseen, ModelShape } from './symbolic.ts';

/** What random numbers are made of where nothing is computed. */
const nowhere: Storage = { name: 'random state', shape: [4], block: { address: 0 }, offset: 0 };

/** What is traced of inputs whose open axes have some size; masked ones have a mask. */
function traceWith<Result>(
  inputs: readonly Foreseen[],
  batch: number,
  open: number,
  run: (trace: Trace, values: readonly Value[]) => Result,
): Result {
  const traced = (fitting: readonly Foreseen[]) => {
    const graph = new TensorGraph();
    const values = fitting.map(({ shape, dtype, maskRank }, i) => {
      const sizes = shape.map((size, axis) => size ?? (axis === 0 ? batch : open));
      const value = graphInput(graph, i, sizes, dtype);
      return maskRank === 0 ? value : withMask(value, graphInput(graph, i, sizes.slice(0, maskRank)));
    });
    const trace = new ProgramTrace(graph, { randomState: nowhere, isForShapes: true });
    return trace.run(() => run(trace, values));
  };
  try {
    return traced(inputs);
  } catch (problem) {
    if (inputs.length < 2) throw problem;
    // Sizes of open axes may not go with those that others know.
    return traced(agreeing(inputs));
  }
}

/** Inputs whose open axes are as long as the same axis of another, counted from the end, where that is known. */
function agreeing(inputs: readonly Foreseen[]): readonly Foreseen[] {
  const known = (axis: number, rank: number): number | null => {
    const alike = inputs.map(({ shape }) => (axis === 0 ? shape[0] : shape.slice(1).at(axis - rank)));
    return alike.find((size) => (size ?? 1) > 1) ?? null;
  };
  return inputs.map((input) => ({
    ...input,
    shape: input.shape.map((size, axis) => size ?? known(axis, input.shape.length)),
  }));
}

/**
 * Shapes of the outputs, found by tracing the layer with two sizes for each open axis: an axis that follows one of
 * them is open in the result.
 */
export function outputShapes(
  inputs: readonly Foreseen[],
  traceLayer: (trace: Trace, values: readonly Value[]) => readonly Value[],
): readonly Foreseen[] {
  // Sizes that strides and windows of many sizes divide, so that they leave different ones.
  const [small, large] = [traceWith(inputs, 2, 120, traceLayer), traceWith(inputs, 3, 240, traceLayer)];
  return small.map((output, i) => ({
    shape: output.shape.map((size, axis) => (size === large[i].shape[axis] ? size : null)),
    dtype: output.dtype,
    maskRank: maskOf(output)?.rank ?? 0,
  }));
}

/** A layer whose class says what it makes. */
interface Telling {
  readonly supportsMasking: boolean;
  masksOf(inputs: readonly Value[]): readonly (Value | undefined)[];
  computeOutputShape(inputShape: ModelShape | readonly ModelShape[]): unknown;
  error(message: string): Error;
}

/** Shapes of the outputs as the layer's class says them. @throws LanegradError where it says none */
export function toldShapes(layer: Telling, inputs: readonly Foreseen[]): readonly Foreseen[] {
  const shapesOfInputs = inputs.map(({ shape }) => [...shape]);
  const told = layer.computeOutputShape(inputs.length === 1 ? shapesOfInputs[0] : shapesOfInputs);
  const shapes: readonly unknown[] = Array.isArray(told) && Array.isArray(told[0]) ? told : [told];
  if (!shapes.every(isModelShape)) {
    throw layer.error(`computeOutputShape must give a shape, or a list of shapes; got ${shown(told)}.`);
  }
  const isMasked = layer.supportsMasking && inputs.some(({ maskRank }) => maskRank > 0);
  const masks = isMasked ? traceWith(inputs, 2, 120, (_, values) => layer.masksOf(values)) : [];
  return shapes.map((shape, i) => ({ shape, dtype: 'float32', maskRank: masks[i]?.rank ?? 0 }));
}

const isModelShape = (given: unknown): given is ModelShape =>
  Array.isArray(given) && given.every((size) => size === null || (Number.isInteger(size) && size >= 0));
