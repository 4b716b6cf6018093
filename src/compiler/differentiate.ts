// Reverse-mode differentiation: extends a graph by the nodes that compute gradients.

import type { Op, Pullback, Value } from '../graph/graph.ts';
import { constant } from '../graph/ops/sources.ts';
import { formatShape } from '../graph/shape.ts';
import { accumulate } from './accumulate.ts';
import { prune } from './prune.ts';

/** Whether no gradient flows through a node, whatever it is made of. */
type IsConstant = (node: Value) => boolean;

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
  isConstant: IsConstant = () => false,
): (Value | undefined)[] {
  if (y.rank !== 0) {
    throw y.graph.error(`gradients are taken of a scalar; got shape ${formatShape(y.shape)}.`);
  }
  const { graph } = y;
  const terms = backwards([[y, constant(graph, [1])]], wrt, isConstant);
  return wrt.map((value) => {
    const own = terms.get(value);
    return own && graph.within(value.scope, () => accumulate(own));
  });
}

/** For gradients of nodes that are made of other nodes. */
const pullback: Pullback = {
  terms: (seeds, sources) => {
    const leaves = new Set(sources);
    const terms = backwards(seeds, sources, (node) => leaves.has(node));
    return sources.map((source) => terms.get(source) ?? []);
  },
  sum: accumulate,
};

/**
 * The terms of the gradients of all nodes between `wrt` and seeds.
 * @param seeds values, and what is given as the gradient of each
 */
function backwards(
  seeds: readonly (readonly [Value, Value])[],
  wrt: readonly Value[],
  isConstant: IsConstant,
): Map<Value, Value[]> {
  const nodes = prune(seeds.map(([value]) => value));
  const needed = dependents(nodes, wrt, isConstant);
  const gradients = new Map<Value, Value[]>();
  const note = (value: Value, term: Value): void => {
    const others = gradients.get(value);
    if (others) others.push(term);
    else gradients.set(value, [term]);
  };
  for (const [value, term] of seeds) note(value, term);
  for (const node of nodes.reverse()) {
    const terms = gradients.get(node);
    const rule = gradientOf(node.op);
    if (!terms || !needed.has(node) || isConstant(node) || rule === 'none') continue;
    const { graph } = node;
    if (rule === 'missing') throw graph.error(`${node.op.name} cannot be differentiated once more yet.`);
    const inputGradients = graph.within(node.scope, () => rule(accumulate(terms), node, pullback));
    for (const [i, input] of node.inputs.entries()) {
      const dx = inputGradients[i];
      if (dx && needed.has(input)) note(input, dx);
    }
  }
  return gradients;
}

const gradientOf = (op: Op) => ('gradient' in op ? op.gradient : 'none');

/** The nodes that depend on any of `sources` through gradients, and these themselves. */
function dependents(nodes: readonly Value[], sources: readonly Value[], isConstant: IsConstant): Set<Value> {
  const set = new Set(sources);
  for (const node of nodes) {
    if (isConstant(node) || gradientOf(node.op) === 'none') continue;
    if (node.inputs.some((input) => set.has(input))) set.add(node);
  }
  return set;
}
