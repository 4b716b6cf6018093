// Vectors at the ragged end of an array, and the two arithmetic forms the builds differ in.

/**
 * The number at an address, in all lanes. Engines make a vector constant anew at each use, with three instructions;
 * to read it from memory takes one.
 */
export function constant(address: usize): v128 {
  return v128.load32_splat(address);
}

/** Stores the first `lanes` (1 to 3) lanes of a vector. */
export function storeLanes(address: usize, x: v128, lanes: i32): void {
  if (lanes & 2) {
    v128.store64_lane(address, x, 0);
    if (lanes & 1) v128.store32_lane(address, x, 2, 8);
  } else if (lanes & 1) {
    v128.store32_lane(address, x, 0);
  }
}

/** Stores the first lanes of a vector: all of them where `lanes` is 4 or more, none where it is below 1. */
export function storeFirst(address: usize, x: v128, lanes: i32): void {
  if (lanes >= 4) v128.store(address, x);
  else if (lanes > 0) storeLanes(address, x, lanes);
}

/** x, or zero where it is smaller than `least` in size; NaN stays NaN. */
export function cut(x: v128, least: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), least));
}

/** All ones in the first `lanes` lanes, zeros in the rest. */
export function laneMask(lanes: i32): v128 {
  return i32x4.gt_s(i32x4.splat(lanes), i32x4(0, 1, 2, 3));
}

/** The lanes' sum, in one fixed order. */
export function sumLanes(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) +
    f32x4.extract_lane(x, 2) +
    (f32x4.extract_lane(x, 1) + f32x4.extract_lane(x, 3))
  );
}

/** The lanes' maximum; NaN where a lane is NaN. */
export function maxLanes(x: v128): f32 {
  const halves = f32x4.max(x, v128.shuffle<i32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.max(halves, v128.shuffle<i32>(halves, halves, 1, 0, 3, 2)), 0);
}

export class MultiplyAdd {
  /** `x·y + sum`: rounded once where the build has relaxed SIMD and the processor fuses, else twice. */
  @inline apply(x: v128, y: v128, sum: v128): v128 {
    if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, y, sum);
    return f32x4.add(f32x4.mul(x, y), sum);
  }

  /** `from − x·y`, rounded alike. */
  @inline subtract(x: v128, y: v128, from: v128): v128 {
    if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(x, y, from);
    return f32x4.sub(from, f32x4.mul(x, y));
  }
}
