// Nodes that are computed once for each part of sequences: a recurrent layer's step, traced once. The nodes that are
// repeated are a template, which nothing outside reads; what is wanted of each time stands behind the loop.

import type { Graph, Op, Pullback, Value } from '../graph.ts';
import { isMadeBy } from '../op.ts';
import type { Shape } from '../shape.ts';
import { isZeros, zeros } from './broadcasting.ts';
import { isCheap } from './cheap.ts';
import { cutOnItsWay } from './cut.ts';
import { add } from './elementwise.ts';
import { isOuterProduct, matMul } from './matmul.ts';
import { slice } from './movement.ts';
import { reshape } from './sources.ts';

/** What is repeated. Its nodes are of one graph, and end at its leaves: slices, states, and what lies outside. */
export interface Body {
  readonly times: number;
  /** Whether time runs from the last to the first. */
  readonly isReverse: boolean;
  /** Stand for the parts of sequences, one for each time. */
  readonly slices: readonly Value[];
  /** Stand for what one time leaves for the one after. */
  readonly states: readonly Value[];
  /** What the states are after a time. */
  readonly next: readonly Value[];
  /** What is the same at all times. */
  readonly outside: readonly Value[];
}

/** Inputs: the sequences [times, …], the states before the first time, and what lies outside. */
export interface Loop {
  readonly body: Body;
}

interface Stacked {
  /** A node of the body. */
  readonly value: Value;
}

interface Final {
  readonly state: number;
}

export interface Cotangents {
  /** What each input is the gradient of: all times of a node, or the last of a state, by its number. */
  readonly of: readonly (Value | number)[];
}

interface Leaf {
  readonly shape: Shape;
  readonly dtype: Value['dtype'];
  /** Nothing else is the same leaf. */
  readonly identity: object;
}

const bodyOf = (loop: Value): Body => (loop.attrs as Loop).body;

/**
 * The gradients of what was read of a loop, together. It is never computed: the loop's gradient takes it apart.
 * @internal
 */
export const cotangentsOp: Op<Cotangents> = {
  name: 'cotangents',
  kind: 'meant',
  shape: () => [],
  gradient: 'none',
};

/** @internal */
export const loopOps = {
  loop: {
    name: 'loop',
    kind: 'meant',
    shape: () => [],
    gradient: (dy, node, pullback): (Value | undefined)[] =>
      new Backwards(node, pullback).gradients(dy as Value<Cotangents>),
  } satisfies Op<Loop> as Op<Loop>,

  /** A node's values at all times, [times, …]. */
  stacked: {
    name: 'stacked',
    kind: 'meant',
    shape: ([loop], { value }) => [bodyOf(loop).times, ...value.shape],
    dtype: (_, { value }) => value.dtype,
    gradient: (dy, { graph, attrs: { value } }) => [graph.add(cotangentsOp, [dy], { of: [value] })],
  } satisfies Op<Stacked> as Op<Stacked>,

  /** A state after the last time. */
  final: {
    name: 'final',
    kind: 'meant',
    shape: ([loop], { state }) => bodyOf(loop).states[state].shape,
    dtype: ([loop], { state }) => bodyOf(loop).states[state].dtype,
    gradient: (dy, { graph, attrs: { state } }) => [graph.add(cotangentsOp, [dy], { of: [state] })],
  } satisfies Op<Final> as Op<Final>,

  leaf: {
    name: 'leaf',
    kind: 'input',
    shape: (_, { shape }) => shape,
    dtype: (_, { dtype }) => dtype,
  } satisfies Op<Leaf> as Op<Leaf>,
};

/** What stands for a slice or a state in a body. */
export const leaf = (graph: Graph, { shape, dtype }: Pick<Value, 'shape' | 'dtype'>): Value =>
  graph.add(loopOps.leaf, [], { shape, dtype, identity: {} });

/** A loop over sequences [times, …], from states, with what lies outside. */
export function loop(
  body: Body,
  sequences: readonly Value[],
  states: readonly Value[],
  outside: readonly Value[],
): Value<Loop> {
  const inputs = [...sequences, ...states, ...outside];
  return inputs[0].graph.add(loopOps.loop, inputs, { body });
}

/** A node's values at all times, [times, …]. */
export const stacked = (of: Value, value: Value): Value => of.graph.add(loopOps.stacked, [of], { value });

/** A state after the last time. */
export const final = (of: Value, state: number): Value => of.graph.add(loopOps.final, [of], { state });

/** Which nodes depend on others. */
class Dependents {
  readonly #known = new Map<Value, boolean>();

  constructor(sources: readonly Value[]) {
    for (const source of sources) this.#known.set(source, true);
  }

  has(value: Value): boolean {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const found = value.inputs.some((input) => this.has(input));
    this.#known.set(value, found);
    return found;
  }
}

/** Whether a value is made of numbers alone. */
const isOfConstants = ({ op, inputs }: Value): boolean =>
  op.kind === 'constant' || (inputs.length > 0 && inputs.every(isOfConstants));

/**
 * What the nodes of a body read that does not depend on what changes: numbers aside, which belong to the body.
 * @param roots what is wanted of the body
 * @param leaves where the body ends
 */
export function outsideOf(roots: readonly Value[], leaves: readonly Value[]): Value[] {
  const changes = new Dependents(leaves);
  const outside = new Set<Value>();
  const met = new Set<Value>(leaves);
  const visit = (value: Value): void => {
    if (met.has(value)) return;
    met.add(value);
    if (changes.has(value)) value.inputs.forEach(visit);
    else if (!isOfConstants(value)) outside.add(value);
  };
  roots.forEach(visit);
  return [...outside];
}

/** Nodes for each of several. */
type Terms = readonly (readonly Value[])[];

/** The gradient that is given of a node at all times, and what stands for that of one time. */
interface Given {
  readonly value: Value;
  readonly slice: Value;
  readonly sequence: Value;
}

/** What the gradient of something outside is the sum of: products of all times, and a state that adds up the rest. */
interface Parted {
  readonly products: readonly Value[];
  readonly total?: { readonly soFar: Value; readonly next: Value };
}

/** What a backward pass computes at each time. */
interface Parts {
  readonly ofSlices: readonly (Value | undefined)[];
  readonly ofStates: readonly Value[];
  readonly ofOutside: readonly Parted[];
}

/**
 * The backward pass of a loop is a loop in the other direction, over the gradients of its results and over what it has
 * computed. Its states are the gradients of the states, and the gradients of what lies outside, as far as they add up;
 * Σ AᵗᵀBᵗ is one product of all times, as the matrices lie one below the other.
 */
class Backwards {
  readonly #node: Value<Loop>;
  readonly #body: Body;
  readonly #pullback: Pullback;
  /** The graph of the body. */
  readonly #graph: Graph;
  /** Nodes from this number on are of the backward pass. */
  readonly #mark: number;
  readonly #changes: Dependents;

  constructor(node: Value, pullback: Pullback) {
    this.#node = node as Value<Loop>;
    this.#body = this.#node.attrs.body;
    this.#pullback = pullback;
    this.#graph = (this.#body.states[0] ?? this.#body.slices[0]).graph;
    this.#mark = this.#graph.nodes.length;
    this.#changes = new Dependents([...this.#body.slices, ...this.#body.states]);
  }

  gradients(dy: Value<Cotangents>): (Value | undefined)[] {
    const given = this.#given(dy);
    const { ends, terms } = this.#termsFor(given);
    const parts = this.#partsOf(terms);
    const back = this.#loopOf(parts, given, ends, this.#firstOf(ends, dy));
    return this.#resultsOf(back, parts, ends);
  }

  /** The gradients that are given of nodes at all times, and what stands for those of one time. */
  #given({ attrs, inputs }: Value<Cotangents>): Given[] {
    return attrs.of.flatMap((of, i) =>
      typeof of === 'number' ? [] : [{ value: of, slice: leaf(this.#graph, of), sequence: inputs[i] }],
    );
  }

  /** What is computed at each time. */
  #partsOf(terms: Terms): Parts {
    const { slices, states } = this.#body;
    const ofSlices = terms.slice(0, slices.length).map((each) => this.#sumOf(each));
    const ofStates = states.flatMap((state, i) => {
      const own = terms[slices.length + i];
      return own.length > 0 ? own.map(cutOnItsWay) : [zeros(this.#graph, state.shape)];
    });
    const ofOutside = terms.slice(slices.length + states.length).map((each) => this.#parted(each));
    return { ofSlices, ofStates, ofOutside };
  }

  /** The gradients of the states behind the last time. */
  #firstOf(ends: Terms, { attrs, inputs }: Value<Cotangents>): Value[] {
    return this.#body.states.flatMap(({ shape }, i) =>
      ends[i].map(
        (_, j) => (j === 0 ? inputs[attrs.of.indexOf(i)] : undefined) ?? zeros(this.#node.graph, shape),
      ),
    );
  }

  #loopOf(
    { ofSlices, ofStates, ofOutside }: Parts,
    given: readonly Given[],
    ends: Terms,
    first: readonly Value[],
  ): Value {
    const { times, isReverse } = this.#body;
    const operands = ofOutside
      .flatMap(({ products }) => products.flatMap(({ inputs }) => inputs))
      .filter((operand) => !this.#isForward(operand));
    const totals = ofOutside.flatMap(({ total }) => total ?? []);
    const ofTotals = totals.map(({ next }) => next);
    const roots = [...ofSlices, ...ofStates, ...operands, ...ofTotals].filter((root) => root !== undefined);
    const kept = this.#keptFor(roots);
    const slices = [...given.map(({ slice }) => slice), ...kept];
    const states = [...ends.flat(), ...totals.map(({ soFar }) => soFar)];
    const outside = outsideOf(roots, [...slices, ...states]);
    return loop(
      { times, isReverse: !isReverse, slices, states, next: [...ofStates, ...ofTotals], outside },
      [...given.map(({ sequence }) => sequence), ...kept.map((value) => this.#sequenceOf(value))],
      [...first, ...totals.map(({ soFar }) => zeros(this.#node.graph, soFar.shape))],
      outside.map((value) => this.#inputFor(value)),
    );
  }

  /** The gradients of the sequences, of the states before the first time, and of what lies outside. */
  #resultsOf(back: Value, { ofSlices, ofOutside }: Parts, ends: Terms): (Value | undefined)[] {
    let state = 0;
    const finals = ends.map((each) => each.map(() => final(back, state++)));
    return [
      ...ofSlices.map((value) => value && stacked(back, value)),
      ...finals.map((each) => this.#sumOf(each)),
      ...ofOutside.map(({ products, total }) => {
        const sums = products.map(({ inputs }) => this.#stackedProduct(back, inputs));
        if (total) sums.push(final(back, state++));
        return sums.length > 0 ? sums.reduce((a, b) => add(a, b)) : undefined;
      }),
    ];
  }

  /** Terms of one gradient of what lies outside: products, which are one of all times, and others, which a state adds up. */
  #parted(terms: readonly Value[]): Parted {
    const products = terms.filter((term) => this.#isStackable(term));
    const others = terms.filter((term) => !this.#isStackable(term));
    if (others.length === 0) return { products };
    const soFar = leaf(this.#graph, others[0]);
    return { products, total: { soFar, next: others.reduce((a, b) => add(a, b), soFar) } };
  }

  /**
   * The terms of the gradients of the body's slices, of its states and of what lies outside; and what stands for the
   * gradients of the states after a time. Terms are handed on one by one, so that they are added in the order of a
   * backward pass without a loop.
   */
  #termsFor(given: readonly Given[]): { readonly ends: Terms; readonly terms: Terms } {
    const { slices, states, next, outside } = this.#body;
    const termsWith = (ends: Terms) =>
      this.#pullback.terms(
        [
          ...given.map((each) => [each.value, each.slice] as const),
          ...next.flatMap((value, i) => ends[i].map((end) => [value, end] as const)),
        ],
        [...slices, ...states, ...outside],
      );
    const endsOf = (counts: readonly number[]) =>
      states.map((state, i) =>
        Array.from({ length: Math.max(counts[i], 1) }, () => leaf(this.#graph, state)),
      );
    const single = endsOf(states.map(() => 1));
    const terms = termsWith(single);
    const counts = terms.slice(slices.length, slices.length + states.length).map(({ length }) => length);
    if (counts.every((count) => count <= 1)) return { ends: single, terms };
    const ends = endsOf(counts);
    return { ends, terms: termsWith(ends) };
  }

  #sumOf(terms: readonly Value[]): Value | undefined {
    return terms.length > 0 ? this.#pullback.sum(terms) : undefined;
  }

  /** Whether a term is Σ AᵀB over all times, of matrices that change. */
  #isStackable(term: Value): boolean {
    return isOuterProduct(term) && term.inputs[0].shape[0] > 0;
  }

  /** AᵀB of all times. */
  #stackedProduct(back: Value, operands: readonly Value[]): Value {
    const { times, isReverse } = this.#body;
    // Nothing comes of a state that begins with zeros.
    const isLeftOut = operands.some((operand) => {
      const state = this.#body.states.indexOf(operand);
      return state >= 0 && isZeros(this.#node.inputs[this.#body.slices.length + state]);
    });
    const [a, b] = operands.map((operand) => {
      const all = this.#isForward(operand) ? stacked(this.#node, operand) : stacked(back, operand);
      const begin = all.shape.map((_, axis) => (axis === 0 && isLeftOut && !isReverse ? 1 : 0));
      const counted = isLeftOut ? slice(all, begin, [times - 1, ...operand.shape]) : all;
      return reshape(counted, [-1, operand.shape[1]]);
    });
    return matMul(a, b, true);
  }

  /** Whether a value is of the body that is differentiated, and changes. */
  #isForward(value: Value): boolean {
    return value.id < this.#mark && this.#changes.has(value);
  }

  /** What of the forward pass a backward pass reads: it does what is cheap again. */
  #keptFor(roots: readonly Value[]): Value[] {
    const kept = new Set<Value>();
    const met = new Set<Value>();
    const visit = (value: Value): void => {
      if (met.has(value)) return;
      met.add(value);
      const isLeaf = isMadeBy(value, loopOps.leaf) || this.#isSliceOrState(value);
      if (this.#isForward(value) && (isLeaf || !(value.op.kind === 'alias' || isCheap(value))))
        kept.add(value);
      else for (const input of value.inputs) visit(input);
    };
    for (const root of roots) visit(root);
    return [...kept];
  }

  #isSliceOrState(value: Value): boolean {
    return this.#body.slices.includes(value) || this.#body.states.includes(value);
  }

  #sequenceOf(value: Value): Value {
    const at = this.#body.slices.indexOf(value);
    return at >= 0 ? this.#node.inputs[at] : stacked(this.#node, value);
  }

  /** What stands where the node is for what lies outside of the body, or is made of that. */
  #inputFor(value: Value): Value {
    const { slices, states, outside } = this.#body;
    const at = outside.indexOf(value);
    if (at >= 0) return this.#node.inputs[slices.length + states.length + at];
    const inputs = value.inputs.map((input) => this.#inputFor(input));
    return this.#node.graph.rebuild(value, inputs);
  }
}
