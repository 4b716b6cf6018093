// A value and its gradients, as a script found them in one go: who reads one will most likely read the others.

import type { Deferred } from './deferred.ts';
import { isTaping } from './tape.ts';

/**
 * What was found last: held until the script awaits something, and weakly from then on. A weak reference made at once
 * would keep more: it keeps what it refers to until then in any case, and a loop that awaits nothing makes one each time.
 */
let held: readonly Deferred[] = [];
let weakly: readonly WeakRef<Deferred>[] = [];
let isToLetGo = false;

/** Notes what was found in one go. */
export function noteFound(tensors: readonly Deferred[]): void {
  held = tensors;
  weakly = [];
  if (isToLetGo) return;
  isToLetGo = true;
  void Promise.resolve().then(letGo);
}

function letGo(): void {
  weakly = held.map((tensor) => new WeakRef(tensor));
  held = [];
  isToLetGo = false;
}

/** Of what was found last that which is there, and which nothing has used; none while a function is differentiated. */
export function unusedOfFound(): readonly Deferred[] {
  if (isTaping()) return [];
  return [...held, ...weakly.flatMap((each) => each.deref() ?? [])].filter(
    ({ isDisposed, passedBy, graph }) => !isDisposed && !passedBy && graph.isOfScript,
  );
}

/** A tensor, and what was found with it: one program computes them all. */
export function withCompanions(tensor: Deferred): readonly Deferred[] {
  const together = unusedOfFound();
  return together.includes(tensor) ? together : [tensor];
}
