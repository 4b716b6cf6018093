// Powers of four floats at a time, computed in double precision and then rounded, by + − × ÷ and bit operations alone.

import { Doubles } from './doubles';
import { half, infinite, notANumber, one, signBit } from './vector-math';
import { constant } from './vectors';

const oneAsDouble = memory.data<f64>([1]);
const ln2 = memory.data<f64>([0.6931471805599453]);
const log2OfE = memory.data<f64>([1.4426950408889634]);
/** 1.5·2⁵². */
const bias = memory.data<f64>([6755399441055744]);
const exponentBias = memory.data<i64>([1023]);
const mantissaBits = memory.data<i64>([0x000fffffffffffff]);
const rootOfHalf = memory.data<i64>([0x3fe6a09e667f3bcd]);
const powerMost = memory.data<f64>([200]);
const powerLeast = memory.data<f64>([-200]);
const artanhTerms = memory.data<f64>([2.0 / 15, 2.0 / 13, 2.0 / 11, 2.0 / 9, 2.0 / 7, 2.0 / 5, 2.0 / 3, 2]);
const expTerms = memory.data<f64>([
  1.0 / 39916800,
  1.0 / 3628800,
  1.0 / 362880,
  1.0 / 40320,
  1.0 / 5040,
  1.0 / 720,
  1.0 / 120,
  1.0 / 24,
  1.0 / 6,
  0.5,
  1,
  1,
]);

class Powers {
  /** ln x by 2·artanh s, s = (m − 1)/(m + 1), x = m·2^e; |s| < 0.172, eight terms. */
  @inline log(x: v128): v128 {
    const d = changetype<Doubles>(0);
    const root = d.constant(rootOfHalf);
    const offset = i64x2.sub(x, root);
    const exponent = i64x2.shr_s(offset, 52);
    const m = i64x2.add(v128.and(offset, d.constant(mantissaBits)), root);
    // The exponent's low half as a double: 64-bit integers have no conversion of their own.
    const e = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(exponent, exponent, 0, 2, 0, 2));
    const unit = d.constant(oneAsDouble);
    const s = f64x2.div(f64x2.sub(m, unit), f64x2.add(m, unit));
    const square = f64x2.mul(s, s);
    const fourth = f64x2.mul(square, square);
    const first = f64x2.mul(d.four(square, fourth, artanhTerms), f64x2.mul(fourth, fourth));
    const p = f64x2.add(first, d.four(square, fourth, artanhTerms + 32));
    return f64x2.add(f64x2.mul(p, s), f64x2.mul(e, d.constant(ln2)));
  }

  /** e^x for |x| ≤ 200 by its series about the nearest multiple of ln 2, twelve terms. */
  @inline exp(x: v128): v128 {
    const d = changetype<Doubles>(0);
    const rounding = d.constant(bias);
    const biased = f64x2.add(f64x2.mul(x, d.constant(log2OfE)), rounding);
    const r = f64x2.sub(x, f64x2.mul(f64x2.sub(biased, rounding), d.constant(ln2)));
    const k = i64x2.sub(biased, rounding);
    const power = i64x2.shl(i64x2.add(k, d.constant(exponentBias)), 52);
    const square = f64x2.mul(r, r);
    const fourth = f64x2.mul(square, square);
    const first = f64x2.add(f64x2.mul(d.four(r, square, expTerms), fourth), d.four(r, square, expTerms + 32));
    return f64x2.mul(f64x2.add(f64x2.mul(first, fourth), d.four(r, square, expTerms + 64)), power);
  }

  /** x^y for x > 0: e^(y·ln x), both to about 1e-11, well below a float's last bit. */
  @inline of(x: v128, y: v128): v128 {
    const d = changetype<Doubles>(0);
    const product = f64x2.mul(y, this.log(x));
    // Past these bounds a float's power is infinite or zero.
    return this.exp(f64x2.pmax(f64x2.pmin(product, d.constant(powerMost)), d.constant(powerLeast)));
  }
}

/** x^y with the special cases of C's powf. At most 1 ulp. */
export class Pow {
  @inline apply(x: v128, y: v128): v128 {
    const d = changetype<Doubles>(0);
    const powers = changetype<Powers>(0);
    const size = f32x4.abs(x);
    const power = d.rounded(powers.of(d.low(size), d.low(y)), powers.of(d.high(size), d.high(y)));
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
