import type { Value } from '../graph/graph.ts';
import { hasEffect, isKernel } from '../graph/op.ts';

/**
 * Orders nodes so that element-wise ones come just before the first kernel that needs them. What only the
 * backward pass reads is then computed there, from arrays that are kept anyway, and need not be kept itself.
 * @param nodes in an order in which they can be computed, as the result is again
 */
export function schedule(nodes: readonly Value[]): Value[] {
  const order: Value[] = [];
  const placed = new Set<Value>();
  const place = (node: Value): void => {
    if (placed.has(node)) return;
    placed.add(node);
    for (const input of node.inputs) place(input);
    order.push(node);
  };
  for (const [i, node] of nodes.entries()) {
    // What was built before an effect reads the state as it was before.
    if (hasEffect(node)) for (const earlier of nodes.slice(0, i)) place(earlier);
    if (hasEffect(node) || isKernel(node)) place(node);
  }
  for (const node of nodes) place(node);
  return order;
}
