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
 * inputs already. A stand-in has the shape and the type of the node and the same numbers; a rule says which it leaves out.
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
  const rewriting = new Rewriting(roots, all, graph, own);
  return (value) => rewriting.standInOf(value);
}

// A class, as each object literal with a getter has a hidden class of its own, which keeps what the getter sees, here two
// graphs, until all memory is looked through.
class Rewriting implements Surroundings {
  readonly #graph: Graph;
  readonly #rulesFor: (op: Op) => readonly Rule[];
  readonly #nodes: readonly Value[];
  /** By the numbers of nodes, as all lists here. */
  readonly #standIns: Value[] = [];
  /** Of the graph that is made. */
  readonly #counts: number[] = [];
  #lists: readonly (readonly Value[])[] | undefined;
  original: Value;
  // Rules take these by their names.
  readonly readers = ({ id }: Value): number => this.#counts[id] ?? Number.POSITIVE_INFINITY;
  readonly readersOf = ({ id }: Value): readonly Value[] => {
    this.#lists ??= listReaders(this.#nodes);
    return this.#lists[id] ?? [];
  };
  readonly standInFor = ({ id }: Value): Value | undefined => this.#standIns[id];

  constructor(roots: readonly Value[], all: readonly Rule[], graph: Graph, own: Iterable<Value>) {
    this.#graph = graph;
    this.#rulesFor = rulesByOp(all);
    this.#nodes = prune(roots);
    this.original = this.#nodes[0];
    this.#replaceAll(countReaders(this.#nodes, roots), new Arrays(own));
  }

  #replaceAll(readers: readonly number[], arrays: Arrays): void {
    for (const node of this.#nodes) {
      this.original = node;
      const standIn = arrays.own(node, this.#best(node));
      this.#standIns[node.id] = standIn;
      this.#counts[standIn.id] = (this.#counts[standIn.id] ?? 0) + readers[node.id];
    }
  }

  #best(node: Value): Value {
    const inputs = node.inputs.map(({ id }) => this.#standIns[id]);
    let best = this.#graph.rebuild(node, inputs);
    for (let next = this.#better(best); next; next = this.#better(best)) best = next;
    return best;
  }

  /** What the first rule that knows something better puts in a node's place. */
  #better(node: Value): Value | undefined {
    const candidates = this.#rulesFor(node.op);
    if (candidates.length === 0) return undefined;
    return node.graph.within(node.scope, () => {
      for (const { replace } of candidates) {
        const standIn = replace(node, this);
        if (standIn) return standIn;
      }
      return undefined;
    });
  }

  /** What stands for a value; what nothing needed may be asked for all the same: by gradients of a script's own. */
  standInOf(value: Value): Value {
    const standIns = this.#standIns;
    if (value.graph !== this.#nodes[0].graph)
      throw internal(`nothing stands for ${value.op.name} of ${value.scope}.`);
    standIns[value.id] ??= this.#graph.rebuild(
      value,
      value.inputs.map((input) => this.standInOf(input)),
    );
    return standIns[value.id];
  }
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
