// One row of a product, 32 columns at a time: what products of a row or two, as in inference and online learning,
// are made of. Eight sums are enough for none to wait for the one before, and B is read along its rows.

import { MultiplyAdd } from './vectors';

/** Columns of C that are kept in registers. */
export const rowColumns: i32 = 32;

/**
 * C (1 × 32) = A·B, or C + A·B where `accumulate`. Each element is one sequential sum over k.
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
  if (accumulate) {
    c0 = v128.load(c);
    c1 = v128.load(c, 16);
    c2 = v128.load(c, 32);
    c3 = v128.load(c, 48);
    c4 = v128.load(c, 64);
    c5 = v128.load(c, 80);
    c6 = v128.load(c, 96);
    c7 = v128.load(c, 112);
  }
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
  v128.store(c, c0);
  v128.store(c, c1, 16);
  v128.store(c, c2, 32);
  v128.store(c, c3, 48);
  v128.store(c, c4, 64);
  v128.store(c, c5, 80);
  v128.store(c, c6, 96);
  v128.store(c, c7, 112);
}
