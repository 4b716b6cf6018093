// Reverse-mode differentiation: extends a graph by the nodes that compute gradients.

import type { Op, Value } from '../graph/graph.ts';
import { constant } from '../graph/ops/sources.ts';
import { formatShape } from '../graph/shape.ts';
import { accumulate } from './accumulate.ts';
import { prune } from './prune.ts';

/**
 * Gradients of a scalar with respect to values.
 * @param y the scalar, shape []
 * @param isConstant whether no gradient flows through a node, whatever it is made of
 * @returns one value for each of `wrt`, of its shape; undefined where y does not depend on it.
 * @throws LanegradError when y is no scalar.
 */
export function differentiate(
  y: Value,
  wrt: readonly Value[],
  isConstant: (node: Value) => boolean = () => false,
): (Value | undefined)[] {
  if (y.rank !== 0) {
    throw y.graph.error(`gradients are taken of a scalar; got shape ${formatShape(y.shape)}.`);
  }
  const { graph } = y;
  const nodes = prune([y]);
  const needed = dependents(nodes, wrt, isConstant);
  const gradients = new Map<Value, Value[]>([[y, [constant(graph, [1])]]]);
  for (const node of nodes.reverse()) {
    const terms = gradients.get(node);
    const rule = gradientOf(node.op);
    if (!terms || !needed.has(node) || rule === 'none') continue;
    if (rule === 'missing') throw graph.error(`${node.op.name} cannot be differentiated once more yet.`);
    const inputGradients = graph.within(node.scope, () => rule(accumulate(terms), node));
    for (const [i, input] of node.inputs.entries()) {
      const dx = inputGradients[i];
      if (!dx || !needed.has(input)) continue;
      const others = gradients.get(input);
      if (others) others.push(dx);
      else gradients.set(input, [dx]);
    }
  }
  return wrt.map((value) => {
    const terms = gradients.get(value);
    return terms && graph.within(value.scope, () => accumulate(terms));
  });
}

const gradientOf = (op: Op) => ('gradient' in op ? op.gradient : 'none');

/** The nodes that depend on any of `sources` through gradients, and these themselves. */
function dependents(
  nodes: readonly Value[],
  sources: readonly Value[],
  isConstant: (node: Value) => boolean,
): Set<Value> {
  const set = new Set(sources);
  for (const node of nodes) {
    if (isConstant(node) || gradientOf(node.op) === 'none') continue;
    if (node.inputs.some((input) => set.has(input))) set.add(node);
  }
  return set;
}
