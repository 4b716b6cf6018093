// Rows of tables by their numbers, and the reverse: rows added to where they were taken from, or put there.

import { Order, Scatter } from './opcodes';
import { Share } from './share';

@unmanaged
class GatherCommand {
  opcode: i32;
  /** Numbers of rows [tables / sharers, count], floats or integers: see `order`. */
  indices: usize;
  /** Tables [tables, rows, width]. */
  table: usize;
  /** Values [tables, count, width]. */
  values: usize;
  count: i32;
  rows: i32;
  width: i32;
  tables: i32;
  /** Neighbouring tables that share their indices. */
  sharers: i32;
  order: i32;
  /** What a row is filled with that is not there; for a scatter, what becomes of values of one row. */
  missing: i32;
}

/** values[t, i] = table[t, indices[t, i]]. */
export function gather(address: usize, share: Share): void {
  const command = changetype<GatherCommand>(address);
  const bytes = (<usize>command.width) << 2;
  const end = share.end(command.tables * command.count);
  for (let i = share.start(command.tables * command.count); i < end; i++) {
    const table = i / command.count;
    const row = rowOf(command, table, i % command.count);
    const target = command.values + <usize>i * bytes;
    if (row < 0) fillRow(target, bytes, command.missing);
    else putRow(target, rowAt(command, table, row), command.width, Scatter.replace);
  }
}

/**
 * table[t, r] = Σ values[t, i] over indices[t, i] = r, in the order of i; or the last of them, where there is one.
 * A share has rows of tables to itself.
 */
export function scatter(address: usize, share: Share): void {
  const command = changetype<GatherCommand>(address);
  const bytes = (<usize>command.width) << 2;
  const first = share.start(command.tables * command.rows);
  const end = share.end(command.tables * command.rows);
  if (command.missing != Scatter.replace) {
    memory.fill(command.table + <usize>first * bytes, 0, <usize>(end - first) * bytes);
  }
  for (let table = first / command.rows; table * command.rows < end; table++) {
    for (let i = 0; i < command.count; i++) {
      const row = rowOf(command, table, i);
      const place = table * command.rows + row;
      if (row < 0 || place < first || place >= end) continue;
      const source = command.values + <usize>(table * command.count + i) * bytes;
      putRow(rowAt(command, table, row), source, command.width, command.missing);
    }
  }
}

function rowAt(command: GatherCommand, table: i32, row: i32): usize {
  return command.table + ((<usize>(table * command.rows + row) * <usize>command.width) << 2);
}

/** The row that index i of a table names; −1 where there is none. */
function rowOf(command: GatherCommand, table: i32, i: i32): i32 {
  const place = command.indices + ((<usize>((table / command.sharers) * command.count + i)) << 2);
  if (command.order == Order.int32) {
    const index = load<i32>(place);
    return <u32>index < <u32>command.rows ? index : -1;
  }
  const index = load<f32>(place);
  return index >= 0 && index < <f32>command.rows ? <i32>index : -1;
}

function fillRow(target: usize, bytes: usize, value: i32): void {
  for (const end = target + bytes; target < end; target += 4) store<i32>(target, value);
}

function putRow(target: usize, source: usize, width: i32, form: i32): void {
  for (; form != Scatter.sumInt32 && width >= 4; width -= 4) {
    const x = v128.load(source);
    v128.store(target, form == Scatter.sum ? f32x4.add(v128.load(target), x) : x);
    target += 16;
    source += 16;
  }
  for (; width > 0; width--) {
    if (form == Scatter.sum) store<f32>(target, load<f32>(target) + load<f32>(source));
    else if (form == Scatter.sumInt32) store<i32>(target, load<i32>(target) + load<i32>(source));
    else store<i32>(target, load<i32>(source));
    target += 4;
    source += 4;
  }
}
