// Sine, cosine and tangent of any float: AssemblyScript's, of what large ones leave of multiples of π/2.

/** The binary digits of 2/π behind the point. */
const twoOverPi = memory.data<u32>([
  0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab, 0xdebbc561,
]);
/** Up to where AssemblyScript's functions keep their promise: 2²⁸. */
const most: f32 = 268435456;

export function sine(x: f32): f32 {
  if (!isLarge(x)) return Mathf.sin(x);
  return shifted(x, 0);
}

export function cosine(x: f32): f32 {
  if (!isLarge(x)) return Mathf.cos(x);
  return shifted(abs(x), 1);
}

export function tangent(x: f32): f32 {
  if (!isLarge(x)) return Mathf.tan(x);
  const turns = quarters(abs(x));
  const t = Mathf.tan(angle(turns));
  return copysign<f32>(1, x) * (nearest4(turns) & 1 ? -1 / t : t);
}

function isLarge(x: f32): bool {
  return abs(x) >= most && abs(x) < Infinity;
}

/** The sine of x that many quarters of a turn further on. */
function shifted(x: f32, quarter: i32): f32 {
  const turns = quarters(abs(x));
  const n = nearest4(turns) + quarter;
  const size = n & 1 ? Mathf.cos(angle(turns)) : Mathf.sin(angle(turns));
  return copysign<f32>(1, x) * (n & 2 ? -size : size);
}

/**
 * x / (π/2) modulo 4 for x ≥ 2²⁸, with 62 binary digits behind the point. After M. Payne and R. Hanek (1983): digits of
 * 2/π whose product with x is a multiple of 4 are left out, as are those too small to count.
 */
function quarters(x: f32): u64 {
  const bits = reinterpret<u32>(x);
  const mantissa = <u64>((bits & 0x7fffff) | 0x800000);
  const first = <i32>(bits >> 23) - 152;
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

/** The nearest whole number of quarters. */
function nearest4(turns: u64): i32 {
  return <i32>((turns + ((<u64>1) << 61)) >> 62);
}

/** What is left of it, in radians. */
function angle(turns: u64): f32 {
  const rest = <i64>(turns - ((<u64>nearest4(turns)) << 62));
  return <f32>(<f64>rest * (1.5707963267948966 / 4611686018427387904.0));
}
