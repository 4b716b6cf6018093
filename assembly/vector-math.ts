// Elementary functions on four floats at a time, of + − × ÷ and bit operations alone, so that they give the
// same bits on every engine. No multiply-add is fused here, in the relaxed build neither.
//
// Each is a class with one inlined method: AssemblyScript passes functions as type parameters that way.
// Largest errors over all floats, in units in the last place, are told at each and held by a test.

import { constant } from './vectors';

export const one = memory.data<f32>([1]);
const half = memory.data<f32>([0.5]);
const two = memory.data<f32>([2]);
const minusTwo = memory.data<f32>([-2]);
export const signBit = memory.data<f32>([-0.0]);
const infinite = memory.data<f32>([Infinity]);
const notANumber = memory.data<f32>([NaN]);

// The logarithm of two, in two parts of which the first has few bits, and its reciprocal.
const ln2High = memory.data<f32>([0.693359375]);
const ln2Low = memory.data<f32>([2.1219444e-4]);
const log2OfE = memory.data<f32>([1.44269504]);

/** 1.5·2²³: a float that is added to it is rounded to an integer, which stands in the sum's low bits. */
const bias = memory.data<f32>([12582912]);
const exponentBias = memory.data<i32>([127]);
const mantissaBits = memory.data<i32>([0x007fffff]);
const oneAsInteger = memory.data<i32>([1]);

// Where e^x and e^x − 1 do not change any more, and up to where e^x − 1 is x.
const expMost = memory.data<f32>([89]);
const expLeast = memory.data<f32>([-104]);
const expm1Least = memory.data<f32>([-18]);
const expm1Linear = memory.data<f32>([2.9802322387695312e-8]);
const expm1Terms = memory.data<f32>([
  0.00019891180272679776, 0.0013933820882812142, 0.00833331048488617, 0.041666463017463684,
  0.1666666716337204,
]);

const minNormal = memory.data<f32>([1.1754943508222875e-38]);
const denormalScale = memory.data<f32>([8388608]);
const denormalShift = memory.data<f32>([23]);
/** √½. */
const rootOfHalf = memory.data<i32>([0x3f3504f3]);
const logTerms = memory.data<f32>([
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
]);

const erfMost = memory.data<f32>([4]);
const erfLeast = memory.data<f32>([-4]);
const erfTerms = memory.data<f32>([
  -2.72614225801306e-10, 2.77068142495902e-8, -2.10102402082508e-6, -5.69250639462346e-5,
  -7.34990630326855e-4, -2.95459980854025e-3, -1.60960333262415e-2,
]);
const erfDivisorTerms = memory.data<f32>([
  -1.45660718464996e-5, -2.13374055278905e-4, -1.68282697438203e-3, -7.37332916720468e-3,
  -1.42647390514189e-2,
]);

/** Pieces that several functions share. */
class Pieces {
  /** a·x + b, b a constant. */
  @inline step(a: v128, x: v128, b: usize): v128 {
    return f32x4.add(f32x4.mul(a, x), constant(b));
  }

  /** round(x / ln 2) + 1.5·2²³: the sum's low bits are the integer, and taking the bias off gives the float. */
  @inline biasedExponent(x: v128): v128 {
    return f32x4.add(f32x4.mul(x, constant(log2OfE)), constant(bias));
  }

  @inline exponentAsInteger(biased: v128): v128 {
    return i32x4.sub(biased, constant(bias));
  }

  /** x − k·ln 2, ln 2 in two parts of which the first has so few bits that its product is exact. */
  @inline remainder(x: v128, biased: v128): v128 {
    const k = f32x4.sub(biased, constant(bias));
    const high = f32x4.sub(x, f32x4.mul(k, constant(ln2High)));
    return f32x4.add(high, f32x4.mul(k, constant(ln2Low)));
  }

  /**
   * e^r − 1 for |r| ≤ ln 2 / 2: r + r²·q(r), q of degree 5 interpolating (e^r − 1 − r)/r² at the
   * interval's Chebyshev nodes (relative error 2e-10 before rounding).
   */
  @inline expm1OfRemainder(r: v128): v128 {
    let q = constant(expm1Terms);
    q = this.step(q, r, expm1Terms + 4);
    q = this.step(q, r, expm1Terms + 8);
    q = this.step(q, r, expm1Terms + 12);
    q = this.step(q, r, expm1Terms + 16);
    q = this.step(q, r, half);
    return f32x4.add(r, f32x4.mul(f32x4.mul(r, r), q));
  }

  /** 2^k for −126 ≤ k ≤ 127. */
  @inline powerOfTwo(k: v128): v128 {
    return i32x4.shl(i32x4.add(k, constant(exponentBias)), 23);
  }

  /** |x| with the sign of y. */
  @inline copySign(x: v128, y: v128): v128 {
    return v128.bitselect(y, x, constant(signBit));
  }
}

/** e^x; overflows to infinity and underflows gradually. At most 1.2 ulp. */
export class Exp {
  @inline apply(x: v128): v128 {
    const t = changetype<Pieces>(0);
    // Past these bounds the result is infinite or zero; NaN passes both.
    const bounded = f32x4.pmax(f32x4.pmin(x, constant(expMost)), constant(expLeast));
    const biased = t.biasedExponent(bounded);
    const y = f32x4.add(t.expm1OfRemainder(t.remainder(bounded, biased)), constant(one));
    // 2^k in two factors: k reaches from −150 to 128, a float's exponent only from −126 to 127.
    const k = t.exponentAsInteger(biased);
    const half = i32x4.shr_s(k, 1);
    return f32x4.mul(f32x4.mul(y, t.powerOfTwo(half)), t.powerOfTwo(i32x4.sub(k, half)));
  }
}

/** e^x − 1 = 2^k·(e^r − 1) + (2^k − 1), computed at half size so that 2^128 is in reach. At most 2.2 ulp. */
export class Expm1 {
  @inline apply(x: v128): v128 {
    const t = changetype<Pieces>(0);
    const bounded = f32x4.pmax(f32x4.pmin(x, constant(expMost)), constant(expm1Least));
    const biased = t.biasedExponent(bounded);
    const small = t.expm1OfRemainder(t.remainder(bounded, biased));
    const scale = t.powerOfTwo(i32x4.sub(t.exponentAsInteger(biased), constant(oneAsInteger)));
    const halved = f32x4.add(f32x4.mul(scale, small), f32x4.sub(scale, constant(half)));
    const y = f32x4.add(halved, halved);
    // Below 2⁻²⁵ the result is x itself, and halving a denormal would lose a bit of it.
    return v128.bitselect(x, y, f32x4.lt(f32x4.abs(x), constant(expm1Linear)));
  }
}

/** Natural logarithm; −Infinity at 0, NaN below. At most 1 ulp. */
export class Log {
  @inline apply(x: v128): v128 {
    const t = changetype<Pieces>(0);
    // Denormals are scaled up by 2²³ first.
    const isTiny = f32x4.lt(x, constant(minNormal));
    const normal = v128.bitselect(f32x4.mul(x, constant(denormalScale)), x, isTiny);
    // x = m·2^e with m in [√½, √2): the bits of √½ taken off leave e in the exponent's place.
    const offset = i32x4.sub(normal, constant(rootOfHalf));
    const exponent = i32x4.shr_s(offset, 23);
    const mantissa = i32x4.add(v128.and(offset, constant(mantissaBits)), constant(rootOfHalf));
    const e = f32x4.sub(f32x4.convert_i32x4_s(exponent), v128.and(isTiny, constant(denormalShift)));

    // ln(1 + f) = f − f²/2 + f³·p(f); coefficients from Cephes's logf (Moshier).
    const f = f32x4.sub(mantissa, constant(one));
    const square = f32x4.mul(f, f);
    let p = constant(logTerms);
    p = t.step(p, f, logTerms + 4);
    p = t.step(p, f, logTerms + 8);
    p = t.step(p, f, logTerms + 12);
    p = t.step(p, f, logTerms + 16);
    p = t.step(p, f, logTerms + 20);
    p = t.step(p, f, logTerms + 24);
    p = t.step(p, f, logTerms + 28);
    p = t.step(p, f, logTerms + 32);
    let low = f32x4.mul(f32x4.mul(p, f), square);
    low = f32x4.sub(low, f32x4.mul(e, constant(ln2Low)));
    low = f32x4.sub(low, f32x4.mul(square, constant(half)));
    const y = f32x4.add(f32x4.add(f, low), f32x4.mul(e, constant(ln2High)));
    return this.special(x, y);
  }

  /** The results where there is no exponent to take: 0, negative numbers, infinity, NaN. */
  @inline special(x: v128, y: v128): v128 {
    const infinity = constant(infinite);
    const zero = f32x4.splat(0);
    const finite = v128.bitselect(y, x, f32x4.lt(x, infinity));
    const positive = v128.bitselect(constant(notANumber), finite, f32x4.lt(x, zero));
    return v128.bitselect(f32x4.neg(infinity), positive, f32x4.eq(x, zero));
  }
}

/** log(1 + x) = log u · x/(u − 1) with u = 1 + x rounded: the factor mends the rounding. At most 3 ulp. */
export class Log1p {
  @inline apply(x: v128): v128 {
    const u = f32x4.add(x, constant(one));
    const y = f32x4.mul(changetype<Log>(0).apply(u), f32x4.div(x, f32x4.sub(u, constant(one))));
    const keepsX = v128.or(f32x4.eq(u, constant(one)), f32x4.eq(x, constant(infinite)));
    return v128.bitselect(x, y, keepsX);
  }
}

/** tanh |x| = −E/(E + 2) with E = e^(−2|x|) − 1. At most 3 ulp. */
export class Tanh {
  @inline apply(x: v128): v128 {
    const e = changetype<Expm1>(0).apply(f32x4.mul(f32x4.abs(x), constant(minusTwo)));
    const y = f32x4.div(f32x4.neg(e), f32x4.add(e, constant(two)));
    return changetype<Pieces>(0).copySign(y, x);
  }
}

/** 1/(1 + e^−x), or z/(1 + z) with z = e^x for x < 0, which keeps small results exact. At most 3 ulp. */
export class Sigmoid {
  @inline apply(x: v128): v128 {
    const z = changetype<Exp>(0).apply(f32x4.neg(f32x4.abs(x)));
    const numerator = v128.bitselect(z, constant(one), f32x4.lt(x, f32x4.splat(0)));
    return f32x4.div(numerator, f32x4.add(constant(one), z));
  }
}

/** log(1 + e^x) = max(x, 0) + log(1 + e^−|x|). At most 4 ulp. */
export class Softplus {
  @inline apply(x: v128): v128 {
    const z = changetype<Exp>(0).apply(f32x4.neg(f32x4.abs(x)));
    return f32x4.add(f32x4.pmax(x, f32x4.splat(0)), changetype<Log1p>(0).apply(z));
  }
}

/** The error function: a rational approximation in x² with the coefficients of Eigen. 1e-6 absolute. */
export class Erf {
  @inline apply(x: v128): v128 {
    const t = changetype<Pieces>(0);
    // Beyond 4 it is ±1 to the last bit; NaN passes.
    const bounded = f32x4.pmax(f32x4.pmin(x, constant(erfMost)), constant(erfLeast));
    const square = f32x4.mul(bounded, bounded);
    let p = constant(erfTerms);
    p = t.step(p, square, erfTerms + 4);
    p = t.step(p, square, erfTerms + 8);
    p = t.step(p, square, erfTerms + 12);
    p = t.step(p, square, erfTerms + 16);
    p = t.step(p, square, erfTerms + 20);
    p = t.step(p, square, erfTerms + 24);
    let q = constant(erfDivisorTerms);
    q = t.step(q, square, erfDivisorTerms + 4);
    q = t.step(q, square, erfDivisorTerms + 8);
    q = t.step(q, square, erfDivisorTerms + 12);
    q = t.step(q, square, erfDivisorTerms + 16);
    return f32x4.div(f32x4.mul(bounded, p), q);
  }
}

const oneAsDouble = memory.data<f64>([1]);
const ln2 = memory.data<f64>([0.6931471805599453]);
const log2OfEAsDouble = memory.data<f64>([1.4426950408889634]);
/** 1.5·2⁵². */
const biasOfDouble = memory.data<f64>([6755399441055744]);
const exponentBiasOfDouble = memory.data<i64>([1023]);
const mantissaBitsOfDouble = memory.data<i64>([0x000fffffffffffff]);
const rootOfHalfAsDouble = memory.data<i64>([0x3fe6a09e667f3bcd]);
const powerMost = memory.data<f64>([200]);
const powerLeast = memory.data<f64>([-200]);
const artanhTerms = memory.data<f64>([2.0 / 15, 2.0 / 13, 2.0 / 11, 2.0 / 9, 2.0 / 7, 2.0 / 5, 2.0 / 3, 2]);
const expTerms = memory.data<f64>([
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

class Doubles {
  @inline constant(address: usize): v128 {
    return v128.load64_splat(address);
  }

  /** The polynomial in x with `count` coefficients, the highest power's first. */
  @inline polynomial(x: v128, coefficients: usize, count: i32): v128 {
    let p = this.constant(coefficients);
    for (let i = 1; i < count; i++) {
      p = f64x2.add(f64x2.mul(p, x), this.constant(coefficients + ((<usize>i) << 3)));
    }
    return p;
  }

  /** ln x by 2·artanh s, s = (m − 1)/(m + 1), x = m·2^e; |s| < 0.172, eight terms. */
  @inline log(x: v128): v128 {
    const root = this.constant(rootOfHalfAsDouble);
    const offset = i64x2.sub(x, root);
    const exponent = i64x2.shr_s(offset, 52);
    const m = i64x2.add(v128.and(offset, this.constant(mantissaBitsOfDouble)), root);
    // The exponent's low half as a double: 64-bit integers have no conversion of their own.
    const e = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(exponent, exponent, 0, 2, 0, 2));
    const unit = this.constant(oneAsDouble);
    const s = f64x2.div(f64x2.sub(m, unit), f64x2.add(m, unit));
    const p = this.polynomial(f64x2.mul(s, s), artanhTerms, 8);
    return f64x2.add(f64x2.mul(p, s), f64x2.mul(e, this.constant(ln2)));
  }

  /** e^x for |x| ≤ 200 by its series about the nearest multiple of ln 2, eleven terms. */
  @inline exp(x: v128): v128 {
    const rounding = this.constant(biasOfDouble);
    const biased = f64x2.add(f64x2.mul(x, this.constant(log2OfEAsDouble)), rounding);
    const r = f64x2.sub(x, f64x2.mul(f64x2.sub(biased, rounding), this.constant(ln2)));
    const k = i64x2.sub(biased, rounding);
    const power = i64x2.shl(i64x2.add(k, this.constant(exponentBiasOfDouble)), 52);
    return f64x2.mul(this.polynomial(r, expTerms, 11), power);
  }
}

/** |x|^y for the first two of four lanes, as doubles: e^(y·ln |x|), both to about 1e-11, well below a float's last bit. */
function powerOfDoubles(x: v128, y: v128): v128 {
  const d = changetype<Doubles>(0);
  const product = f64x2.mul(f64x2.promote_low_f32x4(y), d.log(f64x2.promote_low_f32x4(x)));
  // Past these bounds a float's power is infinite or zero.
  return d.exp(f64x2.pmax(f64x2.pmin(product, d.constant(powerMost)), d.constant(powerLeast)));
}

/** x^y with the special cases of C's powf. At most 1 ulp. */
export class Pow {
  @inline apply(x: v128, y: v128): v128 {
    const size = f32x4.abs(x);
    const low = f32x4.demote_f64x2_zero(powerOfDoubles(size, y));
    const highX = v128.shuffle<i32>(size, size, 2, 3, 2, 3);
    const highY = v128.shuffle<i32>(y, y, 2, 3, 2, 3);
    const high = f32x4.demote_f64x2_zero(powerOfDoubles(highX, highY));
    const power = v128.shuffle<i64>(low, high, 0, 2);
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
