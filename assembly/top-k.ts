// The indices of each row's k largest elements, the largest first and the earlier of equals first; NaN is the
// largest of all. A heap of k indices with the last in rank at its top, then sorted in place.

import { Order } from './opcodes';
import { Share } from './share';

@unmanaged
class TopKCommand {
  opcode: i32;
  order: i32;
  x: usize;
  /** Indices [rows, k], integers. */
  y: usize;
  rows: i32;
  columns: i32;
  k: i32;
}

export function topK(address: usize, share: Share): void {
  const command = changetype<TopKCommand>(address);
  const end = command.k > 0 ? share.end(command.rows) : 0;
  for (let row = share.start(command.rows); row < end; row++) {
    const x = command.x + ((<usize>row * <usize>command.columns) << 2);
    const y = command.y + ((<usize>row * <usize>command.k) << 2);
    if (command.order == Order.int32) rank<i32>(x, command.columns, y, command.k);
    else rank<f32>(x, command.columns, y, command.k);
  }
}

function rank<T>(x: usize, n: i32, heap: usize, k: i32): void {
  for (let i = 0; i < k; i++) store<i32>(heap + ((<usize>i) << 2), i);
  for (let i = k / 2 - 1; i >= 0; i--) sink<T>(x, heap, i, k);
  for (let i = k; i < n; i++) {
    if (!isBefore<T>(x, i, load<i32>(heap))) continue;
    store<i32>(heap, i);
    sink<T>(x, heap, 0, k);
  }
  // The last in rank goes to the end, and so on.
  for (let size = k - 1; size > 0; size--) {
    swap(heap, heap + ((<usize>size) << 2));
    sink<T>(x, heap, 0, size);
  }
}

/** Moves the index at place i down until those below it come before it. */
function sink<T>(x: usize, heap: usize, i: i32, size: i32): void {
  for (;;) {
    let last = i;
    for (let child = 2 * i + 1; child < min(2 * i + 3, size); child++) {
      if (isBefore<T>(x, at(heap, last), at(heap, child))) last = child;
    }
    if (last == i) return;
    swap(heap + ((<usize>i) << 2), heap + ((<usize>last) << 2));
    i = last;
  }
}

function at(heap: usize, i: i32): i32 {
  return load<i32>(heap + ((<usize>i) << 2));
}

function swap(a: usize, b: usize): void {
  const held = load<i32>(a);
  store<i32>(a, load<i32>(b));
  store<i32>(b, held);
}

/** Whether element i ranks before element j. */
function isBefore<T>(x: usize, i: i32, j: i32): bool {
  const a = load<T>(x + ((<usize>i) << 2));
  const b = load<T>(x + ((<usize>j) << 2));
  if (a > b) return true;
  if (a < b) return false;
  return isNaN<T>(a) == isNaN<T>(b) ? i < j : isNaN<T>(a);
}
