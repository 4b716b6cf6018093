// Reverse-mode differentiation: extends a graph by the nodes that compute gradients.

import type { Form, GradientRule, Pullback, Value } from '../graph/graph.ts';
import { cutOnItsWay } from '../graph/ops/cut.ts';
import { constant } from '../graph/ops/sources.ts';
import { formatShape } from '../graph/shape.ts';
import { accumulate } from './accumulate.ts';
import { prune } from './prune.ts';

/**
 * A gradient that comes back through many products becomes small, then denormal, where arithmetic is slow: after so many
 * it is cut, in the map of some arithmetic, where that costs next to nothing.
 */
const productsBetweenCuts = 16;

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
  const coming = backwards([[y, constant(graph, [1])]], wrt, isConstant);
  return wrt.map((value) => {
    const own = coming.get(value);
    return own && graph.within(value.scope, () => accumulate(own.terms));
  });
}

/** For gradients of nodes that are made of other nodes. */
const pullback: Pullback = {
  terms: (seeds, sources) => {
    const leaves = new Set(sources);
    const coming = backwards(seeds, sources, (node) => leaves.has(node));
    return sources.map((source) => coming.get(source)?.terms ?? []);
  },
  sum: accumulate,
};

/** What comes back to a node. */
interface Coming {
  readonly terms: Value[];
  /** How many products it has come through, at most. */
  products: number;
  /** How many those were where it was cut last, at least. */
  cutAfter: number;
}

/**
 * What comes back to the nodes between `wrt` and seeds.
 * @param seeds values, and what is given as the gradient of each
 */
function backwards(
  seeds: readonly (readonly [Value, Value])[],
  wrt: readonly Value[],
  isConstant: IsConstant,
): Map<Value, Coming> {
  const nodes = prune(seeds.map(([value]) => value));
  const forms = formsOf(nodes, isConstant);
  const needed = dependents(nodes, wrt, isConstant, forms);
  const coming = new Map<Value, Coming>();
  const note = (value: Value, term: Value, products: number, cutAfter: number): void => {
    const known = coming.get(value);
    if (!known) coming.set(value, { terms: [term], products, cutAfter });
    else {
      known.terms.push(term);
      known.products = Math.max(known.products, products);
      known.cutAfter = Math.min(known.cutAfter, cutAfter);
    }
  };
  for (const [value, term] of seeds) note(value, term, 0, 0);
  for (const node of nodes.reverse()) {
    const own = coming.get(node);
    const rule = ruleOf(node, forms);
    if (!own || !needed.has(node) || isConstant(node) || rule === 'none') continue;
    const { graph } = node;
    if (rule === 'missing') throw graph.error(`${node.op.name} cannot be differentiated.`);
    const { products, cutAfter } = own;
    const isCut = products >= cutAfter + productsBetweenCuts && node.op.kind === 'lane';
    const gradients = graph.within(node.scope, () => {
      const dy = accumulate(own.terms);
      return rule(isCut ? cutOnItsWay(dy) : dy, node, pullback);
    });
    const passed = products + (node.op.kind === 'meant' ? 1 : 0);
    for (const [i, source] of sourcesOf(node, forms).entries()) {
      const dx = gradients[i];
      if (dx && needed.has(source)) note(source, dx, passed, isCut ? products : cutAfter);
    }
  }
  return coming;
}

/** What composed nodes are composed of. */
type Forms = ReadonlyMap<Value, Form>;

function formsOf(nodes: readonly Value[], isConstant: IsConstant): Forms {
  const forms = new Map<Value, Form>();
  for (const node of nodes) {
    const { op, graph, scope } = node;
    if (op.kind !== 'composed' || isConstant(node)) continue;
    forms.set(
      node,
      graph.within(scope, () => op.form(node)),
    );
  }
  return forms;
}

/** The values that a node hands its gradient on to. */
const sourcesOf = (node: Value, forms: Forms): readonly Value[] => forms.get(node)?.of ?? node.inputs;

/** How it makes theirs of its own. */
function ruleOf(node: Value, forms: Forms): GradientRule<object> | 'none' | 'missing' {
  const form = forms.get(node);
  if (!form) return 'gradient' in node.op ? node.op.gradient : 'none';
  return (dy, _, { terms, sum }) =>
    terms([[form.value, dy]], form.of).map((each) => (each.length > 0 ? sum(each) : undefined));
}

/** The nodes that depend on any of `sources` through gradients, and these themselves. */
function dependents(
  nodes: readonly Value[],
  sources: readonly Value[],
  isConstant: IsConstant,
  forms: Forms,
): Set<Value> {
  const set = new Set(sources);
  for (const node of nodes) {
    if (isConstant(node) || ruleOf(node, forms) === 'none') continue;
    if (sourcesOf(node, forms).some((input) => set.has(input))) set.add(node);
  }
  return set;
}
