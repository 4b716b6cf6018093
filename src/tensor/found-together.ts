// A value and its gradients, as a script found them in one go: who reads one will most likely read the others.

import type { Deferred } from './deferred.ts';
import { isTaping } from './tape.ts';

/**
 * What was found last, held until the script awaits something, and weakly from then on: what a weak reference is made of
 * stays that long in any case, and all that a loop finds would.
 */
const found = {
  held: [] as readonly Deferred[],
  weakly: [] as readonly WeakRef<Deferred>[],
  isToLetGo: false,
};

/** Notes what was found in one go. */
export function noteFound(tensors: readonly Deferred[]): void {
  found.held = tensors;
  found.weakly = [];
  if (found.isToLetGo) return;
  found.isToLetGo = true;
  void Promise.resolve().then(letGo);
}

function letGo(): void {
  found.weakly = found.held.map((tensor) => new WeakRef(tensor));
  found.held = [];
  found.isToLetGo = false;
}

/** Of what was found last that which is there, and which nothing has used. */
export const unusedOfFound = (): readonly Deferred[] =>
  [...found.held, ...found.weakly.flatMap((each) => each.deref() ?? [])].filter(
    ({ isDisposed, passedBy, graph }) => !isDisposed && !passedBy && graph.isOfScript,
  );

/** A tensor, and what was found with it: one program computes them all. */
export function withCompanions(tensor: Deferred): readonly Deferred[] {
  const together = isTaping() ? [] : unusedOfFound();
  return together.includes(tensor) ? together : [tensor];
}
