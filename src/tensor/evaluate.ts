// Computes tensors when somebody looks: finds the program of their structure, or compiles it, and runs it.

import { Program } from '../compiler/program.ts';
import type { ProgramArray } from '../compiler/program-array.ts';
import { simplify } from '../compiler/simplify.ts';
import { Graph, type Storage, type Value } from '../graph/graph.ts';
import { input, parameter, stopGradient } from '../graph/ops/sources.ts';
import { isView } from './compute-at-once.ts';
import { type Deferred, numbersOp, type Passing, transparentOp } from './deferred.ts';
import { type Kept, KnownPrograms } from './known-programs.ts';
import { type Structure, storageOf, structureOf } from './structure.ts';
import { remember } from './tape.ts';

/** What is done beside computing tensors: changes of weights, in the same program. */
export interface Effects {
  /** What they depend on beside the structure of the tensors: numbers and texts. */
  readonly key: readonly unknown[];
  /** Tensors that they are made of; they are computed anew, as far as it is known how they came to be. */
  readonly of: readonly Deferred[];
  /** The graph that is extended: users' functions extend one whose nodes are tensors. */
  newGraph(): Graph;
  /** Extends the graph. @param nodeOf the node that stands for a tensor */
  build(graph: Graph, nodeOf: (tensor: Deferred) => Value): EffectNodes;
  /** Called before each run. @param changed what it changes */
  begin(changed: readonly Storage[]): void;
  /** Called where the run that was begun did not come to its end. */
  takeBack(): void;
}

interface EffectNodes {
  readonly effects: readonly Value[];
  /** What they change. */
  readonly changed: readonly Storage[];
  readonly pins?: ReadonlyMap<Value, Storage>;
}

/** The array of a tensor, and its place in the structure. */
interface Placed {
  readonly place: number;
  readonly array: ProgramArray;
}

/** The weights of which a tensor shows all or a part. */
const storageShownBy = (node: Deferred): Storage | undefined =>
  isView(node) ? storageShownBy(node.inputs[0] as Deferred) : storageOf(node);

/** The node that stands for a tensor, among those by their places. Effects take no gradients of constants. */
const nodeAmong =
  (values: readonly Value[], { constants }: Structure) =>
  ({ place }: Deferred): Value =>
    constants.has(place) ? stopGradient(values[place]) : values[place];

/** The nodes of a program, by their places in the structure. */
function valuesOf(structure: Structure): Value[] {
  const graph = new Graph();
  const values: Value[] = [];
  const nodeOf = nodeAmong(values, structure);
  const inputs = new Map(structure.leaves.map((place, number) => [place, number]));
  const nodeAt = (node: Deferred, place: number): Value => {
    const number = inputs.get(place);
    if (number !== undefined) return input(graph, number, node.shape, node.dtype);
    const storage = storageOf(node);
    if (storage) return parameter(graph, storage);
    const isConstant = structure.constants.has(place);
    const operands = (node.inputs as readonly Deferred[]).map((each) =>
      isConstant ? values[each.place] : nodeOf(each),
    );
    return graph.rebuild(node, operands);
  };
  for (const [place, node] of structure.nodes.entries()) values.push(nodeAt(node, place));
  return values;
}

/** What effects add to a program. Its values become those of their graph, as far as they are wanted. */
function withEffects(
  effects: Effects,
  structure: Structure,
  values: Value[],
  wanted: readonly number[],
): EffectNodes {
  // Gradients are taken of what is simplified.
  const needed = [...new Set([...wanted, ...structure.leaves, ...effects.of.map(({ place }) => place)])];
  const graph = effects.newGraph();
  const standIn = simplify(
    needed.map((place) => values[place]),
    graph,
  );
  for (const place of needed) values[place] = standIn(values[place]);
  return effects.build(graph, nodeAmong(values, structure));
}

/** A program of a structure, with the ways in and out. */
class Evaluation implements Passing, Kept {
  readonly program: Program;
  readonly #inputs: (Placed & { arrayId: number })[];
  readonly #outputs: Placed[];
  /** Outputs that are weights as they are before effects change them. */
  readonly #before: Placed[];
  readonly #passed: readonly number[];
  /** Places whose numbers a run keeps. */
  readonly kept: readonly number[];
  /** What effects change. */
  readonly changed: readonly Storage[];
  readonly #regretted = new Set<number>();
  /** The program's stay in memory in which the inputs were copied. */
  #stay = 0;

  constructor(structure: Structure, wanted: readonly number[], effects: Effects | undefined) {
    const { nodes, leaves } = structure;
    const values = valuesOf(structure);
    const more = effects && withEffects(effects, structure, values, wanted);
    const valueAt = (place: number) => values[place];
    this.program = new Program(wanted.map(valueAt), more?.effects ?? [], {
      inputs: leaves.map(valueAt),
      pins: more?.pins,
      // Scripts have many programs of tensors, and nobody prints them.
      keepsStages: false,
      purpose: 'an operation on tensors',
    });
    const arrayAt = (place: number) => ({ place, array: this.program.array(values[place]) });
    this.#inputs = leaves.map((place) => ({ ...arrayAt(place), arrayId: 0 }));
    this.kept = wanted;
    this.changed = more?.changed ?? [];
    const outputs = wanted.map(arrayAt);
    const isBefore = ({ place, array }: Placed) => {
      const storage = storageShownBy(nodes[place]);
      return storage !== undefined && this.changed.includes(storage) && array.liesIn(storage);
    };
    this.#before = outputs.filter(isBefore);
    this.#outputs = outputs.filter((output) => !this.#before.includes(output));
    const isShown = new Set([...leaves, ...wanted]);
    this.#passed = nodes.flatMap((node, place) => (isShown.has(place) || storageOf(node) ? [] : [place]));
  }

  /** Places whose numbers are to be kept although they were not asked for at first. */
  get regretted(): ReadonlySet<number> {
    return this.#regretted;
  }

  get isOutdated(): boolean {
    return this.#regretted.size > 0;
  }

  regret(place: number): void {
    this.#regretted.add(place);
  }

  run(nodes: readonly Deferred[]): void {
    const stay = this.program.ready();
    for (const input of this.#inputs) {
      const { numbers, arrayId } = nodes[input.place];
      // Nothing writes a program's input but this: what was copied last is still there, unless the program was away.
      if (input.arrayId === arrayId && stay === this.#stay) continue;
      input.array.write(numbers!);
      input.arrayId = arrayId;
    }
    this.#stay = stay;
    take(this.#before, nodes);
    this.program.run();
    take(this.#outputs, nodes);
    for (const place of this.#passed) {
      nodes[place].passedBy = this;
      nodes[place].passedAt = place;
    }
  }
}

/** Copies outputs into the tensors that they are of. */
function take(outputs: readonly Placed[], nodes: readonly Deferred[]): void {
  for (const { place, array } of outputs) {
    nodes[place].setNumbers(array.copy());
    remember(nodes[place]);
  }
}

const programs = new KnownPrograms<Evaluation>();

/** How many programs were made so far. */
export const programsMade = (): number => programs.made;

/**
 * Computes tensors that have no numbers yet.
 * @param effects what is done in the same run, whether or not the tensors have numbers already
 * @param besides which of the nodes that they are made of get their numbers too
 */
export function evaluate(
  tensors: readonly Deferred[],
  effects?: Effects,
  besides: (nodes: readonly Deferred[]) => readonly Deferred[] = () => [],
): void {
  // Variables have their numbers elsewhere.
  const wanted = tensors.filter(({ numbers, op }) => !numbers && op !== numbersOp);
  if (wanted.length === 0 && !effects) return;
  for (const tensor of wanted) {
    const { passedBy, passedAt } = shownBy(tensor);
    passedBy?.regret(passedAt);
  }
  const structure = completeStructure(effects ? [...effects.of, ...wanted] : wanted, effects !== undefined);
  const { nodes, held, signature } = structure;
  const unsettled = wanted.filter(({ numbers }) => !numbers);
  if (unsettled.length === 0 && !effects) return;
  const places = placesOf([...unsettled, ...held, ...besides(nodes)]);
  signature.add(places);
  if (effects) {
    for (const { place } of effects.of) signature.add(place);
    for (const part of effects.key) signature.add(part);
  }
  const evaluation = programs.find(signature, (before) => {
    if (!before) return new Evaluation(structure, places, effects);
    return new Evaluation(structure, [...new Set([...places, ...before.kept, ...before.regretted])], effects);
  });
  effects?.begin(evaluation.changed);
  try {
    evaluation.run(nodes);
  } catch (error) {
    effects?.takeBack();
    throw error;
  }
  for (const tensor of unsettled) showThrough(tensor);
}

/** Of the tensors that a chain is made of, those made so few operations before its end will most likely be read again. */
const recent = 64;
/** Where they are no longer than this. */
const maxKept = 1024;

/**
 * Computes a chain of operations that nobody has read yet, and with it what the script will most likely go on with.
 * @returns all that has its numbers now
 */
export function evaluateChain(ends: readonly Deferred[]): readonly Deferred[] {
  const isLikely = ({ numbers, isCounted, id, size }: Deferred) =>
    !numbers && isCounted && id > ends[0].id - recent && size <= maxKept;
  let likely: readonly Deferred[] = [];
  evaluate(ends, undefined, (nodes) => {
    likely = nodes.filter(isLikely);
    return likely;
  });
  return [...ends, ...likely];
}

/**
 * The structure of tensors, with numbers for its leaves. What runs passed by, and is needed after all, is computed on its
 * own, and kept by such runs from then on: so the next pass of a loop finds the programs of this one.
 */
function completeStructure(tensors: readonly Deferred[], isThrough: boolean): Structure {
  const structure = structureOf(tensors, isThrough);
  if (structure.missed.length === 0) return structure;
  evaluate(structure.missed);
  return structureOf(tensors, isThrough);
}

/** Where tensors stand in the structure that was made of them last, each place once. */
const placesOf = (tensors: readonly Deferred[]): readonly number[] => [
  ...new Set(tensors.map(({ place }) => place)),
];

/** The tensor that is computed for one: another where it only shows that. */
const shownBy = (tensor: Deferred): Deferred =>
  tensor.op === transparentOp ? shownBy(tensor.inputs[0] as Deferred) : tensor;

/** A tensor that only shows another takes that one's numbers. */
function showThrough(tensor: Deferred): void {
  if (tensor.numbers) return;
  const [shown] = tensor.inputs as readonly Deferred[];
  showThrough(shown);
  tensor.show(shown, shown.numbers!, shown.arrayId);
  remember(tensor);
}
