import { LanegradError } from '../errors.ts';
import type { Emitter } from './emitter.ts';
import { type Shape, sizeOf } from './shape.ts';

/** Element types of a graph. Only inputs may be other than float32. */
export type GraphDType = 'float32' | 'int32' | 'uint8';

/** Weights (or any state) that live in linear memory for longer than a program. */
export interface Storage {
  readonly name: string;
  readonly shape: Shape;
  /** Where it is. Asking may place it. */
  readonly address: number;
}

/**
 * An op: what a node's shape is, what its gradient is, how it becomes commands.
 * `A` is the type of its attributes.
 */
export interface Op<A extends object = object> {
  readonly name: string;
  /** What it is to the compiler. Most ops compute a new array from their inputs: 'kernel' or 'lane'. */
  readonly kind:
    | 'input'
    | 'parameter'
    | 'constant'
    /** The input's memory, or a part of it, under another shape. */
    | 'alias'
    /** Element-wise: one instruction of a map. */
    | 'lane'
    /** Commands of its own, made by `emit`. */
    | 'kernel';
  /** It changes memory that outlives the step, so it runs although nobody reads its value. */
  readonly effect?: boolean;
  /** Shape of the result. @throws LanegradError where the inputs do not fit. */
  shape(inputs: readonly Value[], attrs: A): Shape;
  /** Gradients of the inputs given that of the result; undefined where none flows. */
  gradient?(dy: Value, node: Value<A>): readonly (Value | undefined)[];
  /** A smaller value with the same sums over all axes but the last. */
  sameSums?(node: Value<A>): Value;
  /** The map instruction, for lanes. */
  readonly lane?: number;
  /** Floats of the input that come before an alias's first. */
  offset?(node: Value<A>): number;
  /** Appends the commands, for kernels. */
  emit?(node: Value<A>, emitter: Emitter): void;
  /** Whether its kernel runs a map on what it has finished: `emit` passes it `epilogue`. */
  readonly hasEpilogue?: boolean;
  /** Whether its kernel, where the other node's would run, can compute both: `emit` passes it `companion`. */
  takes?(node: Value<A>, other: Value): boolean;
  /** Multiply-adds, where they are more than a few per element. */
  work?(node: Value<A>): number;
  /** Bytes of memory that `emit` needs while its commands run, which threads may share. */
  scratchBytes?(node: Value<A>, isShared: boolean): number;
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
  readonly dtype: GraphDType;
  /** Name of the layer (or loss, metric, optimizer) that built it. */
  readonly scope: string;
}

/** A node of the graph: one op applied to inputs. Immutable but for the compiler's rewiring of inputs. */
export class Value<A extends object = object> {
  readonly graph: Graph;
  readonly id: number;
  readonly op: Op<A>;
  inputs: readonly Value[];
  readonly attrs: A;
  readonly shape: Shape;
  readonly dtype: GraphDType;
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
  /** Of values that models hand from layer to layer: whether one layer alone will read them. */
  readonly readOnce = new Map<Value, boolean>();
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
  add<A extends object>(
    op: Op<A>,
    inputs: readonly Value[],
    attrs: A,
    dtype: GraphDType = 'float32',
  ): Value<A> {
    for (const input of inputs) {
      if (input.graph !== this) throw this.error(`${op.name}: an input belongs to another model's trace.`);
    }
    const key = op.effect ? undefined : this.#key(op, inputs, attrs, dtype);
    const known = key && (this.#known.get(key) as Value<A> | undefined);
    if (known) return known;
    const shape = op.shape(inputs, attrs);
    const { nodes, scope } = this;
    const node = this.make({ graph: this, id: nodes.length, op, inputs, attrs, shape, dtype, scope });
    this.nodes.push(node as Value);
    if (key) this.#known.set(key, node as Value);
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

  #key(op: Op<never>, inputs: readonly Value[], attrs: object, dtype: GraphDType): string {
    return `${op.name} ${inputs.map((input) => input.id).join(',')} ${attrsKey(attrs)} ${dtype}`;
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
    key += typeof value === 'object' && !Array.isArray(value) ? `@${identityOf(value)};` : `${keyOf(value)};`;
  }
  return key;
}

/** A number or an array of numbers as part of a key, which tells −0 from 0. */
const keyOf = (value: unknown): string =>
  Array.isArray(value) ? value.map(keyOf).join() : Object.is(value, -0) ? '-0' : String(value);
