// One row of a product, 32 columns at a time: what products of a row or two, as in inference and online learning,
// are made of. Eight sums are enough for none to wait for the one before, and B is read along its rows.

import { MultiplyAdd, storeFirst } from './vectors';

/** Columns of C that are kept in registers. */
export const rowColumns: i32 = 32;

/**
 * C (1 × 32) = A·B, or C + A·B where `accumulate`. Each element is one sequential sum over k, as in gemmMicro.
 * @param aColumn bytes from one element of A to the next
 * @param bRow bytes from one row of B to the next
 */
export function multiplyRow(
  a: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  c: usize,
  k: i32,
  accumulate: bool,
): void {
  const t = changetype<MultiplyAdd>(0);
  let c0 = f32x4.splat(0);
  let c1 = c0;
  let c2 = c0;
  let c3 = c0;
  let c4 = c0;
  let c5 = c0;
  let c6 = c0;
  let c7 = c0;
  for (; k > 0; k--) {
    const x = v128.load32_splat(a);
    c0 = t.apply(x, v128.load(b), c0);
    c1 = t.apply(x, v128.load(b, 16), c1);
    c2 = t.apply(x, v128.load(b, 32), c2);
    c3 = t.apply(x, v128.load(b, 48), c3);
    c4 = t.apply(x, v128.load(b, 64), c4);
    c5 = t.apply(x, v128.load(b, 80), c5);
    c6 = t.apply(x, v128.load(b, 96), c6);
    c7 = t.apply(x, v128.load(b, 112), c7);
    a += aColumn;
    b += bRow;
  }
  if (accumulate) {
    c0 = f32x4.add(c0, v128.load(c));
    c1 = f32x4.add(c1, v128.load(c, 16));
    c2 = f32x4.add(c2, v128.load(c, 32));
    c3 = f32x4.add(c3, v128.load(c, 48));
    c4 = f32x4.add(c4, v128.load(c, 64));
    c5 = f32x4.add(c5, v128.load(c, 80));
    c6 = f32x4.add(c6, v128.load(c, 96));
    c7 = f32x4.add(c7, v128.load(c, 112));
  }
  v128.store(c, c0);
  v128.store(c, c1, 16);
  v128.store(c, c2, 32);
  v128.store(c, c3, 48);
  v128.store(c, c4, 64);
  v128.store(c, c5, 80);
  v128.store(c, c6, 96);
  v128.store(c, c7, 112);
}

/** C (rows × n, up to four columns) = A·B, or C + A·B where `accumulate`: what the smallest networks are made of. */
export function multiplyNarrow(
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  n: i32,
  k: i32,
  accumulate: bool,
): void {
  const t = changetype<MultiplyAdd>(0);
  for (; rows > 0; rows--) {
    let sum = f32x4.splat(0);
    let aNext = a;
    let bNext = b;
    for (let i = k; i > 0; i--) {
      sum = t.apply(v128.load32_splat(aNext), v128.load(bNext), sum);
      aNext += aColumn;
      bNext += bRow;
    }
    storeFirst(c, accumulate ? f32x4.add(sum, v128.load(c)) : sum, n);
    a += aRow;
    c += cRow;
  }
}
