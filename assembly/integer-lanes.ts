// The element-wise instructions of 32-bit integers: exact, and modulo 2³² where a result is too large.

import { compactBinary, compactUnary, Flag } from './lane-loops';
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
export function runIntegerLane(lane: i32, y: usize, a: usize, b: usize, n: i32): void {
  switch (lane) {
    case Lane.toInt32:
      return compactUnary<ToInt32>(y, a, n);
    case Lane.absInt32:
      return compactUnary<Abs>(y, a, n);
    case Lane.addInt32:
      return compactBinary<Add>(y, a, b, n);
    case Lane.subInt32:
      return compactBinary<Sub>(y, a, b, n);
    case Lane.mulInt32:
      return compactBinary<Mul>(y, a, b, n);
    case Lane.maxInt32:
      return compactBinary<Max>(y, a, b, n);
    case Lane.minInt32:
      return compactBinary<Min>(y, a, b, n);
    case Lane.greaterInt32:
      return compactBinary<Greater>(y, a, b, n);
    case Lane.greaterEqualInt32:
      return compactBinary<GreaterEqual>(y, a, b, n);
    case Lane.equalInt32:
      return compactBinary<Equal>(y, a, b, n);
    case Lane.notEqualInt32:
      return compactBinary<NotEqual>(y, a, b, n);
    case Lane.and:
      return compactBinary<And>(y, a, b, n);
    default:
      runScalarLane(lane, y, a, b, n);
  }
}
