// Packs B into panels of 8 columns, each panel row by row, so that the matrix product reads it in order.
// Columns past the last hold whatever was there: their products are never stored.

import { Layout } from './opcodes';
import { Share } from './share';

@unmanaged
class PackCommand {
  opcode: i32;
  b: usize;
  /** Bytes from one row of B to the next, and from one column to the next: one of the two is 4. */
  bRow: usize;
  bColumn: usize;
  packed: usize;
  k: i32;
  n: i32;
  /** Rows from one packed panel to the next: k, or more where several matrices are packed one below the other. */
  panelRows: i32;
  /** Where the sums of B's columns go, or 0. */
  sums: usize;
}

const panelRow: usize = Layout.panelColumns * 4;
/** Rows that are packed by one thread: what it writes are whole cache lines. */
const blockRows: i32 = 4;
/** Rows of B, where these lie along memory, whose parts of all panels are packed before the next: memory is read in order. */
const stripRows: i32 = 16;

export function packB(address: usize, share: Share): void {
  const command = changetype<PackCommand>(address);
  if (command.sums) packAndSum(command, share);
  else packBlocks(command, share);
}

/** Packs whole panels, and adds up their columns while these are in registers. */
function packAndSum(command: PackCommand, share: Share): void {
  const panels = (command.n + Layout.panelColumns - 1) / Layout.panelColumns;
  const end = share.end(panels);
  for (let panel = share.start(panels); panel < end; panel++) {
    const at = <usize>panel * panelRow;
    let source = command.b + at;
    let target = command.packed + at * <usize>command.panelRows;
    let x = f32x4.splat(-0.0);
    let y = x;
    for (let k = command.k; k > 0; k--) {
      const first = v128.load(source);
      const second = v128.load(source, 16);
      v128.store(target, first);
      v128.store(target, second, 16);
      x = f32x4.add(x, first);
      y = f32x4.add(y, second);
      source += command.bRow;
      target += panelRow;
    }
    v128.store(share.scratch(), x);
    v128.store(share.scratch(), y, 16);
    const columns = min(command.n - panel * Layout.panelColumns, Layout.panelColumns);
    memory.copy(command.sums + at, share.scratch(), (<usize>columns) << 2);
  }
}

function packBlocks(command: PackCommand, share: Share): void {
  const blocks = (command.k + blockRows - 1) / blockRows;
  const first = share.start(blocks) * blockRows;
  const end = min(command.k, share.end(blocks) * blockRows);
  const isByRows = command.bColumn == 4;
  const strip = isByRows ? stripRows : end - first;
  for (let row = first; row < end; row += strip) {
    const k = min(strip, end - row);
    for (let column = 0; column < command.n; column += Layout.panelColumns) {
      const source = command.b + <usize>column * command.bColumn + <usize>row * command.bRow;
      const panel = <usize>(column / Layout.panelColumns) * <usize>command.panelRows;
      const target = command.packed + (panel + <usize>row) * panelRow;
      if (isByRows) packRows(source, command.bRow, target, k);
      else packColumns(source, command.bColumn, target, k, min(command.n - column, Layout.panelColumns));
    }
  }
}

function packRows(source: usize, rowBytes: usize, target: usize, k: i32): void {
  for (; k > 0; k--) {
    v128.store(target, v128.load(source));
    v128.store(target, v128.load(source, 16), 16);
    source += rowBytes;
    target += panelRow;
  }
}

/** Column j of the panel lies along memory at `source + j·columnBytes`: transposed four by four. */
function packColumns(source: usize, columnBytes: usize, target: usize, k: i32, columns: i32): void {
  for (let half = 0; half < 2 && half * 4 < columns; half++) {
    const last = min(columns - half * 4, 4) - 1;
    const first = source + <usize>half * 4 * columnBytes;
    transposeColumns(
      first,
      first + <usize>min(1, last) * columnBytes,
      first + <usize>min(2, last) * columnBytes,
      first + <usize>last * columnBytes,
      target + ((<usize>half) << 4),
      panelRow,
      k,
    );
  }
}

/** Four runs of k floats side by side: one of each at `target`, then `pitch` bytes behind. */
export function transposeColumns(
  c0: usize,
  c1: usize,
  c2: usize,
  c3: usize,
  target: usize,
  pitch: usize,
  k: i32,
): void {
  for (; k >= 4; k -= 4) {
    const x0 = v128.load(c0);
    const x1 = v128.load(c1);
    const x2 = v128.load(c2);
    const x3 = v128.load(c3);
    const low01 = v128.shuffle<i32>(x0, x1, 0, 4, 1, 5);
    const low23 = v128.shuffle<i32>(x2, x3, 0, 4, 1, 5);
    const high01 = v128.shuffle<i32>(x0, x1, 2, 6, 3, 7);
    const high23 = v128.shuffle<i32>(x2, x3, 2, 6, 3, 7);
    v128.store(target, v128.shuffle<i64>(low01, low23, 0, 2));
    target += pitch;
    v128.store(target, v128.shuffle<i64>(low01, low23, 1, 3));
    target += pitch;
    v128.store(target, v128.shuffle<i64>(high01, high23, 0, 2));
    target += pitch;
    v128.store(target, v128.shuffle<i64>(high01, high23, 1, 3));
    target += pitch;
    c0 += 16;
    c1 += 16;
    c2 += 16;
    c3 += 16;
  }
  for (; k > 0; k--) {
    v128.store(target, f32x4(load<f32>(c0), load<f32>(c1), load<f32>(c2), load<f32>(c3)));
    c0 += 4;
    c1 += 4;
    c2 += 4;
    c3 += 4;
    target += pitch;
  }
}
