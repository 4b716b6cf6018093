// The order in which nodes are computed.

import { hasEffect, nextWalk, type Value } from '../graph/graph.ts';
import { isKernel, isMadeBy } from '../graph/op.ts';
import { guardOp } from '../graph/ops/guard.ts';
import { prune } from './prune.ts';

/**
 * A guard behind all that changes nothing, and before all else: a run that it ends has changed only what its own number
 * depends on.
 */
function guarded(nodes: readonly Value[]): readonly Value[] {
  const guard = nodes.find((node) => isMadeBy(node, guardOp));
  if (!guard) return nodes;
  const needed = new Set(prune([guard]));
  const changing = new Set<Value>();
  for (const node of nodes) {
    if (needed.has(node)) continue;
    if (hasEffect(node) || node.inputs.some((input) => changing.has(input))) changing.add(node);
  }
  const harmless = nodes.filter((node) => node !== guard && !changing.has(node));
  return [...harmless, guard, ...changing];
}

/** What a node reads. What has few elements comes first: a map of many may then begin behind it, and take all in one. */
const smallestFirst = ({ inputs }: Value): readonly Value[] =>
  inputs.length === 2 && inputs[1].size < inputs[0].size ? [inputs[1], inputs[0]] : inputs;

/**
 * Orders nodes so that element-wise ones come just before the first kernel that needs them. What only the
 * backward pass reads is then computed there, from arrays that are kept anyway, and need not be kept itself.
 * @param given in an order in which they can be computed, as the result is again
 */
export function schedule(given: readonly Value[]): Value[] {
  const nodes = guarded(given);
  const placed: Value[] = [];
  const walk = nextWalk();
  const isPlaced = (node: Value): boolean => node.walk === walk;
  // A stack of its own: chains of nodes may be longer than calls can be deep.
  const place = (node: Value): void => {
    if (isPlaced(node)) return;
    const pending = [{ node, next: 0 }];
    for (let top = pending.at(-1); top; top = pending.at(-1)) {
      const inputs = smallestFirst(top.node);
      while (top.next < inputs.length && isPlaced(inputs[top.next])) top.next++;
      if (top.next < inputs.length) pending.push({ node: inputs[top.next++], next: 0 });
      else {
        top.node.walk = walk;
        placed.push(top.node);
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
  return placed;
}
