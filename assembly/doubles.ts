// Arithmetic on two doubles at a time, where four floats ask for more than single precision.

/** Pieces that functions in double precision share. */
export class Doubles {
  @inline constant(address: usize): v128 {
    return v128.load64_splat(address);
  }

  /** The first two of four floats. */
  @inline low(x: v128): v128 {
    return f64x2.promote_low_f32x4(x);
  }

  /** The last two of four floats. */
  @inline high(x: v128): v128 {
    return f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 2, 3));
  }

  /** Four floats of two doubles and two more. */
  @inline rounded(low: v128, high: v128): v128 {
    return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
  }

  @inline two(x: v128, coefficients: usize): v128 {
    return f64x2.add(f64x2.mul(this.constant(coefficients), x), this.constant(coefficients + 8));
  }

  /**
   * The polynomial in x of four coefficients, the highest power's first. By pairs (Estrin's scheme): Horner's rule is a
   * chain in which each step waits for the one before.
   */
  @inline four(x: v128, square: v128, coefficients: usize): v128 {
    return f64x2.add(f64x2.mul(this.two(x, coefficients), square), this.two(x, coefficients + 16));
  }
}

export const one = memory.data<f64>([1]);
const ln2 = memory.data<f64>([0.6931471805599453]);
const log2OfE = memory.data<f64>([1.4426950408889634]);
/** 1.5·2⁵²: a double that is added to it is rounded to an integer, which stands in the sum's low bits. */
export const bias = memory.data<f64>([6755399441055744]);
const exponentBias = memory.data<i64>([1023]);
const mantissaBits = memory.data<i64>([0x000fffffffffffff]);
const rootOfHalf = memory.data<i64>([0x3fe6a09e667f3bcd]);
const expMost = memory.data<f64>([200]);
const expLeast = memory.data<f64>([-200]);
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

/** ln x for finite x > 0 by 2·artanh s, s = (m − 1)/(m + 1), x = m·2^e; |s| < 0.172, eight terms: to about 1e-13. */
export function logOfDoubles(x: v128): v128 {
  const d = changetype<Doubles>(0);
  const root = d.constant(rootOfHalf);
  const offset = i64x2.sub(x, root);
  const exponent = i64x2.shr_s(offset, 52);
  const m = i64x2.add(v128.and(offset, d.constant(mantissaBits)), root);
  // The exponent's low half as a double: 64-bit integers have no conversion of their own.
  const e = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(exponent, exponent, 0, 2, 0, 2));
  const s = f64x2.div(f64x2.sub(m, d.constant(one)), f64x2.add(m, d.constant(one)));
  const square = f64x2.mul(s, s);
  const fourth = f64x2.mul(square, square);
  const first = f64x2.mul(d.four(square, fourth, artanhTerms), f64x2.mul(fourth, fourth));
  const p = f64x2.add(first, d.four(square, fourth, artanhTerms + 32));
  return f64x2.add(f64x2.mul(p, s), f64x2.mul(e, d.constant(ln2)));
}

/**
 * e^x by its series about the nearest multiple of ln 2, twelve terms: to about 1e-13. Past ±200, where a float's would be
 * infinite or zero, it is that of ±200.
 */
export function expOfDoubles(x: v128): v128 {
  const d = changetype<Doubles>(0);
  const rounding = d.constant(bias);
  const bounded = f64x2.pmax(f64x2.pmin(x, d.constant(expMost)), d.constant(expLeast));
  const biased = f64x2.add(f64x2.mul(bounded, d.constant(log2OfE)), rounding);
  const r = f64x2.sub(bounded, f64x2.mul(f64x2.sub(biased, rounding), d.constant(ln2)));
  const k = i64x2.sub(biased, rounding);
  const power = i64x2.shl(i64x2.add(k, d.constant(exponentBias)), 52);
  const square = f64x2.mul(r, r);
  const fourth = f64x2.mul(square, square);
  const first = f64x2.add(f64x2.mul(d.four(r, square, expTerms), fourth), d.four(r, square, expTerms + 32));
  return f64x2.mul(f64x2.add(f64x2.mul(first, fourth), d.four(r, square, expTerms + 64)), power);
}
