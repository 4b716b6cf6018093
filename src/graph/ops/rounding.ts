// Whole numbers near a number, and what is left over: ceil, trunc, round, floorDiv, mod. `floor` is in elementwise.ts.

import { Lane } from '../../../assembly/opcodes.ts';
import type { Value } from '../graph.ts';
import { asFloat, asInt32, isInteger, unaryOp } from './conversion.ts';
import { binary, binaryOp, div, floor, integerOps, mul, neg, type Operand, unary } from './elementwise.ts';
import { stopGradient } from './sources.ts';

/** @internal */
export const roundingOps = {
  ceil: unaryOp('ceil', Lane.ceil, 'none'),
  trunc: unaryOp('trunc', Lane.trunc, 'none'),
  round: unaryOp('round', Lane.round, 'none'),
  // d(a − b·⌊a/b⌋) = da − ⌊a/b⌋ db
  mod: binaryOp('mod', Lane.mod, (dy, a, b) => [dy, neg(mul(dy, floor(div(a, b))))], {
    integer: () => integerOps.modInt32,
  }),
};

/** The forms for floats; integers are whole already. */
const rounded = {
  ceil: unary(roundingOps.ceil),
  trunc: unary(roundingOps.trunc),
  round: unary(roundingOps.round),
};

/** The smallest integer from x up. Its gradient is zero. */
export const ceil = (x: Value): Value => (isInteger(x) ? stopGradient(x) : rounded.ceil(x));
/** x without its fraction. Its gradient is zero. */
export const trunc = (x: Value): Value => (isInteger(x) ? stopGradient(x) : rounded.trunc(x));
/** The nearest integer, the even one of two. Its gradient is zero. */
export const round = (x: Value): Value => (isInteger(x) ? stopGradient(x) : rounded.round(x));
/** What is left of a after whole multiples of b: it has b's sign. Integers give integers, exactly; of 0 they give 0. */
export const mod = binary(roundingOps.mod);
/** a / b rounded down, in int32, broadcast as in NumPy. Integers are divided exactly; by 0 they give 0. Its gradient is zero. */
export const floorDiv = (a: Operand, b: Operand): Value => {
  const quotient = div(a, b);
  return quotient.dtype === 'int32' ? stopGradient(quotient) : asInt32(floor(asFloat(quotient)));
};
