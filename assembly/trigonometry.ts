// Sine, cosine and tangent of four floats at a time, computed in double precision and then rounded. Angles so large that
// many digits of π count are reduced one by one.

import { bias, Doubles } from './doubles';
import { Lane } from './opcodes';

const twoOverPi = memory.data<f64>([0.6366197723675814]);
// π/2 in two parts, of which the first has so few bits that its product with the quarters in a near angle is exact.
const quarterHigh = memory.data<f64>([1.5707963267341256]);
const quarterLow = memory.data<f64>([6.077100506506192e-11]);
/** Below it angles are near. */
const nearMost: f32 = 1048576;
const lastBit = memory.data<i64>([1]);
const nextBit = memory.data<i64>([2]);

// The series of sin r / r and of cos r for |r| ≤ π/4, from the highest power: what is left out is below 2e-10.
const sineTerms = memory.data<f64>([-1.0 / 39916800, 1.0 / 362880, -1.0 / 5040, 1.0 / 120, -1.0 / 6, 1]);
const cosineTerms = memory.data<f64>([-1.0 / 3628800, 1.0 / 40320, -1.0 / 720, 1.0 / 24, -0.5, 1]);

/** The binary digits of 2/π: zeros, 128 of them, then those behind the point. */
const digitsOfTwoOverPi = memory.data<u32>([
  0, 0, 0, 0, 0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab, 0xdebbc561,
]);
/** Where the digits begin that count for an exponent of 0, as a float has it: see `quartersOf`. */
const firstDigit = 128 - 152;

/** Of two angles, as doubles. */
class Sides {
  /** The sine of what angles are beyond so many quarters of a turn, that many quarters further on. */
  @inline shifted(rest: v128, quarters: v128): v128 {
    const d = changetype<Doubles>(0);
    const square = f64x2.mul(rest, rest);
    const sine = f64x2.mul(rest, this.series(square, sineTerms));
    // By the last two bits of their number: the sine or the cosine of the rest, or the negative of these.
    const isOdd = i64x2.neg(v128.and(quarters, d.constant(lastBit)));
    const size = v128.bitselect(this.series(square, cosineTerms), sine, isOdd);
    return v128.xor(size, i64x2.shl(v128.and(quarters, d.constant(nextBit)), 62));
  }

  @inline series(square: v128, terms: usize): v128 {
    const d = changetype<Doubles>(0);
    const fourth = f64x2.mul(square, square);
    return f64x2.add(f64x2.mul(d.four(square, fourth, terms), fourth), d.two(square, terms + 32));
  }
}

/** sin, cos and tan, of radians. At most 0.51 ulp. */
export class Angle {
  @inline apply(lane: i32, x: v128): v128 {
    const d = changetype<Doubles>(0);
    const near = d.rounded(ofNear(lane, d.low(x)), ofNear(lane, d.high(x)));
    const isNear = f32x4.lt(f32x4.abs(x), f32x4.splat(nearMost));
    return i32x4.all_true(isNear) ? near : withFar(lane, x, near);
  }
}

/** Of two near angles. */
function ofNear(lane: i32, x: v128): v128 {
  const d = changetype<Doubles>(0);
  const rounding = d.constant(bias);
  const quarters = f64x2.add(f64x2.mul(x, d.constant(twoOverPi)), rounding);
  const count = f64x2.sub(quarters, rounding);
  const high = f64x2.sub(x, f64x2.mul(count, d.constant(quarterHigh)));
  return ofRest(lane, f64x2.sub(high, f64x2.mul(count, d.constant(quarterLow))), quarters);
}

/** @param quarters in the low bits */
function ofRest(lane: i32, rest: v128, quarters: v128): v128 {
  const sides = changetype<Sides>(0);
  if (lane == Lane.sin) return sides.shifted(rest, quarters);
  const cosine = sides.shifted(rest, i64x2.add(quarters, changetype<Doubles>(0).constant(lastBit)));
  return lane == Lane.cos ? cosine : f64x2.div(sides.shifted(rest, quarters), cosine);
}

/** The results of near angles, and in place of the others their own. */
function withFar(lane: i32, x: v128, near: v128): v128 {
  return f32x4(
    farOr(lane, f32x4.extract_lane(x, 0), f32x4.extract_lane(near, 0)),
    farOr(lane, f32x4.extract_lane(x, 1), f32x4.extract_lane(near, 1)),
    farOr(lane, f32x4.extract_lane(x, 2), f32x4.extract_lane(near, 2)),
    farOr(lane, f32x4.extract_lane(x, 3), f32x4.extract_lane(near, 3)),
  );
}

function farOr(lane: i32, x: f32, near: f32): f32 {
  const size = abs(x);
  if (size < nearMost) return near;
  if (!(size < Infinity)) return NaN;
  const exact = quartersOf(size);
  const nearest = <i64>((exact + ((<u64>1) << 61)) >> 62);
  const rest = <f64>(<i64>(exact - (nearest << 62))) * (1.5707963267948966 / 4611686018427387904.0);
  const quarters = i64x2.splat(x < 0 ? -nearest : nearest);
  return <f32>f64x2.extract_lane(ofRest(lane, f64x2.splat(copysign<f64>(1, x) * rest), quarters), 0);
}

/**
 * x / (π/2) modulo 4 for x ≥ 2⁻²⁴, with 62 binary digits behind the point. After M. Payne and R. Hanek (1983): digits of
 * 2/π whose product with x is a multiple of 4 are left out, as are those too small to count.
 */
function quartersOf(x: f32): u64 {
  const bits = reinterpret<u32>(x);
  const mantissa = <u64>((bits & 0x7fffff) | 0x800000);
  const first = <i32>(bits >> 23) + firstDigit;
  return (
    ((mantissa * digits(first)) << 32) +
    mantissa * digits(first + 32) +
    ((mantissa * digits(first + 64)) >> 32)
  );
}

/** 32 digits of 2/π from the given one. */
function digits(first: i32): u64 {
  const word = digitsOfTwoOverPi + ((<usize>first >> 5) << 2);
  const pair = ((<u64>load<u32>(word)) << 32) | <u64>load<u32>(word, 4);
  return (pair << (first & 31)) >> 32;
}
