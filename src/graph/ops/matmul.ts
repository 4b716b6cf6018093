// The matrix product, in all the forms that forward and backward passes need: a transposed operand is a
// matter of strides, never a copy.

import type { MeantOp, Value } from '../graph.ts';
import { isMadeBy } from '../op.ts';
import { broadcastShapes, formatShape, type Shape, sizeOf } from '../shape.ts';
import { broadcastTo, sumTo } from './broadcasting.ts';
import { areIntegers, asFloat, asInt32 } from './conversion.ts';
import { reshape } from './sources.ts';

interface Transposes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** A and B are matrices, or [batch, rows, columns] where a batch of 1 goes with any. */
const matmulOp: MeantOp<Transposes> = {
  name: 'matMul',
  kind: 'meant',
  shape: ([a, b], { transposeA, transposeB }) => {
    const [m, kOfA] = oriented(a.shape, transposeA);
    const [kOfB, n] = oriented(b.shape, transposeB);
    if (kOfA !== kOfB) {
      throw a.graph.error(
        `matMul: inner sizes ${kOfA} and ${kOfB} differ; ` +
          `shapes ${formatShape(a.shape)} and ${formatShape(b.shape)}, ` +
          `transposeA ${transposeA}, transposeB ${transposeB}.`,
      );
    }
    return a.rank === 2 ? [m, n] : [a.shape[0] === 1 ? b.shape[0] : a.shape[0], m, n];
  },
  // C = A·B: dA = dC·Bᵀ, dB = Aᵀ·dC; where an operand was transposed, the transpose of that.
  gradient: (dc, { inputs: [a, b], attrs: { transposeA, transposeB } }) => [
    sumTo(transposeA ? matMul(b, dc, transposeB, true) : matMul(dc, b, false, !transposeB), a.shape),
    sumTo(transposeB ? matMul(dc, a, true, transposeA) : matMul(a, dc, !transposeA, false), b.shape),
  ],
};

/** Rows and columns of a matrix as the product sees it. */
const oriented = (shape: Shape, transposed: boolean): [number, number] => {
  const rows = shape[shape.length - 2];
  const columns = shape[shape.length - 1];
  return transposed ? [columns, rows] : [rows, columns];
};

/** @internal */
export const matmulOps = { matMul: matmulOp };

/**
 * A·B for matrices [m,k] and [k,n]; either may be given transposed. Values of higher rank are matrices along their
 * last two axes; the axes before these are broadcast, as TensorFlow.js does it.
 */
export function matMul(a: Value, b: Value, transposeA = false, transposeB = false): Value {
  if (a.rank < 2 || b.rank < 2) {
    throw a.graph.error(
      `matMul: takes matrices; got shapes ${formatShape(a.shape)} and ${formatShape(b.shape)}.`,
    );
  }
  // Exact up to 2²⁴.
  const floats = productOf(asFloat(a), asFloat(b), { transposeA, transposeB });
  return areIntegers([a, b]) ? asInt32(floats) : floats;
}

/** A·B of floats. */
function productOf(a: Value, b: Value, attrs: Transposes): Value {
  if (a.rank === 2 && b.rank === 2) return product(a, b, attrs);
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (!batch) {
    throw a.graph.error(
      `matMul: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} do not broadcast.`,
    );
  }
  // Rows of many matrices times one matrix are rows of one.
  if (b.rank === 2 && !attrs.transposeA) {
    const leading = a.shape.slice(0, -1);
    const rows = product(reshape(a, [sizeOf(leading), a.shape[a.rank - 1]]), b, attrs);
    return reshape(rows, [...leading, rows.shape[1]]);
  }
  const matrices = product(stacked(a, batch), stacked(b, batch), attrs);
  return reshape(matrices, [...batch, ...matrices.shape.slice(1)]);
}

/** A value as [batch, rows, columns]: its one matrix, or one for each of the batch. */
function stacked(x: Value, batch: Shape): Value {
  const matrix = x.shape.slice(-2);
  if (sizeOf(x.shape.slice(0, -2)) === 1) return reshape(x, [1, ...matrix]);
  return reshape(broadcastTo(x, [...batch, ...matrix]), [sizeOf(batch), ...matrix]);
}

const product = (a: Value, b: Value, attrs: Transposes): Value => a.graph.add(matmulOp, [a, b], attrs);

/** Whether a value is AᵀB, as gradients of weights are: the sum over rows of A and B. */
export const isOuterProduct = (value: Value): value is Value<Transposes> =>
  isMadeBy(value, matmulOps.matMul) && value.rank === 2 && value.attrs.transposeA && !value.attrs.transposeB;
