// Matrices and filters in panels of 8 columns, the last filled up with anything: how the kernel of products reads its
// second operand. Nodes of their own, so that products which share the operand, as in a recurrence, share its
// panels.

import { Layout } from '../../../assembly/opcodes.ts';
import { Opcode, PackWord } from '../../../assembly/words.ts';
import type { Emitter, KernelOp, Value } from '../../graph/graph.ts';
import { oriented } from '../../graph/ops/matmul.ts';
import type { Shape } from '../../graph/shape.ts';

export const floatBytes = 4;

/** Matrices of a value: one, or `batch` of them where it is [batch, rows, columns]. */
export const countOf = ({ rank, shape }: Value): number => (rank === 2 ? 1 : shape[0]);

/** Bytes from one row to the next and from one column to the next, as the product sees them. */
export function strideBytes(shape: Shape, transposed: boolean): [number, number] {
  const rowBytes = shape[shape.length - 1] * floatBytes;
  return transposed ? [floatBytes, rowBytes] : [rowBytes, floatBytes];
}

const panelsOf = (k: number, n: number): Shape => [
  Math.ceil(n / Layout.panelColumns),
  k,
  Layout.panelColumns,
];

/** What the command reads and writes; addresses are in bytes. */
interface Packing {
  readonly b: number;
  readonly packed: number;
  readonly k: number;
  readonly n: number;
  /** Rows from one panel to the next. Default: k */
  readonly panelRows?: number;
  /** Where the sums of columns go. Default: nowhere */
  readonly sums?: number;
}

/** Appends the command that packs a matrix [k, n]. @param strides of the matrix, in bytes */
function emitPack(
  emitter: Emitter,
  [bRow, bColumn]: readonly [number, number],
  { b, packed, k, n, panelRows = k, sums = 0 }: Packing,
): void {
  emitter.command(Opcode.packB, {
    [PackWord.b]: b,
    [PackWord.bRow]: bRow,
    [PackWord.bColumn]: bColumn,
    [PackWord.packed]: packed,
    [PackWord.k]: k,
    [PackWord.n]: n,
    [PackWord.panelRows]: panelRows,
    [PackWord.sums]: sums,
  });
}

interface Transpose {
  readonly transpose: boolean;
}

/** A matrix [k, n] as [panels, k, 8], or a batch of them. The sums of its columns come with it where they are wanted. */
export const packOp: KernelOp<Transpose> = {
  name: 'packB',
  kind: 'kernel',
  shape: ([b], { transpose }) => [...b.shape.slice(0, -2), ...panelsOf(...oriented(b.shape, transpose))],
  gradient: 'none',
  results: ({ inputs: [b] }) => [b.shape.slice(-1)],
  emit: (node, emitter) => {
    const [b] = node.inputs;
    const { transpose } = node.attrs;
    const [k, n] = oriented(b.shape, transpose);
    const strides = strideBytes(b.shape, transpose);
    const bytes = (x: Value) => (x.size / countOf(b)) * floatBytes;
    for (let i = 0; i < countOf(b); i++) {
      emitPack(emitter, strides, {
        b: emitter.address(b) + i * bytes(b),
        packed: emitter.address(node) + i * bytes(node),
        k,
        n,
        sums: emitter.result(node as Value, 0),
      });
    }
  },
};

interface FilterPanels extends Transpose {
  readonly groups: number;
}

/** Rows and columns of a group's filters: [patch, outputs], or the transpose. */
function filterMatrix({ shape }: Value, { groups, transpose }: FilterPanels): [k: number, n: number] {
  const patch = shape[0] * shape[1] * shape[2];
  const outputs = shape[3] / groups;
  return transpose ? [outputs, patch] : [patch, outputs];
}

/** The filters of each group as [groups, panels, k, 8]. */
export const packFiltersOp: KernelOp<FilterPanels> = {
  name: 'packFilters',
  kind: 'kernel',
  shape: ([w], attrs) => [attrs.groups, ...panelsOf(...filterMatrix(w, attrs))],
  gradient: 'none',
  emit: (node, emitter) => {
    const [w] = node.inputs;
    const { groups, transpose } = node.attrs;
    const [k, n] = filterMatrix(w, node.attrs);
    const strides = strideBytes([w.size / w.shape[3], w.shape[3]], transpose);
    const sourceBytes = (w.shape[3] / groups) * floatBytes;
    const targetBytes = (node.size / groups) * floatBytes;
    for (let group = 0; group < groups; group++) {
      emitPack(emitter, strides, {
        b: emitter.address(w) + group * sourceBytes,
        packed: emitter.address(node) + group * targetBytes,
        k,
        n,
      });
    }
  },
};

/** Filters [height, width, channels, outputs] as [tap, output] by channels, the taps in reverse: [panels, k, 8]. */
export const mirrorFiltersOp: KernelOp = {
  name: 'mirrorFilters',
  kind: 'kernel',
  shape: ([{ shape }]) => panelsOf(shape[0] * shape[1] * shape[3], shape[2]),
  gradient: 'none',
  emit: (node, emitter) => {
    const [w] = node.inputs;
    const [height, width, channels, outputs] = w.shape;
    const taps = height * width;
    const strides = strideBytes([channels, outputs], true);
    for (let tap = 0; tap < taps; tap++) {
      emitPack(emitter, strides, {
        b: emitter.address(w) + (taps - 1 - tap) * channels * outputs * floatBytes,
        packed: emitter.address(node) + tap * outputs * Layout.panelColumns * floatBytes,
        k: outputs,
        n: channels,
        panelRows: taps * outputs,
      });
    }
  },
};
