/*
 * `Tensor`: an array with a shape and a data type. It is a node of a graph. A script's tensors get their numbers when
 * somebody looks; tensors of a model that is being traced stand for what the model will compute. Arithmetic is in
 * src/functions/, as functions and as methods.
 */

import { LanegradError } from '../errors.ts';
import { type DType, dtypeOf, Graph, type Op, type Value, type ValueFields } from '../graph/graph.ts';
import { cast } from '../graph/ops/elementwise.ts';
import { reshape } from '../graph/ops/sources.ts';
import { hashOf } from '../graph/sharing.ts';
import { Trace } from '../state/trace.ts';
import { computeAtOnce } from './compute-at-once.ts';
import {
  checkDataType,
  convert,
  type DataType,
  type DataTypeMap,
  storedIn,
  type TypedArray,
} from './data-type.ts';
import { Deferred, numbersOp } from './deferred.ts';
import { evaluate, evaluateChain } from './evaluate.ts';
import { withCompanions } from './found-together.ts';
import { type ArrayOf, type FlatArray, type NestedArray, nest } from './nested-array.ts';
import { tensorText } from './print.ts';
import type { Rank, SizesOf } from './rank.ts';
import { isPassing } from './recorded-step.ts';
import { count, disposeOf } from './scopes.ts';
import { checkShape, checkSize, computeStrides, formatShape, resolveShape } from './shape.ts';
import { isTaping, nextNodeId } from './tape.ts';

/**
 * A chain of operations that nobody has read is computed when it is this deep, so that no chain grows without end. Where
 * it goes on from such a cut, it is computed earlier, at `maxDepthAlike`, if its end looks like that of the piece before:
 * loops repeat, and the programs of equal pieces are soon known. Inside of a function whose gradient is taken chains may
 * be deeper, as the gradient's program computes all of a chain again.
 */
const maxDepth = 64;
const maxDepthAlike = 24;
/** Where an end is larger, that it is written and read again takes longer than compiling. */
const maxSizeAlike = 2 ** 14;
const maxDepthInside = 400;
/** Where a scope ends, or a variable changes outside of all, they may not be so deep: there a loop's passes end alike. */
const maxDepthOfPiece = 16;

/** An array with a shape. Its numbers are not meant to change: `reshape` and the like share them. */
export class Tensor<R extends Rank = Rank> extends Deferred {
  /** How long each dimension is. It does not change, whatever its type would allow. */
  declare readonly shape: SizesOf<R>;

  /**
   * Wraps `data` without copying it. Scripts use `tensor()` and its siblings.
   * @throws LanegradError when the array's type is not what stores `dtype`, or its length not what `shape` holds.
   */
  constructor(data: TypedArray, shape: readonly number[], dtype: DataType);
  /** @internal */
  constructor(fields: ValueFields);
  constructor(first: TypedArray | ValueFields, shape?: readonly number[], dtype?: DataType) {
    if (!shape || !dtype) {
      super(first as ValueFields);
      return;
    }
    const data = first as TypedArray;
    checkDataType('Tensor', dtype);
    checkShape('Tensor', shape);
    const expected = storedIn[dtype];
    if (!(data instanceof expected)) {
      throw new LanegradError(
        `Tensor: ${dtype} is stored in ${expected.name}; got ${data.constructor.name}.`,
      );
    }
    checkSize('Tensor', shape, data.length);
    super(recorder.leaf(Object.freeze([...shape]), dtype));
    this.setNumbers(data);
  }

  /** How many dimensions there are, as text; 'higher' from 5 on. */
  get rankType(): Rank {
    return (this.rank < 5 ? String(this.rank) : 'higher') as Rank;
  }

  /** How many elements lie between neighbours along each dimension but the last, where it is 1. */
  get strides(): number[] {
    return computeStrides(this.shape);
  }

  /** Disposes of the tensor: it cannot be used any more. Nobody has to: what is unreachable is collected. */
  dispose(): void {
    disposeOf(this);
  }

  /** Whether scopes leave it alone, as `tidy` does with what `keep` was given. */
  get kept(): boolean {
    return this.isKept;
  }

  /** @throws LanegradError when the tensor was disposed of. */
  throwIfDisposed(): void {
    if (this.isDisposed) throw new LanegradError('Tensor is disposed.');
  }

  /**
   * The numbers in row-major order, computed now if they were not. It is the tensor's own array, but a copy where something
   * that is not computed yet may read that.
   * @throws LanegradError when the tensor was disposed of, and while a model is being traced.
   */
  dataSync<D extends DataType = DataType>(): DataTypeMap[D] {
    const numbers = this.computed();
    if (this.isRead) return numbers.slice() as DataTypeMap[D];
    this.open();
    return numbers as DataTypeMap[D];
  }

  /** @internal The numbers, to be read alone. */
  computed(): TypedArray {
    this.throwIfDisposed();
    if (!this.numbers) {
      if (this.graph !== recorder) {
        throw this.graph.error(
          'the numbers of a tensor are not known while a model is being traced: say what depends on them in functions of tensors.',
        );
      }
      evaluate(withCompanions(this));
    }
    this.requireNumbers();
    return this.numbers!;
  }

  /** `dataSync()` as a promise. */
  async data<D extends DataType = DataType>(): Promise<DataTypeMap[D]> {
    return this.dataSync<D>();
  }

  /** The bytes of the numbers. */
  async bytes(): Promise<Uint8Array> {
    const { buffer, byteOffset, byteLength } = this.dataSync();
    return new Uint8Array(buffer, byteOffset, byteLength);
  }

  /** Nested arrays as deep as the tensor has dimensions; a number for a scalar. A bool gives 0 or 1. */
  arraySync<A = ArrayOf<R>>(): A {
    return nest(this.computed(), this.shape) as A;
  }

  /** `arraySync()` as a promise. */
  async array<A = ArrayOf<R>>(): Promise<A> {
    return this.arraySync<A>();
  }

  /**
   * The values in aligned columns; long dimensions are shortened. `verbose` adds data type, rank and shape. While a model
   * is being traced there are no values to show.
   */
  override toString(verbose = false): string {
    return this.graph === recorder
      ? tensorText(this.computed(), this.shape, this.dtype, verbose)
      : `${this.#kind}, traced: it has no numbers yet`;
  }

  get #kind(): string {
    return `Tensor ${formatShape(this.shape)} ${this.dtype}`;
  }

  /** Writes `toString(verbose)` to the console. */
  print(verbose = false): void {
    console.log(this.toString(verbose));
  }

  /** Shape, type and nested arrays of the numbers. */
  toJSON(): { shape: readonly number[]; dtype: DataType; values: NestedArray } {
    return { shape: this.shape, dtype: this.dtype, values: this.arraySync() };
  }

  /** What `console.log` shows in Node, Deno and Bun. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.isDisposed ? `${this.#kind}, disposed of` : this.toString(true);
  }

  /**
   * The same numbers under another shape; one dimension may be -1 and is worked out.
   * @throws LanegradError when the shape holds another number of values.
   */
  reshape<T extends Tensor = Tensor>(shape: readonly number[]): T {
    this.throwIfDisposed();
    return handOut(reshape(this, resolveShape('reshape', shape, this.size)) as T, [this]);
  }

  /**
   * The numbers as another data type. Fractions are cut off for int32 and uint8, NaN becomes 0 in int32, everything but
   * zero is true for bool.
   * @throws LanegradError when a value does not fit uint8.
   */
  cast<T extends Tensor = Tensor<R>>(dtype: DataType): T {
    checkDataType('cast', dtype);
    if (dtype === this.dtype) return this.clone() as Tensor as T;
    this.throwIfDisposed();
    if (dtype === 'uint8')
      return count(new Tensor(convert('cast', this.computed(), dtype), this.shape, dtype) as T);
    return handOut(cast(this, dtype) as T, [this]);
  }

  /** Another name of `cast`. */
  asType<T extends Tensor = Tensor<R>>(dtype: DataType): T {
    return this.cast<T>(dtype);
  }

  /** A tensor of its own with the same numbers. */
  clone<T extends Tensor>(this: T): T {
    this.throwIfDisposed();
    return handOut<Tensor>(this, [this]) as T;
  }
}

/** How deep a node is now that some of those below it may have got numbers; theirs are counted anew too. */
function depthNow(node: Deferred, seen = new Set<Deferred>()): number {
  seen.add(node);
  node.depth = 0;
  for (const input of node.inputs as readonly Deferred[]) {
    if (!input.numbers && !seen.has(input)) depthNow(input, seen);
    deepen(node, input);
  }
  return node.depth;
}

/** Has a node be deeper than one that it reads, where that has no numbers. */
function deepen(node: Deferred, { numbers, depth }: Deferred): void {
  if (!numbers && depth >= node.depth) node.depth = depth + 1;
}

/** What operation a node is, of what shape and of which operations: the same number for those that look alike. */
const lookOf = ({ op, shape, inputs }: Deferred): number =>
  hashOf([op, shape, inputs.map((each) => each.op)]);

/** Whether the chain may be cut here, as it was cut before. */
const looksLikeEnd = (node: Deferred): boolean =>
  node.depth > maxDepthAlike && node.size <= maxSizeAlike && node.endLooks?.has(lookOf(node)) === true;

/** An end that is deeper than they may be. */
function tooDeep(ends: readonly Deferred[], depth: number): Deferred | undefined {
  const most = isTaping() ? maxDepthInside : depth;
  return ends.find((end) => end.depth > most && depthNow(end) > most);
}

/** Computes the ends of a chain where it grew too deep. */
export function cutChain(ends: readonly Deferred[]): void {
  const end = tooDeep(ends, ends.some(looksLikeEnd) ? maxDepthAlike : maxDepth);
  if (!end) return;
  const looks = (end.endLooks ?? new Set()).add(lookOf(end));
  for (const computed of evaluateChain(ends)) computed.endLooks = looks;
}

/** Computes what goes on from where a pass of a loop may end, where it is deep. */
export function cutPiece(ends: readonly Deferred[]): void {
  const isPending = ({ numbers, isCounted, isHeld, graph }: Deferred) =>
    !numbers && (isCounted || isHeld) && graph === recorder;
  const pending = ends.filter(isPending);
  if (tooDeep(pending, maxDepthOfPiece)) evaluateChain(pending);
}

/** A graph whose nodes are tensors. */
export class TensorGraph extends Graph {
  protected override make<A extends object>(fields: ValueFields<A>): Value<A> {
    return new Tensor(fields as unknown as ValueFields) as unknown as Value<A>;
  }
}

/** The graph of scripts: it keeps no list of its nodes, and shares none. */
class Recorder extends TensorGraph {
  override get isOfScript(): boolean {
    return true;
  }

  override add<A extends object>(op: Op<A>, inputs: readonly Value[], attrs: A): Value<A> {
    const read = inputs.some(hasVersions) ? inputs.map(versionOf) : inputs;
    const shape = op.shape(read, attrs);
    const dtype = dtypeOf(op, read, attrs);
    const node = this.make({
      graph: this,
      id: nextNodeId(),
      op: op as Op,
      inputs: read,
      attrs,
      shape,
      dtype,
      scope: this.scope,
    }) as Tensor;
    if (op.kind === 'alias' && !op.offset && dtype === read[0].dtype) node.shareWith(read[0] as Tensor);
    if (computeAtOnce(node)) return node as unknown as Value<A>;
    const isPassed = isPassing();
    for (const input of read as readonly Tensor[]) {
      deepen(node, input);
      node.endLooks = input.endLooks ?? node.endLooks;
      input.close();
      if (!isPassed || input.numbers) input.noteReader();
    }
    if (tooDeep([node], maxDepthInside)) evaluateChain([node]);
    return node as unknown as Value<A>;
  }

  /** What a tensor is made of that has no numbers of its own, or nothing but its numbers. */
  leaf(shape: readonly number[], dtype: DType): ValueFields {
    return { graph: this, id: nextNodeId(), op: numbersOp, inputs: [], attrs: {}, shape, dtype, scope: '' };
  }
}

/** The graph of the tensors that scripts make. */
export const recorder = new Recorder();

/** The trace of the model that is being traced into a program; undefined where layers compute at once, and elsewhere. */
export function modelTrace(): Trace | undefined {
  const { running } = Trace;
  return running && running.graph !== recorder ? running : undefined;
}

/** A tensor that changes: operations read the version that it has now. */
export interface Versioned {
  /** @internal The tensor that has the numbers of now. */
  readonly version: Tensor;
  /** @internal Gives it a place in linear memory, where programs read what it holds when they run. */
  placeInMemory(): void;
  /** @internal Whether it can be given one. */
  readonly isPlaceable: boolean;
}

/** Whether a program that reads a tensor must read what it holds when it runs. */
export const isLive = (value: object): value is Value & Versioned => hasVersions(value) && value.isPlaceable;

/** Whether a tensor changes. */
const hasVersions = (value: object): value is Value & Versioned => 'version' in value;

/** What an operation on a tensor reads: of one that changes, the version of now. */
export const versionOf = (value: Value): Value => (hasVersions(value) ? value.version : value);

/** A tensor of what was given, which the books do not count: a script may still write into its own array. */
export function tensorOf<R extends Rank = Rank>(
  { data, shape, dtype, isGiven }: FlatArray,
  as: readonly number[] = shape,
): Tensor<R> {
  const made = new Tensor<R>(data, as, dtype);
  if (isGiven) made.open();
  return made;
}

/** Counts the result of a function of `inputs`; one that is an input becomes a tensor of its own that shares its numbers. */
export function handOut<T extends Tensor>(result: T, inputs: readonly unknown[]): T {
  if (result.graph !== recorder) return result;
  if (!inputs.some((each) => each === result || (Array.isArray(each) && each.includes(result)))) {
    return count(result);
  }
  (versionOf(result) as Tensor).close();
  return count(sharing(result));
}

/** A tensor of its own, which the books do not count, that shares the numbers of another; a traced one is itself. */
export const sharing = <T extends Tensor>(tensor: T): T =>
  tensor.graph === recorder ? (recorder.add(aliasOp, [tensor], {}) as unknown as T) : tensor;

/** The same tensor under another handle. */
const aliasOp: Op = {
  name: 'alias',
  kind: 'alias',
  shape: ([x]) => x.shape,
  gradient: (dy) => [dy],
};
