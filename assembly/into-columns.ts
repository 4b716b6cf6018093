// What a map computes, written to some columns of an array with longer rows.

import { storeLanes } from './vectors';

@unmanaged
class ColumnsTarget {
  /** Where the first row's columns begin. */
  address: usize;
  /** Columns that are written, and bytes from one row to the next. */
  count: i32;
  pitch: usize;
}

/** Writes elements from `start` on of what the map computes. */
export function intoColumns(target: usize, x: usize, start: i32, n: i32): void {
  const columns = changetype<ColumnsTarget>(target);
  const row = start / columns.count;
  let phase = start - row * columns.count;
  let base = columns.address + <usize>row * columns.pitch;
  while (n > 0) {
    const run = min(columns.count - phase, n);
    let y = base + ((<usize>phase) << 2);
    const end = y + ((<usize>(run & ~3)) << 2);
    for (; y < end; y += 16) {
      v128.store(y, v128.load(x));
      x += 16;
    }
    const rest = run & 3;
    if (rest > 0) {
      storeLanes(y, v128.load(x), rest);
      x += (<usize>rest) << 2;
    }
    n -= run;
    phase = 0;
    base += columns.pitch;
  }
}
