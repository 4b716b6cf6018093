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
