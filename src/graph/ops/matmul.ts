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

interface Transpose {
  readonly transpose: boolean;
}

/**
 * The second operand of a product in panels of 8 columns, the last filled up with zeros: [panels, k, 8]. A node
 * of its own, so that products which share the operand, as those of a recurrence do, share its panels.
 */
const packOp: Op<Transpose> = {
  name: 'packB',
  kind: 'kernel',
  shape: ([b], { transpose }) => {
    const [k, n] = oriented(b.shape, transpose);
    return [Math.ceil(n / Layout.panelColumns), k, Layout.panelColumns];
  },
  emit: (node, emitter) => {
    const [b] = node.inputs;
    const { transpose } = node.attrs;
    const [k, n] = oriented(b.shape, transpose);
    const strides = strideBytes(b.shape, transpose);
    emitter.command(Opcode.packB, emitter.address(b), ...strides, emitter.address(node as Value), k, n, k);
  },
};

/** Inputs: A, B and, where it pays, B's panels. */
const matmulOp: Op<Transposes> = {
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
  emit: (node, emitter) => {
    const [a, b, packed] = node.inputs;
    const [m, n] = node.shape;
    const { transposeA, transposeB } = node.attrs;
    const k = depthOf(node);
    const [aRow, aColumn] = strideBytes(a.shape, transposeA);
    const [bRow] = strideBytes(b.shape, transposeB);
    const panelBytes = Layout.panelColumns * floatBytes;
    const panels = packed
      ? [emitter.address(packed), k * panelBytes, panelBytes]
      : [emitter.address(b), panelBytes, bRow];
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

/** Whether a product of m rows with B is faster, or possible only, if B is packed. */
function isPacked(m: number, b: Value, transposeB: boolean): boolean {
  const [k, n] = oriented(b.shape, transposeB);
  // The kernel reads rows of B as vectors, so a transposed B of more than one row is always packed.
  if (transposeB) return k > 1 || n > 1;
  return m > unpackedRows && n > Layout.panelColumns;
}

/** The matrix product and what it reads. */
export const matmulOps = { packB: packOp, matMul: matmulOp };

/** A·B for matrices [m,k] and [k,n]; either may be given transposed. */
export function matMul(a: Value, b: Value, transposeA = false, transposeB = false): Value {
  const { graph } = a;
  const operands = [asFloat(a), asFloat(b)];
  const attrs = { transposeA, transposeB };
  const [m, n] = matmulOp.shape(operands, attrs);
  if (operands.some(isZeros)) return zeros(graph, [m, n]);
  if (isPacked(m, operands[1], transposeB)) {
    operands.push(graph.add(packOp, [operands[1]], { transpose: transposeB }) as Value);
  }
  return graph.add(matmulOp, operands, attrs) as Value;
}
