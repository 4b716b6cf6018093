// The loops of element-wise instructions over n elements, four at a time; the last few are stored one by one.
// An operand's step is the bytes it advances per vector: 16, or 0 for one vector that serves all.

import { one } from './vector-math';
import { constant, storeFirst, storeLanes } from './vectors';

export function unary<F>(y: usize, x: usize, xStep: usize, n: i32): void {
  for (; n >= 4; n -= 4) {
    v128.store(y, changetype<F>(0).apply(v128.load(x)));
    x += xStep;
    y += 16;
  }
  if (n > 0) storeLanes(y, changetype<F>(0).apply(v128.load(x)), n);
}

/** The same with one copy of the function in place of two, for those of many instructions. */
export function compactUnary<F>(y: usize, x: usize, xStep: usize, n: i32): void {
  for (; n > 0; n -= 4) {
    storeFirst(y, changetype<F>(0).apply(v128.load(x)), n);
    x += xStep;
    y += 16;
  }
}

/** The same for functions that have most of their instructions in common: the lane tells which it is. */
export function familyUnary<F>(lane: i32, y: usize, x: usize, xStep: usize, n: i32): void {
  for (; n > 0; n -= 4) {
    storeFirst(y, changetype<F>(0).apply(lane, v128.load(x)), n);
    x += xStep;
    y += 16;
  }
}

export function binary<F>(y: usize, a: usize, aStep: usize, b: usize, bStep: usize, n: i32): void {
  for (; n >= 4; n -= 4) {
    v128.store(y, changetype<F>(0).apply(v128.load(a), v128.load(b)));
    a += aStep;
    b += bStep;
    y += 16;
  }
  if (n > 0) storeLanes(y, changetype<F>(0).apply(v128.load(a), v128.load(b)), n);
}

/** The same with one copy of the function. */
export function compactBinary<F>(y: usize, a: usize, aStep: usize, b: usize, bStep: usize, n: i32): void {
  for (; n > 0; n -= 4) {
    storeFirst(y, changetype<F>(0).apply(v128.load(a), v128.load(b)), n);
    a += aStep;
    b += bStep;
    y += 16;
  }
}

export function ternary<F>(
  y: usize,
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  c: usize,
  cStep: usize,
  n: i32,
): void {
  for (; n > 0; n -= 4) {
    storeFirst(y, changetype<F>(0).apply(v128.load(a), v128.load(b), v128.load(c)), n);
    a += aStep;
    b += bStep;
    c += cStep;
    y += 16;
  }
}

/** One where a comparison's mask is set, zero elsewhere. */
export class Flag {
  @inline of(mask: v128): v128 {
    return v128.and(mask, constant(one));
  }
}
