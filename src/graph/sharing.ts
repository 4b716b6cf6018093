// Which nodes compute the same: what tells them apart is their op, their inputs, their attributes and their shape, as
// lowered ones read in place what is repeated up to it.

import { isObject } from '../errors.ts';

interface Described {
  readonly op: object;
  readonly inputs: readonly { readonly id: number }[];
  readonly attrs: object;
  readonly shape: readonly number[];
}

/** The nodes of a graph, found by what they compute. */
export class KnownNodes<Node extends Described> {
  /** Each under the first number from its hash on that no other has. */
  readonly #nodes = new Map<number, Node>();

  /** The node that computes what is described, made where there is none. */
  find<Description extends Described>(description: Description, make: (of: Description) => Node): Node {
    const { op, inputs, attrs, shape } = description;
    let hash = mixed(identityOf(op), hashOf(shape));
    for (const { id } of inputs) hash = mixed(hash, id);
    hash = withAttributes(hash, attrs);
    for (;;) {
      const known = this.#nodes.get(hash);
      if (known === undefined) break;
      if (
        known.op === op &&
        areSame(known.inputs, inputs) &&
        haveSameValues(known.attrs, attrs) &&
        areSame(known.shape, shape)
      )
        return known;
      hash = (hash + 1) | 0;
    }
    const node = make(description);
    this.#nodes.set(hash, node);
    return node;
  }
}

const identities = new WeakMap<object, number>();
let identityCount = 0;

/** A number that no other object has. */
export function identityOf(object: object): number {
  const known = identities.get(object);
  if (known !== undefined) return known;
  identities.set(object, ++identityCount);
  return identityCount;
}

/** A hash with one more number in it. */
export const mixed = (hash: number, more: number): number =>
  Math.imul(hash ^ more, 0x9e3779b1) ^ (hash >>> 15);

/** A hash with attributes in it. */
export function withAttributes(hash: number, attrs: object): number {
  let all = hash;
  for (const key in attrs) all = mixed(all, hashOf(attrs[key as keyof typeof attrs]));
  return all;
}

/** A number that is the same for values that are, and mostly another for others. */
export function hashOf(value: unknown): number {
  // Parts of fractions count, too.
  if (typeof value === 'number') return value | (value * 0x10000);
  if (Array.isArray(value)) return value.reduce((hash, each) => mixed(hash, hashOf(each)), value.length);
  if (isObject(value)) return identityOf(value);
  return typeof value === 'string' ? value.length : Number(value === true);
}

/** Whether attributes are the same: arrays where their elements are, other objects by identity. */
const isSame = (a: unknown, b: unknown): boolean =>
  Object.is(a, b) || (Array.isArray(a) && Array.isArray(b) && areSame(a, b));

/** Whether lists have the same values, one by one. */
export function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!isSame(a[i], b[i])) return false;
  return true;
}

/** Whether objects have the same attributes. */
export function haveSameValues(a: object, b: object): boolean {
  if (a === b) return true;
  let count = 0;
  for (const key in a) {
    if (!isSame(a[key as keyof typeof a], b[key as keyof typeof b])) return false;
    count++;
  }
  for (const _ in b) count--;
  return count === 0;
}
