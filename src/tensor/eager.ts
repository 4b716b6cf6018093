import type { Value } from '../graph/graph.ts';
import { evaluate } from './evaluate.ts';
import { Tensor } from './tensor.ts';

/** An argument as it may be given to a function applied at once: a tensor where there was a value. */
type Eager<T> = T extends Value ? Tensor : T extends readonly Value[] ? readonly Tensor[] : T;

type EagerArguments<A extends readonly unknown[]> = { [I in keyof A]: Eager<A[I]> };

/** A graph function that takes tensors as well. */
export type Lifted<A extends readonly unknown[]> = {
  (...args: A): Value;
  (...args: EagerArguments<A>): Tensor;
};

/**
 * Lets a function of graph values be applied to tensors, at once: it is traced, compiled and run. In a layer's
 * `call` it is handed values and builds nodes as before.
 *
 * @__NO_SIDE_EFFECTS__
 */
export function lift<A extends readonly unknown[]>(build: (...args: A) => Value): Lifted<A> {
  const applied = (...args: unknown[]): Value | Tensor => {
    const tensors = args.flat().filter((each) => each instanceof Tensor);
    if (tensors.length === 0) return build(...(args as unknown as A));
    return evaluate(tensors, (...values) => {
      let next = 0;
      const valueFor = (each: unknown): unknown => (each instanceof Tensor ? values[next++] : each);
      const traced = args.map((each) => (Array.isArray(each) ? each.map(valueFor) : valueFor(each)));
      return [build(...(traced as unknown as A))];
    })[0];
  };
  return applied as Lifted<A>;
}
