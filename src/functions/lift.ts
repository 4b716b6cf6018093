// Makes public functions of graph builders: they take tensors and what can be made into tensors.

import { isPlain } from '../errors.ts';
import type { Graph, Value } from '../graph/graph.ts';
import { mapValues } from '../names.ts';
import { type Declared, dataTypes, declaredBy, kindOf } from '../options/arguments.ts';
import { readAs } from '../options/kinds.ts';
import type { Kind } from '../options/option.ts';
import { liftInto, type TensorArgument, toTensor, toTensors } from '../tensor/convert.ts';
import type { DataType } from '../tensor/data-type.ts';
import type { TensorLike } from '../tensor/nested-array.ts';
import type { Rank } from '../tensor/rank.ts';
import { tensorsIn } from '../tensor/scopes.ts';
import { cutChain, handOut, isLive, modelTrace, recorder, Tensor } from '../tensor/tensor.ts';

/** A builder's argument as users give it: `One` for a value, null for what they leave out, as scripts for TensorFlow.js do. */
type GivenAs<A, One> = null extends A ? A : OrNull<A, One>;
// Apart, so that a type that knows null keeps its name.
type OrNull<A, One> = A extends Value
  ? One | Value
  : A extends readonly Value[]
    ? readonly (One | Value)[]
    : A extends undefined
      ? A | null
      : A;
type Given<A> = GivenAs<A, TensorArgument>;
type GivenAll<A extends readonly unknown[]> = { [I in keyof A]: Given<A[I]> };
/** The same where a first argument's own type is asked for: a `T` alone, so that an expected one reaches what makes it. */
type GivenAlike<A extends readonly unknown[], T extends Tensor> = {
  [I in keyof A]: I extends '0' ? GivenAs<A[I], T | TensorLike> : Given<A[I]>;
};

/** An argument as `lift` is told of it. */
interface Parameter extends Declared {
  /** What numbers become, and what tensors must have. */
  readonly dtype: DataType | undefined;
  /** What an argument must be that is no tensor. */
  readonly kind: Kind<unknown, unknown> | undefined;
}

/** A builder's result as users get it; `T` where they say or expect of which rank it is. */
type Made<R, T extends Tensor> = R extends Value
  ? T
  : number extends Length<R>
    ? T[]
    : { -readonly [K in keyof R]: Made<R[K], T> };
type Length<R> = R extends { readonly length: infer N } ? N : 0;

// The widest function type: builders of any arguments fit.
export type Builder = (...args: never[]) => unknown;

// A builder's arguments are a type of their own in each of these: compilers before TypeScript 5.4 know it for a list so.
type Arguments = readonly unknown[];

/** A graph builder as users call it. */
export type Lifted<B extends Builder, A extends Arguments = Parameters<B>> = <T extends Tensor = Tensor>(
  ...args: GivenAll<A>
) => Made<ReturnType<B>, T>;

/** The same, which gives tensors `D`. */
export type Giving<D extends Tensor, B extends Builder, A extends Arguments = Parameters<B>> = (
  ...args: GivenAll<A>
) => Made<ReturnType<B>, D>;

/** The same, of which scripts may say the result's rank. */
export type OfRank<B extends Builder, A extends Arguments = Parameters<B>> = (<R extends Rank = Rank>(
  ...args: GivenAll<A>
) => Tensor<R>) &
  Hinted<'as said'>;

/** The same, of which the result is typed like the first argument. */
export type Alike<B extends Builder, A extends Arguments = Parameters<B>> = (<T extends Tensor = Tensor>(
  ...args: GivenAlike<A, T>
) => Made<ReturnType<B>, T>) &
  KeepsRank;

/** The same, of which scripts may say of what type the first argument is, and the result. */
export type FromTo<B extends Builder, A extends Arguments = Parameters<B>> = <
  T extends Tensor = Tensor,
  O extends Tensor = Tensor,
>(
  ...args: GivenAlike<A, T>
) => Made<ReturnType<B>, O>;

/** For the type alone, so that methods are typed as functions are: of what rank the result is. */
export interface Hinted<Hint> {
  readonly rankHint?: Hint;
}

/** Tells functions whose result has as many dimensions as the first argument. */
export type KeepsRank = Hinted<'of the first'>;

/** `OfRank` of functions whose result is of the first argument's rank. */
export type OfFirstRank<B extends Builder, A extends Arguments = Parameters<B>> = (<R extends Rank = Rank>(
  ...args: GivenAlike<A, Tensor<R>>
) => Tensor<R>) &
  KeepsRank;

/**
 * A builder of graph nodes as a function of tensors. In a script's hands it makes tensors that are computed when somebody
 * looks; given tensors of a model that is being traced, nodes of that model.
 *
 * @param declared the arguments in order; there are no others. A name alone is a tensor, `…` before it means a list, `?`
 *   behind it that it may be left out, `:int32` or another type that numbers become it and tensors must have it. Another
 *   word behind the colon is a kind of what is no tensor (`src/options/arguments.ts`)
 */
// @__NO_SIDE_EFFECTS__
export function lift<B extends Builder>(name: string, declared: readonly string[], build: B): Lifted<B> {
  const parameters = declared.map(parameterOf);
  // No arrow: scripts say `new` before functions, which those of TensorFlow.js's builds take.
  function lifted(...given: unknown[]): unknown {
    if (given.length > parameters.length) given.length = parameters.length;
    const graph = graphOf(given);
    const args: unknown[] = [];
    // null stands for what is left out.
    for (let i = 0; i < parameters.length; i++) {
      args.push(argumentFor(graph, name, parameters[i], given[i] ?? undefined));
    }
    const made = handOutAll(build(...(args as never[])), args);
    cutChain(tensorsIn(made));
    return made;
  }
  return Object.defineProperty(lifted, 'name', { value: name }) as Lifted<B>;
}

/** `lift` for functions of which the result has as many dimensions as the first argument: types say so. */
// @__NO_SIDE_EFFECTS__
export function liftAlike<B extends Builder>(name: string, declared: readonly string[], build: B): Alike<B> {
  return lift(name, declared, build) as Alike<B>;
}

/** `lift` for functions of which scripts say by its rank what the result is: `reshape<Rank.R2>`. */
// @__NO_SIDE_EFFECTS__
export function liftOfRank<B extends Builder>(
  name: string,
  declared: readonly string[],
  build: B,
): OfRank<B> {
  return lift(name, declared, build) as OfRank<B>;
}

function parameterOf(text: string): Parameter {
  const declared = declaredBy(text);
  const { word } = declared;
  const dtype = dataTypes.includes(word as DataType) ? (word as DataType) : undefined;
  const kind = word === undefined || dtype ? undefined : kindOf(word);
  return { ...declared, dtype, kind };
}

/** An argument as the builder takes it. Numbers stay numbers where a model is traced: constants. */
function argumentFor(graph: Graph, where: string, parameter: Parameter, given: unknown): unknown {
  const { name, isList, isOptional, dtype, kind } = parameter;
  if (isOptional && given === undefined) return undefined;
  if (kind) return kind.read(given) ?? readAs(kind, `${where}: ${name}`, given);
  if (isList) return toTensors(where, name, given, dtype).map((each) => liftInto(graph, each));
  if (graph === recorder) return toTensor(where, name, given, dtype);
  return typeof given === 'number' ? given : liftInto(graph, toTensor(where, name, given, dtype));
}

/** The graph that the arguments belong to: the graph of the model that is being traced, or of scripts. */
function graphOf(given: readonly unknown[]): Graph {
  const found = firstTraced(given);
  const graph = modelTrace()?.graph;
  if (!graph || found === graph) return found;
  // What is computed of variables alone would be a constant of the model; of what a gradient kept, of another graph.
  const isOfRunning = (each: unknown): boolean =>
    each instanceof Tensor && (each.graph === graph || isLive(each));
  return given.flat().some(isOfRunning) ? graph : found;
}

function firstTraced(given: readonly unknown[]): Graph {
  for (const each of given) {
    if (each instanceof Tensor && each.graph !== recorder) return each.graph;
    if (!Array.isArray(each)) continue;
    for (const one of each) if (one instanceof Tensor && one.graph !== recorder) return one.graph;
  }
  return recorder;
}

function handOutAll(made: unknown, given: readonly unknown[]): unknown {
  if (made instanceof Tensor) return handOut(made, given);
  if (Array.isArray(made)) return made.map((each) => handOutAll(each, given));
  return isPlain(made) ? mapValues(made, (each) => handOutAll(each, given)) : made;
}
