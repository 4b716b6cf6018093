// Which nodes compute the same: what tells them apart is their op, their inputs and their attributes.

interface Described {
  readonly op: object;
  readonly inputs: readonly { readonly id: number }[];
  readonly attrs: object;
}

/** The nodes of a graph, found by what they compute. */
export class KnownNodes<Node extends Described> {
  /** Each under the first number from its hash on that no other has. */
  readonly #nodes = new Map<number, Node>();

  /** The node that computes what is described, made where there is none. */
  find({ op, inputs, attrs }: Described, make: () => Node): Node {
    let hash = identityOf(op);
    for (const { id } of inputs) hash = mixed(hash, id);
    for (const key in attrs) hash = mixed(hash, hashOf(attrs[key as keyof typeof attrs]));
    for (;;) {
      const known = this.#nodes.get(hash);
      if (known === undefined) break;
      if (known.op === op && areSame(known.inputs, inputs) && haveSameValues(known.attrs, attrs))
        return known;
      hash = (hash + 1) | 0;
    }
    const node = make();
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

/** Attributes as text that is the same where they are: arrays by their numbers, other objects by identity. */
export function attrsKey(attrs: object): string {
  let key = '';
  for (const value of Object.values(attrs)) {
    key +=
      typeof value === 'object' && !Array.isArray(value) ? `@${identityOf(value)};` : `${textOf(value)};`;
  }
  return key;
}

/** A number or an array of numbers as part of a key, which tells −0 from 0. */
const textOf = (value: unknown): string =>
  Array.isArray(value) ? value.map(textOf).join() : Object.is(value, -0) ? '-0' : String(value);

const mixed = (hash: number, more: number): number => Math.imul(hash ^ more, 0x9e3779b1) ^ (hash >>> 15);

/** A number that is the same for attributes that are, and mostly another for others. */
function hashOf(value: unknown): number {
  // Parts of fractions count, too.
  if (typeof value === 'number') return value | (value * 0x10000);
  if (Array.isArray(value)) return value.reduce((hash, each) => mixed(hash, hashOf(each)), value.length);
  if (typeof value === 'object' && value !== null) return identityOf(value);
  return typeof value === 'string' ? value.length : Number(value === true);
}

/** Whether attributes are the same: arrays where their elements are, other objects by identity. */
const isSame = (a: unknown, b: unknown): boolean =>
  Object.is(a, b) || (Array.isArray(a) && Array.isArray(b) && areSame(a, b));

function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!isSame(a[i], b[i])) return false;
  return true;
}

function haveSameValues(a: object, b: object): boolean {
  if (a === b) return true;
  let count = 0;
  for (const key in a) {
    if (!isSame(a[key as keyof typeof a], b[key as keyof typeof b])) return false;
    count++;
  }
  for (const _ in b) count--;
  return count === 0;
}
