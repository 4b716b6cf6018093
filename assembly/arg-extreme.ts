// The index of the largest or smallest element along the middle axis of an (outer, length, inner) array: the first
// of equals, and the first NaN where there is one.

import { Order } from './opcodes';
import { Share } from './share';

@unmanaged
class ArgExtremeCommand {
  opcode: i32;
  order: i32;
  /** Whether the smallest is looked for. */
  isLeast: i32;
  x: usize;
  /** Indices [outer, inner], integers. */
  y: usize;
  outer: i32;
  length: i32;
  inner: i32;
  /** Bytes from lines that are side by side to the next such, and from one number of a line to the next. */
  group: usize;
  row: usize;
}

export function argExtreme(address: usize, share: Share): void {
  const command = changetype<ArgExtremeCommand>(address);
  const inner = command.inner;
  const end = share.end(command.outer * inner);
  for (let i = share.start(command.outer * inner); i < end; i++) {
    const x = command.x + <usize>(i / inner) * command.group + ((<usize>(i % inner)) << 2);
    const isLeast = command.isLeast != 0;
    const index =
      command.order == Order.int32
        ? find<i32>(x, command.row, command.length, isLeast)
        : find<f32>(x, command.row, command.length, isLeast);
    store<i32>(command.y + ((<usize>i) << 2), index);
  }
}

function find<T>(x: usize, step: usize, n: i32, isLeast: bool): i32 {
  let best = 0;
  let extreme = load<T>(x);
  // The comparisons are false for NaN, which so becomes the extreme; then there is no other.
  for (let i = 1; i < n && !isNaN<T>(extreme); i++) {
    x += step;
    const value = load<T>(x);
    if (isLeast ? value >= extreme : value <= extreme) continue;
    extreme = value;
    best = i;
  }
  return best;
}
