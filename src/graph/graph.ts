import { LanegradError } from '../errors.ts';
import { type DType, dtypeOf, hasEffect, type Op } from './op.ts';
import { type Shape, sizeOf } from './shape.ts';
import { KnownNodes } from './sharing.ts';

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
  readonly #known = new KnownNodes<Value>();

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
    const make = (): Value => {
      const shape = op.shape(inputs, attrs);
      const dtype = dtypeOf(op, inputs, attrs);
      return this.#append({ op: op as Op, inputs, attrs, shape, dtype, scope: this.#scope });
    };
    const node = hasEffect({ op: op as Op }) ? make() : this.#known.find({ op, inputs, attrs }, make);
    return node as Value<A>;
  }

  /** Adds what a node of another graph is, of inputs of this one that have the shapes and types of its own. */
  rebuild({ op, attrs, shape, dtype, scope }: Value, inputs: readonly Value[]): Value {
    const make = (): Value => this.#append({ op, inputs, attrs, shape, dtype, scope });
    return hasEffect({ op }) ? make() : this.#known.find({ op, inputs, attrs }, make);
  }

  #append(parts: Omit<ValueParts, 'graph' | 'id'>): Value {
    const node = this.make({ graph: this, id: this.nodes.length, ...parts });
    this.nodes.push(node);
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
