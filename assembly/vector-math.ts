// placeholder until the measured one lands
class Poly {
  @inline exp(x: v128): v128 {
    const k = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
    let r = f32x4.sub(x, f32x4.mul(k, f32x4.splat(0.693359375)));
    r = f32x4.add(r, f32x4.mul(k, f32x4.splat(2.12194440e-4)));
    let p = f32x4.splat(1.9875691500e-4);
    p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
    p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
    p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
    p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
    p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
    p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
    const n = i32x4.trunc_sat_f32x4_s(f32x4.max(f32x4.min(k, f32x4.splat(127)), f32x4.splat(-127)));
    return f32x4.mul(p, i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23));
  }
}
class Each {
  @inline map1(x: v128, f: i32): v128 {
    return f32x4(this.one(f32x4.extract_lane(x, 0), f), this.one(f32x4.extract_lane(x, 1), f), this.one(f32x4.extract_lane(x, 2), f), this.one(f32x4.extract_lane(x, 3), f));
  }
  one(x: f32, f: i32): f32 {
    const d = <f64>x;
    if (f == 0) return <f32>NativeMath.expm1(d);
    if (f == 1) return <f32>NativeMath.log(d);
    if (f == 2) return <f32>NativeMath.log1p(d);
    if (f == 3) return <f32>NativeMath.tanh(d);
    if (f == 4) return <f32>(1 / (1 + NativeMath.exp(-d)));
    if (f == 5) return <f32>(NativeMath.max(d, 0) + NativeMath.log1p(NativeMath.exp(-NativeMath.abs(d))));
    const t = 1 / (1 + 0.3275911 * NativeMath.abs(d));
    const y = 1 - ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * NativeMath.exp(-d * d);
    return <f32>(d < 0 ? -y : y);
  }
}
export class Exp { @inline apply(x: v128): v128 { return changetype<Poly>(0).exp(x); } }
export class Expm1 { @inline apply(x: v128): v128 { return changetype<Each>(0).map1(x, 0); } }
export class Log { @inline apply(x: v128): v128 { return changetype<Each>(0).map1(x, 1); } }
export class Log1p { @inline apply(x: v128): v128 { return changetype<Each>(0).map1(x, 2); } }
export class Tanh { @inline apply(x: v128): v128 { return changetype<Each>(0).map1(x, 3); } }
export class Sigmoid { @inline apply(x: v128): v128 { return changetype<Each>(0).map1(x, 4); } }
export class Softplus { @inline apply(x: v128): v128 { return changetype<Each>(0).map1(x, 5); } }
export class Erf { @inline apply(x: v128): v128 { return changetype<Each>(0).map1(x, 6); } }
export class Pow { @inline apply(x: v128, y: v128): v128 {
  return f32x4(<f32>NativeMath.pow(f32x4.extract_lane(x, 0), f32x4.extract_lane(y, 0)), <f32>NativeMath.pow(f32x4.extract_lane(x, 1), f32x4.extract_lane(y, 1)), <f32>NativeMath.pow(f32x4.extract_lane(x, 2), f32x4.extract_lane(y, 2)), <f32>NativeMath.pow(f32x4.extract_lane(x, 3), f32x4.extract_lane(y, 3)));
} }
