// One step of an optimizer as nodes of a graph: gradients, clipping, updates, constraints.

import type { Rule } from '../../assembly/opcodes.ts';
import { differentiate } from '../compiler/differentiate.ts';
import type { Storage, Value } from '../graph/graph.ts';
import { identity } from '../graph/ops/elementwise.ts';
import { parameter } from '../graph/ops/sources.ts';
import { update } from '../graph/ops/update.ts';
import { neighbours, type Range } from '../state/range.ts';
import type { Slots } from '../state/slots.ts';
import type { ProgramTrace } from '../state/trace.ts';
import type { Variable } from '../state/variable.ts';
import { type ClippingOptions, clipGradients } from './clipping.ts';

/** How gradients move weights: an optimizer, as far as programs know it. */
export interface Movement extends ClippingOptions {
  readonly rule: Rule;
  /** Where programs find the numbers of the coming step. */
  readonly numbers: Range;
  /** What it remembers of the weights in a range, slot by slot. */
  slotsBeside(range: Range): readonly Range[];
}

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
  optimizer: Movement,
  gradients: Slots,
): Map<Value, Storage> {
  const wanted = variables.map((variable) => parameter(trace.graph, variable));
  const found = differentiate(loss, wanted);
  const moved = variables.filter((_, i) => found[i]);
  const theirs = found.filter((gradient) => gradient !== undefined);
  return move(trace, moved, theirs, optimizer, gradients);
}

/**
 * The same by gradients that are there: one for each variable, of its shape.
 * @returns where arrays of the program must be
 */
export function move(
  trace: ProgramTrace,
  moved: readonly Variable[],
  found: readonly Value[],
  optimizer: Movement,
  gradients: Slots,
): Map<Value, Storage> {
  const { graph } = trace;
  return graph.within('optimizer', () => {
    const clipped = clipGradients(found, optimizer);
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
