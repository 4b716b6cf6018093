// What comes from outside of a model, on its way to layers that make numbers of it.

import { Value } from '../../graph/graph.ts';
import { type TensorArgument, toTensor } from '../../tensor/convert.ts';
import type { Texts } from '../../tensor/nested-array.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { SymbolicTensor } from './symbolic.ts';

/** Numbers, or texts, as users have them. */
export type FromOutside = TensorArgument | Texts;

/** A layer that prepares, as far as it is known here. */
interface Preparing {
  readonly name: string;
  prepare(given: FromOutside, input: number): FromOutside;
  error(message: string): Error;
}

/**
 * What a layer that prepares is applied to, as tensors.
 * @throws LanegradError for what other layers computed.
 */
export function preparedInputs(layer: Preparing, inputs: unknown): readonly (SymbolicTensor | Tensor)[] {
  const count = 'inputs' in layer ? (layer.inputs as readonly unknown[]).length : 1;
  const isList =
    Array.isArray(inputs) &&
    (count > 1 || inputs.some((each) => each instanceof Value || each instanceof SymbolicTensor));
  const list = isList ? inputs : [inputs];
  if (list.length !== count) throw layer.error(`takes ${count} inputs; got ${list.length}.`);
  return list.map((each: unknown, i) => {
    if (!(each instanceof SymbolicTensor)) {
      return toTensor(layer.name, 'inputs', layer.prepare(each as FromOutside, i));
    }
    if (each.inputs.length === 0) return each;
    throw layer.error(
      'makes numbers of what comes from outside, so it must read an input of the model; ' +
        `it was given what ${each.sourceLayer?.name} computes.`,
    );
  });
}
