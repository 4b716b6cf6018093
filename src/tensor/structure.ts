// What tensors are made of, back to those with numbers: the nodes, and what tells their structure from others.

import { nextWalk, type Storage, type Value } from '../graph/graph.ts';
import { isMadeBy } from '../graph/op.ts';
import { parameterOp } from '../graph/ops/sources.ts';
import { areSame, hashOf, haveSameValues, identityOf, mixed, withAttributes } from '../graph/sharing.ts';
import { type Deferred, numbersOp, transparentOp } from './deferred.ts';
import { settleLate } from './settle-at-once.ts';
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
  const walk = nextWalk();
  const nodes: Deferred[] = [];
  const leaves: number[] = [];
  const constants = new Set<number>();
  const missed: Deferred[] = [];
  const held: Deferred[] = [];
  const signature = new Signature();
  /** @param isAnew whether what reads it was passed by too, and is computed anew */
  const visit = (node: Deferred, isAnew: boolean): void => {
    if (node.walk === walk) return;
    node.walk = walk;
    const isConstant = !isThrough || isOlderThanTape(node);
    if (isConstant) settleLate(node);
    const isMissed = !node.numbers && node.passedBy !== undefined && isConstant && !isAnew;
    if (isMissed) missed.push(node);
    if (isMissed || (node.numbers && (isConstant || node.op === numbersOp))) {
      leaves.push(nodes.length);
      signature.add(node.dtype);
      signature.add(node.shape);
    } else if (node.op === transparentOp) {
      const [shown] = node.inputs as readonly Deferred[];
      visit(shown, isAnew);
      node.place = shown.place;
      return;
    } else {
      const isPassed = node.passedBy !== undefined;
      const storage = storageOf(node);
      if (storage) {
        signature.add('weights');
        signature.add(identityOf(storage));
      } else {
        const inputs = node.inputs as readonly Deferred[];
        for (const input of inputs) visit(input, isPassed);
        signature.add(node.op);
        for (const input of inputs) signature.add(input.place);
        signature.addAttributes(node.attrs);
        if (node.isHeld && !node.numbers) held.push(node);
        if (isThrough && isConstant) {
          constants.add(nodes.length);
          signature.add('constant');
        }
      }
    }
    node.place = nodes.length;
    nodes.push(node);
  };
  for (const node of wanted) visit(node, true);
  return { nodes, leaves, constants, missed, held, signature };
}
