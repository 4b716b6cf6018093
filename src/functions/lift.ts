// Makes public functions of graph builders: they take tensors and what can be made into tensors.

import type { Graph, Value } from '../graph/graph.ts';
import { kindOf } from '../options/arguments.ts';
import { readAs } from '../options/kinds.ts';
import type { Kind } from '../options/option.ts';
import { liftInto, type TensorArgument, toTensor, toTensors } from '../tensor/convert.ts';
import type { DataType } from '../tensor/data-type.ts';
import { handOut, recorder, Tensor } from '../tensor/tensor.ts';

/** A builder's argument as users give it. */
type Given<T> = T extends Value
  ? TensorArgument | Value
  : T extends readonly Value[]
    ? readonly (TensorArgument | Value)[]
    : T;
type GivenAll<A extends readonly unknown[]> = { [I in keyof A]: Given<A[I]> };

/** An argument as `lift` is told of it. */
interface Parameter {
  readonly name: string;
  readonly isList: boolean;
  readonly isOptional: boolean;
  /** What numbers become, and what tensors must have. */
  readonly dtype: DataType | undefined;
  /** What an argument must be that is no tensor. */
  readonly kind: Kind<unknown, unknown> | undefined;
}

const dtypes = ['float32', 'int32', 'bool', 'uint8'];

/** A builder's result as users get it. */
type Made<R> = R extends Value
  ? Tensor
  : R extends readonly Value[]
    ? Tensor[]
    : { [K in keyof R]: Made<R[K]> };

// The widest function type: builders of any arguments fit.
export type Builder = (...args: never[]) => unknown;

/** A graph builder as users call it. */
export type Lifted<B extends Builder> = (...args: GivenAll<Parameters<B>>) => Made<ReturnType<B>>;

/**
 * A builder of graph nodes as a function of tensors. In a script's hands it makes tensors that are computed when somebody
 * looks; given tensors of a model that is being traced, nodes of that model.
 *
 * @param declared the arguments in order; there are no others. A name alone is a tensor, `…` before it means a list, `?`
 *   behind it that it may be left out, `:int32` or another type that numbers become it and tensors must have it. Another
 *   word behind the colon is a kind of what is no tensor (`src/options/arguments.ts`)
 * @__NO_SIDE_EFFECTS__
 */
export function lift<B extends Builder>(name: string, declared: readonly string[], build: B): Lifted<B> {
  const parameters = declared.map(parameterOf);
  const lifted = (...given: unknown[]): unknown => {
    if (given.length > parameters.length) given.length = parameters.length;
    const graph = graphOf(given);
    const args: unknown[] = [];
    // null is what TensorFlow.js's scripts write for an argument that they leave out.
    for (let i = 0; i < parameters.length; i++) {
      args.push(argumentFor(graph, name, parameters[i], given[i] ?? undefined));
    }
    return handOutAll(build(...(args as never[])), args);
  };
  return Object.defineProperty(lifted, 'name', { value: name }) as Lifted<B>;
}

function parameterOf(text: string): Parameter {
  const [declared, word] = text.split(':') as [string, string?];
  const name = declared.replace(/[…?]/g, '');
  const dtype = dtypes.includes(word!) ? (word as DataType) : undefined;
  const kind = word === undefined || dtype ? undefined : kindOf(word);
  return { name, isList: declared.startsWith('…'), isOptional: declared.endsWith('?'), dtype, kind };
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
  if (typeof made !== 'object' || made === null) return made;
  return Object.fromEntries(Object.entries(made).map(([key, each]) => [key, handOutAll(each, given)]));
}
