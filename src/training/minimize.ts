// One step of an optimizer as nodes of a graph: gradients, clipping, updates, constraints.

import { differentiate } from '../compiler/differentiate.ts';
import type { Storage, Value } from '../graph/graph.ts';
import { identity } from '../graph/ops/elementwise.ts';
import { parameter } from '../graph/ops/sources.ts';
import { update } from '../graph/ops/update.ts';
import { neighbours } from '../state/range.ts';
import type { Slots } from '../state/slots.ts';
import type { ProgramTrace } from '../state/trace.ts';
import type { Variable } from '../state/variable.ts';
import { clipGradients } from './clipping.ts';
import type { Optimizer } from './optimizer.ts';

/**
 * Has each run of the program that is traced move variables so that the loss becomes smaller. Those that the loss
 * does not depend on stay as they are.
 * @param loss a scalar
 * @param variables settled, in the order in which they lie
 * @param gradients where the optimizer reads the gradients of each
 * @returns where arrays of the program must be
 */
export function minimize(
  trace: ProgramTrace,
  loss: Value,
  variables: readonly Variable[],
  optimizer: Optimizer,
  gradients: Slots,
): Map<Value, Storage> {
  const { graph } = trace;
  const wanted = variables.map((variable) => parameter(graph, variable));
  const found = differentiate(loss, wanted);
  const moved = variables.filter((_, i) => found[i]);
  return graph.within('optimizer', () => {
    const clipped = clipGradients(
      found.filter((gradient) => gradient !== undefined),
      optimizer,
    );
    const pins = new Map<Value, Storage>();
    const placed = clipped.map((gradient, i) => {
      const own = isPinnable(gradient, pins) ? gradient : identity(gradient, i);
      pins.set(own, gradients.beside(moved[i].range, 0));
      return own;
    });
    for (const { range, members } of neighbours(moved)) {
      const attrs = {
        rule: optimizer.rule,
        weights: range,
        gradients: gradients.beside(range, 0),
        slots: optimizer.slotsBeside(range),
        numbers: optimizer.numbers,
      };
      trace.assigned(members, update(graph, attrs, placed));
    }
    for (const variable of moved) {
      const { constraint } = variable;
      if (constraint) trace.assign(variable, constraint.apply(trace.read(variable)));
    }
    return pins;
  });
}

/** Whether a value's array can be put anywhere: one that the program computes, not yet put elsewhere. */
const isPinnable = (value: Value, pins: ReadonlyMap<Value, Storage>): boolean =>
  (value.op.kind === 'kernel' || value.op.kind === 'lane') && !pins.has(value);
