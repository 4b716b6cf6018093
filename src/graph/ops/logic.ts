// Truth values: logicalAnd, logicalOr, logicalNot, logicalXor, and the questions isNaN, isInf, isFinite. Comparisons are in
// elementwise.ts. Anything but 0 is true.

import { Lane } from '../../../assembly/opcodes.ts';
import type { Value } from '../graph.ts';
import { asFloat } from './conversion.ts';
import { abs, addLane, binaryOp, cast, equal, less, notEqual } from './elementwise.ts';

const options = { dtype: () => 'bool' as const };

/** @internal */
export const logicOps = {
  /** Of numbers 0 and 1, the product. */
  logicalAnd: binaryOp('logicalAnd', Lane.mul, 'none', options),
  /** The larger of the two. */
  logicalOr: binaryOp('logicalOr', Lane.max, 'none', options),
  logicalXor: binaryOp('logicalXor', Lane.notEqual, 'none', options),
};

const asBools = (...values: readonly Value[]) => values.map((x) => cast(x, 'bool'));

/** Whether both are true, broadcast as in NumPy. */
export const logicalAnd = (a: Value, b: Value): Value => addLane(logicOps.logicalAnd, asBools(a, b));
/** Whether one of the two is true, or both. */
export const logicalOr = (a: Value, b: Value): Value => addLane(logicOps.logicalOr, asBools(a, b));
/** Whether one of the two is true, but not both. */
export const logicalXor = (a: Value, b: Value): Value => addLane(logicOps.logicalXor, asBools(a, b));
/** Whether x is 0. */
export const logicalNot = (x: Value): Value => equal(asFloat(cast(x, 'bool')), 0);

/** Whether x is NaN. */
const notANumber = (x: Value): Value => notEqual(asFloat(x), asFloat(x));
/** Whether x is infinite. */
const infinite = (x: Value): Value => equal(abs(asFloat(x)), Number.POSITIVE_INFINITY);
/** Whether x is a number that is not infinite. */
const finite = (x: Value): Value => less(abs(asFloat(x)), Number.POSITIVE_INFINITY);

export { finite as isFinite, infinite as isInf, notANumber as isNaN };
