// Sine, cosine and tangent of any float, computed in double precision and then rounded.

/** The binary digits of 2/π: zeros, 128 of them, then those behind the point. */
const twoOverPi = memory.data<u32>([
  0, 0, 0, 0, 0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab, 0xdebbc561,
]);
/** Where the digits begin that count for an exponent of 0, as a float has it: see `quarters`. */
const firstDigit = 128 - 152;
// The series of sin r / r and of cos r for |r| ≤ π/4, from the highest power: what is left out is below 1e-12.
const sineTerms = memory.data<f64>([
  1.0 / 6227020800,
  -1.0 / 39916800,
  1.0 / 362880,
  -1.0 / 5040,
  1.0 / 120,
  -1.0 / 6,
  1,
]);
const cosineTerms = memory.data<f64>([
  1.0 / 479001600,
  -1.0 / 3628800,
  1.0 / 40320,
  -1.0 / 720,
  1.0 / 24,
  -0.5,
  1,
]);
const termBytes: usize = 7 * 8;
const eighth: f32 = 0.785;

export function sine(x: f32): f32 {
  return <f32>(copysign<f64>(1, x) * shifted(abs(x), 0));
}

export function cosine(x: f32): f32 {
  return <f32>shifted(abs(x), 1);
}

export function tangent(x: f32): f32 {
  return <f32>(copysign<f64>(1, x) * (shifted(abs(x), 0) / shifted(abs(x), 1)));
}

/** The sine of x ≥ 0, that many quarters of a turn further on. */
function shifted(x: f32, quarter: i32): f64 {
  if (!(x < Infinity)) return NaN;
  let rest: f64 = x;
  if (x > eighth) {
    const turns = quarters(x);
    const nearest = (turns + ((<u64>1) << 61)) >> 62;
    quarter += <i32>nearest;
    rest = <f64>(<i64>(turns - (nearest << 62))) * (1.5707963267948966 / 4611686018427387904.0);
  }
  const size = quarter & 1 ? series(cosineTerms, rest) : rest * series(sineTerms, rest);
  return quarter & 2 ? -size : size;
}

/**
 * x / (π/2) modulo 4 for x ≥ 2⁻²⁴, with 62 binary digits behind the point. After M. Payne and R. Hanek (1983): digits of
 * 2/π whose product with x is a multiple of 4 are left out, as are those too small to count.
 */
function quarters(x: f32): u64 {
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
  const word = twoOverPi + ((<usize>first >> 5) << 2);
  const pair = ((<u64>load<u32>(word)) << 32) | <u64>load<u32>(word, 4);
  return (pair << (first & 31)) >> 32;
}

/** A polynomial in r². */
function series(coefficients: usize, r: f64): f64 {
  const square = r * r;
  let sum: f64 = 0;
  for (let i: usize = 0; i < termBytes; i += 8) sum = sum * square + load<f64>(coefficients + i);
  return sum;
}
