// C = A·B for matrices of floats, or as many pairs of them as there are, in any of the forms that training needs: A and B each by rows or by
// columns, told by their strides. B is read in panels of 8 columns, packed beforehand where that pays.

import { Count1, Count2, Count3, Count4, Count5, Count6, gemmMicro } from './gemm-micro';
import { mapRange } from './map';
import { Layout } from './opcodes';
import { Share } from './share';

/** Rows of a full tile. */
export const tileRows: i32 = 6;
/** Rows whose part of C is finished before the next begin: the epilogue finds it in L1. */
const slabRows: i32 = 24;
/** Steps of k taken at once: a panel of B (16 KB) and the rows of A they meet stay in L1. */
const blockDepth: i32 = 512;
const float: usize = 4;

@unmanaged
class GemmCommand {
  opcode: i32;
  a: usize;
  /** Bytes from one row of A to the next, and from one column to the next. */
  aRow: usize;
  aColumn: usize;
  /** B in panels: bytes from one panel to the next, and from one row of a panel to the next. */
  b: usize;
  bPanel: usize;
  bRow: usize;
  /** C, by rows without gaps. */
  c: usize;
  m: i32;
  n: i32;
  k: i32;
  /** A map to run on finished rows of C, or 0. */
  epilogue: usize;
  /** Matrices one behind the other, and bytes from one to the next of A and of B; 0 where all are the same. */
  batches: i32;
  aBatch: usize;
  bBatch: usize;
}

export function gemm(address: usize, share: Share): void {
  const command = changetype<GemmCommand>(address);
  const tiles = (command.m + tileRows - 1) / tileRows;
  const first = share.start(command.batches * tiles);
  const end = share.end(command.batches * tiles);
  for (let tile = first; tile < end; ) {
    const batch = tile / tiles;
    const next = min(end, (batch + 1) * tiles);
    multiplyRows(command, batch, (tile - batch * tiles) * tileRows, (next - batch * tiles) * tileRows, share);
    tile = next;
  }
}

/** Rows `first` to before `end` of one matrix of C. */
function multiplyRows(command: GemmCommand, batch: i32, first: i32, end: i32, share: Share): void {
  const cRow = <usize>command.n * float;
  const a = command.a + <usize>batch * command.aBatch;
  const b = command.b + <usize>batch * command.bBatch;
  const c = command.c + <usize>(batch * command.m) * cRow;
  for (let row = first; row < min(end, command.m); row += slabRows) {
    const rows = min(slabRows, min(end, command.m) - row);
    for (let depth = 0; depth < command.k || depth == 0; depth += blockDepth) {
      multiplyBlock(
        a + <usize>row * command.aRow + <usize>depth * command.aColumn,
        command.aRow,
        command.aColumn,
        b + <usize>depth * command.bRow,
        command.bPanel,
        command.bRow,
        c + <usize>row * cRow,
        cRow,
        rows,
        command.n,
        min(blockDepth, command.k - depth),
        depth > 0,
      );
    }
    if (command.epilogue) {
      const start = (batch * command.m + row) * command.n;
      mapRange(command.epilogue, start, start + rows * command.n, share.scratch());
    }
  }
}

/**
 * C (rows × n) = A·B, or C + A·B where `accumulate`, for a block that fits into the caches.
 * Strides are in bytes: of A by row and column, of B by panel and by row of a panel, of C by row.
 */
export function multiplyBlock(
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bPanel: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  n: i32,
  k: i32,
  accumulate: bool,
): void {
  for (; n > 0; n -= Layout.panelColumns) {
    const columns = min(n, Layout.panelColumns);
    multiplyPanel(a, aRow, aColumn, b, bRow, c, cRow, rows, columns, k, accumulate);
    b += bPanel;
    c += <usize>Layout.panelColumns * float;
  }
}

function multiplyPanel(
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  columns: i32,
  k: i32,
  accumulate: bool,
): void {
  const lastLanes = ((columns - 1) & 3) + 1;
  for (; rows > 0; rows -= tileRows) {
    if (columns > 4) multiplyTile<Count2>(rows, a, aRow, aColumn, b, bRow, c, cRow, k, lastLanes, accumulate);
    else multiplyTile<Count1>(rows, a, aRow, aColumn, b, bRow, c, cRow, k, lastLanes, accumulate);
    a += <usize>tileRows * aRow;
    c += <usize>tileRows * cRow;
  }
}

function multiplyTile<Vectors>(
  rows: i32,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  k: i32,
  lastLanes: i32,
  accumulate: bool,
): void {
  switch (rows) {
    case 1:
      return gemmMicro<Count1, Vectors>(a, aRow, aColumn, b, bRow, c, cRow, k, lastLanes, accumulate);
    case 2:
      return gemmMicro<Count2, Vectors>(a, aRow, aColumn, b, bRow, c, cRow, k, lastLanes, accumulate);
    case 3:
      return gemmMicro<Count3, Vectors>(a, aRow, aColumn, b, bRow, c, cRow, k, lastLanes, accumulate);
    case 4:
      return gemmMicro<Count4, Vectors>(a, aRow, aColumn, b, bRow, c, cRow, k, lastLanes, accumulate);
    case 5:
      return gemmMicro<Count5, Vectors>(a, aRow, aColumn, b, bRow, c, cRow, k, lastLanes, accumulate);
    default:
      return gemmMicro<Count6, Vectors>(a, aRow, aColumn, b, bRow, c, cRow, k, lastLanes, accumulate);
  }
}
