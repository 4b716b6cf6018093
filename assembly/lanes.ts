// The element-wise instructions: each a loop over n elements, four at a time, exact at the end.

import { Hyperbolic } from './hyperbolic';
import { runIntegerLane } from './integer-lanes';
import { intoColumns } from './into-columns';
import {
  binary,
  compactBinary,
  compactTernary,
  compactUnary,
  Flag,
  familyUnary,
  ternary,
  unary,
} from './lane-loops';
import { NormalQuantile } from './normal-quantile';
import { Lane } from './opcodes';
import { Pow } from './power';
import { randomUniform } from './random';
import { Angle } from './trigonometry';
import { Erf, Exp, Expm1, Log, Log1p, one, Sigmoid, Softplus, signBit, Tanh } from './vector-math';
import { constant, cut, MultiplyAdd, storeLanes } from './vectors';

class Copy {
  @inline apply(x: v128): v128 {
    return x;
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

class MulThenAdd {
  @inline apply(a: v128, b: v128, c: v128): v128 {
    return f32x4.add(f32x4.mul(a, b), c);
  }
}
class SubThenMul {
  @inline apply(a: v128, b: v128, c: v128): v128 {
    return f32x4.mul(f32x4.sub(a, b), c);
  }
}
class AddThenRelu {
  @inline apply(a: v128, b: v128): v128 {
    return changetype<Relu>(0).apply(f32x4.add(a, b));
  }
}
class StepThenMul {
  @inline apply(a: v128, b: v128): v128 {
    return f32x4.mul(changetype<Step>(0).apply(a), b);
  }
}

class FromUint8 {
  @inline apply(x: usize): v128 {
    return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(v128.load8x8_u(x)));
  }
}
/** Four bytes are a vector of numbers. */
function fromUint8(y: usize, x: usize, n: i32): void {
  for (; n >= 4; n -= 4) {
    v128.store(y, changetype<FromUint8>(0).apply(x));
    x += 4;
    y += 16;
  }
  if (n > 0) storeLanes(y, changetype<FromUint8>(0).apply(x), n);
}

/** Runs one instruction on n elements; `start` is the index of the first in the whole array. */
export function runLane(lane: i32, y: usize, a: usize, b: usize, c: usize, start: i32, n: i32): void {
  switch (lane) {
    case Lane.copy:
      return unary<Copy>(y, a, n);
    case Lane.fromUint8:
      return fromUint8(y, a, n);
    case Lane.fromInt32:
      return compactUnary<FromInt32>(y, a, n);
    case Lane.abs:
      return compactUnary<Abs>(y, a, n);
    case Lane.neg:
      return compactUnary<Neg>(y, a, n);
    case Lane.sign:
      return compactUnary<Sign>(y, a, n);
    case Lane.step:
      return unary<Step>(y, a, n);
    case Lane.square:
      return unary<Square>(y, a, n);
    case Lane.sqrt:
      return compactUnary<Sqrt>(y, a, n);
    case Lane.reciprocal:
      return compactUnary<Reciprocal>(y, a, n);
    case Lane.exp:
      return compactUnary<Exp>(y, a, n);
    case Lane.expm1:
      return compactUnary<Expm1>(y, a, n);
    case Lane.log:
      return compactUnary<Log>(y, a, n);
    case Lane.log1p:
      return compactUnary<Log1p>(y, a, n);
    case Lane.tanh:
      return compactUnary<Tanh>(y, a, n);
    case Lane.sigmoid:
      return compactUnary<Sigmoid>(y, a, n);
    case Lane.softplus:
      return compactUnary<Softplus>(y, a, n);
    case Lane.erf:
      return compactUnary<Erf>(y, a, n);
    case Lane.floor:
      return compactUnary<Floor>(y, a, n);
    case Lane.relu:
      return unary<Relu>(y, a, n);
    case Lane.add:
      return binary<Add>(y, a, b, n);
    case Lane.sub:
      return binary<Sub>(y, a, b, n);
    case Lane.mul:
      return binary<Mul>(y, a, b, n);
    case Lane.div:
      return compactBinary<Div>(y, a, b, n);
    case Lane.max:
      return binary<Max>(y, a, b, n);
    case Lane.min:
      return compactBinary<Min>(y, a, b, n);
    case Lane.pow:
      return compactBinary<Pow>(y, a, b, n);
    case Lane.greater:
      return binary<Greater>(y, a, b, n);
    case Lane.greaterEqual:
      return compactBinary<GreaterEqual>(y, a, b, n);
    case Lane.equal:
      return compactBinary<Equal>(y, a, b, n);
    case Lane.select:
      return ternary<Select>(y, a, b, c, n);
    case Lane.randomUniform:
      return randomUniform(y, a, b, start, n);
    case Lane.intoColumns:
      return intoColumns(y, a, start, n);
    case Lane.multiplyAdd:
      return ternary<MultiplyAdd>(y, a, b, c, n);
    case Lane.multiplySubtract:
      return compactTernary<MultiplySubtract>(y, a, b, c, n);
    case Lane.cut:
      return compactBinary<Cut>(y, a, b, n);
    case Lane.notEqual:
      return compactBinary<NotEqual>(y, a, b, n);
    case Lane.ceil:
      return compactUnary<Ceil>(y, a, n);
    case Lane.trunc:
      return compactUnary<Trunc>(y, a, n);
    case Lane.round:
      return compactUnary<Round>(y, a, n);
    case Lane.sin:
    case Lane.cos:
    case Lane.tan:
      return familyUnary<Angle>(lane, y, a, n);
    case Lane.sinh:
    case Lane.cosh:
    case Lane.asinh:
    case Lane.acosh:
    case Lane.atanh:
      return familyUnary<Hyperbolic>(lane, y, a, n);
    case Lane.normalQuantile:
      return compactUnary<NormalQuantile>(y, a, n);
    case Lane.mulThenAdd:
      return ternary<MulThenAdd>(y, a, b, c, n);
    case Lane.subThenMul:
      return ternary<SubThenMul>(y, a, b, c, n);
    case Lane.addThenRelu:
      return binary<AddThenRelu>(y, a, b, n);
    case Lane.stepThenMul:
      return binary<StepThenMul>(y, a, b, n);
    default:
      return runIntegerLane(lane, y, a, b, n);
  }
}
