// The element-wise instructions of 32-bit integers: exact, and modulo 2³² where a result is too large.

import { binary, Flag, unary } from './lane-loops';
import { Lane } from './opcodes';
import { runScalarLane } from './scalar-lanes';

/** Towards zero; the nearest integer there is where x is too large for one, 0 for NaN. */
class ToInt32 {
  @inline apply(x: v128): v128 {
    return i32x4.trunc_sat_f32x4_s(x);
  }
}
class Abs {
  @inline apply(x: v128): v128 {
    return i32x4.abs(x);
  }
}
class Add {
  @inline apply(a: v128, b: v128): v128 {
    return i32x4.add(a, b);
  }
}
class Sub {
  @inline apply(a: v128, b: v128): v128 {
    return i32x4.sub(a, b);
  }
}
class Mul {
  @inline apply(a: v128, b: v128): v128 {
    return i32x4.mul(a, b);
  }
}
class Max {
  @inline apply(a: v128, b: v128): v128 {
    return i32x4.max_s(a, b);
  }
}
class Min {
  @inline apply(a: v128, b: v128): v128 {
    return i32x4.min_s(a, b);
  }
}
class Greater {
  @inline apply(a: v128, b: v128): v128 {
    return changetype<Flag>(0).of(i32x4.gt_s(a, b));
  }
}
class GreaterEqual {
  @inline apply(a: v128, b: v128): v128 {
    return changetype<Flag>(0).of(i32x4.ge_s(a, b));
  }
}
class Equal {
  @inline apply(a: v128, b: v128): v128 {
    return changetype<Flag>(0).of(i32x4.eq(a, b));
  }
}
class NotEqual {
  @inline apply(a: v128, b: v128): v128 {
    return changetype<Flag>(0).of(i32x4.ne(a, b));
  }
}
class And {
  @inline apply(a: v128, b: v128): v128 {
    return v128.and(a, b);
  }
}

/** Runs one instruction on n elements. */
export function runIntegerLane(
  lane: i32,
  y: usize,
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  n: i32,
): void {
  switch (lane) {
    case Lane.toInt32:
      return unary<ToInt32>(y, a, aStep, n);
    case Lane.absInt32:
      return unary<Abs>(y, a, aStep, n);
    case Lane.addInt32:
      return binary<Add>(y, a, aStep, b, bStep, n);
    case Lane.subInt32:
      return binary<Sub>(y, a, aStep, b, bStep, n);
    case Lane.mulInt32:
      return binary<Mul>(y, a, aStep, b, bStep, n);
    case Lane.maxInt32:
      return binary<Max>(y, a, aStep, b, bStep, n);
    case Lane.minInt32:
      return binary<Min>(y, a, aStep, b, bStep, n);
    case Lane.greaterInt32:
      return binary<Greater>(y, a, aStep, b, bStep, n);
    case Lane.greaterEqualInt32:
      return binary<GreaterEqual>(y, a, aStep, b, bStep, n);
    case Lane.equalInt32:
      return binary<Equal>(y, a, aStep, b, bStep, n);
    case Lane.notEqualInt32:
      return binary<NotEqual>(y, a, aStep, b, bStep, n);
    case Lane.and:
      return binary<And>(y, a, aStep, b, bStep, n);
    default:
      runScalarLane(lane, y, a, aStep >> 2, b, bStep >> 2, n);
  }
}
