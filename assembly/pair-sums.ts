// Σ a·(b − c) and Σ a along the middle axis of (outer, length, inner) arrays, from one pass over both: what a scale and an
// offset learn from. Sums are in the order of `reduce`, so that they are those of the product in an array of its own, to
// the bit.

import { addToTotals, numberBytes, storeTotals, stripeBytes, sumColumns } from './column-sums';
import { Share } from './share';

/** Taken from a number they leave it as it is, also a zero's sign. */
const zeros = memory.data(<i32>numberBytes);

@unmanaged
class PairSumsCommand {
  // As in ColumnSumsCommand.
  opcode: i32;
  outer: i32;
  length: i32;
  inner: i32;
  group: usize;
  row: usize;
  step: i32;
  table: usize;
  a: usize;
  b: usize;
  /** c, a number for each column where `outer` is 1, or 0 for none. */
  center: usize;
  /** Σ a·(b − c) */
  products: usize;
  /** Σ a, or 0 where it is not read */
  sums: usize;
}

export function pairSums(address: usize, share: Share): void {
  sumColumns(address, share, 2, takePairs, joinPairs, leavePairs);
}

function takePairs(address: usize, at: usize, rowBytes: usize, rows: i32, bytes: usize, taken: usize): void {
  const command = changetype<PairSumsCommand>(address);
  const center = command.center ? command.center + (at % rowBytes) : zeros;
  const a = command.a + at;
  const b = command.b + at;
  if (bytes == stripeBytes) {
    sumPairs(a, b, center, rowBytes, taken, rows);
  } else {
    memory.fill(taken, 0, 2 * numberBytes);
    addPairs(a, b, center, rowBytes, rows, bytes, taken);
  }
}

function joinPairs(known: usize, _before: i32, _rows: i32, taken: usize, columns: i32): void {
  addToTotals(known, taken, columns);
  addToTotals(known + 2 * numberBytes, taken + numberBytes, columns);
}

function leavePairs(address: usize, at: i32, columns: i32, known: usize): void {
  const command = changetype<PairSumsCommand>(address);
  const place = (<usize>at) << 2;
  storeTotals(command.products + place, known, columns);
  if (command.sums) storeTotals(command.sums + place, known + 2 * numberBytes, columns);
}

/** Adds a·(b − c) and a to sums, row by row: memory is read in order. */
function addPairs(a: usize, b: usize, c: usize, rowBytes: usize, rows: i32, bytes: usize, sums: usize): void {
  for (; rows > 0; rows--) {
    for (let i: usize = 0; i < bytes; i += 16) {
      const x = v128.load(a + i);
      const product = f32x4.mul(x, f32x4.sub(v128.load(b + i), v128.load(c + i)));
      v128.store(sums + i, f32x4.add(v128.load(sums + i), product));
      v128.store(sums + i, f32x4.add(v128.load(sums + i, numberBytes), x), numberBytes);
    }
    a += rowBytes;
    b += rowBytes;
  }
}

/** The same of one stripe, whose sums need not be in memory meanwhile. */
function sumPairs(a: usize, b: usize, c: usize, rowBytes: usize, y: usize, rows: i32): void {
  const nothing = f32x4.splat(0);
  let p0 = nothing;
  let p1 = nothing;
  let p2 = nothing;
  let p3 = nothing;
  let s0 = nothing;
  let s1 = nothing;
  let s2 = nothing;
  let s3 = nothing;
  const c0 = v128.load(c);
  const c1 = v128.load(c, 16);
  const c2 = v128.load(c, 32);
  const c3 = v128.load(c, 48);
  for (; rows > 0; rows--) {
    const a0 = v128.load(a);
    p0 = f32x4.add(p0, f32x4.mul(a0, f32x4.sub(v128.load(b), c0)));
    s0 = f32x4.add(s0, a0);
    const a1 = v128.load(a, 16);
    p1 = f32x4.add(p1, f32x4.mul(a1, f32x4.sub(v128.load(b, 16), c1)));
    s1 = f32x4.add(s1, a1);
    const a2 = v128.load(a, 32);
    p2 = f32x4.add(p2, f32x4.mul(a2, f32x4.sub(v128.load(b, 32), c2)));
    s2 = f32x4.add(s2, a2);
    const a3 = v128.load(a, 48);
    p3 = f32x4.add(p3, f32x4.mul(a3, f32x4.sub(v128.load(b, 48), c3)));
    s3 = f32x4.add(s3, a3);
    a += rowBytes;
    b += rowBytes;
  }
  v128.store(y, p0);
  v128.store(y, p1, 16);
  v128.store(y, p2, 32);
  v128.store(y, p3, 48);
  v128.store(y, s0, numberBytes);
  v128.store(y, s1, numberBytes + 16);
  v128.store(y, s2, numberBytes + 32);
  v128.store(y, s3, numberBytes + 48);
}
