// Weights as tensors: what `getWeights` gives and `setWeights` takes.

import { LanegradError, shown } from '../errors.ts';
import { formatShape, sameShape } from '../graph/shape.ts';
import type { Variable } from '../state/variable.ts';
import { Tensor } from '../tensor/tensor.ts';

/** A copy of a weight. */
export const tensorOf = (variable: Variable): Tensor =>
  new Tensor(variable.values(), variable.shape, 'float32');

/** Sets a weight. @throws LanegradError when the tensor has another shape. */
export function setTensor(variable: Variable, tensor: Tensor): void {
  if (!(tensor instanceof Tensor)) {
    throw new LanegradError(`${variable.name}: expected a tensor; got ${shown(tensor)}.`);
  }
  if (!sameShape(tensor.shape, variable.shape)) {
    throw new LanegradError(
      `${variable.name}: expected weights of shape ${formatShape(variable.shape)}; got ${formatShape(tensor.shape)}.`,
    );
  }
  variable.write(Float32Array.from(tensor.dataSync()));
}
