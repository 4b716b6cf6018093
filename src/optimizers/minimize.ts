// One step of an optimizer as nodes of a graph: gradients, clipping, updates, constraints.

import type { Rule } from '../../assembly/opcodes.ts';
import { differentiate } from '../compiler/differentiate.ts';
import { compilerOptions } from '../compiler/program.ts';
import { LanegradError } from '../errors.ts';
import type { Value } from '../graph/graph.ts';
import { isComputed } from '../graph/op.ts';
import { identity } from '../graph/ops/elementwise.ts';
import { assign, parameter } from '../graph/ops/sources.ts';
import { update } from '../graph/ops/update.ts';
import { mapValues } from '../names.ts';
import { type Neighbours, neighbours, type Range } from '../state/range.ts';
import type { Slots } from '../state/slots.ts';
import type { ProgramTrace } from '../state/trace.ts';
import type { Weights } from '../state/weights.ts';
import { givenTensor } from '../tensor/convert.ts';
import { type ClippingOptions, clipGradients } from './clipping.ts';
import type { UpdateRule } from './update.ts';

/** How gradients move weights: an optimizer, as far as programs know it. */
export interface Movement extends ClippingOptions {
  readonly update: UpdateRule;
  /** Whether the rule is for one weight at a time. */
  readonly isPerWeight: boolean;
  /** The kernel that does the same, if there is one. */
  readonly kernel: Rule | undefined;
  /** Whether it moves weights itself, of which programs compute the gradients alone. */
  readonly movesItself: boolean;
  /** Where programs find the numbers of the coming step: all, and each by its name. */
  readonly numbers: Range;
  readonly numbersByName: Readonly<Record<string, Range>>;
  /** What it remembers of the weights in a range, by name. */
  slotsBeside(range: Range): Readonly<Record<string, Range>>;
}

/**
 * Has each run of the program that is traced move variables so that the loss becomes smaller. Those that the loss
 * does not depend on stay as they are.
 * @param loss a scalar
 * @param variables settled, in the order in which they lie
 * @param gradients where the gradients of neighbours are put side by side
 * @returns the variables that are moved, or are to be
 */
export function minimize(
  trace: ProgramTrace,
  loss: Value,
  variables: readonly Weights[],
  optimizer: Movement,
  gradients: Slots,
): readonly Weights[] {
  const wanted = variables.map((variable) => parameter(trace.graph, variable));
  const found = differentiate(loss, wanted);
  const moved = variables.filter((_, i) => found[i]);
  const theirs = found.filter((gradient) => gradient !== undefined);
  if (optimizer.movesItself) leave(trace, moved, theirs, gradients);
  else move(trace, moved, theirs, optimizer, gradients);
  return moved;
}

/** Leaves gradients beside what they are of, for who moves that itself. */
function leave(
  trace: ProgramTrace,
  moved: readonly Weights[],
  found: readonly Value[],
  gradients: Slots,
): void {
  for (const [i, { range }] of moved.entries()) {
    trace.effects.push(assign(gradients.beside(range, 0), found[i]));
  }
}

/**
 * The same by gradients that are there: one for each variable, of its shape.
 * @param share the only weights to move, where others move the rest: all neighbours, by default, and then they are held
 * to their constraints too
 */
export function move(
  trace: ProgramTrace,
  moved: readonly Weights[],
  found: readonly Value[],
  optimizer: Movement,
  gradients: Slots,
  share?: readonly Neighbours<Weights>[],
): void {
  trace.graph.within('optimizer', () => {
    const clipped = clipGradients(found, optimizer);
    if (optimizer.isPerWeight) {
      const isOwn = (variable: Weights) => share?.some(({ members }) => members.includes(variable)) ?? true;
      const targets = moved.map((variable, i) => ({
        range: variable.range,
        members: [variable],
        gradient: clipped[i],
      }));
      compose(
        trace,
        targets.filter(({ members: [variable] }) => isOwn(variable)),
        optimizer,
      );
    } else moveRanges(trace, moved, clipped, optimizer, gradients, share ?? neighbours(moved));
    if (!share) constrain(trace, moved);
  });
}

/** Holds weights to their constraints. */
export function constrain(trace: ProgramTrace, moved: readonly Weights[]): void {
  for (const variable of moved) {
    const { constraint } = variable;
    if (!constraint) continue;
    const held = constraint.apply(trace.read(variable));
    trace.assign(variable, givenTensor(`${variable.name}: the constraint`, held, variable.shape));
  }
}

/** Moves neighbours together: their gradients are computed side by side, as the weights lie. */
function moveRanges(
  trace: ProgramTrace,
  moved: readonly Weights[],
  found: readonly Value[],
  optimizer: Movement,
  gradients: Slots,
  share: readonly Neighbours<Weights>[],
): void {
  const { graph } = trace;
  const placed = found.map((gradient, i) => {
    const own = isPlaceable(gradient, trace.pins) ? gradient : identity(gradient, i);
    trace.pins.set(own, gradients.beside(moved[i].range, 0));
    return own;
  });
  const targets = share.map(({ range, members }) => ({
    range,
    members,
    gradients: gradients.beside(range, 0),
  }));
  const { kernel } = optimizer;
  if (kernel === undefined || !compilerOptions.updateKernels) {
    const read = targets.map((target) => ({
      ...target,
      gradient: parameter(graph, target.gradients, ...placed),
    }));
    compose(trace, read, optimizer);
    return;
  }
  for (const target of targets) {
    const attrs = {
      rule: kernel,
      weights: target.range,
      gradients: target.gradients,
      slots: Object.values(optimizer.slotsBeside(target.range)),
      numbers: optimizer.numbers,
    };
    trace.assigned(target.members, update(graph, attrs, placed));
  }
}

/** Weights that a rule is applied to, and their gradient, of the range's shape. */
interface Target {
  readonly range: Range;
  readonly members: readonly Weights[];
  readonly gradient: Value;
}

/** Applies an optimizer's rule. All is computed before anything is changed. */
function compose(trace: ProgramTrace, targets: readonly Target[], optimizer: Movement): void {
  const { graph } = trace;
  const read = (range: Range) => parameter(graph, range);
  const numbers = mapValues(optimizer.numbersByName, read);
  const results = targets.map(({ range, gradient }) => {
    const places = optimizer.slotsBeside(range);
    const slots = mapValues(places, read);
    const updated = optimizer.update({ gradient, weights: read(range), slots, numbers });
    const next = givenTensor("the optimizer's update: weights", updated?.weights, gradient.shape);
    return { places, next, nextSlots: Object.entries(updated.slots ?? {}) };
  });
  for (const [i, { places, next, nextSlots }] of results.entries()) {
    for (const [name, value] of nextSlots) {
      if (!places[name]) throw new LanegradError(`the optimizer's update: there is no slot ${name}.`);
      trace.assign(places[name], givenTensor(`the optimizer's update: slot ${name}`, value, next.shape));
    }
    trace.assigned(targets[i].members, assign(targets[i].range, next));
  }
}

/** Whether a value's array can be put anywhere: one that the program computes, not yet put elsewhere. */
export const isPlaceable = (value: Value, pins: ReadonlyMap<Value, unknown>): boolean =>
  isComputed(value) && !pins.has(value);
