// `tf.linalg`: matrices in parts.

import { LanegradError } from '../errors.ts';
import type { Value } from '../graph/graph.ts';
import { bandPart as band } from '../graph/ops/arrangement.ts';
import * as ops from '../graph/ops/linear-algebra.ts';
import { type TensorArgument, toTensor } from '../tensor/convert.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Tensor1D, Tensor2D } from '../tensor/types.ts';
import { requireRank } from './arguments.ts';
import { lift, liftAlike } from './lift.ts';

/** Matrices without what is more than `numLower` below the diagonal or `numUpper` above; a negative number keeps all. */
export const bandPart = liftAlike(
  'bandPart',
  ['a', 'numLower:any', 'numUpper:any'],
  (a: Value, numLower: number | Tensor, numUpper: number | Tensor) => {
    if (a.rank < 2) throw a.graph.error(`bandPart(): Rank must be at least 2, got ${a.rank}.`);
    const [rows, columns] = a.shape.slice(-2);
    return band(a, kept(a, 'numLower', numLower, rows), kept(a, 'numUpper', numUpper, columns));
  },
);

/** How many diagonals are kept: no more than there are. */
function kept({ graph }: Value, name: string, given: number | Tensor, most: number): number {
  const number = typeof given === 'number' ? given : toTensor('bandPart', name, given).computed()[0];
  if (Number.isInteger(number) && number <= most) return number;
  throw graph.error(`bandPart(): ${name} must be an integer of at most ${most}, got ${number}.`);
}

const rowsOf = lift('gramSchmidt', ['xs'], (xs: Value) => {
  requireRank('gramSchmidt: xs must be a matrix, rank 2', xs, 2);
  if (xs.size === 0) throw xs.graph.error('gramSchmidt: there are no vectors.');
  return ops.gramSchmidt(xs);
});
const vectorsOf = lift('gramSchmidt', ['…xs'], (xs: readonly Value[]) => {
  const [first] = xs;
  if (!first) throw new LanegradError('gramSchmidt: the list of vectors must not be empty.');
  const other = xs.find(({ size }) => size !== first.size);
  if (other) {
    throw first.graph.error(
      `gramSchmidt: Non-unique lengths found in the vectors: ${first.size} and ${other.size}.`,
    );
  }
  return ops.gramSchmidt(xs);
});

/** Orthonormal vectors that span what the rows of a matrix, or the vectors of a list, do. */
export function gramSchmidt(xs: Tensor): Tensor2D;
/** The same of a list of vectors: a list again. */
export function gramSchmidt(xs: readonly TensorArgument[]): Tensor1D[];
/** Either of these. */
export function gramSchmidt(xs: Tensor | readonly TensorArgument[]): Tensor2D | Tensor1D[];
export function gramSchmidt(xs: Tensor | readonly TensorArgument[]): Tensor2D | Tensor1D[] {
  return Array.isArray(xs) ? vectorsOf<Tensor1D>(xs) : rowsOf<Tensor2D>(xs as Tensor);
}

/** Matrices [..., m, n] as Q·R, Q orthogonal, R zero below its diagonal. */
export const qr = lift('qr', ['x', 'fullMatrices?:flag'], ops.qr);
