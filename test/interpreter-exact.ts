// The interpreter's rules for element-wise ops of integers and truth values, for rounding and trigonometry.

import { lanes, type Rule } from './interpreter-walks.ts';

const flag = (condition: boolean) => (condition ? 1 : 0);
const floorMod = (a: number, b: number) => ((a % b) + b) % b;

/** Of integers nothing is left by a division by zero. */
const orZero = (b: number, result: number) => (b === 0 ? 0 : result | 0);

/** aᵇ modulo 2³², by repeated products; fractions are dropped. */
function integerPower(a: number, b: number): number {
  if (b < 0) return Math.trunc(a ** b);
  let power = 1;
  for (let i = 0; i < b; i++) power = Math.imul(power, a);
  return power;
}

export const exactRules: Record<string, Rule> = {
  toInt32: lanes((x) => Math.max(Math.min(Math.trunc(x), 2 ** 31 - 1), -(2 ** 31)) || 0),
  absInt32: lanes((x) => Math.abs(x) | 0),
  addInt32: lanes((a, b) => (a + b) | 0),
  subInt32: lanes((a, b) => (a - b) | 0),
  mulInt32: lanes(Math.imul),
  maxInt32: lanes(Math.max),
  minInt32: lanes(Math.min),
  floorDivInt32: lanes((a, b) => orZero(b, Math.floor(a / b))),
  modInt32: lanes((a, b) => orZero(b, floorMod(a, b))),
  powInt32: lanes(integerPower),
  greaterInt32: lanes((a, b) => flag(a > b)),
  greaterEqualInt32: lanes((a, b) => flag(a >= b)),
  equalInt32: lanes((a, b) => flag(a === b)),
  notEqualInt32: lanes((a, b) => flag(a !== b)),
  bitwiseAnd: lanes((a, b) => a & b),

  notEqual: lanes((a, b) => flag(a !== b)),
  logicalAnd: lanes((a, b) => a * b),
  logicalOr: lanes(Math.max),
  logicalXor: lanes((a, b) => flag(a !== b)),

  ceil: lanes(Math.ceil),
  trunc: lanes(Math.trunc),
  // Half to even.
  round: lanes((x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x))),
  mod: lanes(floorMod),

  sin: lanes(Math.sin),
  cos: lanes(Math.cos),
  tan: lanes(Math.tan),
  asin: lanes(Math.asin),
  acos: lanes(Math.acos),
  atan: lanes(Math.atan),
  atan2: lanes(Math.atan2),
  sinh: lanes(Math.sinh),
  cosh: lanes(Math.cosh),
  asinh: lanes(Math.asinh),
  acosh: lanes(Math.acosh),
  atanh: lanes(Math.atanh),
};
