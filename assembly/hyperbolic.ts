// Hyperbolic functions and their inverses of four floats at a time, computed in double precision and then rounded.

import { Doubles, expOfDoubles, logOfDoubles, one } from './doubles';
import { Lane } from './opcodes';

const half = memory.data<f64>([0.5]);
const infinite = memory.data<f64>([Infinity]);
const notANumber = memory.data<f64>([NaN]);
/** Below it two terms of a series are enough. */
const smallMost = memory.data<f64>([0.001953125]);
// What x³ is multiplied with in the series of sinh, asinh and atanh.
const ofCubeInSinh = memory.data<f64>([1.0 / 6]);
const ofCubeInAsinh = memory.data<f64>([-1.0 / 6]);
const ofCubeInAtanh = memory.data<f64>([1.0 / 3]);

/** sinh, cosh, asinh, acosh and atanh. At most 0.51 ulp. */
export class Hyperbolic {
  @inline apply(lane: i32, x: v128): v128 {
    const d = changetype<Doubles>(0);
    return d.rounded(ofTwo(lane, d.low(x)), ofTwo(lane, d.high(x)));
  }
}

function ofTwo(lane: i32, x: v128): v128 {
  const d = changetype<Doubles>(0);
  const parts = changetype<Parts>(0);
  switch (lane) {
    case Lane.sinh:
    case Lane.cosh: {
      const power = expOfDoubles(x);
      const inverse = f64x2.div(d.constant(one), power);
      if (lane == Lane.cosh) return f64x2.mul(f64x2.add(power, inverse), d.constant(half));
      return parts.orSmall(x, f64x2.mul(f64x2.sub(power, inverse), d.constant(half)), ofCubeInSinh);
    }
    case Lane.acosh: {
      // In two roots, as numbers below −1 have a square above 1, too.
      const below = f64x2.sqrt(f64x2.sub(x, d.constant(one)));
      const above = f64x2.sqrt(f64x2.add(x, d.constant(one)));
      return parts.log(f64x2.add(x, f64x2.mul(below, above)));
    }
    case Lane.asinh: {
      const size = f64x2.abs(x);
      const root = f64x2.sqrt(f64x2.add(f64x2.mul(x, x), d.constant(one)));
      const result = v128.bitselect(x, parts.log(f64x2.add(size, root)), i64x2.splat(i64.MIN_VALUE));
      return parts.orSmall(x, result, ofCubeInAsinh);
    }
    default: {
      const quotient = f64x2.div(f64x2.add(d.constant(one), x), f64x2.sub(d.constant(one), x));
      return parts.orSmall(x, f64x2.mul(parts.log(quotient), d.constant(half)), ofCubeInAtanh);
    }
  }
}

class Parts {
  /** The logarithm of any number: −∞ at 0, NaN below. */
  @inline log(x: v128): v128 {
    const d = changetype<Doubles>(0);
    const zero = f64x2.splat(0);
    const finite = v128.bitselect(logOfDoubles(x), x, f64x2.lt(x, d.constant(infinite)));
    const none = v128.bitselect(f64x2.neg(d.constant(infinite)), d.constant(notANumber), f64x2.eq(x, zero));
    return v128.bitselect(none, finite, f64x2.le(x, zero));
  }

  /** The result, or x + c·x³ where x is so small that the result has lost digits. */
  @inline orSmall(x: v128, result: v128, c: usize): v128 {
    const d = changetype<Doubles>(0);
    const factor = f64x2.add(d.constant(one), f64x2.mul(d.constant(c), f64x2.mul(x, x)));
    return v128.bitselect(f64x2.mul(x, factor), result, f64x2.lt(f64x2.abs(x), d.constant(smallMost)));
  }
}
