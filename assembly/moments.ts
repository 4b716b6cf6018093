// Mean and variance along the middle axis of an (outer, length, inner) array, from one pass over memory: those of a
// chunk are found while it is in cache, and join what came before in double precision, after T. F. Chan, G. H. Golub and
// R. J. LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979. The order is fixed by
// the length alone.

import { numberBytes, stripe, stripeBytes, sumColumns } from './column-sums';
import { chunk, foldStripe, joinLanes, Sum, sumOf } from './reduce';
import { Share } from './share';
import { laneMask } from './vectors';

@unmanaged
class MomentsCommand {
  // As in ColumnSumsCommand.
  opcode: i32;
  outer: i32;
  length: i32;
  inner: i32;
  group: usize;
  row: usize;
  step: i32;
  table: usize;
  x: usize;
  variance: usize;
  /** 0 where it is not read. */
  mean: usize;
}

/** What is known of the elements so far, two doubles: their sum, and the sum of the squares of their distances from their mean. */
const knownBytes: i32 = 16;
const squaresAt: usize = 8;

export function moments(address: usize, share: Share): void {
  const command = changetype<MomentsCommand>(address);
  if (command.inner == 1) ofRows(command, share);
  else sumColumns(address, share, 2, takeMoments, joinMoments, leaveMoments);
}

/** `before` elements are known; a chunk of others has this sum, and these squares of distances from its own mean. */
function join(known: usize, before: i32, sum: f32, squares: f32, count: i32): void {
  if (before == 0) {
    store<f64>(known, <f64>sum);
    store<f64>(known, <f64>squares, squaresAt);
    return;
  }
  const distance = <f64>sum / <f64>count - load<f64>(known) / <f64>before;
  const between = distance * distance * ((<f64>before * <f64>count) / <f64>(before + count));
  store<f64>(known, load<f64>(known) + <f64>sum);
  store<f64>(known, load<f64>(known, squaresAt) + (<f64>squares + between), squaresAt);
}

function ofRows(command: MomentsCommand, share: Share): void {
  const known = share.scratch();
  const end = share.end(command.outer);
  for (let row = share.start(command.outer); row < end; row++) {
    let x = command.x + <usize>row * command.group;
    memory.fill(known, 0, knownBytes);
    let before = 0;
    while (before < command.length) {
      const count = min(command.length - before, chunk);
      const sum = sumOf(x, count);
      join(known, before, sum, squaresOf(x, count, sum / <f32>count), count);
      before += count;
      x += (<usize>chunk) << 2;
    }
    leave(command, row, known);
  }
}

function squaresOf(x: usize, n: i32, mean: f32): f32 {
  const center = f32x4.splat(mean);
  let total = f32x4.splat(0);
  for (; n >= 4; n -= 4) {
    const distance = f32x4.sub(v128.load(x), center);
    total = f32x4.add(total, f32x4.mul(distance, distance));
    x += 16;
  }
  if (n > 0) {
    const distance = v128.and(f32x4.sub(v128.load(x), center), laneMask(n));
    total = f32x4.add(total, f32x4.mul(distance, distance));
  }
  return f32x4.extract_lane(joinLanes<Sum>(total), 0);
}

/** Of a chunk of columns: sums, then the squares of the distances from their means. */
function takeMoments(
  address: usize,
  at: usize,
  rowBytes: usize,
  rows: i32,
  bytes: usize,
  taken: usize,
): void {
  const x = changetype<MomentsCommand>(address).x + at;
  for (let i: usize = 0; i < bytes; i += stripeBytes) {
    const sums = taken + i;
    const squares = sums + numberBytes;
    foldStripe<Sum>(x + i, rowBytes, sums, rows, stripe);
    // Their place holds the means until they are there.
    for (let j: usize = 0; j < stripeBytes; j += 16) {
      v128.store(squares + j, f32x4.div(v128.load(sums + j), f32x4.splat(<f32>rows)));
    }
    squaresOfStripe(x + i, rowBytes, squares, squares, rows);
  }
}

function joinMoments(known: usize, before: i32, rows: i32, taken: usize, columns: i32): void {
  for (let i: usize = 0; i < <usize>columns; i++) {
    const place = taken + (i << 2);
    join(known + i * knownBytes, before, load<f32>(place), load<f32>(place, numberBytes), rows);
  }
}

function leaveMoments(address: usize, at: i32, columns: i32, known: usize): void {
  const command = changetype<MomentsCommand>(address);
  for (let i = 0; i < columns; i++) leave(command, at + i, known + i * knownBytes);
}

function squaresOfStripe(x: usize, rowBytes: usize, means: usize, y: usize, rows: i32): void {
  const zero = f32x4.splat(0);
  let y0 = zero;
  let y1 = zero;
  let y2 = zero;
  let y3 = zero;
  const m0 = v128.load(means);
  const m1 = v128.load(means, 16);
  const m2 = v128.load(means, 32);
  const m3 = v128.load(means, 48);
  for (; rows > 0; rows--) {
    const d0 = f32x4.sub(v128.load(x), m0);
    const d1 = f32x4.sub(v128.load(x, 16), m1);
    const d2 = f32x4.sub(v128.load(x, 32), m2);
    const d3 = f32x4.sub(v128.load(x, 48), m3);
    y0 = f32x4.add(y0, f32x4.mul(d0, d0));
    y1 = f32x4.add(y1, f32x4.mul(d1, d1));
    y2 = f32x4.add(y2, f32x4.mul(d2, d2));
    y3 = f32x4.add(y3, f32x4.mul(d3, d3));
    x += rowBytes;
  }
  v128.store(y, y0);
  v128.store(y, y1, 16);
  v128.store(y, y2, 32);
  v128.store(y, y3, 48);
}

function leave(command: MomentsCommand, at: i32, known: usize): void {
  const length = <f32>command.length;
  const place = (<usize>at) << 2;
  if (command.mean) store<f32>(command.mean + place, <f32>load<f64>(known) / length);
  store<f32>(command.variance + place, <f32>load<f64>(known, squaresAt) / length);
}
