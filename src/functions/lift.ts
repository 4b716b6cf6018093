// Makes public functions of graph builders: they take tensors and what can be made into tensors.

import type { Graph, Value } from '../graph/graph.ts';
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

/** A leading argument as `lift` is told of it. */
interface Parameter {
  readonly name: string;
  readonly isList: boolean;
  readonly isOptional: boolean;
  /** What numbers become; tensors are taken as they are. */
  readonly dtype: DataType | undefined;
}

/** A builder's result as users get it. */
type Made<R> = R extends Value
  ? Tensor
  : R extends readonly Value[]
    ? Tensor[]
    : { [K in keyof R]: Made<R[K]> };

// The widest function type: builders of any arguments fit.
type Builder = (...args: never[]) => unknown;

/** A graph builder as users call it. */
export type Lifted<B extends Builder> = (...args: GivenAll<Parameters<B>>) => Made<ReturnType<B>>;

/**
 * A builder of graph nodes as a function of tensors. In a script's hands it makes tensors that are computed when somebody
 * looks; on those of a model that is being traced, nodes of that model.
 *
 * @param tensors names of the leading arguments that are tensors; `…` before a name means a list, `?` behind it that it
 *   may be left out, and `:int32` or another type that numbers become it and tensors must have it
 * @__NO_SIDE_EFFECTS__
 */
export function lift<B extends Builder>(name: string, tensors: readonly string[], build: B): Lifted<B> {
  const parameters = tensors.map(parameterOf);
  const lifted = (...given: unknown[]): unknown => {
    const graph = graphOf(given, parameters.length);
    // null is what TensorFlow.js's scripts write for an argument that they leave out.
    for (let i = 0; i < given.length; i++) given[i] ??= undefined;
    for (const [i, parameter] of parameters.entries()) {
      given[i] = argumentFor(graph, name, parameter, given[i]);
    }
    return handOutAll(build(...(given as never[])), given);
  };
  return Object.defineProperty(lifted, 'name', { value: name }) as Lifted<B>;
}

function parameterOf(text: string): Parameter {
  const [declared, dtype] = text.split(':') as [string, DataType | undefined];
  const name = declared.replace(/[…?]/g, '');
  return { name, isList: declared.startsWith('…'), isOptional: declared.endsWith('?'), dtype };
}

/** An argument as the builder takes it. Numbers stay numbers where a model is traced: constants. */
function argumentFor(graph: Graph, where: string, parameter: Parameter, given: unknown): unknown {
  const { name, isList, isOptional, dtype } = parameter;
  if (isOptional && given === undefined) return undefined;
  if (isList) return toTensors(where, name, given, dtype).map((each) => liftInto(graph, each));
  if (graph === recorder) return toTensor(where, name, given, dtype);
  return typeof given === 'number' ? given : liftInto(graph, toTensor(where, name, given, dtype));
}

/** The graph that the first arguments belong to: that of the model that is being traced, or of scripts. */
function graphOf(given: readonly unknown[], count: number): Graph {
  for (let i = 0; i < count; i++) {
    const each = given[i];
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
