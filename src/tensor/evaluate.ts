// Computes tensors when somebody looks: finds the program of their structure, or compiles it, and runs it.

import { Program } from '../compiler/program.ts';
import type { ProgramArray } from '../compiler/program-array.ts';
import { simplify } from '../compiler/simplify.ts';
import { Graph, type Storage, type Value } from '../graph/graph.ts';
import { isMadeBy } from '../graph/op.ts';
import { input, parameter, parameterOp, stopGradient } from '../graph/ops/sources.ts';
import { attrsKey, identityOf } from '../graph/sharing.ts';
import { type Deferred, numbersOp, type Passing, transparentOp } from './deferred.ts';
import { isOlderThanTape, remember } from './scopes.ts';

/** Nodes that a computation needs, each behind its inputs and numbered by its place, and their structure as text. */
interface Structure {
  readonly nodes: readonly Deferred[];
  /** Places of those whose numbers go into the program. */
  readonly leaves: readonly number[];
  /** Places of those that effects take no gradients of. */
  readonly constants: ReadonlySet<number>;
  readonly key: string;
}

/** What is done beside computing tensors: changes of weights, in the same program. */
export interface Effects {
  /** What they depend on beside the structure of the tensors. */
  readonly key: string;
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

/** What the programs that are kept may be before those unused for longest go. */
const maxPrograms = 512;
const maxBytes = 2 ** 28;

let walks = 0;

/** The weights that a tensor is a version of, if it is. */
export const storageOf = (value: Value): Storage | undefined =>
  isMadeBy(value, parameterOp) ? value.attrs.storage : undefined;

/**
 * Walks from tensors back to those with numbers.
 * @param isThrough whether to go on from those that have numbers and know how they came to be
 */
function structureOf(wanted: readonly Deferred[], isThrough: boolean): Structure {
  const walk = ++walks;
  const nodes: Deferred[] = [];
  const leaves: number[] = [];
  const constants = new Set<number>();
  let key = '';
  const visit = (node: Deferred): void => {
    if (node.visit === walk) return;
    node.visit = walk;
    if (node.numbers && (!isThrough || node.op === numbersOp || isOlderThanTape(node))) {
      leaves.push(nodes.length);
      key += `${node.dtype}${node.shape};`;
    } else if (node.op === transparentOp) {
      const [shown] = node.inputs as readonly Deferred[];
      visit(shown);
      node.place = shown.place;
      return;
    } else {
      // A run passed it by, and now it is wanted after all.
      node.passedBy?.regret(node.place);
      node.passedBy = undefined;
      const storage = storageOf(node);
      if (storage) key += `w${identityOf(storage)};`;
      else {
        for (const input of node.inputs as readonly Deferred[]) visit(input);
        let part = `${identityOf(node.op)}`;
        for (const input of node.inputs as readonly Deferred[]) part += `,${input.place}`;
        key += `${part} ${attrsKey(node.attrs)};`;
        if (isThrough && isOlderThanTape(node)) {
          constants.add(nodes.length);
          key += 'c';
        }
      }
    }
    node.place = nodes.length;
    nodes.push(node);
  };
  for (const node of wanted) visit(node);
  return { nodes, leaves, constants, key };
}

/** A program of a structure, with the ways in and out. */
class Compiled implements Passing {
  readonly program: Program;
  readonly #inputs: { readonly place: number; readonly array: ProgramArray; arrayId: number }[] = [];
  readonly #outputs: { readonly place: number; readonly array: ProgramArray }[];
  readonly #passed: readonly number[];
  /** Places whose numbers a run keeps. */
  readonly kept: readonly number[];
  /** What effects change. */
  readonly changed: readonly Storage[];
  readonly #regretted = new Set<number>();
  /** The program's stay in memory in which the inputs were copied. */
  #stay = 0;

  constructor(
    { nodes, leaves, constants }: Structure,
    wanted: readonly number[],
    effects: Effects | undefined,
  ) {
    const graph = new Graph();
    const values: Value[] = [];
    const nodeOf = ({ place }: Deferred) =>
      constants.has(place) ? stopGradient(values[place]) : values[place];
    let inputs = 0;
    const isLeaf = new Set(leaves);
    for (const [place, node] of nodes.entries()) {
      const storage = storageOf(node);
      if (isLeaf.has(place)) {
        values.push(input(graph, inputs++, node.shape, node.dtype));
      } else if (storage) {
        values.push(parameter(graph, storage));
      } else {
        const inputs = node.inputs as readonly Deferred[];
        const operands = inputs.map(constants.has(place) ? (each) => values[each.place] : nodeOf);
        values.push(graph.within(node.scope, () => graph.add(node.op, operands, node.attrs)));
      }
    }
    let more: EffectNodes | undefined;
    if (effects) {
      // Gradients are taken of what is simplified.
      const needed = [...new Set([...wanted, ...leaves, ...effects.of.map(({ place }) => place)])];
      const simpler = effects.newGraph();
      const standIn = simplify(
        needed.map((place) => values[place]),
        simpler,
      );
      for (const place of needed) values[place] = standIn(values[place]);
      more = effects.build(simpler, nodeOf);
    }
    this.program = new Program(
      wanted.map((place) => values[place]),
      more?.effects ?? [],
      {
        inputs: leaves.map((place) => values[place]),
        pins: more?.pins,
        purpose: 'an operation on tensors',
      },
    );
    for (const place of leaves) {
      this.#inputs.push({ place, array: this.program.array(values[place]), arrayId: 0 });
    }
    this.#outputs = wanted.map((place) => ({ place, array: this.program.array(values[place]) }));
    this.kept = wanted;
    this.changed = more?.changed ?? [];
    const isKept = new Set(wanted);
    this.#passed = nodes.flatMap((node, place) =>
      isLeaf.has(place) || isKept.has(place) || storageOf(node) ? [] : [place],
    );
  }

  /** Places whose numbers are to be kept although nobody asked for them at first. */
  get regretted(): ReadonlySet<number> {
    return this.#regretted;
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
    this.program.run();
    for (const { place, array } of this.#outputs) {
      nodes[place].settle(array.copy());
      remember(nodes[place]);
    }
    for (const place of this.#passed) nodes[place].passedBy = this;
  }
}

/** Programs by structure; the one used last stands last. */
const programs = new Map<string, Compiled>();

/** How many programs are kept, and how many bytes of linear memory they take. */
export function keptPrograms(): { count: number; bytes: number } {
  let bytes = 0;
  for (const { program } of programs.values()) bytes += program.bytes;
  return { count: programs.size, bytes };
}

/** Makes room for one more program. */
function trim(): void {
  let { bytes } = keptPrograms();
  for (const [key, { program }] of programs) {
    if (programs.size < maxPrograms && bytes < maxBytes) return;
    bytes -= program.bytes;
    program.dispose();
    programs.delete(key);
  }
}

/**
 * Computes tensors that have no numbers yet.
 * @param effects what is done in the same run, whether or not the tensors have numbers already
 */
export function evaluate(tensors: readonly Deferred[], effects?: Effects): void {
  const wanted = tensors.filter(({ numbers }) => !numbers);
  if (wanted.length === 0 && !effects) return;
  const structure = structureOf(effects ? [...effects.of, ...wanted] : wanted, effects !== undefined);
  const places = [...new Set(wanted.map(({ place }) => place))];
  const key = `${structure.key}>${places}${effects ? `!${effects.key}!${effects.of.map(({ place }) => place)}` : ''}`;
  let compiled = programs.get(key);
  if (compiled) programs.delete(key);
  else trim();
  if (!compiled || compiled.program.isDisposed) compiled = new Compiled(structure, places, effects);
  else if (compiled.regretted.size > 0) {
    const before = compiled;
    compiled = new Compiled(
      structure,
      [...new Set([...places, ...before.kept, ...before.regretted])],
      effects,
    );
    before.program.dispose();
  }
  programs.set(key, compiled);
  effects?.begin(compiled.changed);
  try {
    compiled.run(structure.nodes);
  } catch (error) {
    effects?.takeBack();
    throw error;
  }
  for (const tensor of wanted) showThrough(tensor);
}

/** A tensor that only shows another takes that one's numbers. */
function showThrough(tensor: Deferred): void {
  if (tensor.numbers) return;
  const [shown] = tensor.inputs as readonly Deferred[];
  showThrough(shown);
  tensor.settle(shown.numbers!, shown.arrayId);
  remember(tensor);
}
