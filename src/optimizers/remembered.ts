// What an optimizer remembers of weights: tensors outside, numbers of its own while no weights are there.

import { LanegradError, shown } from '../errors.ts';
import type { Shape } from '../graph/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { NamedTensor } from './custom-loop.ts';

/** An array that an optimizer remembers of a weight. */
export interface Remembered {
  readonly name: string;
  readonly shape: Shape;
  readonly values: Float32Array;
}

export const asTensor = ({ name, shape, values }: Remembered): NamedTensor => ({
  name,
  tensor: new Tensor(values, shape, 'float32'),
});

/** A copy: who gave the tensor may dispose of it. */
export const asNumbers = ({ name, tensor }: NamedTensor): Remembered => ({
  name,
  shape: tensor.shape,
  values: Float32Array.from(tensor.computed()),
});

/** The steps that what an optimizer remembers begins with. @throws LanegradError unless it is that. */
export function stepsIn(className: string, weights: readonly NamedTensor[]): number {
  const tensors: unknown[] = Array.isArray(weights) ? weights.map((each) => each?.tensor) : [];
  if (tensors.length === 0 || !tensors.every((tensor) => tensor instanceof Tensor)) {
    throw new LanegradError(`${className}: setWeights takes what getWeights gave; got ${shown(weights)}.`);
  }
  const [steps] = tensors[0].computed();
  if (Number.isSafeInteger(steps) && steps >= 0) return steps;
  throw new LanegradError(`${className}: remembers how many steps it has done; got ${steps}.`);
}
