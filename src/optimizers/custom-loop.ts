// Steps of loops that users write: an optimizer moves variables by the loss of a function, or by gradients. Loss,
// gradients and updates are one program, found by the structure of the loss.

import { prune } from '../compiler/prune.ts';
import { LanegradError, shown } from '../errors.ts';
import type { Value } from '../graph/graph.ts';
import { formatShape, sameShape, sizeOf } from '../graph/shape.ts';
import { identityOf } from '../graph/sharing.ts';
import { requireArgument } from '../options/arguments.ts';
import { inPlace } from '../state/range.ts';
import { gradientSlots } from '../state/slots.ts';
import { ProgramTrace } from '../state/trace.ts';
import { Weights } from '../state/weights.ts';
import type { Deferred } from '../tensor/deferred.ts';
import { type Effects, evaluate } from '../tensor/evaluate.ts';
import {
  givenVariables,
  gradientsByName,
  noVariable,
  requireFunction,
  requireScalar,
  variablesToTrain,
} from '../tensor/gradients.ts';
import { type Assignment, hasCustomGradients, recordStep } from '../tensor/recorded-step.ts';
import { CountedArrays, dispose, disposeOf } from '../tensor/scopes.ts';
import { taped } from '../tensor/tape.ts';
import { Tensor, TensorGraph, versionOf } from '../tensor/tensor.ts';
import type { Scalar } from '../tensor/types.ts';
import { trainableVariables, Variable, type VariableList, variableNamed } from '../tensor/variable.ts';
import { weightsRead } from '../tensor/weights.ts';
import { type Movement, minimize, move } from './minimize.ts';

/** A tensor with the name of what it belongs to. */
export interface NamedTensor {
  readonly name: string;
  readonly tensor: Tensor;
}

/** An optimizer, as far as a step needs it. */
interface Stepping extends Movement {
  /** What it remembers of every weight, by name. */
  readonly slots: Readonly<Record<string, number>>;
  attach(
    trained: { readonly variables: readonly Weights[]; readonly movedVariables: readonly Weights[] },
    owner: object,
  ): void;
  turnTo(owner: object): void;
  beginStep(): void;
  takeBackStep(): void;
}

/** The steps of one optimizer. */
export class CustomLoop {
  readonly #optimizer: Stepping;
  #counted = new WeakSet<Weights>();
  readonly #books = new CountedArrays();
  readonly #gradients = gradientSlots();

  constructor(optimizer: Stepping) {
    this.#optimizer = optimizer;
  }

  minimize(f: () => Tensor, returnCost: boolean, given?: VariableList): Scalar | null {
    requireFunction('minimize', f);
    const varList = givenVariables('minimize', given);
    return taped(() => {
      const { result, kept, assigned } = recordStep(() => {
        const loss = requireScalar('minimize', f());
        // A program would take the gradients of its own.
        return { loss, own: hasCustomGradients() ? gradientsByName('minimize', loss, varList) : undefined };
      });
      const { loss, own } = result;
      const wanted = returnCost ? [loss, ...kept] : kept;
      if (own) {
        this.#moveBy(Object.entries(own), wanted, assigned);
        dispose(own);
        return wantedLoss(loss, returnCost);
      }
      const moved = varList && variablesToTrain('minimize', varList);
      settleRead(loss, moved ?? trainableVariables());
      const allowed = moved && new Set(moved.map(({ weights }) => weights));
      evaluate(wanted, {
        ...(allowed
          ? this.#step('minimize', allowed, assigned)
          : this.#step('minimize all but', stayingIn(loss), assigned)),
        of: [loss, ...assigned.map(({ value }) => value)],
        build: (graph, nodeOf) => {
          const variables = inPlace(weightsRead(prune([nodeOf(loss)]))).filter(
            (weights) => allowed?.has(weights) ?? weights.isMovable,
          );
          const trace = new ProgramTrace(graph);
          this.#attach(variables);
          const movedNow = minimize(trace, nodeOf(loss), variables, this.#optimizer, this.#gradients);
          if (movedNow.length === 0) throw noVariable();
          for (const { storage, value } of assigned) trace.assign(storage, nodeOf(value));
          return trace;
        },
      });
      return wantedLoss(loss, returnCost);
    });
  }

  applyGradients(given: Record<string, Tensor> | readonly NamedTensor[]): void {
    requireArgument('applyGradients: variableGradients', 'object', given);
    const named = Array.isArray(given)
      ? (given as readonly NamedTensor[]).map((each) => {
          requireArgument('applyGradients: a gradient', 'object', each);
          return [each.name, each.tensor] as const;
        })
      : Object.entries(given as Record<string, Tensor>);
    this.#moveBy(named);
  }

  /** Moves variables by gradients; the same program computes what is wanted beside, and changes what is assigned. */
  #moveBy(
    named: readonly (readonly [string, Tensor])[],
    wanted: readonly Deferred[] = [],
    assigned: readonly Assignment[] = [],
  ): void {
    const pairs = named
      .filter(([, gradient]) => gradient)
      .map(([name, gradient]) => {
        if (!(gradient instanceof Tensor)) {
          throw new LanegradError(
            `applyGradients: the gradient of ${name} must be a tensor; got ${shown(gradient)}.`,
          );
        }
        const variable = variableNamed(name);
        if (!variable) throw new LanegradError(`applyGradients: there is no variable of the name ${name}.`);
        if (!sameShape(variable.shape, gradient.shape)) {
          throw new LanegradError(
            `applyGradients: ${name} has shape ${formatShape(variable.shape)}; its gradient has ${formatShape(gradient.shape)}.`,
          );
        }
        return { variable, gradient };
      });
    if (pairs.length === 0) return;
    Variable.settle(pairs.map(({ variable }) => variable));
    const gradientOf = new Map(pairs.map(({ variable, gradient }) => [variable.weights, gradient]));
    const moved = inPlace([...gradientOf.keys()]);
    const gradients = moved.map((weights) => gradientOf.get(weights)!);
    evaluate(wanted, {
      ...this.#step('apply', moved, assigned),
      of: [...gradients, ...assigned.map(({ value }) => value)],
      build: (graph, nodeOf) => {
        const trace = new ProgramTrace(graph);
        this.#attach(moved);
        move(trace, moved, gradients.map(nodeOf), this.#optimizer, this.#gradients);
        for (const { storage, value } of assigned) trace.assign(storage, nodeOf(value));
        return trace;
      },
    });
  }

  /** What all steps of this optimizer have in common. */
  readonly #common: Pick<Effects, 'begin' | 'takeBack' | 'newGraph'> = {
    takeBack: () => this.#optimizer.takeBackStep(),
    newGraph: () => new TensorGraph(),
    begin: (changed) => {
      Weights.announceChange(changed.filter((storage) => storage instanceof Weights));
      this.#optimizer.turnTo(this);
      this.#optimizer.beginStep();
    },
  };

  /** And what tells a step from others. @param which the weights of which `how` speaks */
  #step(
    how: string,
    which: Iterable<Weights>,
    assigned: readonly Assignment[],
  ): Pick<Effects, 'key' | 'begin' | 'takeBack' | 'newGraph'> {
    const key: unknown[] = [identityOf(this), how];
    for (const weights of which) key.push(identityOf(weights));
    key.push('assigned');
    for (const { storage } of assigned) key.push(identityOf(storage));
    return { ...this.#common, key };
  }

  /** Takes what the optimizer remembers out of the books. */
  dispose(): void {
    this.#books.clear();
    this.#counted = new WeakSet();
  }

  /** TensorFlow.js's books have a tensor for each slot of each variable. */
  #count(variables: readonly Weights[]): void {
    const slots = Object.keys(this.#optimizer.slots).length;
    for (const variable of variables) {
      if (this.#counted.has(variable)) continue;
      this.#counted.add(variable);
      this.#books.add(slots, slots * sizeOf(variable.shape));
    }
  }

  #attach(variables: readonly Weights[]): void {
    this.#count(variables);
    this.#optimizer.attach({ variables, movedVariables: variables }, this);
    this.#gradients.add(variables);
  }
}

/** The loss of a step that was done, if it is asked for. */
function wantedLoss(loss: Scalar, isWanted: boolean): Scalar | null {
  if (isWanted) return loss;
  disposeOf(loss);
  return null;
}

/** The weights that a loss depends on and a step leaves alone, as far as that may have changed since they were made. */
const stayingIn = (loss: Tensor): Weights[] =>
  Weights.someTurned ? weightsRead(prune([loss])).filter(({ isMovable }) => !isMovable) : [];

/** Gives the variables on which a loss depends their place in linear memory. */
function settleRead(loss: Tensor, variables: readonly Variable[]): void {
  const unplaced = variables.filter(({ isSettled, dtype }) => !isSettled && dtype === 'float32');
  if (unplaced.length === 0) return;
  const read = new Set<Value>(prune([loss]));
  Variable.settle(unplaced.filter((variable) => read.has(versionOf(variable))));
}
