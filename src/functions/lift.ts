// Makes public functions of graph builders: they take tensors and what can be made into tensors.

import type { Graph, Value } from '../graph/graph.ts';
import { liftInto, type TensorArgument, toTensor, toTensors } from '../tensor/convert.ts';
import { handOut, recorder, Tensor } from '../tensor/tensor.ts';

/** A builder's argument as users give it. */
type Given<T> = T extends Value
  ? TensorArgument | Value
  : T extends readonly Value[]
    ? readonly (TensorArgument | Value)[]
    : T;
type GivenAll<A extends readonly unknown[]> = { [I in keyof A]: Given<A[I]> };

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
 *   may be left out
 * @__NO_SIDE_EFFECTS__
 */
export function lift<B extends Builder>(name: string, tensors: readonly string[], build: B): Lifted<B> {
  const names = tensors.map((each) => each.replace(/[…?]/g, ''));
  const areLists = tensors.map((each) => each.startsWith('…'));
  const areOptional = tensors.map((each) => each.endsWith('?'));
  const lifted = (...given: unknown[]): unknown => {
    const graph = graphOf(given, names.length);
    for (let i = 0; i < names.length; i++) {
      if (areOptional[i] && (given[i] === undefined || given[i] === null)) given[i] = undefined;
      else if (areLists[i]) {
        given[i] = toTensors(name, names[i], given[i]).map((each) => liftInto(graph, each));
      } else given[i] = argumentFor(graph, name, names[i], given[i]);
    }
    return handOutAll(build(...(given as never[])), given);
  };
  return lifted as Lifted<B>;
}

/** An argument as the builder takes it. Numbers stay numbers where a model is traced: constants. */
function argumentFor(graph: Graph, name: string, argument: string, given: unknown): unknown {
  if (graph === recorder) return toTensor(name, argument, given);
  return typeof given === 'number' ? given : liftInto(graph, toTensor(name, argument, given));
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
