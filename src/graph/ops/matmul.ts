// The matrix product, in all the forms that forward and backward passes need: a transposed operand is a
// matter of strides, never a copy.

import { Layout, Opcode } from '../../../assembly/opcodes.ts';
import type { Op, Value } from '../graph.ts';
import { formatShape } from '../shape.ts';
import { asFloat } from './elementwise.ts';
import { isZeros, zeros } from './movement.ts';

interface Transposes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const floatBytes = 4;

/** Rows of A up to which B is read where it lies: packing costs about as much as this many rows gain. */
const unpackedRows = 12;

export const matmulOp: Op<Transposes> = {
  name: 'matMul',
  kind: 'kernel',
  hasEpilogue: true,
  shape: ([a, b], { transposeA, transposeB }) => {
    if (a.rank !== 2 || b.rank !== 2) {
      throw a.graph.error(
        `matMul: takes two matrices; got shapes ${formatShape(a.shape)} and ${formatShape(b.shape)}.`,
      );
    }
    const [m, kOfA] = oriented(a.shape, transposeA);
    const [kOfB, n] = oriented(b.shape, transposeB);
    if (kOfA !== kOfB) {
      throw a.graph.error(
        `matMul: inner sizes ${kOfA} and ${kOfB} differ; ` +
          `shapes ${formatShape(a.shape)} and ${formatShape(b.shape)}, ` +
          `transposeA ${transposeA}, transposeB ${transposeB}.`,
      );
    }
    return [m, n];
  },
  // C = A·B: dA = dC·Bᵀ, dB = Aᵀ·dC; where an operand was transposed, the transpose of that.
  gradient: (dc, { inputs: [a, b], attrs: { transposeA, transposeB } }) => [
    transposeA ? matMul(b, dc, transposeB, true) : matMul(dc, b, false, !transposeB),
    transposeB ? matMul(dc, a, true, transposeA) : matMul(a, dc, !transposeA, false),
  ],
  work: (node) => node.size * depthOf(node),
  scratchBytes: (node) => (isPacked(node) ? packedBytes(node) : 0),
  emit: (node, emitter) => {
    const [a, b] = node.inputs;
    const [m, n] = node.shape;
    const { transposeA, transposeB } = node.attrs;
    const k = depthOf(node);
    const [aRow, aColumn] = strideBytes(a.shape, transposeA);
    const [bRow, bColumn] = strideBytes(b.shape, transposeB);
    const panelBytes = Layout.panelColumns * floatBytes;
    let panels = [emitter.address(b), panelBytes, bRow];
    if (isPacked(node)) {
      const packed = emitter.scratchAddress(node as Value);
      emitter.command(Opcode.packB, emitter.address(b), bRow, bColumn, packed, k, n);
      panels = [packed, k * panelBytes, panelBytes];
    }
    emitter.command(
      Opcode.gemm,
      emitter.address(a),
      aRow,
      aColumn,
      ...panels,
      emitter.address(node as Value),
      m,
      n,
      k,
      emitter.epilogue(node as Value),
    );
  },
};

/** Rows and columns of a matrix as the product sees it. */
const oriented = ([rows, columns]: readonly number[], transposed: boolean) =>
  transposed ? [columns, rows] : [rows, columns];

/** k: the products that each element sums. */
const depthOf = ({ inputs: [a], attrs }: Value<Transposes>) => oriented(a.shape, attrs.transposeA)[1];

/** Bytes from one row to the next and from one column to the next, as the product sees them. */
const strideBytes = ([, columns]: readonly number[], transposed: boolean) =>
  transposed ? [floatBytes, columns * floatBytes] : [columns * floatBytes, floatBytes];

function isPacked(node: Value<Transposes>): boolean {
  const [m, n] = node.shape;
  // The kernel reads rows of B as vectors, so a transposed B of more than one row is always packed.
  if (node.attrs.transposeB) return node.inputs[1].shape[1] > 1 || n > 1;
  return m > unpackedRows && n > Layout.panelColumns;
}

function packedBytes(node: Value<Transposes>): number {
  return Math.ceil(node.shape[1] / Layout.panelColumns) * Layout.panelColumns * depthOf(node) * floatBytes;
}

/** A·B for matrices [m,k] and [k,n]; either may be given transposed. */
export function matMul(a: Value, b: Value, transposeA = false, transposeB = false): Value {
  const product = a.graph.add(matmulOp, [asFloat(a), asFloat(b)], { transposeA, transposeB }) as Value;
  return isZeros(a) || isZeros(b) ? zeros(a.graph, product.shape) : product;
}
