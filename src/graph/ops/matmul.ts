// The matrix product, in all the forms that forward and backward passes need: a transposed operand is a
// matter of strides, never a copy.

import { Layout, Opcode, Reduction } from '../../../assembly/opcodes.ts';
import type { Value } from '../graph.ts';
import { isMadeBy, type Op } from '../op.ts';
import { broadcastShapes, formatShape, type Shape, sizeOf } from '../shape.ts';
import { asFloat, sumTo } from './elementwise.ts';
import { asInt32, isInteger } from './integers.ts';
import { broadcastTo } from './movement.ts';
import { emitReduction, reductionOps } from './reductions.ts';
import { reshape } from './sources.ts';

export interface Transposes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const floatBytes = 4;

/** Rows of A up to which B is read where it lies: packing costs about as much as this many rows gain. */
const unpackedRows = 12;
/** Rows of B up to which it is read where it lies. */
const unpackedDepth = 8;

interface Transpose {
  readonly transpose: boolean;
}

/** Matrices of a value: one, or those of [batch, rows, columns]. */
const countOf = ({ rank, shape }: Value) => (rank === 2 ? 1 : shape[0]);

/** Bytes from one matrix of a value to the next; 0 where it is the only one. */
const batchBytes = (x: Value, elements: number) => (countOf(x) === 1 ? 0 : elements * floatBytes);

/**
 * The second operand of a product in panels of 8 columns, the last filled up with anything: [panels, k, 8], or
 * [batch, panels, k, 8]. A node of its own, so that products which share the operand, as those of a recurrence
 * do, share its panels; the sums of its columns, which the gradient of a bias is, come with them.
 */
const packOp: Op<Transpose> = {
  name: 'packB',
  kind: 'kernel',
  shape: ([b], { transpose }) => {
    const [k, n] = oriented(b.shape, transpose);
    return [...b.shape.slice(0, -2), Math.ceil(n / Layout.panelColumns), k, Layout.panelColumns];
  },
  gradient: 'none',
  takes: ({ inputs: [b], attrs: { transpose } }, other) => {
    if (!isMadeBy(other, reductionOps.sum) || other.inputs[0] !== b || transpose) return false;
    const { first, end } = other.attrs;
    return b.rank === 2 && first === 0 && end === 1 && b.shape[0] <= Layout.rowsOfSum;
  },
  emit: (node, emitter) => {
    const [b] = node.inputs;
    const { transpose } = node.attrs;
    const [k, n] = oriented(b.shape, transpose);
    const strides = strideBytes(b.shape, transpose);
    const bytes = (x: Value) => (x.size / countOf(b)) * floatBytes;
    for (let i = 0; i < countOf(b); i++) {
      const source = emitter.address(b) + i * bytes(b);
      const target = emitter.address(node) + i * bytes(node);
      emitter.command(Opcode.packB, source, ...strides, target, k, n, k, emitter.companion());
    }
  },
};

/**
 * Inputs: A, B and, where it pays, B's panels. A and B are matrices, or [batch, rows, columns] where a batch of 1
 * goes with any.
 */
const matmulOp: Op<Transposes> = {
  name: 'matMul',
  kind: 'kernel',
  hasEpilogue: true,
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
    return a.rank === 2 ? [m, n] : [Math.max(a.shape[0], b.shape[0]), m, n];
  },
  // C = A·B: dA = dC·Bᵀ, dB = Aᵀ·dC; where an operand was transposed, the transpose of that.
  gradient: (dc, { inputs: [a, b], attrs: { transposeA, transposeB } }) => [
    sumTo(transposeA ? matMul(b, dc, transposeB, true) : matMul(dc, b, false, !transposeB), a.shape),
    sumTo(transposeB ? matMul(dc, a, true, transposeA) : matMul(a, dc, !transposeA, false), b.shape),
  ],
  work: (node) => node.size * depthOf(node),
  scratchBytes: (node, isShared) =>
    isSplit(node, isShared) ? blocksOf(depthOf(node)) * node.size * floatBytes : 0,
  emit: (node, emitter) => {
    const [a, b, packed] = node.inputs;
    const [m, n] = node.shape.slice(-2);
    const { transposeA, transposeB } = node.attrs;
    const k = depthOf(node);
    const blocks = blocksOf(k);
    const split = isSplit(node, emitter.isShared);
    const product = split ? emitter.scratchAddress(node) : emitter.address(node);
    const epilogue = emitter.epilogue(node);
    emitter.command(
      Opcode.gemm,
      emitter.address(a),
      ...strideBytes(a.shape, transposeA),
      emitter.address(packed ?? b),
      packed ? Layout.panelColumns * floatBytes : strideBytes(b.shape, transposeB)[0],
      product,
      m,
      n,
      k,
      Math.ceil(k / blocks),
      split ? 0 : epilogue,
      split ? blocks : countOf(node),
      batchBytes(a, m * k),
      batchBytes(b, packed ? packed.size / countOf(b) : k * n),
      Number(split),
    );
    if (split) {
      emitReduction(emitter, Reduction.sum, product, emitter.address(node), [1, blocks, m * n], epilogue);
    }
  },
};

/** Rows and columns of a matrix as the product sees it. */
const oriented = (shape: Shape, transposed: boolean): [number, number] => {
  const rows = shape[shape.length - 2];
  const columns = shape[shape.length - 1];
  return transposed ? [columns, rows] : [rows, columns];
};

/** k: the products that each element sums. */
const depthOf = ({ inputs: [a], attrs }: Value<Transposes>) => oriented(a.shape, attrs.transposeA)[1];

/** Blocks in which a product's k is taken: about as many steps each. */
const blocksOf = (k: number) => Math.max(1, Math.ceil(k / Layout.productDepth));

/**
 * Whether threads, where there are several, share a product's k rather than its rows. Each then reads rows of B of its own, which it has
 * itself changed if they are weights, but all must exchange what C is the sum of: that is to be half of B at the most.
 */
function isSplit(node: Value<Transposes>, isShared: boolean): boolean {
  if (!isShared || node.rank > 2 || node.size <= 1) return false;
  const k = depthOf(node);
  const blocks = blocksOf(k);
  return blocks > 1 && blocks <= Layout.mostThreads && 2 * blocks * node.shape[0] <= k;
}

/** Bytes from one row to the next and from one column to the next, as the product sees them. */
function strideBytes(shape: Shape, transposed: boolean): [number, number] {
  const rowBytes = shape[shape.length - 1] * floatBytes;
  return transposed ? [floatBytes, rowBytes] : [rowBytes, floatBytes];
}

/** Whether a product of m rows with B is faster, or possible only, if B is packed. */
function isPacked(m: number, b: Value, transposeB: boolean): boolean {
  const [k, n] = oriented(b.shape, transposeB);
  // The kernel reads rows of B as vectors; those of a transposed B do so only if it is a single row or column.
  if (transposeB && k > 1 && n > 1) return true;
  return m > unpackedRows && n > Layout.panelColumns && k > unpackedDepth;
}

/** The matrix product and what it reads. */
export const matmulOps = { packB: packOp, matMul: matmulOp };

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
  if (isInteger(a) && isInteger(b)) return asInt32(matMul(asFloat(a), asFloat(b), transposeA, transposeB));
  const attrs = { transposeA, transposeB };
  if (a.rank === 2 && b.rank === 2) return product(asFloat(a), asFloat(b), attrs);
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (!batch) {
    throw a.graph.error(
      `matMul: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} do not broadcast.`,
    );
  }
  // Rows of many matrices times one matrix are rows of one.
  if (b.rank === 2 && !transposeA) {
    const rows = product(reshape(asFloat(a), [-1, a.shape[a.rank - 1]]), asFloat(b), attrs);
    return reshape(rows, [...a.shape.slice(0, -1), rows.shape[1]]);
  }
  const matrices = product(stacked(a, batch), stacked(b, batch), attrs);
  return reshape(matrices, [...batch, ...matrices.shape.slice(1)]);
}

/** A value as [batch, rows, columns]: its one matrix, or one for each of the batch. */
function stacked(x: Value, batch: Shape): Value {
  const matrix = x.shape.slice(-2);
  const whole = sizeOf(x.shape.slice(0, -2)) === 1 ? asFloat(x) : broadcastTo(x, [...batch, ...matrix]);
  return reshape(whole, [-1, ...matrix]);
}

function product(a: Value, b: Value, attrs: Transposes): Value {
  const shape = matmulOp.shape([a, b], attrs);
  const operands = [a, b];
  if (isPacked(shape[shape.length - 2], b, attrs.transposeB)) {
    operands.push(a.graph.add(packOp, [b], { transpose: attrs.transposeB }));
  }
  return a.graph.add(matmulOp, operands, attrs);
}
