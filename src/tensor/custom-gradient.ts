// `customGrad`: functions with gradients of a script's own.

import { LanegradError } from '../errors.ts';
import type { Value } from '../graph/graph.ts';
import { formatShape, sameShape } from '../graph/shape.ts';
import { liftInto, type TensorArgument, toTensors } from './convert.ts';
import { type CustomGradient, transparentOp } from './deferred.ts';
import { requireFunction } from './gradients.ts';
import { noteCustomGradient } from './recorded-step.ts';
import { unbooked } from './scopes.ts';
import { handOut, recorder, sharing, Tensor } from './tensor.ts';

/**
 * A function with a gradient of its own: of tensors and, last, of a function that keeps tensors for the gradient. As a
 * method's, its parameters may be declared as what they are.
 */
export type CustomGradientFunc<T extends Tensor = Tensor> = {
  call(...inputs: (Tensor | ((tensors: Tensor[]) => void))[]): ValueAndGradientFunction<T>;
}['call'];

/** What `customGrad` takes: the value, and a function from its gradient to the gradients of the arguments. */
export interface ValueAndGradientFunction<T extends Tensor = Tensor> {
  readonly value: T;
  readonly gradFunc: (dy: T, saved: Tensor[]) => Tensor | Tensor[];
}

/**
 * A function with a gradient of one's own.
 * @param f gets tensors and `save`, which keeps tensors for the gradient; returns `value` and `gradFunc`
 */
export function customGrad<T extends Tensor = Tensor>(
  f: CustomGradientFunc<T>,
): (...args: TensorArgument[]) => T {
  requireFunction('customGrad', f);
  return (...args) => {
    const inputs = toTensors('customGrad', 'x', args);
    const saved: Tensor[] = [];
    noteCustomGradient();
    const save = (tensors: Tensor[]): void => {
      // What f disposes of is there for the gradient.
      saved.push(...tensors.map(sharing));
    };
    const { value, gradFunc }: Partial<ValueAndGradientFunction<T>> =
      unbooked(() => f(...inputs, save)) ?? {};
    if (!(value instanceof Tensor)) {
      throw new LanegradError(
        'customGrad: The function f passed in customGrad(f) must return an object where `obj.value` is a tensor.',
      );
    }
    if (typeof gradFunc !== 'function') {
      throw new LanegradError(
        'customGrad: The function f passed in customGrad(f) must return an object where `obj.gradFunc` is a function.',
      );
    }
    const gradient: CustomGradient['gradient'] = (dy) => [
      undefined,
      ...gradientsGiven(gradFunc(dy as T, saved), inputs).map((each) => liftInto(dy.graph, each)),
    ];
    const { graph } = [value, ...inputs].find((each) => each.graph !== recorder) ?? value;
    const sources = inputs.map((input, i) => guarded(liftInto(graph, input), i));
    const made = graph.add(transparentOp, [liftInto(graph, value), ...sources], { gradient });
    return handOut(made as Tensor, inputs) as T;
  };
}

/** An input as it is, which looks at the gradient that comes back to it: only where one is asked for. */
function guarded(input: Value, place: number): Value {
  const gradient: CustomGradient['gradient'] = (dx) => {
    if (dx.dtype === 'float32' && sameShape(dx.shape, input.shape)) return [undefined, dx];
    throw new LanegradError(
      `customGrad: gradFunc must give float32 of shape ${formatShape(input.shape)} for input ${place}; ` +
        `got ${dx.dtype} of shape ${formatShape(dx.shape)}.`,
    );
  };
  return input.graph.add(transparentOp, [input, input], { gradient });
}

function gradientsGiven(given: unknown, inputs: readonly Tensor[]): readonly Tensor[] {
  const list = [given].flat() as readonly unknown[];
  if (list.length !== inputs.length) {
    throw new LanegradError(
      'customGrad: The function f passed in customGrad(f) must return an object where `obj.gradFunc` is a function that ' +
        `returns the same number of tensors as inputs passed to f(...): ${inputs.length}; got ${list.length}.`,
    );
  }
  if (list.every((each) => each instanceof Tensor)) return list as Tensor[];
  throw new LanegradError(
    'customGrad: The function f passed in customGrad(f) must return an object where `obj.gradFunc` is a function that returns a list of only tensors.',
  );
}
