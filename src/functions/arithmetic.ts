// Element by element: arithmetic, comparison, rounding, and functions of one number.

import type { Value } from '../graph/graph.ts';
import * as composed from '../graph/ops/arithmetic.ts';
import * as ops from '../graph/ops/elementwise.ts';
import * as integers from '../graph/ops/integers.ts';
import * as rounding from '../graph/ops/rounding.ts';
import { formatShape, sameShape } from '../graph/shape.ts';
import { countedAs } from '../tensor/data-type.ts';
import { broadcasting } from './arguments.ts';
import { lift, liftAlike, liftOfRank } from './lift.ts';

const x = ['x'];
const float = ['x:float32'];
const pair = ['a', 'b'];

export const abs = liftAlike('abs', x, ops.abs);
export const add = lift('add', pair, ops.add);
/** The bits that both integers have; both are int32, or bytes, and of one shape. */
export const bitwiseAnd = liftOfRank('bitwiseAnd', pair, (a: Value, b: Value) => {
  if (!sameShape(a.shape, b.shape)) {
    throw a.graph.error(
      `BitwiseAnd: Tensors must have the same shape; got ${formatShape(a.shape)} and ${formatShape(b.shape)}.`,
    );
  }
  if ([a, b].some(({ dtype }) => countedAs(dtype) !== 'int32')) {
    throw a.graph.error(
      `BitwiseAnd: Only supports 'int32' values in tensors; got ${a.dtype} and ${b.dtype}.`,
    );
  }
  return integers.bitwiseAnd(a, b);
});
export const ceil = liftAlike('ceil', float, rounding.ceil);
/** x held between `min` and `max`. */
export const clipByValue = liftAlike(
  'clipByValue',
  ['x', 'clipValueMin:number', 'clipValueMax:number'],
  (value: Value, min: number, max: number) => {
    if (min <= max) return ops.clip(value, min, max);
    throw value.graph.error(`clipByValue: min (${min}) must be less than or equal to max (${max}).`);
  },
);
export const div = lift('div', pair, ops.div);
export const divNoNan = lift('divNoNan', pair, broadcasting('divNoNan', composed.divNoNan));
export const equal = lift('equal', pair, ops.equal);
export const erf = liftAlike('erf', x, ops.erf);
export const exp = liftAlike('exp', x, ops.exp);
export const expm1 = liftAlike('expm1', x, ops.expm1);
export const floor = liftAlike('floor', float, ops.floor);
export const floorDiv = lift('floorDiv', pair, broadcasting('floorDiv', rounding.floorDiv));
export const greater = lift('greater', pair, ops.greater);
export const greaterEqual = lift('greaterEqual', pair, ops.greaterEqual);
export const less = lift('less', pair, broadcasting('less', ops.less));
export const lessEqual = lift('lessEqual', pair, broadcasting('lessEqual', ops.lessEqual));
export const log = liftAlike('log', float, ops.log);
export const log1p = liftAlike('log1p', x, ops.log1p);
export const maximum = lift('maximum', pair, broadcasting('maximum', ops.maximum));
export const minimum = lift('minimum', pair, broadcasting('minimum', ops.minimum));
export const mod = lift('mod', pair, rounding.mod);
export const mul = lift('mul', pair, ops.mul);
export const neg = liftAlike('neg', x, ops.neg);
export const notEqual = lift('notEqual', pair, ops.notEqual);
export const pow = lift('pow', ['base', 'exp'], ops.pow);
export const reciprocal = liftAlike('reciprocal', x, ops.reciprocal);
export const round = liftAlike('round', x, rounding.round);
export const rsqrt = liftAlike('rsqrt', float, composed.rsqrt);
export const sign = liftAlike('sign', x, ops.sign);
export const sqrt = liftAlike('sqrt', float, ops.sqrt);
export const square = liftAlike('square', x, ops.square);
export const squaredDifference = lift(
  'squaredDifference',
  pair,
  broadcasting('squaredDifference', composed.squaredDifference),
);
export const sub = lift('sub', pair, ops.sub);
