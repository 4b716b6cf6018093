// The loops of element-wise instructions over n elements, four at a time; the last few are stored one by one.

import { one } from './vector-math';
import { constant, storeFirst } from './vectors';

/** Four vectors at a time: their addresses are told by the instructions themselves, and counted once for all. */
export function unary<F>(y: usize, x: usize, n: i32): void {
  for (; n >= 16; n -= 16) {
    v128.store(y, changetype<F>(0).apply(v128.load(x)));
    v128.store(y, changetype<F>(0).apply(v128.load(x, 16)), 16);
    v128.store(y, changetype<F>(0).apply(v128.load(x, 32)), 32);
    v128.store(y, changetype<F>(0).apply(v128.load(x, 48)), 48);
    x += 64;
    y += 64;
  }
  if (n > 0) compactUnary<F>(y, x, n);
}

/** The same with one copy of the function, for those of many instructions or little use. Of one element at least. */
export function compactUnary<F>(y: usize, x: usize, n: i32): void {
  while (true) {
    const result = changetype<F>(0).apply(v128.load(x));
    if (n <= 4) return storeFirst(y, result, n);
    v128.store(y, result);
    n -= 4;
    x += 16;
    y += 16;
  }
}

/** The same for functions that have most of their instructions in common: the lane tells which it is. */
export function familyUnary<F>(lane: i32, y: usize, x: usize, n: i32): void {
  while (true) {
    const result = changetype<F>(0).apply(lane, v128.load(x));
    if (n <= 4) return storeFirst(y, result, n);
    v128.store(y, result);
    n -= 4;
    x += 16;
    y += 16;
  }
}

export function binary<F>(y: usize, a: usize, b: usize, n: i32): void {
  for (; n >= 16; n -= 16) {
    v128.store(y, changetype<F>(0).apply(v128.load(a), v128.load(b)));
    v128.store(y, changetype<F>(0).apply(v128.load(a, 16), v128.load(b, 16)), 16);
    v128.store(y, changetype<F>(0).apply(v128.load(a, 32), v128.load(b, 32)), 32);
    v128.store(y, changetype<F>(0).apply(v128.load(a, 48), v128.load(b, 48)), 48);
    a += 64;
    b += 64;
    y += 64;
  }
  if (n > 0) compactBinary<F>(y, a, b, n);
}

/** The same with one copy of the function. */
export function compactBinary<F>(y: usize, a: usize, b: usize, n: i32): void {
  while (true) {
    const result = changetype<F>(0).apply(v128.load(a), v128.load(b));
    if (n <= 4) return storeFirst(y, result, n);
    v128.store(y, result);
    n -= 4;
    a += 16;
    b += 16;
    y += 16;
  }
}

export function ternary<F>(y: usize, a: usize, b: usize, c: usize, n: i32): void {
  const f = changetype<F>(0);
  for (; n >= 16; n -= 16) {
    v128.store(y, f.apply(v128.load(a), v128.load(b), v128.load(c)));
    v128.store(y, f.apply(v128.load(a, 16), v128.load(b, 16), v128.load(c, 16)), 16);
    v128.store(y, f.apply(v128.load(a, 32), v128.load(b, 32), v128.load(c, 32)), 32);
    v128.store(y, f.apply(v128.load(a, 48), v128.load(b, 48), v128.load(c, 48)), 48);
    a += 64;
    b += 64;
    c += 64;
    y += 64;
  }
  if (n > 0) compactTernary<F>(y, a, b, c, n);
}

/** The same with one copy of the function. */
export function compactTernary<F>(y: usize, a: usize, b: usize, c: usize, n: i32): void {
  while (true) {
    const result = changetype<F>(0).apply(v128.load(a), v128.load(b), v128.load(c));
    if (n <= 4) return storeFirst(y, result, n);
    v128.store(y, result);
    n -= 4;
    a += 16;
    b += 16;
    c += 16;
    y += 16;
  }
}

/** One where a comparison's mask is set, zero elsewhere. */
export class Flag {
  @inline of(mask: v128): v128 {
    return v128.and(mask, constant(one));
  }
}
