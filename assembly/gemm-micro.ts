// The micro-kernel of the matrix product: tiles of C, up to 6 rows by 8 columns, kept in registers.
// One template makes the full tile and every edge. Its twelve accumulators, two vectors of B and one
// value of A fill the 15 vector registers that x86-64 engines leave a kernel.

import { MultiplyAdd } from './vectors';

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

class Row<Vectors> {
  @inline multiplyAdd(x: v128, y: v128, sum: v128): v128 {
    return changetype<MultiplyAdd>(0).apply(x, y, sum);
  }

  /** The row's second vector at `address`; where it has one only, anything. */
  @inline second(address: usize, first: v128): v128 {
    return offsetof<Vectors>() == 2 ? v128.load(address, 16) : first;
  }

  @inline store(address: usize, x: v128, y: v128, accumulate: bool): void {
    if (accumulate) {
      x = f32x4.add(x, v128.load(address));
      if (offsetof<Vectors>() == 2) y = f32x4.add(y, v128.load(address, 16));
    }
    v128.store(address, x);
    if (offsetof<Vectors>() == 2) v128.store(address, y, 16);
  }
}

/**
 * C (tiles·Rows × Vectors·4) = A·B, or C + A·B where `accumulate`: one tile below the other.
 * Each element is one sequential sum over k, whatever the tile it falls in, which C is added to at the end: blocks
 * of k give the same bits whether they are added one by one or kept apart and added later.
 * `Addresses` tells how many variables hold the addresses of A's rows: one each, or Count1 where `aRow` is 4 and one
 * serves them all. A row's distance is added to it; given as offsets of the loads, it makes Bun 40 % slower.
 * @param aRow, aColumn bytes from one row and one column of A to the next
 * @param aStep bytes from where a tile of A begins to where one would begin a row lower
 * @param bRow bytes from one row of the panel of B to the next
 */
export function gemmMicro<Rows, Vectors, Addresses = Count6>(
  tiles: i32,
  a: usize,
  aRow: usize,
  aColumn: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  k: i32,
  accumulate: bool,
): void {
  const row = changetype<Row<Vectors>>(0);
  for (; tiles > 0; tiles--) {
    let a0 = a;
    let a1 = a0 + aRow;
    let a2 = a1 + aRow;
    let a3 = a2 + aRow;
    let a4 = a3 + aRow;
    let a5 = a4 + aRow;
    a += offsetof<Rows>() * aStep;

    let c00 = f32x4.splat(0);
    let c01 = c00;
    let c10 = c00;
    let c11 = c00;
    let c20 = c00;
    let c21 = c00;
    let c30 = c00;
    let c31 = c00;
    let c40 = c00;
    let c41 = c00;
    let c50 = c00;
    let c51 = c00;
    let bNext = b;
    for (let i = k; i > 0; i--) {
      const b0 = v128.load(bNext);
      const b1 = row.second(bNext, b0);
      bNext += bRow;

      const x0 = v128.load32_splat(a0);
      c00 = row.multiplyAdd(x0, b0, c00);
      if (offsetof<Vectors>() == 2) c01 = row.multiplyAdd(x0, b1, c01);
      if (offsetof<Rows>() > 1) {
        const x1 = offsetof<Addresses>() == 1 ? v128.load32_splat(a0 + 4) : v128.load32_splat(a1);
        if (offsetof<Addresses>() > 1) a1 += aColumn;
        c10 = row.multiplyAdd(x1, b0, c10);
        if (offsetof<Vectors>() == 2) c11 = row.multiplyAdd(x1, b1, c11);
      }
      if (offsetof<Rows>() > 2) {
        const x2 = offsetof<Addresses>() == 1 ? v128.load32_splat(a0 + 8) : v128.load32_splat(a2);
        if (offsetof<Addresses>() > 1) a2 += aColumn;
        c20 = row.multiplyAdd(x2, b0, c20);
        if (offsetof<Vectors>() == 2) c21 = row.multiplyAdd(x2, b1, c21);
      }
      if (offsetof<Rows>() > 3) {
        const x3 = offsetof<Addresses>() == 1 ? v128.load32_splat(a0 + 12) : v128.load32_splat(a3);
        if (offsetof<Addresses>() > 1) a3 += aColumn;
        c30 = row.multiplyAdd(x3, b0, c30);
        if (offsetof<Vectors>() == 2) c31 = row.multiplyAdd(x3, b1, c31);
      }
      if (offsetof<Rows>() > 4) {
        const x4 = offsetof<Addresses>() == 1 ? v128.load32_splat(a0 + 16) : v128.load32_splat(a4);
        if (offsetof<Addresses>() > 1) a4 += aColumn;
        c40 = row.multiplyAdd(x4, b0, c40);
        if (offsetof<Vectors>() == 2) c41 = row.multiplyAdd(x4, b1, c41);
      }
      if (offsetof<Rows>() > 5) {
        const x5 = offsetof<Addresses>() == 1 ? v128.load32_splat(a0 + 20) : v128.load32_splat(a5);
        if (offsetof<Addresses>() > 1) a5 += aColumn;
        c50 = row.multiplyAdd(x5, b0, c50);
        if (offsetof<Vectors>() == 2) c51 = row.multiplyAdd(x5, b1, c51);
      }
      a0 += aColumn;
    }

    row.store(c, c00, c01, accumulate);
    if (offsetof<Rows>() > 1) row.store(c + cRow, c10, c11, accumulate);
    if (offsetof<Rows>() > 2) row.store(c + 2 * cRow, c20, c21, accumulate);
    if (offsetof<Rows>() > 3) row.store(c + 3 * cRow, c30, c31, accumulate);
    if (offsetof<Rows>() > 4) row.store(c + 4 * cRow, c40, c41, accumulate);
    if (offsetof<Rows>() > 5) row.store(c + 5 * cRow, c50, c51, accumulate);
    c += offsetof<Rows>() * cRow;
  }
}
