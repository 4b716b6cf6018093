// Runs a layer forwards and backwards on a case that a script of test/reference/ made, and compares.

import { expect } from 'vitest';
import { differentiate } from '../../src/compiler/differentiate.ts';
import { Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { add, mul } from '../../src/graph/ops/elementwise.ts';
import { constant, input, parameter } from '../../src/graph/ops/sources.ts';
import * as tf from '../../src/index.ts';
import { unmasked, withMask } from '../../src/layers/base/mask.ts';
import { ProgramTrace } from '../../src/state/trace.ts';
import { Weights } from '../../src/state/weights.ts';
import { expectClose } from '../close.ts';

/** Float32 against float64, through some dozens of roundings. */
const tolerance = 3e-6;

interface Differentiated {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  /** Absent for weights that training does not move. */
  readonly gradient?: readonly number[];
}

export interface TorchCase {
  /** Whether the layer is called for training; false by default. */
  readonly training?: boolean;
  readonly inputs: readonly Differentiated[];
  readonly weights: readonly Differentiated[];
  readonly outputs: readonly {
    readonly shape: readonly number[];
    readonly values: readonly number[];
    readonly coefficients: readonly number[];
  }[];
  /** The last weights, as one step leaves them. */
  readonly after?: readonly (readonly number[])[];
}

/**
 * Expects a layer's outputs, and the gradients of its inputs and weights, to be those of the case.
 * @param mask of the first input, [batch, time]
 */
export function expectAsTorch(layer: tf.Layer, torch: TorchCase, mask?: readonly number[]): void {
  const shapes = torch.inputs.map(({ shape }) => [null, ...shape.slice(1)]);
  layer.ensureBuilt(shapes.length === 1 ? shapes[0] : shapes);
  layer.setWeights(torch.weights.map(({ values, shape }) => tf.tensor([...values], [...shape])));
  Weights.settle(layer.variables, 'a test');

  const graph = new Graph();
  const trace = new ProgramTrace(graph, { training: torch.training });
  const inputs = torch.inputs.map(({ shape }, i) => input(graph, i, shape));
  const masked = withMask(inputs[0], mask && constant(graph, mask, inputs[0].shape.slice(0, 2)));
  const outputs = trace.run(() => layer.trace(trace, [masked, ...inputs.slice(1)]).map(unmasked));
  expect(outputs.map(({ shape }) => shape)).toEqual(torch.outputs.map(({ shape }) => shape));
  const loss = trace.run(() =>
    outputs
      .map((y, i) => sum(mul(y, constant(graph, [...torch.outputs[i].coefficients], y.shape))))
      .reduce((a, b) => add(a, b)),
  );
  const weights = layer.variables.map((variable) => parameter(graph, variable));
  const gradients = differentiate(loss, [...inputs, ...weights]);

  const known = gradients.filter((gradient) => gradient !== undefined);
  const program = new Program([...outputs, ...known], trace.effects, { inputs });
  for (const [i, { values }] of torch.inputs.entries()) {
    engine().write(program.addressOf(inputs[i]), Float32Array.from(values));
  }
  program.run();
  const read = (value: Value) => engine().readFloats(program.addressOf(value), value.size);
  for (const [i, { values }] of torch.outputs.entries()) {
    expectClose(read(outputs[i]), values, tolerance, `output ${i}`);
  }
  for (const [i, { gradient }] of [...torch.inputs, ...torch.weights].entries()) {
    if (!gradient) continue;
    const of = i < inputs.length ? `input ${i}` : layer.variables[i - inputs.length].name;
    expectClose(read(gradients[i]!), gradient, tolerance, `gradient of ${of}`);
  }
  for (const [i, values] of (torch.after ?? []).entries()) {
    const variable = layer.variables[layer.variables.length - torch.after!.length + i];
    expectClose(variable.values(), values, tolerance, `${variable.name} after a step`);
  }
  program.dispose();
}
