// The element-wise instructions: each a loop over n elements, four at a time, exact at the end.
// An operand's step is the bytes it advances per vector: 16, or 0 for one vector that serves all.

import { Hyperbolic } from './hyperbolic';
import { runIntegerLane } from './integer-lanes';
import { intoColumns } from './into-columns';
import { binary, compactBinary, compactUnary, Flag, familyUnary, ternary, unary } from './lane-loops';
import { NormalQuantile } from './normal-quantile';
import { Lane } from './opcodes';
import { Pow } from './power';
import { randomUniform } from './random';
import { Angle } from './trigonometry';
import { Erf, Exp, Expm1, Log, Log1p, one, Sigmoid, Softplus, signBit, Tanh } from './vector-math';
import { constant, cut, MultiplyAdd } from './vectors';

class Copy {
  @inline apply(x: v128): v128 {
    return x;
  }
}
class FromUint8 {
  @inline apply(x: v128): v128 {
    return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(x)));
  }
}
class FromInt32 {
  @inline apply(x: v128): v128 {
    return f32x4.convert_i32x4_s(x);
  }
}
class Abs {
  @inline apply(x: v128): v128 {
    return f32x4.abs(x);
  }
}
class Neg {
  @inline apply(x: v128): v128 {
    return f32x4.neg(x);
  }
}
/** −1, 0 or 1; NaN stays NaN. */
class Sign {
  @inline apply(x: v128): v128 {
    const zero = f32x4.splat(0);
    const signed = v128.or(v128.and(x, constant(signBit)), constant(one));
    const ordered = v128.bitselect(signed, x, f32x4.ne(x, zero));
    return v128.bitselect(ordered, x, f32x4.eq(x, x));
  }
}
/** 1 where x > 0, else 0. */
class Step {
  @inline apply(x: v128): v128 {
    return changetype<Flag>(0).of(f32x4.gt(x, f32x4.splat(0)));
  }
}
class Square {
  @inline apply(x: v128): v128 {
    return f32x4.mul(x, x);
  }
}
class Sqrt {
  @inline apply(x: v128): v128 {
    return f32x4.sqrt(x);
  }
}
class Reciprocal {
  @inline apply(x: v128): v128 {
    return f32x4.div(constant(one), x);
  }
}
class Floor {
  @inline apply(x: v128): v128 {
    return f32x4.floor(x);
  }
}
class Ceil {
  @inline apply(x: v128): v128 {
    return f32x4.ceil(x);
  }
}
class Trunc {
  @inline apply(x: v128): v128 {
    return f32x4.trunc(x);
  }
}
class Round {
  @inline apply(x: v128): v128 {
    return f32x4.nearest(x);
  }
}
/** max(x, 0); NaN stays NaN. */
class Relu {
  @inline apply(x: v128): v128 {
    return f32x4.pmax(x, f32x4.splat(0));
  }
}

class Add {
  @inline apply(a: v128, b: v128): v128 {
    return f32x4.add(a, b);
  }
}
class Sub {
  @inline apply(a: v128, b: v128): v128 {
    return f32x4.sub(a, b);
  }
}
class Mul {
  @inline apply(a: v128, b: v128): v128 {
    return f32x4.mul(a, b);
  }
}
class Div {
  @inline apply(a: v128, b: v128): v128 {
    return f32x4.div(a, b);
  }
}
// pmax and pmin are one instruction each on x86-64 and keep a NaN of their first operand; bitselect keeps the other.
class Max {
  @inline apply(a: v128, b: v128): v128 {
    return v128.bitselect(f32x4.pmax(b, a), a, f32x4.eq(a, a));
  }
}
class Min {
  @inline apply(a: v128, b: v128): v128 {
    return v128.bitselect(f32x4.pmin(b, a), a, f32x4.eq(a, a));
  }
}
class Greater {
  @inline apply(a: v128, b: v128): v128 {
    return changetype<Flag>(0).of(f32x4.gt(a, b));
  }
}
class GreaterEqual {
  @inline apply(a: v128, b: v128): v128 {
    return changetype<Flag>(0).of(f32x4.ge(a, b));
  }
}
class Equal {
  @inline apply(a: v128, b: v128): v128 {
    return changetype<Flag>(0).of(f32x4.eq(a, b));
  }
}
class NotEqual {
  @inline apply(a: v128, b: v128): v128 {
    return changetype<Flag>(0).of(f32x4.ne(a, b));
  }
}

class Cut {
  @inline apply(x: v128, least: v128): v128 {
    return cut(x, least);
  }
}

/** a ≠ 0 ? b : c. */
class Select {
  @inline apply(a: v128, b: v128, c: v128): v128 {
    return v128.bitselect(b, c, f32x4.ne(a, f32x4.splat(0)));
  }
}
class MultiplySubtract {
  @inline apply(a: v128, b: v128, c: v128): v128 {
    return changetype<MultiplyAdd>(0).subtract(a, b, c);
  }
}

/** Runs one instruction on n elements; `start` is the index of the first in the whole array. */
export function runLane(
  lane: i32,
  y: usize,
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  c: usize,
  cStep: usize,
  start: i32,
  n: i32,
): void {
  switch (lane) {
    case Lane.copy:
      return unary<Copy>(y, a, aStep, n);
    case Lane.fromUint8:
      return unary<FromUint8>(y, a, aStep >> 2, n);
    case Lane.fromInt32:
      return unary<FromInt32>(y, a, aStep, n);
    case Lane.abs:
      return unary<Abs>(y, a, aStep, n);
    case Lane.neg:
      return unary<Neg>(y, a, aStep, n);
    case Lane.sign:
      return unary<Sign>(y, a, aStep, n);
    case Lane.step:
      return unary<Step>(y, a, aStep, n);
    case Lane.square:
      return unary<Square>(y, a, aStep, n);
    case Lane.sqrt:
      return unary<Sqrt>(y, a, aStep, n);
    case Lane.reciprocal:
      return unary<Reciprocal>(y, a, aStep, n);
    case Lane.exp:
      return compactUnary<Exp>(y, a, aStep, n);
    case Lane.expm1:
      return compactUnary<Expm1>(y, a, aStep, n);
    case Lane.log:
      return compactUnary<Log>(y, a, aStep, n);
    case Lane.log1p:
      return compactUnary<Log1p>(y, a, aStep, n);
    case Lane.tanh:
      return compactUnary<Tanh>(y, a, aStep, n);
    case Lane.sigmoid:
      return compactUnary<Sigmoid>(y, a, aStep, n);
    case Lane.softplus:
      return compactUnary<Softplus>(y, a, aStep, n);
    case Lane.erf:
      return compactUnary<Erf>(y, a, aStep, n);
    case Lane.floor:
      return unary<Floor>(y, a, aStep, n);
    case Lane.relu:
      return unary<Relu>(y, a, aStep, n);
    case Lane.add:
      return binary<Add>(y, a, aStep, b, bStep, n);
    case Lane.sub:
      return binary<Sub>(y, a, aStep, b, bStep, n);
    case Lane.mul:
      return binary<Mul>(y, a, aStep, b, bStep, n);
    case Lane.div:
      return binary<Div>(y, a, aStep, b, bStep, n);
    case Lane.max:
      return binary<Max>(y, a, aStep, b, bStep, n);
    case Lane.min:
      return binary<Min>(y, a, aStep, b, bStep, n);
    case Lane.pow:
      return compactBinary<Pow>(y, a, aStep, b, bStep, n);
    case Lane.greater:
      return binary<Greater>(y, a, aStep, b, bStep, n);
    case Lane.greaterEqual:
      return binary<GreaterEqual>(y, a, aStep, b, bStep, n);
    case Lane.equal:
      return binary<Equal>(y, a, aStep, b, bStep, n);
    case Lane.select:
      return ternary<Select>(y, a, aStep, b, bStep, c, cStep, n);
    case Lane.randomUniform:
      return randomUniform(y, a, b, start, n);
    case Lane.intoColumns:
      return intoColumns(y, a, start, n);
    case Lane.multiplyAdd:
      return ternary<MultiplyAdd>(y, a, aStep, b, bStep, c, cStep, n);
    case Lane.multiplySubtract:
      return ternary<MultiplySubtract>(y, a, aStep, b, bStep, c, cStep, n);
    case Lane.cut:
      return binary<Cut>(y, a, aStep, b, bStep, n);
    case Lane.notEqual:
      return binary<NotEqual>(y, a, aStep, b, bStep, n);
    case Lane.ceil:
      return unary<Ceil>(y, a, aStep, n);
    case Lane.trunc:
      return unary<Trunc>(y, a, aStep, n);
    case Lane.round:
      return unary<Round>(y, a, aStep, n);
    case Lane.sin:
    case Lane.cos:
    case Lane.tan:
      return familyUnary<Angle>(lane, y, a, aStep, n);
    case Lane.sinh:
    case Lane.cosh:
    case Lane.asinh:
    case Lane.acosh:
    case Lane.atanh:
      return familyUnary<Hyperbolic>(lane, y, a, aStep, n);
    case Lane.normalQuantile:
      return compactUnary<NormalQuantile>(y, a, aStep, n);
    default:
      return runIntegerLane(lane, y, a, aStep, b, bStep, n);
  }
}
