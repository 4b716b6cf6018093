// Element by element: arithmetic, comparison, rounding, and functions of one number.

import * as ops from '../graph/ops/elementwise.ts';
import * as integers from '../graph/ops/integers.ts';
import * as rounding from '../graph/ops/rounding.ts';
import { lift } from './lift.ts';

const x = ['x'];
const pair = ['a', 'b'];

export const abs = lift('abs', x, ops.abs);
export const add = lift('add', pair, ops.add);
export const bitwiseAnd = lift('bitwiseAnd', pair, integers.bitwiseAnd);
export const ceil = lift('ceil', x, rounding.ceil);
export const clipByValue = lift('clipByValue', x, ops.clip);
export const div = lift('div', pair, ops.div);
export const equal = lift('equal', pair, ops.equal);
export const erf = lift('erf', x, ops.erf);
export const exp = lift('exp', x, ops.exp);
export const expm1 = lift('expm1', x, ops.expm1);
export const floor = lift('floor', x, ops.floor);
export const floorDiv = lift('floorDiv', pair, rounding.floorDiv);
export const greater = lift('greater', pair, ops.greater);
export const greaterEqual = lift('greaterEqual', pair, ops.greaterEqual);
export const less = lift('less', pair, ops.less);
export const lessEqual = lift('lessEqual', pair, ops.lessEqual);
export const log = lift('log', x, ops.log);
export const log1p = lift('log1p', x, ops.log1p);
export const maximum = lift('maximum', pair, ops.maximum);
export const minimum = lift('minimum', pair, ops.minimum);
export const mod = lift('mod', pair, rounding.mod);
export const mul = lift('mul', pair, ops.mul);
export const neg = lift('neg', x, ops.neg);
export const notEqual = lift('notEqual', pair, ops.notEqual);
export const pow = lift('pow', ['base', 'exp'], ops.pow);
export const reciprocal = lift('reciprocal', x, ops.reciprocal);
export const relu = lift('relu', x, ops.relu);
export const round = lift('round', x, rounding.round);
export const sigmoid = lift('sigmoid', x, ops.sigmoid);
export const sign = lift('sign', x, ops.sign);
export const softplus = lift('softplus', x, ops.softplus);
export const sqrt = lift('sqrt', x, ops.sqrt);
export const square = lift('square', x, ops.square);
export const step = lift('step', x, ops.step);
export const sub = lift('sub', pair, ops.sub);
export const tanh = lift('tanh', x, ops.tanh);
