// Tensors made of others: copies, ones and zeros of their shape, rows of zeros with a one.

import type { Value } from '../graph/graph.ts';
import { oneHot as hot } from '../graph/ops/arrangement.ts';
import { broadcastTo } from '../graph/ops/broadcasting.ts';
import { cast as castTo } from '../graph/ops/elementwise.ts';
import { constant } from '../graph/ops/sources.ts';
import { type TensorArgument, toTensor } from '../tensor/convert.ts';
import { countedAs, type DataType } from '../tensor/data-type.ts';
import { type CustomGradient, transparentOp } from '../tensor/deferred.ts';
import { isTaping } from '../tensor/tape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { recorder } from '../tensor/tensor.ts';
import { lift, liftAlike } from './lift.ts';

const filledLike = (x: Value, number: number): Value => {
  const filled = broadcastTo(constant(x.graph, [number], [], countedAs(x.dtype)), x.shape);
  // It depends on x, with the gradient zero.
  return isTaping() && x.graph === recorder ? x.graph.add(transparentOp, [filled, x], noGradient) : filled;
};

const noGradient: CustomGradient = { gradient: () => [undefined, undefined] };

/** Ones of x's shape and type. */
export const onesLike = liftAlike('onesLike', ['x'], (x: Value) => filledLike(x, 1));
/** Zeros of x's shape and type. */
export const zerosLike = liftAlike('zerosLike', ['x'], (x: Value) => filledLike(x, 0));
/** A tensor of its own with the same numbers. */
export const clone = liftAlike('clone', ['x'], (x: Value) => x);

/** Writes a tensor to the console; `verbose` adds data type, rank and shape. */
export function print<T extends Tensor = Tensor>(x: T | TensorArgument, verbose = false): void {
  toTensor('print', 'x', x).print(verbose);
}

/**
 * For each index a row of `depth` numbers, one of which stands at the index: indices' shape and `depth` behind it. An index
 * that there is not gives a row without.
 * @param onValue what stands at the index; default: 1
 * @param offValue what stands elsewhere; default: 0
 * @param dtype default: int32
 */
export const oneHot = lift(
  'oneHot',
  ['indices:int32', 'depth:size', 'onValue?:number', 'offValue?:number', 'dtype?:float32|int32|bool'],
  (indices: Value, depth: number, onValue = 1, offValue = 0, dtype: Exclude<DataType, 'uint8'> = 'int32') => {
    if (!(Number.isInteger(depth) && depth >= 2)) {
      throw indices.graph.error(`Error in oneHot: depth must be >=2, but it is ${depth}.`);
    }
    return castTo(hot(indices, depth, onValue, offValue, dtype), dtype);
  },
);
