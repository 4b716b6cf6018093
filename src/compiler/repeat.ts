// Loops as programs run them: the nodes that are repeated become stages once, in memory that lies the same way at all
// times, and the emitter writes their commands for each time.

import { alignUp, floatBytes, padded } from '../bytes.ts';
import { type AliasOp, type DType, Graph, type KernelOp, type Storage, type Value } from '../graph/graph.ts';
import { isMadeBy } from '../graph/op.ts';
import { identity } from '../graph/ops/elementwise.ts';
import { type Body, type Loop, loopOps } from '../graph/ops/loop.ts';
import { slice } from '../graph/ops/movement.ts';
import { inputOp, reshape } from '../graph/ops/sources.ts';
import type { Shape } from '../graph/shape.ts';
import { elementBytes } from './arrays.ts';
import type { Stage } from './fuse.ts';
import { planMemory } from './plan-memory.ts';
import { prune } from './prune.ts';
import { rewrite, rule, ruleForKind, type StandIns } from './rewrite.ts';
import { simplify } from './simplify.ts';
import { lowered, type Machine, stagesOf } from './stages.ts';

/** Where an array of a body lies, in one of the node's inputs or in the node's own array. */
export interface RoundPlace {
  /** The input's number; undefined for the node's own array. */
  readonly input: number | undefined;
  /** Bytes of that array before the first index. */
  readonly offset: number;
  /** Bytes from one index to the next. */
  readonly bytes: number;
  /** The index in the n-th round. */
  indexIn(round: number): number;
}

/** A state before the first round: which input it is, the byte of the node's own array where it goes, and its floats. */
interface Begin {
  readonly input: number;
  readonly offset: number;
  readonly size: number;
}

/** What the emitter repeats. */
export interface Repeated {
  readonly times: number;
  readonly stages: readonly Stage[];
  readonly places: ReadonlyMap<Value, RoundPlace>;
  /** The states before the first round. */
  readonly begins: readonly Begin[];
  /** Floats of the node's own array. */
  readonly size: number;
  readonly work: number;
}

/** Inputs: sequences, states, and what lies outside. The result is all that is wanted of its rounds, and their scratch. */
const repeatOp: KernelOp<Repeated> = {
  name: 'repeat',
  kind: 'kernel',
  shape: (_, { size }) => [size],
  gradient: 'none',
  work: ({ attrs }) => attrs.work,
  emit: (node, emitter) => emitter.repeat(node as Value),
};

interface Part {
  /** Floats before it. */
  readonly offset: number;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Some of an array's elements, side by side. */
const partOp: AliasOp<Part> = {
  name: 'part',
  kind: 'alias',
  shape: (_, { shape }) => shape,
  dtype: (_, { dtype }) => dtype,
  gradient: 'none',
  offset: ({ attrs }) => attrs.offset,
};

/** Rebuilds values, and all that they need, in another graph, with what programs run in place of loops. */
export function repeatLoops(roots: readonly Value[], own: readonly Value[], machine: Machine): StandIns {
  const wanted = wantedOf(prune(roots));
  if (wanted.size === 0) return (value) => value;
  const bodies = new Map<Value, RepeatedBody>();
  const repeatRules = [
    rule([loopOps.loop], (loop) => {
      const repeated = new RepeatedBody(loop, [...wanted.get(loop.attrs.body)!], machine);
      bodies.set(repeated.node, repeated);
      return repeated.node;
    }),
    rule([loopOps.stacked], ({ inputs, attrs }) => bodies.get(inputs[0])!.stacked(attrs.value)),
    rule([loopOps.final], ({ inputs, attrs }) => bodies.get(inputs[0])!.final(attrs.state)),
  ];
  return rewrite(roots, repeatRules, new Graph(), own);
}

/** What is read of each loop: nodes at all times, and by their numbers states after the last. */
function wantedOf(nodes: readonly Value[]): Map<Body, Set<Value | number>> {
  const wanted = new Map<Body, Set<Value | number>>();
  const note = ({ attrs }: Value, of: Value | number): void => {
    const { body } = attrs as Loop;
    wanted.set(body, (wanted.get(body) ?? new Set()).add(of));
  };
  for (const node of nodes) {
    if (isMadeBy(node, loopOps.stacked)) note(node.inputs[0], node.attrs.value);
    if (isMadeBy(node, loopOps.final)) note(node.inputs[0], node.attrs.state);
  }
  return wanted;
}

/** An array of the node's own for each of many times, or for two in turn. */
interface Series {
  /** Floats before the first, and of each. */
  readonly offset: number;
  readonly pitch: number;
}

/** A series of one state, and in which of its arrays that is. */
interface StateSeries extends Series {
  /** Before the n-th round. */
  at(round: number): number;
}

class RepeatedBody {
  readonly node: Value;
  readonly #body: Body;
  /** Where all times of what is wanted lie: from which float on, and how many there are for each. */
  readonly #stacks = new Map<Value, Series>();
  readonly #states = new Map<number, StateSeries>();
  #size = 0;

  constructor(loop: Value<Loop>, wanted: readonly (Value | number)[], machine: Machine) {
    this.#body = loop.attrs.body;
    this.node = this.#compiled(loop, wanted, machine);
  }

  /** All times of a node of the body. */
  stacked(value: Value): Value {
    const { times } = this.#body;
    const { offset, pitch } = this.#stacks.get(value)!;
    const all = this.#part(offset, [times, pitch], value);
    return reshape(pitch === value.size ? all : slice(all, [0, 0], [times, value.size]), [
      times,
      ...value.shape,
    ]);
  }

  /** A state after the last time. */
  final(state: number): Value {
    const { offset, pitch, at } = this.#states.get(state)!;
    const value = this.#body.states[state];
    return this.#part(offset + pitch * at(this.#body.times), value.shape, value);
  }

  #part(offset: number, shape: Shape, { dtype }: Value): Value {
    return this.node.graph.add(partOp, [this.node], { offset, shape, dtype });
  }

  #compiled(loop: Value<Loop>, wanted: readonly (Value | number)[], machine: Machine): Value {
    const { times, next } = this.#body;
    const live = this.#liveStates(wanted);
    const alone = this.#placeWanted(wanted, live);
    const wholes = [...live.map((i) => next[i]), ...alone];
    const { nodes, roots, inputs, hoisted } = this.#lowered(wholes, loop, machine);
    const { stages, work } = stagesOf(nodes, roots, machine, times);

    const pins = new Map(roots.map((root, i) => [root, storageAt(i, root)] as const));
    const plan = planMemory(stages, { outputs: [], inputs: [], pins, isSharing: machine.isSharing });
    const ownPlaces = [
      ...live.map((i) => this.#placeOfNext(i)),
      ...alone.map((value) => own(this.#stacks.get(value)!, this.#timeIn)),
    ];
    const places = new Map(inputs.map((value, i) => [value, this.#placeOfInput(value, i)]));
    for (const [value, { offset }] of plan.pinned) places.set(value, ownPlaces[offset]);
    const scratch = this.#take(plan.arenaBytes / floatBytes) * floatBytes;
    for (const [value, offset] of plan.offsets) places.set(value, fixed(undefined, scratch + offset));

    const begins = live.map((i) => this.#beginOf(i));
    const attrs = { times, stages, places, begins, size: this.#size, work };
    return loop.graph.add(repeatOp, [...loop.inputs, ...hoisted], attrs) as Value;
  }

  /**
   * Makes room for states, and for all times of what is wanted.
   * @returns of what is wanted what is no state
   */
  #placeWanted(wanted: readonly (Value | number)[], live: readonly number[]): readonly Value[] {
    const results = wanted.filter((of): of is Value => typeof of !== 'number');
    for (const i of live) this.#placeState(i, results);
    const alone = results.filter((value) => !this.#stacks.has(value));
    for (const value of alone) this.#stacks.set(value, this.#series(value, this.#body.times));
    return alone;
  }

  /** Where a slice, a state or what comes from outside is in a round. */
  #placeOfInput(value: Value, i: number): RoundPlace {
    const { slices } = this.#body;
    const state = this.#states.get(i - slices.length);
    if (state) return own(state, state.at);
    if (i >= slices.length) return fixed(i, 0);
    return { input: i, offset: 0, bytes: value.size * elementBytes(value), indexIn: this.#timeIn };
  }

  /** Where a round leaves a state. */
  #placeOfNext(state: number): RoundPlace {
    const series = this.#states.get(state)!;
    return own(series, (round) => series.at(round + 1));
  }

  /** What is copied to where a state is before the first round. */
  #beginOf(state: number): Begin {
    const { slices, states } = this.#body;
    const { offset, pitch, at } = this.#states.get(state)!;
    const input = slices.length + state;
    return { input, offset: (offset + pitch * at(0)) * floatBytes, size: states[state].size };
  }

  readonly #timeIn = (round: number): number => {
    const { isReverse, times } = this.#body;
    return isReverse ? times - 1 - round : round;
  };

  /** Room in the node's own array: the floats before it. */
  #take(floats: number): number {
    const offset = this.#size;
    this.#size += alignUp(floats * floatBytes) / floatBytes;
    return offset;
  }

  #series({ size }: Value, count: number): Series {
    const pitch = padded(size);
    return { offset: this.#take(count * pitch), pitch };
  }

  /** A state has an array for each time where all of them are wanted, and else two in turn. */
  #placeState(i: number, results: readonly Value[]): void {
    const { times, states, next, isReverse } = this.#body;
    const [before, after] = [states[i], next[i]];
    if (!results.includes(before) && !results.includes(after)) {
      this.#states.set(i, { ...this.#series(before, 2), at: (round) => round % 2 });
      return;
    }
    const series = this.#series(before, times + 1);
    const at = (round: number) => (isReverse ? times - round : round);
    this.#states.set(i, { ...series, at });
    const from = (index: number): Series => ({ ...series, offset: series.offset + index * series.pitch });
    this.#stacks.set(before, from(isReverse ? 1 : 0));
    // Of several states that are the same after a time each has a series of its own.
    if (!this.#stacks.has(after)) this.#stacks.set(after, from(isReverse ? 0 : 1));
  }

  /** The states that what is wanted depends on. */
  #liveStates(wanted: readonly (Value | number)[]): number[] {
    const { states, next, slices, outside } = this.#body;
    const live = new Set<number>();
    const met = new Set<Value>([...slices, ...outside]);
    const pending: Value[] = [];
    const meet = (value: Value): void => {
      if (met.has(value)) return;
      met.add(value);
      pending.push(value);
    };
    const wake = (state: number): void => {
      live.add(state);
      meet(next[state]);
    };
    for (const of of wanted) {
      if (typeof of === 'number') wake(of);
      else meet(of);
    }
    for (let value = pending.pop(); value; value = pending.pop()) {
      const state = states.indexOf(value);
      if (state >= 0) wake(state);
      else value.inputs.forEach(meet);
    }
    return [...live].sort((a, b) => a - b);
  }

  /** The body in a graph of its own, as kernels compute it; what is the same at all times stands outside of it. */
  #lowered(wholes: readonly Value[], loop: Value<Loop>, machine: Machine) {
    const { slices, states, outside, times } = this.#body;
    const graph = new Graph();
    const built = new Map<Value, Value>();
    for (const [index, value] of [...slices, ...states, ...outside].entries()) {
      built.set(value, graph.add(inputOp, [], { shape: value.shape, dtype: value.dtype, index }));
    }
    const leaves = [...built.values()];
    for (const node of prune(wholes, built)) {
      const inputs = node.inputs.map((input) => built.get(input)!);
      built.set(node, graph.rebuild(node, inputs));
    }
    const taken = new Set<Value>();
    const given = wholes.map((whole, i) => {
      const value = built.get(whole)!;
      const root = taken.has(value) ? identity(value, -1 - i) : value;
      taken.add(root);
      return root;
    });

    let values = [...given, ...leaves];
    const apply = (pass: (roots: readonly Value[], own: readonly Value[]) => StandIns): void => {
      values = values.map(pass(values, values.slice(0, given.length)));
    };
    apply((roots, own) => simplify(roots, new Graph(), own));
    apply((roots, own) => lowered(roots, own, machine, times).standIn);
    const outer = new Outer(loop, slices.length + states.length);
    apply((roots, own) =>
      rewrite(roots, [ruleForKind('kernel', (node) => outer.hoisted(node))], new Graph(), own),
    );
    const roots = values.slice(0, given.length);
    const nodes = prune(roots);
    const inputs = values.slice(given.length);
    for (const node of nodes) if (isMadeBy(node, inputOp)) inputs[node.attrs.index] = node;
    return { nodes, roots, inputs, hoisted: outer.nodes };
  }
}

const own = ({ offset, pitch }: Series, indexIn: (round: number) => number): RoundPlace => ({
  input: undefined,
  offset: offset * floatBytes,
  bytes: pitch * floatBytes,
  indexIn,
});

/** A place that is the same in all rounds. */
const fixed = (input: RoundPlace['input'], offset: number): RoundPlace => {
  return { input, offset, bytes: 0, indexIn: () => 0 };
};

/** A name for the place of the i-th array that is wanted. */
const storageAt = (i: number, { shape }: Value): Storage => ({
  name: 'result',
  shape,
  block: { address: 0 },
  offset: i,
});

/** What a body computes that is the same at all times is done by kernels outside of the loop, once. */
class Outer {
  readonly nodes: Value[] = [];
  readonly #loop: Value;
  /** Inputs before this one change. */
  readonly #first: number;
  readonly #isSame = new Map<Value, boolean>();

  constructor(loop: Value, first: number) {
    this.#loop = loop;
    this.#first = first;
  }

  hoisted(node: Value): Value | undefined {
    if (!this.#isSameAlways(node)) return undefined;
    const index = this.#loop.inputs.length + this.nodes.length;
    this.nodes.push(this.#rebuilt(node));
    return node.graph.add(inputOp, [], { shape: node.shape, dtype: node.dtype, index });
  }

  #isSameAlways(node: Value): boolean {
    const known = this.#isSame.get(node);
    if (known !== undefined) return known;
    const isSame = isMadeBy(node, inputOp)
      ? node.attrs.index >= this.#first
      : node.inputs.every((input) => this.#isSameAlways(input));
    this.#isSame.set(node, isSame);
    return isSame;
  }

  #rebuilt(node: Value): Value {
    if (!isMadeBy(node, inputOp)) {
      const inputs = node.inputs.map((input) => this.#rebuilt(input));
      return this.#loop.graph.rebuild(node, inputs);
    }
    const { index } = node.attrs;
    const { inputs } = this.#loop;
    return index < inputs.length ? inputs[index] : this.nodes[index - inputs.length];
  }
}
