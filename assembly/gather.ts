// Rows of a table by their numbers, and the reverse: rows added to where they were taken from.

import { Share } from './share';

@unmanaged
class GatherCommand {
  opcode: i32;
  /** Numbers of rows, as floats. */
  indices: usize;
  /** Table [rows, width]. */
  table: usize;
  /** Values [count, width]. */
  values: usize;
  count: i32;
  rows: i32;
  width: i32;
}

/** values[i] = table[indices[i]]; NaN where there is no such row. */
export function gather(address: usize, share: Share): void {
  const command = changetype<GatherCommand>(address);
  const bytes = (<usize>command.width) << 2;
  const end = share.end(command.count);
  for (let i = share.start(command.count); i < end; i++) {
    const row = rowOf(command, i);
    const target = command.values + <usize>i * bytes;
    if (row < 0) fillRow(target, bytes);
    else memory.copy(target, command.table + <usize>row * bytes, bytes);
  }
}

/** table[r] = Σ values[i] over indices[i] = r, in the order of i. A share has rows of the table to itself. */
export function scatterAdd(address: usize, share: Share): void {
  const command = changetype<GatherCommand>(address);
  const bytes = (<usize>command.width) << 2;
  const first = share.start(command.rows);
  const end = share.end(command.rows);
  memory.fill(command.table + <usize>first * bytes, 0, <usize>(end - first) * bytes);
  for (let i = 0; i < command.count; i++) {
    const row = rowOf(command, i);
    if (row < first || row >= end) continue;
    addRow(command.table + <usize>row * bytes, command.values + <usize>i * bytes, command.width);
  }
}

/** The row that index i names; −1 where there is none. */
function rowOf(command: GatherCommand, i: i32): i32 {
  const index = load<f32>(command.indices + ((<usize>i) << 2));
  return index >= 0 && index < <f32>command.rows ? <i32>index : -1;
}

function fillRow(target: usize, bytes: usize): void {
  for (const end = target + bytes; target < end; target += 4) store<f32>(target, f32.NaN);
}

function addRow(target: usize, source: usize, width: i32): void {
  for (; width >= 4; width -= 4) {
    v128.store(target, f32x4.add(v128.load(target), v128.load(source)));
    target += 16;
    source += 16;
  }
  for (; width > 0; width--) {
    store<f32>(target, load<f32>(target) + load<f32>(source));
    target += 4;
    source += 4;
  }
}
