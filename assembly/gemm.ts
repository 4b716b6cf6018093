// C = A·B for matrices of floats, or as many pairs of them as there are, in any of the forms that training needs:
// A and B each by rows or by columns, as their strides say. B is read in panels of 8 columns, packed beforehand
// where that pays.

import { Count1, Count2, Count3, Count4, Count5, Count6, gemmMicro } from './gemm-micro';
import { multiplyNarrow, multiplyRow, rowColumns } from './gemm-row';
import { multiplyTail, tailTileRows } from './gemm-tail';
import { mapRange } from './map';
import { Blocks, Layout } from './opcodes';
import { quotient } from './quotient';
import { Share } from './share';
import { packTiles, part, tileRows } from './tiles';
import { storeLanes } from './vectors';

/** Tiles of C, one below the other, that are finished before the next begin: the epilogue finds them in the cache. */
const slabTiles: i32 = 8;
/** The same where a block of B is larger than this many floats, and so comes from L3 for each slab, or C is narrow. */
const tallSlabTiles: i32 = 32;
const largeBlock: i32 = 65536;
const maxNarrowColumns: i32 = 16;
/** Where C has more columns than this, it pays to put what a slab needs of A in order: A by columns, and by rows. */
const maxUnorderedByColumns: i32 = 16;
const maxUnorderedByRows: i32 = 256;
/** Up to this many rows, and elements that are sums of up to so many products, are computed a row at a time. */
const maxRowwiseRows: i32 = 2;
const maxRowwiseProducts: i32 = 8;
/** Rows of C that a panel makes beside C at a time: whole tiles, and with the last of them what is left. */
const spareRows: i32 = 48;
const float: usize = 4;
const panelBytes: usize = <usize>Layout.panelColumns * float;

@unmanaged
class GemmCommand {
  opcode: i32;
  a: usize;
  /** Bytes from one row of A to the next, and from one column to the next. */
  aRow: usize;
  aColumn: usize;
  /** B, packed in panels or by rows, and bytes from one row to the next. */
  b: usize;
  bRow: usize;
  /** C by rows, and bytes from one row to the next. */
  c: usize;
  cRow: usize;
  m: i32;
  n: i32;
  k: i32;
  /** Steps of k taken at once, at most `Layout.productDepth`. */
  block: i32;
  /** A map to run on finished rows of C, or 0. */
  epilogue: usize;
  batches: i32;
  /** Where the matrices of a batch lie: see `MatrixSteps`; 0 where there is one of each. */
  steps: usize;
  /** `Blocks`: where they are apart, the batches are blocks of k instead. */
  blocks: i32;
}

/** Matrices lie in groups. Bytes from one group to the next (outer), and from one matrix of a group to the next (inner). */
@unmanaged
class MatrixSteps {
  /** Matrices of a group. */
  count: i32;
  aOuter: usize;
  aInner: usize;
  bOuter: usize;
  bInner: usize;
  cOuter: usize;
  cInner: usize;
}

/** Threads share tiles, and where these are few, blocks of columns of each. */
export function gemm(address: usize, share: Share): void {
  const command = changetype<GemmCommand>(address);
  const tiles = (command.m + tileRows - 1) / tileRows;
  const all = command.batches * tiles;
  const blocks = all < share.count ? (command.n + rowColumns - 1) / rowColumns : 1;
  const blockColumns = blocks == 1 ? command.n : rowColumns;
  const end = share.end(all * blocks);
  for (let unit = share.start(all * blocks); unit < end; ) {
    const tile = quotient(unit, blocks);
    const batch = quotient(tile, tiles);
    const first = tile - batch * tiles;
    // The blocks that are left of a tile, or, where each is one block, the tiles that are left of a matrix.
    const next = min(end, (blocks == 1 ? (batch + 1) * tiles : tile + 1) * blocks);
    const count = blocks == 1 ? next - unit : 1;
    const column = (unit - tile * blocks) * blockColumns;
    const columns = min(command.n, (next - tile * blocks) * blockColumns) - column;
    multiplyRows(command, batch, first, first + count, column, columns, share);
    unit = next;
  }
}

/** Tiles `first` to before `end` of one matrix of C, of which some columns. @param column the first, where a panel begins */
function multiplyRows(
  command: GemmCommand,
  batch: i32,
  first: i32,
  end: i32,
  column: i32,
  columns: i32,
  share: Share,
): void {
  const isTall = command.n <= maxNarrowColumns || command.block * command.n > largeBlock;
  const most = isTall ? tallSlabTiles : slabTiles;
  const matrix = command.c + bytesBefore(command, batch, offsetof<MatrixSteps>('cOuter'));
  for (let tile = first; tile < end; ) {
    const tiles = part(end - tile, most);
    const row = tile * tileRows;
    const rows = min(tiles * tileRows, command.m - row);
    const c = matrix + <usize>row * command.cRow + <usize>column * float;
    multiplySlab(command, batch, row, rows, column, columns, c, share.scratch());
    if (command.epilogue) {
      const isWhole = <usize>columns * float == command.cRow;
      const runs = isWhole ? 1 : rows;
      const length = isWhole ? rows * columns : columns;
      let start = <i32>((c - command.c) / float);
      for (let run = 0; run < runs; run++) {
        mapRange(command.epilogue, start, start + length, share.scratch());
        start += <i32>(command.cRow / float);
      }
    }
    tile += tiles;
  }
}

/** Some rows of a matrix of C, and of these some columns, the first of which lies at `c`. */
function multiplySlab(
  command: GemmCommand,
  batch: i32,
  row: i32,
  rows: i32,
  column: i32,
  columns: i32,
  c: usize,
  scratch: usize,
): void {
  // Rows of eight columns are as long as a panel's, but there is no second panel then.
  const bPanel = command.bRow == panelBytes ? <usize>command.k * panelBytes : panelBytes;
  const bMatrix = command.b + bytesBefore(command, batch, offsetof<MatrixSteps>('bOuter'));
  const b = bMatrix + <usize>(column / Layout.panelColumns) * bPanel;
  const isByColumns = command.aRow == float;
  const isPacked =
    rows > maxRowwiseRows &&
    command.k > maxRowwiseProducts &&
    command.n > (isByColumns ? maxUnorderedByColumns : maxUnorderedByRows);
  const aMatrix = command.a + bytesBefore(command, batch, offsetof<MatrixSteps>('aOuter'));
  const a = aMatrix + <usize>row * command.aRow;
  const isApart = command.blocks == Blocks.apart;
  const begin = isApart ? batch * command.block : 0;
  const end = isApart ? min(begin + command.block, command.k) : command.k;
  let depth = begin;
  do {
    const k = min(command.block, end - depth);
    const block = a + <usize>depth * command.aColumn;
    if (isPacked) packTiles(block, command.aRow, command.aColumn, rows, k, scratch);
    multiplyBlock(
      isPacked ? scratch : block,
      isPacked ? float : command.aRow,
      command.aColumn,
      isPacked ? <usize>k * float : command.aRow,
      b + <usize>depth * command.bRow,
      bPanel,
      command.bRow,
      c,
      command.cRow,
      rows,
      columns,
      k,
      depth > begin || command.blocks == Blocks.added,
      scratch,
    );
    depth += k;
  } while (depth < end);
}

/** Bytes before a matrix of a batch. @param outer which operand's steps these are: the offset of their first */
function bytesBefore(command: GemmCommand, batch: i32, outer: usize): usize {
  if (!command.steps) return 0;
  const count = changetype<MatrixSteps>(command.steps).count;
  const group = quotient(batch, count);
  const steps = command.steps + outer;
  return (
    <usize>group * load<usize>(steps) + <usize>(batch - group * count) * load<usize>(steps, sizeof<usize>())
  );
}

/**
 * C (rows × n) = A·B, or C + A·B where `accumulate`, for a block that fits into the caches.
 * Strides are in bytes: of A by row and column of a tile, and from where a tile begins to where one would begin a row
 * lower (the same as by row, but where tiles are packed); of B by panel and by row of a panel, of C by row.
 * @param scratch the thread's scratch memory, of which A may take `Layout.slabBytes`
 */
export function multiplyBlock(
  a: usize,
  aRow: usize,
  aColumn: usize,
  aStep: usize,
  b: usize,
  bPanel: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  n: i32,
  k: i32,
  accumulate: bool,
  scratch: usize,
): void {
  // Panels side by side are rows of B as they lie in memory.
  if (bPanel == panelBytes && (rows <= maxRowwiseRows || k <= maxRowwiseProducts)) {
    for (; n >= rowColumns; n -= rowColumns) {
      for (let row: usize = 0; row < <usize>rows; row++) {
        multiplyRow(a + row * aRow, aColumn, b, bRow, c + row * cRow, k, accumulate);
      }
      b += <usize>rowColumns * float;
      c += <usize>rowColumns * float;
    }
    if (n > 0 && n <= 4) {
      multiplyNarrow(a, aRow, aColumn, b, bRow, c, cRow, rows, n, k, accumulate);
      return;
    }
  }
  for (; n > 0; n -= Layout.panelColumns) {
    const behind = n - Layout.panelColumns;
    if ((behind == 1 || behind == 2) && aStep == aRow && rows >= tailTileRows) {
      const tiles = rows / tailTileRows;
      multiplyTail(tiles, a, aRow, aColumn, b, bPanel, bRow, c, cRow, behind, k, accumulate);
      a += <usize>(tiles * tailTileRows) * aRow;
      c += <usize>(tiles * tailTileRows) * cRow;
      rows -= tiles * tailTileRows;
    }
    const columns = min(n, Layout.panelColumns);
    if ((columns & 3) == 0)
      multiplyPanel(a, aRow, aColumn, aStep, b, bRow, c, cRow, rows, columns, k, accumulate);
    else
      multiplyPart(
        a,
        aRow,
        aColumn,
        aStep,
        b,
        bRow,
        c,
        cRow,
        rows,
        columns,
        k,
        accumulate,
        scratch + Layout.slabBytes,
      );
    b += bPanel;
    c += panelBytes;
  }
}

/** A panel whose last vector is not full: made beside C, so that no tile but this one has to look where to stop. */
function multiplyPart(
  a: usize,
  aRow: usize,
  aColumn: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  columns: i32,
  k: i32,
  accumulate: bool,
  spare: usize,
): void {
  while (rows > 0) {
    // As many as tiles end with: the last two tiles share what is left of the rows.
    let height = rows < spareRows + tileRows ? rows : spareRows;
    rows -= height;
    multiplyPanel(a, aRow, aColumn, aStep, b, bRow, spare, panelBytes, height, columns, k, false);
    a += <usize>height * aStep;
    const last: usize = columns > 4 ? 16 : 0;
    for (let from = spare; height > 0; height--) {
      if (last) v128.store(c, accumulate ? f32x4.add(v128.load(from), v128.load(c)) : v128.load(from));
      const x = v128.load(from + last);
      storeLanes(c + last, accumulate ? f32x4.add(x, v128.load(c + last)) : x, columns & 3);
      from += panelBytes;
      c += cRow;
    }
  }
}

function multiplyPanel(
  a: usize,
  aRow: usize,
  aColumn: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  columns: i32,
  k: i32,
  accumulate: bool,
): void {
  while (rows > 0) {
    // No tile of one to three rows behind a full one: such tiles waste time.
    const height = part(rows, tileRows);
    const column = aStep == aRow ? aColumn : <usize>height * float;
    const tiles = height == tileRows ? max(1, rows / tileRows - 1) : 1;
    if (columns > 4) {
      multiplyTiles<Count2>(height, tiles, a, aRow, column, aStep, b, bRow, c, cRow, k, accumulate);
    } else {
      multiplyTiles<Count1>(height, tiles, a, aRow, column, aStep, b, bRow, c, cRow, k, accumulate);
    }
    a += <usize>(height * tiles) * aStep;
    c += <usize>(height * tiles) * cRow;
    rows -= height * tiles;
  }
}

function multiplyTiles<Vectors>(
  rows: i32,
  tiles: i32,
  a: usize,
  aRow: usize,
  aColumn: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  k: i32,
  accumulate: bool,
): void {
  switch (rows) {
    case 1:
      return gemmMicro<Count1, Vectors>(tiles, a, aRow, aColumn, aStep, b, bRow, c, cRow, k, accumulate);
    case 4:
      return gemmMicro<Count4, Vectors>(tiles, a, aRow, aColumn, aStep, b, bRow, c, cRow, k, accumulate);
    case 6:
      if (offsetof<Vectors>() == 2 && aRow == float)
        return gemmMicro<Count6, Vectors, Count1>(
          tiles,
          a,
          aRow,
          aColumn,
          aStep,
          b,
          bRow,
          c,
          cRow,
          k,
          accumulate,
        );
      return gemmMicro<Count6, Vectors>(tiles, a, aRow, aColumn, aStep, b, bRow, c, cRow, k, accumulate);
    case 2:
      return gemmMicro<Count2, Vectors>(tiles, a, aRow, aColumn, aStep, b, bRow, c, cRow, k, accumulate);
    case 3:
      return gemmMicro<Count3, Vectors>(tiles, a, aRow, aColumn, aStep, b, bRow, c, cRow, k, accumulate);
    case 5:
      return gemmMicro<Count5, Vectors>(tiles, a, aRow, aColumn, aStep, b, bRow, c, cRow, k, accumulate);
  }
}
