// `tf.tensor_util`: tensors among other values.

import { tensorsIn } from '../tensor/scopes.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** The tensors in an object or a list, however deep, each once. */
export const getTensorsInContainer = (container: unknown): Tensor[] => [
  ...new Set(tensorsIn(container) as Tensor[]),
];

/** Whether a tensor is one of a list. */
export const isTensorInList = (tensor: Tensor, list: readonly Tensor[]): boolean =>
  tensorsIn(list).includes(tensor);
