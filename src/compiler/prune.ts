import type { Value } from '../graph/graph.ts';

/** The nodes that `roots` need, in the order in which they were built. */
export function prune(roots: readonly Value[]): Value[] {
  const live = new Set<Value>();
  const pending = [...roots];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (live.has(node)) continue;
    live.add(node);
    pending.push(...node.inputs);
  }
  return [...live].sort((a, b) => a.id - b.id);
}
