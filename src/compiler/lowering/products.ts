// Products of matrices as kernels compute them: with the second operand in panels where that pays, and in parts that
// threads share. Matrices are read where they lie, and written where they are wanted.

import { Blocks, Layout } from '../../../assembly/opcodes.ts';
import { GemmWord, MatrixStepsWord, Opcode } from '../../../assembly/words.ts';
import { floatBytes } from '../../bytes.ts';
import type { Emitter, KernelOp, Value } from '../../graph/graph.ts';
import { isMadeBy } from '../../graph/op.ts';
import { broadcastingOps } from '../../graph/ops/broadcasting.ts';
import { matmulOps } from '../../graph/ops/matmul.ts';
import { movementOps } from '../../graph/ops/movement.ts';
import { result } from '../../graph/ops/result.ts';
import { type Shape, sameShape } from '../../graph/shape.ts';
import { wordsOf } from '../../graph/words.ts';
import { type Rule, rule, type Surroundings } from '../rewrite.ts';
import {
  countOf,
  denseMatrices,
  type Matrices,
  matricesIn,
  type Placed,
  placedMatrices,
  transposed,
} from './matrices.ts';
import { emitPack, packOp, panelMatrices, panelsOf } from './panels.ts';
import { spareMemory, sumPartsOp } from './parts.ts';
import { isRenamed, transposedView } from './views.ts';

/** Rows of A up to which B is read where it lies: packing costs about as much as this many rows gain. */
const unpackedRows = 12;
/** Rows of B up to which it is read where it lies. */
const unpackedDepth = 8;

/**
 * Bytes of panels up to which they are packed at once: where there are more, the first have left the caches when the last
 * are there.
 */
const maxPanelBytes = 2 ** 21;

/** C = A·B, and where the three lie in their arrays. */
export interface Product {
  readonly a: Matrices;
  readonly b: Matrices;
  readonly c: Matrices;
  /** Of C's array. */
  readonly shape: Shape;
  /** Whether B is packed a block of k at a time, into spare memory, the third input. Default: no */
  readonly isInBlocks?: boolean;
}

/** Whether a product of m rows with B is faster, or possible only, if B is packed. */
function isPacked(m: number, { rows: k, columns: n, column }: Matrices): boolean {
  // The kernel reads rows of B as vectors.
  if (column !== floatBytes && n > 1) return true;
  return m > unpackedRows && n > Layout.panelColumns && k > unpackedDepth;
}

/** Blocks in which a product's k is taken: about as many steps each. */
const blocksOf = (k: number) => Math.max(1, Math.ceil(k / Layout.productDepth));

/** The most steps of a block. */
const blockOf = (k: number) => Math.ceil(k / blocksOf(k));

/** Matrices of a group, if a batch is one of groups. */
const groupOf = ({ batch }: Matrices): number | undefined => batch[1]?.[0];

/** Bytes from one group of matrices to the next, and from one matrix of a group to the next. */
function stepsOf({ batch }: Matrices, group: number): [outer: number, inner: number] {
  if (batch.length === 2) return [batch[0][1], batch[1][1]];
  const step = batch[0]?.[1] ?? 0;
  return [group * step, step];
}

/** Where the matrices of a batch lie, as the kernel is told. */
function stepsTable(emitter: Emitter, { a, b, c }: Product): number {
  const group = groupOf(a) ?? groupOf(b) ?? groupOf(c) ?? 1;
  const [[aOuter, aInner], [bOuter, bInner], [cOuter, cInner]] = [a, b, c].map((x) => stepsOf(x, group));
  return emitter.table(
    wordsOf<MatrixStepsWord>({
      [MatrixStepsWord.count]: group,
      [MatrixStepsWord.aOuter]: aOuter,
      [MatrixStepsWord.aInner]: aInner,
      [MatrixStepsWord.bOuter]: bOuter,
      [MatrixStepsWord.bInner]: bInner,
      [MatrixStepsWord.cOuter]: cOuter,
      [MatrixStepsWord.cInner]: cInner,
    }),
  );
}

/**
 * Appends the command for some steps of k. Inputs: A, and B or its panels.
 * @param bAt the address of the first row of B that it reads
 */
function emitSteps(
  node: Value,
  { a, b, c, shape }: Product,
  emitter: Emitter,
  bAt: number,
  blocks: Blocks,
  begin = 0,
  end = a.columns,
): void {
  const batches = countOf(c);
  emitter.command(Opcode.gemm, {
    [GemmWord.a]: emitter.address(node.inputs[0]) + a.offset + begin * a.column,
    [GemmWord.aRow]: a.row,
    [GemmWord.aColumn]: a.column,
    [GemmWord.b]: bAt,
    [GemmWord.bRow]: b.row,
    [GemmWord.c]: emitter.address(node) + c.offset,
    [GemmWord.cRow]: c.row,
    [GemmWord.m]: c.rows,
    [GemmWord.n]: c.columns,
    [GemmWord.k]: end - begin,
    [GemmWord.block]: blockOf(a.columns),
    [GemmWord.epilogue]: end < a.columns ? 0 : emitter.epilogue(node),
    [GemmWord.batches]: batches,
    [GemmWord.steps]: batches > 1 ? stepsTable(emitter, { a, b, c, shape }) : 0,
    [GemmWord.blocks]: blocks,
  });
}

function emitProduct(node: Value, product: Product, emitter: Emitter, blocks = Blocks.summed): void {
  emitSteps(node, product, emitter, emitter.address(node.inputs[1]) + product.b.offset, blocks);
}

/** Packs a block of k of B and adds what it makes to C, one block after the other. Inputs: A, B, spare memory. */
function emitInBlocks(node: Value, product: Product, emitter: Emitter): void {
  const [, source, spare] = node.inputs.map((input) => emitter.address(input));
  const { rows, columns: n, row, column, offset } = product.b;
  const inPanels = { ...product, b: panelMatrices(product.b) };
  for (let begin = 0; begin < rows; ) {
    const end = Math.min(begin + blockOf(rows), rows);
    emitPack(emitter, [row, column], { b: source + offset + begin * row, packed: spare, k: end - begin, n });
    emitSteps(node, inPanels, emitter, spare, begin > 0 ? Blocks.added : Blocks.summed, begin, end);
    begin = end;
  }
}

export const productOp: KernelOp<Product> = {
  name: 'matMul',
  kind: 'kernel',
  hasEpilogue: true,
  shape: (_, { shape }) => shape,
  gradient: 'none',
  work: ({ size, attrs }) => size * attrs.a.columns,
  emit: (node, emitter) =>
    (node.attrs.isInBlocks ? emitInBlocks : emitProduct)(node as Value, node.attrs, emitter),
};

/** What each block of k adds to a product: [blocks, m, n]. */
const partsOp: KernelOp<Product> = {
  name: 'matMulParts',
  kind: 'kernel',
  shape: (_, { shape }) => shape,
  gradient: 'none',
  work: ({ size, attrs: { a, shape } }) => size * Math.ceil(a.columns / shape[0]),
  emit: (node, emitter) => emitProduct(node as Value, node.attrs, emitter, Blocks.apart),
};

/** Whether the kernel can go through matrices: along rows or along columns, and in groups of groups no further. */
const isRegular = ({ rows, columns, row, column, batch }: Matrices): boolean =>
  (row === floatBytes || column === floatBytes || rows === 1 || columns === 1) && batch.length <= 2;

/** Whether the kernel can write matrices: along rows, and in groups of groups no further. */
export const isWritable = ({ columns, column, batch }: Matrices): boolean =>
  (column === floatBytes || columns === 1) && batch.length <= 2;

/** Whether matrices lie one behind the other, without gaps. */
const isDense = ({ columns, row, batch }: Matrices): boolean =>
  row === columns * floatBytes && batch.length < 2;

/** Whether batches are of groups of one size, or of no groups. */
const haveSameGroups = (...all: readonly Matrices[]): boolean =>
  new Set(all.map(groupOf).filter((group) => group !== undefined)).size <= 1;

/** The matrices of an operand, as the product sees them, in what it was moved from. */
function operand(x: Value, isTransposed: boolean, fits = (_: Matrices) => true): Placed {
  const seen = (matrices: Matrices) => (isTransposed ? transposed(matrices) : matrices);
  const { source, matrices } = placedMatrices(x, (each) => isRegular(each) && fits(seen(each)));
  return { source, matrices: seen(matrices) };
}

export const productRules: readonly Rule[] = [
  rule([matmulOps.matMul], ({ graph, inputs: [x, y], attrs, shape }) => {
    const { source, matrices: a } = operand(x, attrs.transposeA);
    const isPackedFor = (b: Matrices) => isPacked(a.rows, b);
    const b = operand(y, attrs.transposeB, (each) => isPackedFor(each) || haveSameGroups(a, each));
    const c = denseMatrices(a.rows, b.matrices.columns, Math.max(countOf(a), countOf(b.matrices)));
    const product = (second: Value, matrices: Matrices) =>
      graph.add(productOp, [source, second], { a, b: matrices, c, shape });
    if (!isPackedFor(b.matrices)) return product(b.source, b.matrices);
    return product(graph.add(packOp, [b.source], b.matrices) as Value, panelMatrices(b.matrices));
  }),
  // What nobody reads but transposed is written as it is wanted.
  rule([movementOps.transpose], (node, { readers }) => {
    const { graph, inputs, shape } = node;
    const product = onlyReadAs(inputs[0], readers);
    if (!isMadeBy(product, productOp)) return undefined;
    const { a, b, c } = product.attrs;
    const wanted = matricesIn(inputs[0].shape, transposedView(node));
    const isSame = wanted.rows === c.rows && wanted.columns === c.columns;
    return isDense(c) && isSame && isWritable(wanted) && haveSameGroups(a, b, wanted)
      ? graph.add(productOp, product.inputs, { ...product.attrs, c: wanted, shape })
      : undefined;
  }),
];

/**
 * Large panels that no other product reads: a block of k after the other, each packed where the one before was, which the
 * caches still have.
 */
export const blockRule: Rule = rule([productOp], ({ graph, inputs, attrs }, { original, readersOf }) => {
  const [a, panels] = inputs;
  if (!isMadeBy(panels, packOp) || !isMadeBy(original, matmulOps.matMul)) return undefined;
  const { rows, columns, batch } = panels.attrs;
  const isLarge = blocksOf(rows) > 1 && rows * columns * floatBytes > maxPanelBytes;
  if (!isLarge || batch.length > 0) return undefined;
  const [, y] = original.inputs;
  const readsThem = (other: Value): boolean =>
    isMadeBy(other, matmulOps.matMul) &&
    other.inputs[1] === y &&
    other.attrs.transposeB === original.attrs.transposeB;
  if (readersOf(y).some((other) => other !== original && readsThem(other))) return undefined;
  const operands = [a, panels.inputs[0]];
  const spare = spareMemory(operands, panelsOf(blockOf(rows), columns));
  return graph.add(productOp, [...operands, spare], { ...attrs, b: panels.attrs, isInBlocks: true });
});

/** What a value is under its own shape, where nobody reads it otherwise. */
export function onlyReadAs(value: Value, readers: Surroundings['readers']): Value {
  let source = value;
  while (isRenamed(source) && readers(source) === 1) source = source.inputs[0];
  return readers(source) === 1 ? source : value;
}

/** Columns of a matrix are summed where a product packs it: the kernel has it in registers. */
export const columnSumRule: Rule = rule(
  [broadcastingOps.sum],
  ({ graph, inputs: [b], attrs: { first, end } }, { original, readersOf }) => {
    if (b.rank !== 2 || first !== 0 || end !== 1 || b.shape[0] > Layout.rowsOfSum) return undefined;
    const { source, matrices } = operand(b, false);
    const packs = (reader: Value): boolean =>
      isMadeBy(reader, matmulOps.matMul) &&
      reader.inputs[1] === original.inputs[0] &&
      !reader.attrs.transposeB &&
      isPacked(reader.shape[reader.rank - 2], matrices);
    return matrices.column === floatBytes && readersOf(original.inputs[0]).some(packs)
      ? result(graph.add(packOp, [source], matrices), 0)
      : undefined;
  },
);

/**
 * Threads share a product's k rather than its rows. Each then reads rows of B of its own, which it has itself changed if
 * they are weights, but all must exchange what C is the sum of: that is to be half of B at the most.
 * @param isShared whether threads share a node's commands
 */
export const productSharingRule = (isShared: (node: Value) => boolean): Rule =>
  rule([productOp], (node) => {
    const { graph, inputs, attrs, shape, size } = node;
    const { rows, columns } = attrs.c;
    const k = attrs.a.columns;
    const blocks = blocksOf(k);
    const pays = blocks > 1 && blocks <= Layout.maxThreads && 2 * blocks * rows <= k;
    if (!sameShape(shape, [rows, columns]) || size <= 1 || !pays || !isShared(node as Value))
      return undefined;
    const c = denseMatrices(rows, columns, blocks);
    const [x, y] = inputs;
    const operands = attrs.isInBlocks
      ? { inputs: [x, graph.add(packOp, [y], attrs.b) as Value], b: panelMatrices(attrs.b) }
      : { inputs, b: attrs.b };
    const target = { a: attrs.a, b: operands.b, c, shape: [blocks, ...shape] };
    const parts = graph.add(partsOp, operands.inputs, target);
    return graph.add(sumPartsOp, [parts as Value], {});
  });
