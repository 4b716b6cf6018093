// Tensors of another type, and tensors that change, made of what is there.

import { type TensorArgument, toTensor } from '../tensor/convert.ts';
import type { DataType } from '../tensor/data-type.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Variable, variable } from '../tensor/variable.ts';
import type { KeepsRank } from './lift.ts';

/**
 * The numbers as another data type. Fractions are cut off for int32 and uint8, NaN becomes 0 in int32, everything but
 * zero is true for bool.
 * @throws LanegradError when a value does not fit uint8.
 */
export const cast = <T extends Tensor = Tensor>(x: T | TensorArgument, dtype: DataType): T =>
  toTensor('cast', 'x', x).cast<T>(dtype);

// @__NO_SIDE_EFFECTS__
const to =
  (dtype: DataType): ((x: Tensor) => Tensor) & KeepsRank =>
  (x) =>
    x.cast(dtype);

/** Conversions that are methods alone: `x.toFloat()`. */
export const conversionsAsMethods = {
  toFloat: to('float32'),
  toInt: to('int32'),
  toBool: to('bool'),
};

/** A variable that begins with the tensor's numbers, as a method: `x.variable()`. */
export const variableAsMethod = {
  variable: (x: Tensor, trainable?: boolean, name?: string, dtype?: DataType): Variable =>
    variable(x, trainable, name, dtype),
};
