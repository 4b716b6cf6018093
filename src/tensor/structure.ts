// What tensors are made of, back to those with numbers: the nodes, and what tells their structure from others.

import { nextWalk, type Storage, type Value } from '../graph/graph.ts';
import { isMadeBy } from '../graph/op.ts';
import { parameterOp } from '../graph/ops/sources.ts';
import { areSame, hashOf, haveSameValues, identityOf, mixed, withAttributes } from '../graph/sharing.ts';
import { computeLate } from './compute-at-once.ts';
import { type Deferred, numbersOp, transparentOp } from './deferred.ts';
import { isOlderThanTape } from './tape.ts';

/** The weights that a tensor is a version of, if it is. */
export const storageOf = (value: Value): Storage | undefined =>
  isMadeBy(value, parameterOp) ? value.attrs.storage : undefined;

/** What tells what is computed from what else could be. It holds no node, and no weights. */
export class Signature {
  /** Numbers, texts, ops and lists of numbers. */
  readonly #parts: unknown[] = [];
  readonly #attributes: object[] = [];
  #hash = 0;

  /** A number that is the same for signatures that are, and mostly another for others. */
  get hash(): number {
    return this.#hash;
  }

  add(part: unknown): void {
    this.#parts.push(part);
    this.#hash = mixed(this.#hash, hashOf(part));
  }

  addAttributes(attrs: object): void {
    this.#attributes.push(attrs);
    this.#hash = withAttributes(this.#hash, attrs);
  }

  isSameAs(other: Signature): boolean {
    if (!areSame(this.#parts, other.#parts)) return false;
    return this.#attributes.every((attrs, i) => haveSameValues(attrs, other.#attributes[i]));
  }
}

/** Nodes that a computation needs, each behind its inputs and numbered by its place. */
export interface Structure {
  readonly nodes: readonly Deferred[];
  /** Places of those whose numbers go into the program. */
  readonly leaves: readonly number[];
  /** Places of those that effects take no gradients of. */
  readonly constants: ReadonlySet<number>;
  /** Of the leaves those without numbers: a run passed them by, and what is new needs them. */
  readonly missed: readonly Deferred[];
  /** Of those that are computed the ones that variables hold. */
  readonly held: readonly Deferred[];
  readonly signature: Signature;
}

/**
 * Walks from tensors back to those with numbers.
 * @param isThrough whether to go on from those that have numbers and know how they came to be
 */
export function structureOf(wanted: readonly Deferred[], isThrough: boolean): Structure {
  const walk = new Walk(isThrough);
  for (const node of wanted) walk.visit(node, true);
  return walk;
}

class Walk implements Structure {
  readonly nodes: Deferred[] = [];
  readonly leaves: number[] = [];
  readonly constants = new Set<number>();
  readonly missed: Deferred[] = [];
  readonly held: Deferred[] = [];
  readonly signature = new Signature();
  readonly #number = nextWalk();
  readonly #isThrough: boolean;

  constructor(isThrough: boolean) {
    this.#isThrough = isThrough;
  }

  /** @param isAnew whether what reads it was passed by too, and is computed anew */
  visit(node: Deferred, isAnew: boolean): void {
    if (node.walk === this.#number) return;
    node.walk = this.#number;
    const isConstant = !this.#isThrough || isOlderThanTape(node);
    if (isConstant) computeLate(node);
    const isMissed = !node.numbers && node.passedBy !== undefined && isConstant && !isAnew;
    if (isMissed) this.missed.push(node);
    const storage = storageOf(node);
    if (isMissed || (node.numbers && (isConstant || node.op === numbersOp))) this.#addLeaf(node);
    else if (node.op === transparentOp) this.#addShown(node, isAnew);
    else if (storage) this.#addWeights(node, storage);
    else this.#addComputed(node, isConstant);
  }

  #addLeaf(node: Deferred): void {
    this.signature.add(node.dtype);
    this.signature.add(node.shape);
    this.leaves.push(this.#add(node));
  }

  /** Another stands for what only shows it. */
  #addShown(node: Deferred, isAnew: boolean): void {
    const [shown] = node.inputs as readonly Deferred[];
    this.visit(shown, isAnew);
    node.place = shown.place;
  }

  #addWeights(node: Deferred, storage: Storage): void {
    this.signature.add('weights');
    this.signature.add(identityOf(storage));
    this.#add(node);
  }

  #addComputed(node: Deferred, isConstant: boolean): void {
    const isPassed = node.passedBy !== undefined;
    const inputs = node.inputs as readonly Deferred[];
    for (const input of inputs) this.visit(input, isPassed);
    this.signature.add(node.op);
    for (const input of inputs) this.signature.add(input.place);
    this.signature.addAttributes(node.attrs);
    if (node.isHeld && !node.numbers) this.held.push(node);
    const place = this.#add(node);
    if (!this.#isThrough || !isConstant) return;
    this.constants.add(place);
    this.signature.add('constant');
  }

  /** Numbers a node by its place. */
  #add(node: Deferred): number {
    node.place = this.nodes.length;
    this.nodes.push(node);
    return node.place;
  }
}
