// Products of matrices, and what is made of them.

import type { Value } from '../graph/graph.ts';
import * as ops from '../graph/ops/matmul.ts';
import * as composed from '../graph/ops/products.ts';
import type { TensorArgument } from '../tensor/convert.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Tensor2D } from '../tensor/types.ts';
import { type Giving, lift, liftAlike } from './lift.ts';

export const dot = lift('dot', ['t1', 't2'], composed.dot);
export const matMul = liftAlike('matMul', ['a', 'b', 'transposeA?:flag', 'transposeB?:flag'], ops.matMul);
export const outerProduct: Giving<Tensor2D, typeof composed.outerProduct> = lift(
  'outerProduct',
  ['v1', 'v2'],
  composed.outerProduct,
);

const sumsOfProducts = lift(
  'einsum',
  ['…tensors', 'equation:text'],
  (values: readonly Value[], equation: string) => composed.einsum(equation, ...values),
);

/**
 * Sums of products over axes that are named by letters: 'ij,jk->ik' is the product of matrices.
 * @throws LanegradError for an equation that does not fit the tensors, or names an axis twice in one of them.
 */
export const einsum = (equation: string, ...tensors: readonly (TensorArgument | Value)[]): Tensor =>
  sumsOfProducts(tensors, equation);
