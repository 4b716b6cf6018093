// Powers of four floats at a time, computed in double precision and then rounded, by + − × ÷ and bit operations alone.

import { Doubles, expOfDoubles, logOfDoubles } from './doubles';
import { half, infinite, notANumber, one, signBit } from './vector-math';
import { constant } from './vectors';

/** x^y of two doubles, x > 0. */
function powerOf(x: v128, y: v128): v128 {
  return expOfDoubles(f64x2.mul(y, logOfDoubles(x)));
}

/** x^y with the special cases of C's powf. At most 1 ulp. */
export class Pow {
  @inline apply(x: v128, y: v128): v128 {
    const d = changetype<Doubles>(0);
    const size = f32x4.abs(x);
    const power = d.rounded(powerOf(d.low(size), d.low(y)), powerOf(d.high(size), d.high(y)));
    return this.special(x, y, this.extreme(size, y, power));
  }

  /** Where |x| or y is 0 or infinite: by whether the power grows or falls. */
  @inline extreme(size: v128, y: v128, power: v128): v128 {
    const zero = f32x4.splat(0);
    const infinity = constant(infinite);
    const isExtreme = v128.or(
      v128.or(f32x4.eq(size, zero), f32x4.eq(size, infinity)),
      f32x4.eq(f32x4.abs(y), infinity),
    );
    const grows = v128.xor(f32x4.gt(size, constant(one)), f32x4.lt(y, zero));
    const limit = v128.and(infinity, grows);
    const result = v128.bitselect(limit, power, isExtreme);
    return v128.bitselect(constant(one), result, v128.or(f32x4.eq(size, constant(one)), f32x4.eq(y, zero)));
  }

  /** Negative bases: NaN unless y is whole, negative where it is odd. NaN in gives NaN, but for 1^y and x^0. */
  @inline special(x: v128, y: v128, power: v128): v128 {
    const zero = f32x4.splat(0);
    const isNegative = i32x4.lt_s(x, i32x4.splat(0));
    const isWhole = f32x4.eq(f32x4.trunc(y), y);
    const halfOfY = f32x4.mul(y, constant(half));
    const isOdd = v128.and(isWhole, f32x4.ne(f32x4.trunc(halfOfY), halfOfY));
    const sign = v128.and(v128.and(isNegative, isOdd), constant(signBit));
    const signed = v128.xor(power, sign);
    const isFiniteNegative = v128.and(f32x4.lt(x, zero), f32x4.gt(x, f32x4.splat(-Infinity)));
    const isUndefined = v128.andnot(isFiniteNegative, isWhole);
    const defined = v128.bitselect(constant(notANumber), signed, isUndefined);
    const isNaN = v128.or(f32x4.ne(x, x), f32x4.ne(y, y));
    const result = v128.bitselect(constant(notANumber), defined, isNaN);
    return v128.bitselect(constant(one), result, v128.or(f32x4.eq(x, constant(one)), f32x4.eq(y, zero)));
  }
}
