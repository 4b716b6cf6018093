// A graph, its nodes and their ops: types that are made of each other. An op is one record that says what a node's shape
// and type are, what its gradient is, and how it becomes commands. Ops are in ops/, questions about them in op.ts.

import type { Opcode, WordsOf } from '../../assembly/words.ts';
import { beginningWith, LanegradError } from '../errors.ts';
import { type Shape, sizeOf } from './shape.ts';
import { KnownNodes } from './sharing.ts';
import type { Words } from './words.ts';

/** Weights (or any state) that live in linear memory for longer than a program. */
export interface Storage {
  readonly name: string;
  readonly shape: Shape;
  /** @internal The memory it is a part of. Programs that use it keep that alive; where it is matters to their commands alone. */
  readonly block: { readonly address: number };
  /** @internal Bytes of the block before it. */
  readonly offset: number;
  /**
   * @internal Whether what it holds means nothing between runs, so that a program may keep other arrays there until it has
   * computed what belongs there; false by default.
   */
  readonly isScratch?: boolean;
}

/** What a node is made of. */
export interface ValueFields<A extends object = object> {
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

let walks = 0;

/** A number for a walk over nodes, which marks those that it has met: no other walk has it. */
export const nextWalk = (): number => ++walks;

/** A node of the graph: one op applied to inputs. Immutable. */
export class Value<A extends object = object> {
  readonly graph: Graph;
  /** A number that no other of its graph has, larger than those of its inputs. */
  readonly id: number;
  /** @internal */
  readonly op: Op<A>;
  /** @internal */
  readonly inputs: readonly Value[];
  /** @internal */
  readonly attrs: A;
  readonly shape: Shape;
  readonly dtype: DType;
  /** @internal */
  readonly scope: string;
  readonly size: number;
  /** @internal The walk over nodes that met it last. */
  walk = 0;

  /** @internal */
  constructor(fields: ValueFields<A>) {
    this.graph = fields.graph;
    this.id = fields.id;
    this.op = fields.op;
    this.inputs = fields.inputs;
    this.attrs = fields.attrs;
    this.shape = fields.shape;
    this.dtype = fields.dtype;
    this.scope = fields.scope;
    this.size = sizeOf(fields.shape);
  }

  get rank(): number {
    return this.shape.length;
  }
}

/**
 * Element types. In linear memory float32 and int32 are words of 4 bytes and a bool is a float32, 0 or 1, so that
 * arithmetic reads it as it is. Only inputs are uint8: bytes.
 */
export type DType = 'float32' | 'int32' | 'bool' | 'uint8';

/** A method's type, so that an op of certain attributes is an op. */
export type GradientRule<A extends object> = {
  rule(dy: Value, node: Value<A>, pullback: Pullback): readonly (Value | undefined)[];
}['rule'];

/** How the gradient of what is made of other nodes is taken: by theirs. */
export interface Pullback {
  /**
   * The terms of the gradients of `sources`, of which each is a leaf, in the order in which a backward pass meets them.
   * @param seeds values and what is given as their gradient
   */
  terms(
    seeds: readonly (readonly [Value, Value])[],
    sources: readonly Value[],
  ): readonly (readonly Value[])[];
  /** The sum of terms, at least one. */
  sum(terms: readonly Value[]): Value;
}

/**
 * From the gradient of the result to those of the inputs: one for each, of its shape; undefined where none flows.
 * 'none': all are zero everywhere. 'missing': there is one, which has not been written.
 */
type Gradient<A extends object> = GradientRule<A> | 'none' | 'missing';

interface Rules<A extends object> {
  readonly name: string;
  /** Shape of the result. @throws LanegradError where the inputs do not fit. */
  shape(inputs: readonly Value[], attrs: A): Shape;
  /** Element type of the result: by default the input's for an alias, else float32. */
  dtype?(inputs: readonly Value[], attrs: A): DType;
}

/** Data that is there before the program runs. */
interface SourceOp<A extends object = object> extends Rules<A> {
  readonly kind: 'input' | 'parameter' | 'constant';
}

/** Where the elements of an array lie. */
export interface View {
  /** Byte address of the first. */
  readonly address: number;
  /** How many elements further the next one along each axis is. */
  readonly strides: readonly number[];
}

interface MovingRules<A extends object> {
  /** Where the elements lie among those of the input, of an op that only moves them, by where those of the input do. */
  view?(node: Value<A>, input: View): View;
}

/** The input's memory, or a part of it, under another shape or type. */
export interface AliasOp<A extends object = object> extends Rules<A>, MovingRules<A> {
  readonly kind: 'alias';
  readonly gradient: Gradient<A>;
  /** Floats of the input that come before its first. */
  offset?(node: Value<A>): number;
  /** Whether other inputs accompany the first: a tensor that has its numbers goes on knowing them. */
  readonly isAccompanied?: true;
}

interface ComputingRules<A extends object> extends Rules<A> {
  readonly gradient: Gradient<A>;
  /** The memory that outlives the step which it changes: it runs although its value is not read. */
  effect?(attrs: A): readonly Storage[];
}

/** Element-wise: one instruction of a map. */
export interface LaneOp<A extends object = object> extends ComputingRules<A> {
  readonly kind: 'lane';
  /** The instruction. */
  readonly lane: number;
  /** The op that does the same to integers, exactly. */
  integer?(): LaneOp;
}

/** Another array that the commands of its input, a kernel, compute. */
export interface ResultOp<A extends object = object> extends Rules<A> {
  readonly kind: 'result';
}

/** What is meant, without commands: lowering puts nodes in its place that kernels compute. */
export interface MeantOp<A extends object = object> extends ComputingRules<A> {
  readonly kind: 'meant';
}

/** What is composed of other ops, differently by what made its inputs: it is decided when these are simplified. */
export interface ComposedOp<A extends object = object> extends Rules<A> {
  readonly kind: 'composed';
  /** The same of other nodes, which gradients are taken of. */
  form(node: Value<A>): Form;
}

/** A value, and the nodes that it is made of: the inputs of what it stands for, or what these are made of. */
export interface Form {
  readonly value: Value;
  readonly of: readonly Value[];
}

/** Commands of its own. */
export interface KernelOp<A extends object = object> extends ComputingRules<A>, MovingRules<A> {
  readonly kind: 'kernel';
  /** Appends the commands. */
  emit(node: Value<A>, emitter: Emitter): void;
  /** Whether its kernel runs a map on what it has finished: `emit` passes it `epilogue`. */
  readonly hasEpilogue?: boolean;
  /** Shapes of arrays that its commands can compute beside its own: `result` nodes stand for those that are read. */
  results?(node: Value<A>): readonly Shape[];
  /** Multiply-adds, where they are more than a few per element. */
  work?(node: Value<A>): number;
}

/** An op, told apart by what it is to the compiler. `A` is the type of its attributes. */
export type Op<A extends object = object> =
  | SourceOp<A>
  | AliasOp<A>
  | LaneOp<A>
  | KernelOp<A>
  | ResultOp<A>
  | MeantOp<A>
  | ComposedOp<A>;

export type LaneValue = Value & { readonly op: LaneOp };
export type KernelValue = Value & { readonly op: KernelOp };

/** What an op's `emit` may do: ask where arrays are and append commands. */
export interface Emitter {
  /** Byte address of a value's array. */
  address(value: Value): number;
  /** Byte address of what outlives the program. A node that refers to it keeps its memory alive. */
  storage(storage: Storage): number;
  /** Appends a command, whose words its kernel names. */
  command<Kernel extends Opcode>(opcode: Kernel, words: Words<WordsOf[Kernel]>): void;
  /** Stores words beside the commands and returns their address. */
  table(words: readonly number[]): number;
  /** Byte address of an array that a node's commands compute beside its own, or 0 where it is not read. */
  result(node: Value, index: number): number;
  /** Address of the map that runs on the node's finished rows, or 0. */
  epilogue(node: Value): number;
  /** Appends the commands of what a node repeats, once for each time. */
  repeat(node: Value): void;
}

/** @internal Whether a value changes memory that outlives the step. */
export const hasEffect = ({ op }: Pick<Value, 'op'>): boolean => 'effect' in op && op.effect !== undefined;

/** @internal The memory that outlives the step which a value changes. */
export const changedBy = ({ op, attrs }: Value): readonly Storage[] =>
  ('effect' in op && op.effect?.(attrs)) || [];

/** Element type of what an op makes of inputs. */
export const dtypeOf = <A extends object>(op: Op<A>, inputs: readonly Value[], attrs: A): DType =>
  op.dtype?.(inputs, attrs) ?? (op.kind === 'alias' ? inputs[0].dtype : 'float32');

/** A flat list of nodes, in an order in which they can be computed. */
export class Graph {
  /** @internal */
  readonly nodes: Value[] = [];
  /** @internal Those that change memory which outlives the step. */
  readonly effects: Value[] = [];
  #scope = '';
  readonly #known = new KnownNodes<Value>();

  /** Name of the layer that is building now. */
  get scope(): string {
    return this.#scope;
  }

  /** @internal Whether a script has its nodes and may ask for each, or for the gradient of each. */
  get isOfScript(): boolean {
    return false;
  }

  /** @internal Builds with `scope` as the name that nodes and errors carry. */
  within<T>(scope: string, build: () => T): T {
    const outer = this.#scope;
    this.#scope = scope;
    try {
      return build();
    } finally {
      this.#scope = outer;
    }
  }

  /** @internal The same for a layer: whatever error comes out of it begins with its name. */
  withinLayer<T>(name: string, build: () => T): T {
    return beginningWith(name, () => this.within(name, build));
  }

  /** @internal Adds a node, or returns the one that already computes the same. */
  add<A extends object>(op: Op<A>, inputs: readonly Value[], attrs: A): Value<A> {
    for (const input of inputs) {
      if (input.graph !== this) throw this.error(`${op.name}: an input belongs to another model's trace.`);
    }
    const shape = op.shape(inputs, attrs);
    const dtype = dtypeOf(op, inputs, attrs);
    const { nodes, scope } = this;
    return this.#shared({
      graph: this,
      id: nodes.length,
      op: op as Op,
      inputs,
      attrs,
      shape,
      dtype,
      scope,
    }) as Value<A>;
  }

  /** @internal Adds what a node of another graph is, of inputs of this one that it reads as those of its own. */
  rebuild({ op, attrs, shape, dtype, scope }: Value, inputs: readonly Value[]): Value {
    return this.#shared({ graph: this, id: this.nodes.length, op, inputs, attrs, shape, dtype, scope });
  }

  /** The node that already computes the same, or a new one. */
  #shared(fields: ValueFields): Value {
    if (!hasEffect(fields)) return this.#known.find(fields, this.#append);
    const effect = this.#append(fields);
    this.effects.push(effect);
    return effect;
  }

  readonly #append = (fields: ValueFields): Value => {
    const node = this.make(fields);
    this.nodes.push(node);
    return node;
  };

  /** @internal Makes a node. A graph of tensors makes them of its own class. */
  protected make<A extends object>(fields: ValueFields<A>): Value<A> {
    return new Value(fields);
  }

  /** An error that begins with the name of the layer being built. */
  error(message: string): LanegradError {
    return new LanegradError(this.#scope ? `${this.#scope}: ${message}` : message);
  }
}
