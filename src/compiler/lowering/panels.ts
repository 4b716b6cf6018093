// Matrices, filters among them, in panels of 8 columns, the last filled up with anything: how the kernel of products reads its
// second operand. Nodes of their own, so that products which share the operand, as in a recurrence, share its
// panels.

import { Layout } from '../../../assembly/opcodes.ts';
import { Opcode, PackWord } from '../../../assembly/words.ts';
import { floatBytes } from '../../bytes.ts';
import type { Emitter, KernelOp, Value } from '../../graph/graph.ts';
import { type Shape, sizeOf } from '../../graph/shape.ts';
import { batchOf, countOf, type Matrices, placesOf } from './matrices.ts';

/** The shape of a matrix [k, n] in panels. */
export const panelsOf = (k: number, n: number): Shape => [
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
export function emitPack(
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

/** Matrices [k, n] of an array as [panels, k, 8] each. With a single one come the sums of its columns, where they are wanted. */
export const packOp: KernelOp<Matrices> = {
  name: 'packB',
  kind: 'kernel',
  shape: (_, { rows, columns, batch }) => [...batch.map(([size]) => size), ...panelsOf(rows, columns)],
  gradient: 'none',
  results: ({ attrs: { columns } }) => [[columns]],
  emit: (node, emitter) => {
    const { rows: k, columns: n, offset, row, column, batch } = node.attrs;
    const begins = placesOf(batch);
    const bytes = (node.size / begins.length) * floatBytes;
    for (const [i, begin] of begins.entries()) {
      emitPack(emitter, [row, column], {
        b: emitter.address(node.inputs[0]) + offset + begin,
        packed: emitter.address(node) + i * bytes,
        k,
        n,
        sums: emitter.result(node as Value, 0),
      });
    }
  },
};

/** Where the panels of matrices lie, as products read them. */
export function panelMatrices(matrices: Matrices): Matrices {
  const { rows, columns } = matrices;
  const batch = batchOf(countOf(matrices), sizeOf(panelsOf(rows, columns)) * floatBytes);
  return { rows, columns, offset: 0, row: Layout.panelColumns * floatBytes, column: floatBytes, batch };
}

/** The filters of each group as a matrix, of what a filter sees by outputs: [patch, outputs]. */
export function filterMatrices({ shape, size }: Value, groups: number): Matrices {
  const outputs = shape[3];
  const [columns, row] = [outputs / groups, outputs * floatBytes];
  const batch = batchOf(groups, columns * floatBytes);
  return { rows: size / outputs, columns, offset: 0, row, column: floatBytes, batch };
}

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
    const strides = [floatBytes, outputs * floatBytes] as const;
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
