// What a graph computes for some of its values.

import { nextWalk, type Value } from '../graph/graph.ts';

/** The nodes that `roots` need, in the order in which they were built. @param known left out, with what only they need */
export function prune(roots: readonly Value[], known?: ReadonlyMap<Value, Value>): Value[] {
  const walk = nextWalk();
  const live: Value[] = [];
  const meet = (nodes: readonly Value[]): void => {
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i];
      if (node.walk === walk || known?.has(node)) continue;
      node.walk = walk;
      live.push(node);
    }
  };
  meet(roots);
  for (let i = 0; i < live.length; i++) meet(live[i].inputs);
  return live.sort((a, b) => a.id - b.id);
}
