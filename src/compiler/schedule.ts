import { hasEffect, type Value } from '../graph/graph.ts';
import { isKernel } from '../graph/op.ts';

/**
 * Orders nodes so that element-wise ones come just before the first kernel that needs them. What only the
 * backward pass reads is then computed there, from arrays that are kept anyway, and need not be kept itself.
 * @param nodes in an order in which they can be computed, as the result is again
 */
export function schedule(nodes: readonly Value[]): Value[] {
  const placed = new Set<Value>();
  // A stack of its own: chains of nodes may be longer than calls can be deep.
  const place = (node: Value): void => {
    if (placed.has(node)) return;
    const pending = [{ node, next: 0 }];
    for (let top = pending.at(-1); top; top = pending.at(-1)) {
      const { inputs } = top.node;
      while (top.next < inputs.length && placed.has(inputs[top.next])) top.next++;
      if (top.next < inputs.length) pending.push({ node: inputs[top.next++], next: 0 });
      else {
        placed.add(top.node);
        pending.pop();
      }
    }
  };
  let before = 0;
  for (const [i, node] of nodes.entries()) {
    // What was built before an effect reads the state as it was before.
    if (hasEffect(node)) while (before < i) place(nodes[before++]);
    if (hasEffect(node) || isKernel(node)) place(node);
  }
  for (const node of nodes) place(node);
  return [...placed];
}
