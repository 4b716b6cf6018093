// The normal distribution's quantile function, four floats at a time: it makes normal random numbers of uniform ones.

import { half, Log, one, Pieces } from './vector-math';
import { constant } from './vectors';

// Numerators and denominators of AS241's PPND7, from the highest power: near the median, in the tails.
const centralNumerator = memory.data<f32>([59.10937472, 159.29113202, 50.434271938, 3.3871327179]);
const centralDenominator = memory.data<f32>([67.1875636, 78.757757664, 17.895169469, 1]);
const tailNumerator = memory.data<f32>([0.17023821103, 1.3067284816, 2.75681539, 1.4234372777]);
const tailDenominator = memory.data<f32>([0.12021132975, 0.7370016425, 1]);

/** How far from the median the central form reaches, and the square of that. */
const centralMost = memory.data<f32>([0.425]);
const centralSquare = memory.data<f32>([0.180625]);
const tailLeast = memory.data<f32>([1.6]);
/** The smallest distance from 0 and 1 that a uniform number is taken to have: half of its last bit. */
const minTail = memory.data<f32>([2.9802322387695312e-8]);

/**
 * The standard normal quantile of numbers in [0, 1), to a relative error of 1e-6; ±5.4 at the ends.
 *
 * M. J. Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37
 * (1988), routine PPND7. Its far tails, beyond e^−25, hold no float32 in [0, 1) but what minTail cuts.
 */
export class NormalQuantile {
  @inline apply(p: v128): v128 {
    const q = f32x4.sub(p, constant(half));
    const isTail = f32x4.gt(f32x4.abs(q), constant(centralMost));
    return v128.bitselect(this.tail(p, q), this.central(q), isTail);
  }

  @inline central(q: v128): v128 {
    const r = f32x4.sub(constant(centralSquare), f32x4.mul(q, q));
    return f32x4.mul(q, f32x4.div(this.cubic(r, centralNumerator), this.cubic(r, centralDenominator)));
  }

  @inline tail(p: v128, q: v128): v128 {
    const t = changetype<Pieces>(0);
    const nearer = f32x4.pmin(p, f32x4.sub(constant(one), p));
    const bounded = f32x4.pmax(nearer, constant(minTail));
    const distance = f32x4.sqrt(f32x4.neg(changetype<Log>(0).apply(bounded)));
    const r = f32x4.sub(distance, constant(tailLeast));
    let divisor = t.step(constant(tailDenominator), r, tailDenominator + 4);
    divisor = t.step(divisor, r, tailDenominator + 8);
    return t.copySign(f32x4.div(this.cubic(r, tailNumerator), divisor), q);
  }

  @inline cubic(x: v128, coefficients: usize): v128 {
    const t = changetype<Pieces>(0);
    let p = t.step(constant(coefficients), x, coefficients + 4);
    p = t.step(p, x, coefficients + 8);
    return t.step(p, x, coefficients + 12);
  }
}
