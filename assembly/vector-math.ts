// Elementary functions on four floats at a time, of + − × ÷ and bit operations alone, so that they give the
// same bits on every engine. No multiply-add is fused here, in the relaxed build neither.
//
// Each is a class with one inlined method: AssemblyScript passes functions as type parameters that way.
// Largest errors over all floats, in units in the last place, are told at each and held by a test.

import { constant } from './vectors';

export const one = memory.data<f32>([1]);
export const half = memory.data<f32>([0.5]);
const two = memory.data<f32>([2]);
const minusTwo = memory.data<f32>([-2]);
export const signBit = memory.data<f32>([-0.0]);
export const infinite = memory.data<f32>([Infinity]);
export const notANumber = memory.data<f32>([NaN]);

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
export class Pieces {
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
