// A step that is recorded, to be computed as a whole: what it changes, and what of it is read later.

import type { Storage } from '../graph/graph.ts';
import type { Deferred } from './deferred.ts';
import { endScope, startScope } from './scopes.ts';

/** A change of weights that belongs to a step. */
export interface Assignment {
  readonly storage: Storage;
  readonly value: Deferred;
}

/** While a step is recorded of which nothing but what is kept can be read later. */
let step: RecordedStep | undefined;

interface RecordedStep {
  readonly assigned: Map<Storage, Deferred>;
  /** Whether functions with gradients of their own were called. */
  hasCustomGradients: boolean;
}

/**
 * Records a step that is computed right afterwards: what it makes is disposed of but for what is kept and returned.
 * @returns the result, the tensors that are kept, and the weights that change
 */
export function recordStep<T>(run: () => T): { result: T; kept: Deferred[]; assigned: Assignment[] } {
  const counted = startScope();
  const outer = step;
  const assigned = new Map<Storage, Deferred>();
  step = { assigned, hasCustomGradients: false };
  let result: T | undefined;
  try {
    result = run();
    return {
      result,
      kept: [...counted].filter(({ isKept }) => isKept),
      assigned: [...assigned].map(([storage, value]) => ({ storage, value })),
    };
  } finally {
    step = outer;
    endScope(result);
  }
}

/** Has the step that is recorded now change weights, if there is one. */
export function assignInStep(storage: Storage, value: Deferred): boolean {
  step?.assigned.set(storage, value);
  return step !== undefined;
}

/** Notes that a function with a gradient of its own was called. */
export function noteCustomGradient(): void {
  if (step) step.hasCustomGradients = true;
}

/** Whether such functions were called in the step that is recorded now. */
export const hasCustomGradients = (): boolean => step?.hasCustomGradients ?? false;

/** What weights will be after the step that is recorded now, if it changes them. */
export const assignedInStep = (storage: Storage): Deferred | undefined => step?.assigned.get(storage);

/** Whether what is recorded now will be computed before anything changes, or never. */
export const isPassing = (): boolean => step !== undefined;
