// Reductions along the middle axis of an (outer, length, inner) array, or a part of one. The order of every sum is fixed
// by its length alone.

import { addRows, addToTotals, storeTotals, stripe, stripeBytes, sumColumns } from './column-sums';
import { Product, ProductInt32, SumInt32 } from './folds';
import { mapRange } from './map';
import { Layout, Reduction } from './opcodes';
import { quotient } from './quotient';
import { Share } from './share';
import { laneMask, storeFirst } from './vectors';

@unmanaged
class ReduceCommand {
  // As in ColumnSumsCommand.
  opcode: i32;
  outer: i32;
  length: i32;
  inner: i32;
  group: usize;
  row: usize;
  step: i32;
  table: usize;
  reduction: i32;
  x: usize;
  y: usize;
  /** Where `outer` is 1, `inner` more, and the sum not long: a map to run on what is finished, or 0. */
  epilogue: usize;
}

export class Sum {
  /** Not 0: the sum of negative zeros is one. */
  @inline identity(): v128 {
    return f32x4.splat(-0.0);
  }
  @inline apply(x: v128, y: v128): v128 {
    return f32x4.add(x, y);
  }
}
class Maximum {
  @inline identity(): v128 {
    return f32x4.splat(-Infinity);
  }
  @inline apply(x: v128, y: v128): v128 {
    return f32x4.max(x, y);
  }
}
class Minimum {
  @inline identity(): v128 {
    return f32x4.splat(Infinity);
  }
  @inline apply(x: v128, y: v128): v128 {
    return f32x4.min(x, y);
  }
}
class MaximumInt32 {
  @inline identity(): v128 {
    return i32x4.splat(i32.MIN_VALUE);
  }
  @inline apply(x: v128, y: v128): v128 {
    return i32x4.max_s(x, y);
  }
}
class MinimumInt32 {
  @inline identity(): v128 {
    return i32x4.splat(i32.MAX_VALUE);
  }
  @inline apply(x: v128, y: v128): v128 {
    return i32x4.min_s(x, y);
  }
}

/** Elements of a long sum that are added in single precision, in four lanes, before their sum joins a double. */
export const chunk: i32 = 4 * Layout.rowsOfSum;

export function reduce(address: usize, share: Share): void {
  const command = changetype<ReduceCommand>(address);
  switch (command.reduction) {
    case Reduction.max:
      return reduceBy<Maximum>(command, share);
    case Reduction.min:
      return reduceBy<Minimum>(command, share);
    case Reduction.prod:
      return reduceBy<Product>(command, share);
    case Reduction.sumInt32:
      return reduceBy<SumInt32>(command, share);
    case Reduction.maxInt32:
      return reduceBy<MaximumInt32>(command, share);
    case Reduction.minInt32:
      return reduceBy<MinimumInt32>(command, share);
    case Reduction.prodInt32:
      return reduceBy<ProductInt32>(command, share);
    default:
      return reduceBy<Sum>(command, share);
  }
}

function reduceBy<F>(command: ReduceCommand, share: Share): void {
  if (command.inner == 1) reduceRows<F>(command, share);
  else reduceColumns<F>(command, share);
}

function reduceRows<F>(command: ReduceCommand, share: Share): void {
  const end = share.end(command.outer);
  for (let row = share.start(command.outer); row < end; row++) {
    const x = command.x + <usize>row * command.group;
    const y = command.y + ((<usize>row) << 2);
    if (idof<F>() == idof<Sum>()) {
      const sum = sumRow(x, command.length);
      store<f32>(y, command.reduction == Reduction.mean ? sum / <f32>command.length : sum);
    } else {
      v128.store32_lane(y, joinLanes<F>(foldRow<F>(x, command.length)), 0);
    }
  }
}

function sumRow(x: usize, n: i32): f32 {
  if (n <= chunk) return sumOf(x, n);
  let total: f64 = 0;
  for (; n > 0; n -= chunk) {
    total += <f64>sumOf(x, min(n, chunk));
    x += chunk * 4;
  }
  return <f32>total;
}

export function sumOf(x: usize, n: i32): f32 {
  return f32x4.extract_lane(joinLanes<Sum>(foldRow<Sum>(x, n)), 0);
}

/** Four lanes, each the reduction of every fourth element. */
function foldRow<F>(x: usize, n: i32): v128 {
  const identity = changetype<F>(0).identity();
  let total = identity;
  for (; n >= 4; n -= 4) {
    total = changetype<F>(0).apply(total, v128.load(x));
    x += 16;
  }
  if (n > 0) total = changetype<F>(0).apply(total, v128.bitselect(v128.load(x), identity, laneMask(n)));
  return total;
}

/** The reduction of the four lanes, in one fixed order, in the first. */
export function joinLanes<F>(x: v128): v128 {
  const halves = changetype<F>(0).apply(x, v128.shuffle<i32>(x, x, 2, 3, 0, 1));
  return changetype<F>(0).apply(halves, v128.shuffle<i32>(halves, halves, 1, 0, 3, 2));
}

function reduceColumns<F>(command: ReduceCommand, share: Share): void {
  if (idof<F>() == idof<Sum>() && command.length > Layout.rowsOfSum) {
    sumColumns(changetype<usize>(command), share, 1, takeSums, joinSums, leaveSums);
    return;
  }
  const inner = command.inner;
  const stripes = (inner + stripe - 1) / stripe;
  const first = share.start(command.outer * stripes);
  const end = share.end(command.outer * stripes);
  for (let unit = first; unit < end; unit++) {
    const outer = quotient(unit, stripes);
    const column = (unit - outer * stripes) * stripe;
    const x = command.x + <usize>outer * command.group + ((<usize>column) << 2);
    const y = command.y + ((<usize>outer * inner + column) << 2);
    const columns = min(inner - column, stripe);
    foldStripe<F>(x, command.row, y, command.length, columns);
    if (command.reduction == Reduction.mean) divide(y, columns, <f32>command.length);
  }
  if (command.epilogue) {
    mapRange(command.epilogue, first * stripe, min(end * stripe, inner), share.scratch());
  }
}

/** One by one: what lies past the last column is another's, and may be denormal, which is slow to divide. */
function divide(y: usize, columns: i32, divisor: f32): void {
  for (; columns > 0; columns--) {
    store<f32>(y, load<f32>(y) / divisor);
    y += 4;
  }
}

function takeSums(address: usize, at: usize, rowBytes: usize, rows: i32, bytes: usize, taken: usize): void {
  const x = changetype<ReduceCommand>(address).x + at;
  if (bytes == stripeBytes) {
    foldStripe<Sum>(x, rowBytes, taken, rows, stripe);
  } else {
    memory.fill(taken, 0, bytes);
    addRows(x, rowBytes, rows, bytes, taken);
  }
}

function joinSums(known: usize, _before: i32, _rows: i32, taken: usize, columns: i32): void {
  addToTotals(known, taken, columns);
}

function leaveSums(address: usize, at: i32, columns: i32, known: usize): void {
  const command = changetype<ReduceCommand>(address);
  const y = command.y + ((<usize>at) << 2);
  storeTotals(y, known, columns);
  if (command.reduction == Reduction.mean) divide(y, columns, <f32>command.length);
}

export function foldStripe<F>(x: usize, rowBytes: usize, y: usize, length: i32, columns: i32): void {
  const identity = changetype<F>(0).identity();
  let y0 = identity;
  let y1 = identity;
  let y2 = identity;
  let y3 = identity;
  for (; length > 0; length--) {
    y0 = changetype<F>(0).apply(y0, v128.load(x));
    y1 = changetype<F>(0).apply(y1, v128.load(x, 16));
    y2 = changetype<F>(0).apply(y2, v128.load(x, 32));
    y3 = changetype<F>(0).apply(y3, v128.load(x, 48));
    x += rowBytes;
  }
  storeFirst(y, y0, columns);
  storeFirst(y + 16, y1, columns - 4);
  storeFirst(y + 32, y2, columns - 8);
  storeFirst(y + 48, y3, columns - 12);
}
