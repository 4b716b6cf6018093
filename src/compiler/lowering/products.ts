// Products of matrices as kernels compute them: with the second operand in panels where that pays, and in parts that
// threads share.

import { Layout } from '../../../assembly/opcodes.ts';
import { GemmWord, Opcode } from '../../../assembly/words.ts';
import type { Emitter, KernelOp, Value } from '../../graph/graph.ts';
import { isMadeBy } from '../../graph/op.ts';
import { broadcastingOps } from '../../graph/ops/broadcasting.ts';
import { matmulOps, oriented, type Transposes } from '../../graph/ops/matmul.ts';
import { result } from '../../graph/ops/result.ts';
import { type Rule, rules } from '../rewrite.ts';
import { countOf, floatBytes, packOp, strideBytes } from './panels.ts';
import { sumPartsOp } from './parts.ts';

/** Rows of A up to which B is read where it lies: packing costs about as much as this many rows gain. */
const unpackedRows = 12;
/** Rows of B up to which it is read where it lies. */
const unpackedDepth = 8;

/** Whether a product of m rows with B is faster, or possible only, if B is packed. */
function isPacked(m: number, b: Value, transposeB: boolean): boolean {
  const [k, n] = oriented(b.shape, transposeB);
  // The kernel reads rows of B as vectors: a transposed B has such rows only if it is a single row or column.
  if (transposeB && k > 1 && n > 1) return true;
  return m > unpackedRows && n > Layout.panelColumns && k > unpackedDepth;
}

/** k: the products that each element sums. */
const depthOf = ({ inputs: [a], attrs }: Value<Transposes>) => oriented(a.shape, attrs.transposeA)[1];

/** Blocks in which a product's k is taken: about as many steps each. */
const blocksOf = (k: number) => Math.max(1, Math.ceil(k / Layout.productDepth));

/** Bytes from one matrix of a value to the next; 0 where it is the only one. */
const batchBytes = (x: Value, elements: number) => (countOf(x) === 1 ? 0 : elements * floatBytes);

/** The words of the command. Inputs: A, B and, where it pays, B's panels. */
function emitProduct(node: Value<Transposes>, emitter: Emitter, isInParts: boolean): void {
  const [a, b, packed] = node.inputs;
  const [m, n] = node.shape.slice(-2);
  const { transposeA, transposeB } = node.attrs;
  const k = depthOf(node);
  const [aRow, aColumn] = strideBytes(a.shape, transposeA);
  emitter.command(Opcode.gemm, {
    [GemmWord.a]: emitter.address(a),
    [GemmWord.aRow]: aRow,
    [GemmWord.aColumn]: aColumn,
    [GemmWord.b]: emitter.address(packed ?? b),
    [GemmWord.bRow]: packed ? Layout.panelColumns * floatBytes : strideBytes(b.shape, transposeB)[0],
    [GemmWord.c]: emitter.address(node),
    [GemmWord.m]: m,
    [GemmWord.n]: n,
    [GemmWord.k]: k,
    [GemmWord.block]: Math.ceil(k / blocksOf(k)),
    [GemmWord.epilogue]: emitter.epilogue(node),
    [GemmWord.batches]: countOf(node),
    [GemmWord.aBatch]: batchBytes(a, m * k),
    [GemmWord.bBatch]: batchBytes(b, packed ? packed.size / countOf(b) : k * n),
    [GemmWord.isSplit]: Number(isInParts),
  });
}

/** Inputs: A, B and, where it pays, B's panels. */
const productOp: KernelOp<Transposes> = {
  name: 'matMul',
  kind: 'kernel',
  hasEpilogue: true,
  shape: matmulOps.matMul.shape,
  gradient: 'none',
  work: (node) => node.size * depthOf(node),
  emit: (node, emitter) => emitProduct(node, emitter, false),
};

/** What each block of k adds to a product: [blocks, m, n]. */
const partsOp: KernelOp<Transposes> = {
  name: 'matMulParts',
  kind: 'kernel',
  shape: (inputs, attrs) => {
    const [, k] = oriented(inputs[0].shape, attrs.transposeA);
    return [blocksOf(k), ...matmulOps.matMul.shape(inputs, attrs)];
  },
  gradient: 'none',
  work: (node) => node.size * Math.ceil(depthOf(node) / node.shape[0]),
  emit: (node, emitter) => emitProduct(node, emitter, true),
};

export const packingRules: readonly Rule[] = rules([matmulOps.matMul], ({ graph, inputs, attrs, shape }) => {
  const [a, b] = inputs;
  const { transposeB: transpose } = attrs;
  const isWorth = isPacked(shape[shape.length - 2], b, transpose);
  return graph.add(productOp, isWorth ? [a, b, graph.add(packOp, [b], { transpose })] : [a, b], attrs);
});

/** Columns of a matrix are summed where a product packs it: the kernel has it in registers. */
export const columnSumRules: readonly Rule[] = rules(
  [broadcastingOps.sum],
  ({ graph, inputs: [b], attrs: { first, end } }, { original, readersOf }) => {
    if (b.rank !== 2 || first !== 0 || end !== 1 || b.shape[0] > Layout.rowsOfSum) return undefined;
    const packs = (reader: Value): boolean =>
      isMadeBy(reader, matmulOps.matMul) &&
      reader.inputs[1] === original.inputs[0] &&
      !reader.attrs.transposeB &&
      isPacked(reader.shape[reader.rank - 2], b, false);
    return readersOf(original.inputs[0]).some(packs)
      ? result(graph.add(packOp, [b], { transpose: false }), 0)
      : undefined;
  },
);

/**
 * Threads share a product's k rather than its rows. Each then reads rows of B of its own, which it has itself changed if
 * they are weights, but all must exchange what C is the sum of: that is to be half of B at the most.
 * @param isShared whether threads share a node's commands
 */
export const productSharingRules = (isShared: (node: Value) => boolean): readonly Rule[] =>
  rules([productOp], (node) => {
    const { graph, inputs, attrs, shape, rank, size } = node;
    const k = depthOf(node);
    const blocks = blocksOf(k);
    const pays = blocks > 1 && blocks <= Layout.maxThreads && 2 * blocks * shape[0] <= k;
    if (rank > 2 || size <= 1 || !pays || !isShared(node as Value)) return undefined;
    return graph.add(sumPartsOp, [graph.add(partsOp, inputs, attrs)], {});
  });
