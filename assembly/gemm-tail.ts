// A panel of B and the one or two columns behind it, as ten classes have: four rows at a time, so that these columns of
// two rows fill a vector, and nothing is computed in vain. Ten accumulators, three vectors of B and two values of A fill
// the registers.

import { MultiplyAdd } from './vectors';

/** Rows that are computed at once. */
export const tailTileRows: i32 = 4;

/**
 * C (4·tiles × 8 + columns) = A·B, or C + A·B where `accumulate`. Each element is one sequential sum over k, as in
 * gemmMicro.
 * @param aRow, aColumn bytes from one row and one column of A to the next
 * @param bPanel, bRow bytes from one panel of B to the next, and from one row of a panel
 * @param columns those behind the panel, 1 or 2
 */
export function multiplyTail(
  tiles: i32,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bPanel: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  columns: i32,
  k: i32,
  accumulate: bool,
): void {
  const t = changetype<MultiplyAdd>(0);
  for (; tiles > 0; tiles--) {
    let a0 = a;
    let a1 = a0 + aRow;
    let a2 = a1 + aRow;
    let a3 = a2 + aRow;
    a = a3 + aRow;

    let c00 = f32x4.splat(0);
    let c01 = c00;
    let c10 = c00;
    let c11 = c00;
    let c20 = c00;
    let c21 = c00;
    let c30 = c00;
    let c31 = c00;
    // The columns behind, of the first two rows and of the others.
    let tail01 = c00;
    let tail23 = c00;
    let bNext = b;
    let bTail = b + bPanel;
    for (let i = k; i > 0; i--) {
      const b0 = v128.load(bNext);
      const b1 = v128.load(bNext, 16);
      const b2 = v128.load64_splat(bTail);
      bNext += bRow;
      bTail += bRow;

      const x0 = v128.load32_splat(a0);
      a0 += aColumn;
      c00 = t.apply(x0, b0, c00);
      c01 = t.apply(x0, b1, c01);
      const x1 = v128.load32_splat(a1);
      a1 += aColumn;
      c10 = t.apply(x1, b0, c10);
      c11 = t.apply(x1, b1, c11);
      tail01 = t.apply(v128.shuffle<i64>(x0, x1, 0, 2), b2, tail01);

      const x2 = v128.load32_splat(a2);
      a2 += aColumn;
      c20 = t.apply(x2, b0, c20);
      c21 = t.apply(x2, b1, c21);
      const x3 = v128.load32_splat(a3);
      a3 += aColumn;
      c30 = t.apply(x3, b0, c30);
      c31 = t.apply(x3, b1, c31);
      tail23 = t.apply(v128.shuffle<i64>(x2, x3, 0, 2), b2, tail23);
    }

    storeRow(c, c00, c01, tail01, columns, accumulate);
    c += cRow;
    storeRow(c, c10, c11, v128.shuffle<i64>(tail01, tail01, 1, 1), columns, accumulate);
    c += cRow;
    storeRow(c, c20, c21, tail23, columns, accumulate);
    c += cRow;
    storeRow(c, c30, c31, v128.shuffle<i64>(tail23, tail23, 1, 1), columns, accumulate);
    c += cRow;
  }
}

function storeRow(c: usize, x: v128, y: v128, tail: v128, columns: i32, accumulate: bool): void {
  if (accumulate) {
    x = f32x4.add(x, v128.load(c));
    y = f32x4.add(y, v128.load(c, 16));
    tail = f32x4.add(tail, v128.load64_zero(c, 32));
  }
  v128.store(c, x);
  v128.store(c, y, 16);
  if (columns == 2) v128.store64_lane(c, tail, 0, 32);
  else v128.store32_lane(c, tail, 0, 32);
}
