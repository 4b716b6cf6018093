import { LanegradError } from '../errors.ts';
import { type DType, dtypeOf, hasEffect, type Op } from './op.ts';
import { type Shape, sizeOf } from './shape.ts';

/** Weights (or any state) that live in linear memory for longer than a program. */
export interface Storage {
  readonly name: string;
  readonly shape: Shape;
  /** The memory it is a part of. Programs that use it keep that alive; where it is matters to their commands alone. */
  readonly block: { readonly address: number };
  /** Bytes of the block before it. */
  readonly offset: number;
  /**
   * Whether what it holds means nothing between runs, so that a program may keep other arrays there until it has
   * computed what belongs there; false by default.
   */
  readonly isScratch?: boolean;
}

/** What a node is made of. */
export interface ValueParts<A extends object = object> {
  readonly graph: Graph;
  /** Its number among the nodes of its graph: larger than those of its inputs. */
  readonly id: number;
  readonly op: Op<A>;
  readonly inputs: readonly Value[];
  readonly attrs: A;
  readonly shape: Shape;
  readonly dtype: DType;
  /** Name of the layer (or loss, metric, optimizer) that built it. */
  readonly scope: string;
}

/** A node of the graph: one op applied to inputs. Immutable. */
export class Value<A extends object = object> {
  readonly graph: Graph;
  readonly id: number;
  readonly op: Op<A>;
  readonly inputs: readonly Value[];
  readonly attrs: A;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly scope: string;
  readonly size: number;

  constructor(parts: ValueParts<A>) {
    this.graph = parts.graph;
    this.id = parts.id;
    this.op = parts.op;
    this.inputs = parts.inputs;
    this.attrs = parts.attrs;
    this.shape = parts.shape;
    this.dtype = parts.dtype;
    this.scope = parts.scope;
    this.size = sizeOf(parts.shape);
  }

  get rank(): number {
    return this.shape.length;
  }
}

/** A flat list of nodes, in an order in which they can be computed. */
export class Graph {
  readonly nodes: Value[] = [];
  #scope = '';
  #known = new Map<string, Value>();

  /** Name of the layer that is building now. */
  get scope(): string {
    return this.#scope;
  }

  /** Builds with `scope` as the name that nodes and errors carry. */
  within<T>(scope: string, build: () => T): T {
    const outer = this.#scope;
    this.#scope = scope;
    try {
      return build();
    } finally {
      this.#scope = outer;
    }
  }

  /** Adds a node, or returns the one that already computes the same. */
  add<A extends object>(op: Op<A>, inputs: readonly Value[], attrs: A): Value<A> {
    for (const input of inputs) {
      if (input.graph !== this) throw this.error(`${op.name}: an input belongs to another model's trace.`);
    }
    const key = keyOf(op, inputs, attrs);
    const known = this.#known.get(key) as Value<A> | undefined;
    if (known) return known;
    const shape = op.shape(inputs, attrs);
    const dtype = dtypeOf(op, inputs, attrs);
    return this.#append(key, { op, inputs, attrs, shape, dtype, scope: this.#scope });
  }

  /** Adds what a node of another graph is, of inputs of this one that have the shapes and types of its own. */
  rebuild({ op, attrs, shape, dtype, scope }: Value, inputs: readonly Value[]): Value {
    const key = keyOf(op, inputs, attrs);
    return this.#known.get(key) ?? this.#append(key, { op, inputs, attrs, shape, dtype, scope });
  }

  #append<A extends object>(key: string, parts: Omit<ValueParts<A>, 'graph' | 'id'>): Value<A> {
    const node = this.make({ graph: this, id: this.nodes.length, ...parts });
    this.nodes.push(node as Value);
    if (!hasEffect(node as Value)) this.#known.set(key, node as Value);
    return node;
  }

  /** Makes a node. A graph of tensors makes them of its own class. */
  protected make<A extends object>(parts: ValueParts<A>): Value<A> {
    return new Value(parts);
  }

  /** An error that begins with the name of the layer being built. */
  error(message: string): LanegradError {
    return new LanegradError(this.#scope ? `${this.#scope}: ${message}` : message);
  }
}

/** What tells nodes apart. Ops are the same by identity: two of one name are two. */
const keyOf = (op: object, inputs: readonly Value[], attrs: object): string =>
  `${identityOf(op)} ${inputs.map((input) => input.id).join(',')} ${attrsKey(attrs)}`;

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
