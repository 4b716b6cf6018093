// Running sums and products along the middle axis of an (outer, length, inner) array, from either end.

import { Product, ProductInt32, SumInt32 } from './folds';
import { Scan } from './opcodes';
import { Share } from './share';
import { storeFirst } from './vectors';

@unmanaged
class ScanCommand {
  opcode: i32;
  scan: i32;
  x: usize;
  y: usize;
  outer: i32;
  length: i32;
  inner: i32;
  /** Whether an element's own value is left out. */
  exclusive: i32;
  /** Whether it begins at the end. */
  reverse: i32;
}

class Sum {
  @inline identity(): v128 {
    return f32x4.splat(0);
  }
  @inline apply(x: v128, y: v128): v128 {
    return f32x4.add(x, y);
  }
}

export function scan(address: usize, share: Share): void {
  const command = changetype<ScanCommand>(address);
  switch (command.scan) {
    case Scan.sum:
      return scanBy<Sum>(command, share);
    case Scan.prod:
      return scanBy<Product>(command, share);
    case Scan.sumInt32:
      return scanBy<SumInt32>(command, share);
    default:
      return scanBy<ProductInt32>(command, share);
  }
}

/** Four columns at a time. */
function scanBy<F>(command: ScanCommand, share: Share): void {
  const inner = command.inner;
  const vectors = (inner + 3) >> 2;
  const end = share.end(command.outer * vectors);
  let step = inner << 2;
  let first = 0;
  if (command.reverse) {
    first = (command.length - 1) * step;
    step = -step;
  }
  for (let unit = share.start(command.outer * vectors); unit < end; unit++) {
    const column = (unit % vectors) << 2;
    const offset = <usize>((((unit / vectors) * command.length * inner + column) << 2) + first);
    scanColumns<F>(command, command.x + offset, command.y + offset, step, inner - column);
  }
}

function scanColumns<F>(command: ScanCommand, x: usize, y: usize, step: i32, columns: i32): void {
  let total = changetype<F>(0).identity();
  for (let n = command.length; n > 0; n--) {
    const next = changetype<F>(0).apply(total, v128.load(x));
    storeFirst(y, command.exclusive ? total : next, columns);
    total = next;
    x += step;
    y += step;
  }
}
