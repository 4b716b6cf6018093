// Numbers that are hardly anything, cut to zero.

import { Lane } from '../../../assembly/opcodes.ts';
import type { Value } from '../graph.ts';
import { abs, binary, binaryOp, less, type Operand, select } from './elementwise.ts';

/** Where a number is cut, nothing depends on it. */
export const cutOp = binaryOp('cut', Lane.cut, (dy, x, least) => [
  select(less(abs(x), least), 0, dy),
  undefined,
]);

/**
 * A gradient that has come a long way, through time or through layers, becomes denormal before it becomes zero; it is
 * cut where its products with weights are still numbers like others.
 */
const minOnItsWay = 1e-28;

/** x, or 0 where it is smaller than `least` in size; NaN stays NaN. */
export const cut: (x: Value, least: Operand) => Value = binary(cutOp);

/** A gradient, or 0 where it is hardly anything. */
export const cutOnItsWay = (gradient: Value): Value => cut(gradient, minOnItsWay);
