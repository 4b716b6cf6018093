// What a graph computes for some of its values.

import type { Value } from '../graph/graph.ts';

/** The nodes that `roots` need, in the order in which they were built. @param known left out, with what only they need */
export function prune(roots: readonly Value[], known?: ReadonlyMap<Value, Value>): Value[] {
  const live = new Set<Value>();
  const pending: Value[] = [];
  const meet = (node: Value): void => {
    if (live.has(node) || known?.has(node)) return;
    live.add(node);
    pending.push(node);
  };
  for (const root of roots) meet(root);
  for (let node = pending.pop(); node; node = pending.pop()) for (const input of node.inputs) meet(input);
  return [...live].sort((a, b) => a.id - b.id);
}
