// Rebuilds what a program is made of, node by node, as rules have it. What was there stays as it was.

import { internal } from '../errors.ts';
import type { Graph, Op, Value } from '../graph/graph.ts';
import { isComputed } from '../graph/op.ts';
import { identity } from '../graph/ops/elementwise.ts';
import { prune } from './prune.ts';

/** What a rule may ask about the nodes around it. */
export interface Surroundings {
  /**
   * By how many nodes, or from outside, a value is read; Infinity for nodes that a rule has just made, whose readers
   * are not counted yet.
   */
  readers(value: Value): number;
  /** The node that is to be replaced as it was before, reading what it read then. */
  readonly original: Value;
  /** The nodes that read a value as all were before. */
  readersOf(original: Value): readonly Value[];
  /** What stands for a value as it was before, if that is there already. */
  standInFor(original: Value): Value | undefined;
}

/**
 * What may stand for a node of an op, or undefined where there is nothing better. The node reads what stands for its
 * inputs already. A stand-in has the shape and the type of the node and the same numbers.
 */
export interface Rule {
  /** Whether it may know something for nodes of an op. */
  readonly isFor: (op: Op) => boolean;
  readonly replace: (node: Value, surroundings: Surroundings) => Value | undefined;
}

/** A rule for the nodes of one op, or of several with attributes of one type. */
export const rule = <A extends object>(
  ops: readonly Op<A>[],
  replace: (node: Value<A>, surroundings: Surroundings) => Value | undefined,
): Rule => ({ isFor: (op) => (ops as readonly object[]).includes(op), replace: replace as Rule['replace'] });

/** A rule for the nodes of all ops of a kind. */
export const ruleForKind = <Kind extends Op['kind']>(
  kind: Kind,
  replace: (
    node: Value & { readonly op: Extract<Op, { kind: Kind }> },
    surroundings: Surroundings,
  ) => Value | undefined,
): Rule => ({ isFor: (op) => op.kind === kind, replace: replace as Rule['replace'] });

/** What stands for the nodes that a program was made of. */
export type StandIns = (value: Value) => Value;

/**
 * Rebuilds `roots`, and all that they need, in another graph. Each node is replaced until no rule has anything better.
 * @param roots of one graph, as nodes are noted by their numbers
 * @param own values that must stay arrays of their own, because they will be given a place
 */
export function rewrite(
  roots: readonly Value[],
  all: readonly Rule[],
  graph: Graph,
  own: Iterable<Value> = [],
): StandIns {
  const rulesFor = rulesByOp(all);
  const nodes = prune(roots);
  const readers = countReaders(nodes, roots);
  /** By the numbers of nodes, as all lists here. */
  const standIns: Value[] = [];
  /** Of the graph that is made. */
  const counts: number[] = [];
  let lists: readonly (readonly Value[])[] | undefined;
  let original: Value;
  const surroundings: Surroundings = {
    readers: ({ id }) => counts[id] ?? Number.POSITIVE_INFINITY,
    get original() {
      return original;
    },
    readersOf: (value) => {
      lists ??= listReaders(nodes);
      return lists[value.id] ?? [];
    },
    standInFor: ({ id }) => standIns[id],
  };
  const better = (node: Value) => firstOf(rulesFor(node.op), node, surroundings);

  const arrays = new Arrays(own);
  for (const node of nodes) {
    const inputs = node.inputs.map(({ id }) => standIns[id]);
    original = node;
    let standIn = graph.rebuild(node, inputs);
    for (let next = better(standIn); next; next = better(standIn)) standIn = next;
    standIn = arrays.own(node, standIn);
    standIns[node.id] = standIn;
    counts[standIn.id] = (counts[standIn.id] ?? 0) + readers[node.id];
  }
  // What nothing needed may be asked for all the same: by gradients of a script's own.
  const standInOf = (value: Value): Value => {
    if (value.graph !== nodes[0].graph)
      throw internal(`nothing stands for ${value.op.name} of ${value.scope}.`);
    standIns[value.id] ??= graph.rebuild(value, value.inputs.map(standInOf));
    return standIns[value.id];
  };
  return standInOf;
}

/** The rules for nodes of an op. */
function rulesByOp(all: readonly Rule[]): (op: Op) => readonly Rule[] {
  const known = new Map<Op, readonly Rule[]>();
  return (op) => {
    const rules = known.get(op) ?? all.filter(({ isFor }) => isFor(op));
    known.set(op, rules);
    return rules;
  };
}

/** What the first rule that knows something better puts in a node's place. */
function firstOf(candidates: readonly Rule[], node: Value, surroundings: Surroundings): Value | undefined {
  if (candidates.length === 0) return undefined;
  return node.graph.within(node.scope, () => {
    for (const { replace } of candidates) {
      const standIn = replace(node, surroundings);
      if (standIn) return standIn;
    }
    return undefined;
  });
}

function countReaders(nodes: readonly Value[], roots: readonly Value[]): number[] {
  const readers: number[] = [];
  const count = ({ id }: Value): void => {
    readers[id] = (readers[id] ?? 0) + 1;
  };
  for (const { inputs } of nodes) inputs.forEach(count);
  roots.forEach(count);
  return readers;
}

function listReaders(nodes: readonly Value[]): Value[][] {
  const readers: Value[][] = [];
  for (const node of nodes) {
    for (const { id } of node.inputs) {
      readers[id] ??= [];
      readers[id].push(node);
    }
  }
  return readers;
}

/** Keeps the arrays that will be given a place apart from each other, and from what has a place already. */
class Arrays {
  readonly #own: ReadonlySet<Value>;
  readonly #taken = new Set<Value>();

  constructor(own: Iterable<Value>) {
    this.#own = new Set(own);
  }

  own(node: Value, standIn: Value): Value {
    if (!this.#own.has(node)) return standIn;
    const own =
      isComputed(standIn) && !this.#taken.has(standIn) ? standIn : identity(standIn, -1 - this.#taken.size);
    this.#taken.add(own);
    return own;
  }
}
