// The micro-kernel of the matrix product: a tile of C, up to 6 rows by 8 columns, kept in registers.
// One template makes the full tile and every edge. Its twelve accumulators, two vectors of B and one
// value of A fill the 15 vector registers that x86-64 engines leave a kernel.

import { MultiplyAdd, storeLanes } from './vectors';

// A tile's rows and vectors are type parameters, so that branches on them are resolved at compile time:
// `offsetof<T>()`, the size of a class, is the constant they carry.
export class Count1 {
  a: u8;
}
export class Count2 extends Count1 {
  b: u8;
}
export class Count3 extends Count2 {
  c: u8;
}
export class Count4 extends Count3 {
  d: u8;
}
export class Count5 extends Count4 {
  e: u8;
}
export class Count6 extends Count5 {
  f: u8;
}

class Tile {
  @inline multiplyAdd(x: v128, y: v128, sum: v128): v128 {
    return changetype<MultiplyAdd>(0).apply(x, y, sum);
  }

  @inline start(address: usize, accumulate: bool): v128 {
    return accumulate ? v128.load(address) : f32x4.splat(0);
  }

  @inline store<Vectors>(address: usize, x: v128, y: v128, lastLanes: i32): void {
    if (offsetof<Vectors>() == 2) v128.store(address, x);
    const last = offsetof<Vectors>() == 2 ? y : x;
    const end = offsetof<Vectors>() == 2 ? address + 16 : address;
    if (lastLanes == 4) v128.store(end, last);
    else storeLanes(end, last, lastLanes);
  }
}

/**
 * C (Rows × Vectors·4) = A·B, or C + A·B where `accumulate`.
 * Each element is one sequential sum over k, whatever the tile it falls in.
 * @param aRow, aColumn bytes from one row and one column of A to the next
 * @param bRow bytes from one row of the panel of B to the next
 * @param lastLanes columns in the last vector, 1 to 4
 */
export function gemmMicro<Rows, Vectors>(
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  k: i32,
  lastLanes: i32,
  accumulate: bool,
): void {
  const t = changetype<Tile>(0);
  const wide = accumulate && offsetof<Vectors>() == 2;
  let a0 = a;
  let a1 = a0 + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  let a4 = a3 + aRow;
  let a5 = a4 + aRow;

  const c0 = c;
  const c1 = c0 + cRow;
  const c2 = c1 + cRow;
  const c3 = c2 + cRow;
  const c4 = c3 + cRow;
  const c5 = c4 + cRow;

  let c00 = t.start(c0, accumulate);
  let c01 = t.start(c0 + 16, wide);
  let c10 = f32x4.splat(0);
  let c11 = c10;
  let c20 = c10;
  let c21 = c10;
  let c30 = c10;
  let c31 = c10;
  let c40 = c10;
  let c41 = c10;
  let c50 = c10;
  let c51 = c10;
  if (offsetof<Rows>() > 1) {
    c10 = t.start(c1, accumulate);
    c11 = t.start(c1 + 16, wide);
  }
  if (offsetof<Rows>() > 2) {
    c20 = t.start(c2, accumulate);
    c21 = t.start(c2 + 16, wide);
  }
  if (offsetof<Rows>() > 3) {
    c30 = t.start(c3, accumulate);
    c31 = t.start(c3 + 16, wide);
  }
  if (offsetof<Rows>() > 4) {
    c40 = t.start(c4, accumulate);
    c41 = t.start(c4 + 16, wide);
  }
  if (offsetof<Rows>() > 5) {
    c50 = t.start(c5, accumulate);
    c51 = t.start(c5 + 16, wide);
  }

  for (; k > 0; k--) {
    const b0 = v128.load(b);
    const b1 = offsetof<Vectors>() == 2 ? v128.load(b, 16) : b0;
    b += bRow;

    const x0 = v128.load32_splat(a0);
    a0 += aColumn;
    c00 = t.multiplyAdd(x0, b0, c00);
    if (offsetof<Vectors>() == 2) c01 = t.multiplyAdd(x0, b1, c01);
    if (offsetof<Rows>() > 1) {
      const x1 = v128.load32_splat(a1);
      a1 += aColumn;
      c10 = t.multiplyAdd(x1, b0, c10);
      if (offsetof<Vectors>() == 2) c11 = t.multiplyAdd(x1, b1, c11);
    }
    if (offsetof<Rows>() > 2) {
      const x2 = v128.load32_splat(a2);
      a2 += aColumn;
      c20 = t.multiplyAdd(x2, b0, c20);
      if (offsetof<Vectors>() == 2) c21 = t.multiplyAdd(x2, b1, c21);
    }
    if (offsetof<Rows>() > 3) {
      const x3 = v128.load32_splat(a3);
      a3 += aColumn;
      c30 = t.multiplyAdd(x3, b0, c30);
      if (offsetof<Vectors>() == 2) c31 = t.multiplyAdd(x3, b1, c31);
    }
    if (offsetof<Rows>() > 4) {
      const x4 = v128.load32_splat(a4);
      a4 += aColumn;
      c40 = t.multiplyAdd(x4, b0, c40);
      if (offsetof<Vectors>() == 2) c41 = t.multiplyAdd(x4, b1, c41);
    }
    if (offsetof<Rows>() > 5) {
      const x5 = v128.load32_splat(a5);
      a5 += aColumn;
      c50 = t.multiplyAdd(x5, b0, c50);
      if (offsetof<Vectors>() == 2) c51 = t.multiplyAdd(x5, b1, c51);
    }
  }

  t.store<Vectors>(c0, c00, c01, lastLanes);
  if (offsetof<Rows>() > 1) t.store<Vectors>(c1, c10, c11, lastLanes);
  if (offsetof<Rows>() > 2) t.store<Vectors>(c2, c20, c21, lastLanes);
  if (offsetof<Rows>() > 3) t.store<Vectors>(c3, c30, c31, lastLanes);
  if (offsetof<Rows>() > 4) t.store<Vectors>(c4, c40, c41, lastLanes);
  if (offsetof<Rows>() > 5) t.store<Vectors>(c5, c50, c51, lastLanes);
}
