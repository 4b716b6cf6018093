// `tf.linalg`: matrices in parts.

import type { Value } from '../graph/graph.ts';
import { bandPart as band } from '../graph/ops/arrangement.ts';
import * as ops from '../graph/ops/linear-algebra.ts';
import type { TensorArgument } from '../tensor/convert.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { lift } from './lift.ts';

/** Matrices without what is more than `numLower` below the diagonal or `numUpper` above; a negative number keeps all. */
export const bandPart = lift('bandPart', ['a'], band);

const rowsOf = lift('gramSchmidt', ['xs'], (xs: Value) => ops.gramSchmidt(xs));
const vectorsOf = lift('gramSchmidt', ['…xs'], (xs: readonly Value[]) => ops.gramSchmidt(xs));

/** Orthonormal vectors that span what the rows of a matrix, or the vectors of a list, do. */
export function gramSchmidt(xs: Tensor): Tensor;
export function gramSchmidt(xs: readonly TensorArgument[]): Tensor[];
export function gramSchmidt(xs: Tensor | readonly TensorArgument[]): Tensor | Tensor[] {
  return Array.isArray(xs) ? vectorsOf(xs) : rowsOf(xs as Tensor);
}

/** Matrices [..., m, n] as Q·R, Q orthogonal, R zero below its diagonal. */
export const qr = lift('qr', ['x'], ops.qr);
