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

/** A node of the graph: one op applied to inputs. Immutable but for the compiler's rewiring of inputs. */
export class Value<A extends object = object> {
  readonly size: number;

  constructor(
    readonly graph: Graph,
    readonly id: number,
    readonly op: Op<A>,
    public inputs: readonly Value[],
    readonly attrs: A,
    readonly shape: Shape,
    readonly dtype: GraphDType,
    /** Name of the layer (or loss, metric, optimizer) that built it. */
    readonly scope: string,
  ) {
    this.size = sizeOf(shape);
  }

  get rank(): number {
    return this.shape.length;
  }
}

export interface GraphOptions {
  /** Whether the graph is built for training: what dropout and similar layers ask. False by default. */
  readonly training?: boolean;
  /** Where the program finds its random numbers' key and step. */
  readonly randomState?: Storage;
}

let building: Graph | undefined;

/** A flat list of nodes, in an order in which they can be computed. */
export class Graph {
  readonly nodes: Value[] = [];
  readonly training: boolean;
  readonly randomState: Storage | undefined;
  /** Scalars that layers add to the loss, such as activity regularizers'. */
  readonly penalties: Value[] = [];
  /** Changes of state that layers ask for, such as moving averages. */
  readonly effects: Value[] = [];
  /** What the trace has assigned to storage so far, last. */
  readonly assigned = new Map<Storage, Value>();
  /** Of values that models hand from layer to layer: whether one layer alone will read them. */
  readonly readOnce = new Map<Value, boolean>();
  #streams = 0;
  #scope = '';
  #isFrozen = false;
  #known = new Map<string, Value>();
  #identities = new Map<object, number>();

  constructor(options: GraphOptions = {}) {
    this.training = options.training ?? false;
    this.randomState = options.randomState;
  }

  /**
   * The graph that is being built now: where a layer's weights are read.
   * @throws LanegradError outside of a layer's call.
   */
  static get current(): Graph {
    if (building) return building;
    throw new LanegradError('Weights can be read as graph values only while a model is traced: in call().');
  }

  /** Runs `build` with this as the current graph. */
  build<T>(build: () => T): T {
    const outer = building;
    building = this;
    try {
      return build();
    } finally {
      building = outer;
    }
  }

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

  /** Whether what is being built is inside of something that is not trained. */
  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  /** Builds as part of something that is not trained, where `isFrozen` or where this is so already. */
  frozenIf<T>(isFrozen: boolean, build: () => T): T {
    const outer = this.#isFrozen;
    this.#isFrozen ||= isFrozen;
    try {
      return build();
    } finally {
      this.#isFrozen = outer;
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
    const node = new Value(this, this.nodes.length, op, inputs, attrs, shape, dtype, this.#scope);
    this.nodes.push(node as Value);
    if (key) this.#known.set(key, node as Value);
    return node;
  }

  /** A number that no other random node of this graph has. */
  nextStream(): number {
    return this.#streams++;
  }

  /** An error that begins with the name of the layer being built. */
  error(message: string): LanegradError {
    return new LanegradError(this.#scope ? `${this.#scope}: ${message}` : message);
  }

  #key(op: Op<never>, inputs: readonly Value[], attrs: object, dtype: GraphDType): string {
    const values = Object.values(attrs).map((value) =>
      typeof value === 'object' && !Array.isArray(value) ? `@${this.#identity(value)}` : keyOf(value),
    );
    return `${op.name} ${inputs.map((input) => input.id).join(',')} ${values.join(';')} ${dtype}`;
  }

  #identity(object: object): number {
    const known = this.#identities.get(object);
    if (known !== undefined) return known;
    this.#identities.set(object, this.#identities.size);
    return this.#identities.size - 1;
  }
}

/** A number or an array of numbers as part of a key, which tells −0 from 0. */
const keyOf = (value: unknown): string =>
  Array.isArray(value) ? value.map(keyOf).join() : Object.is(value, -0) ? '-0' : String(value);
