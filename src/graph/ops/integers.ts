// 32-bit integers: conversions between types, and the exact forms of arithmetic and comparisons, modulo 2³², which the
// builders in elementwise.ts choose by the types of what they are given. A gradient of integers is floats, as if these
// were floats too; none flows through a conversion to them.

import { Lane } from '../../../assembly/opcodes.ts';
import type { DType, Graph, LaneOp, Value } from '../graph.ts';
import {
  addLane,
  asFloat,
  type BinaryGradient,
  binaryOp,
  comparison,
  div,
  mul,
  neg,
  notEqual,
  sign,
  square,
  unaryOp,
} from './elementwise.ts';
import { constant } from './sources.ts';

const options = { dtype: (): DType => 'int32' };

const arithmetic = (name: string, lane: Lane, gradient: BinaryGradient | 'none' = 'none'): LaneOp =>
  binaryOp(name, lane, gradient, options);

export const integerOps = {
  toInt32: unaryOp('toInt32', Lane.toInt32, 'none', options),
  absInt32: unaryOp('absInt32', Lane.absInt32, (dy, x) => mul(dy, sign(x)), options),
  addInt32: arithmetic('addInt32', Lane.addInt32, (dy) => [dy, dy]),
  subInt32: arithmetic('subInt32', Lane.subInt32, (dy) => [dy, neg(dy)]),
  mulInt32: arithmetic('mulInt32', Lane.mulInt32, (dy, a, b) => [mul(dy, b), mul(dy, a)]),
  maxInt32: arithmetic('maxInt32', Lane.maxInt32),
  minInt32: arithmetic('minInt32', Lane.minInt32),
  // That of the quotient before it is rounded.
  floorDivInt32: arithmetic('floorDivInt32', Lane.floorDivInt32, (dy, a, b) => [
    div(dy, b),
    neg(div(mul(dy, asFloat(a)), square(asFloat(b)))),
  ]),
  modInt32: arithmetic('modInt32', Lane.modInt32),
  powInt32: arithmetic('powInt32', Lane.powInt32),
  greaterInt32: comparison('greaterInt32', Lane.greaterInt32),
  greaterEqualInt32: comparison('greaterEqualInt32', Lane.greaterEqualInt32),
  equalInt32: comparison('equalInt32', Lane.equalInt32),
  notEqualInt32: comparison('notEqualInt32', Lane.notEqualInt32),
  bitwiseAnd: arithmetic('bitwiseAnd', Lane.and),
  bitwiseOr: arithmetic('bitwiseOr', Lane.or),
  bitwiseXor: arithmetic('bitwiseXor', Lane.xor),
};

/** Whether a value is of integers, or of bools, which count as such. */
export const isInteger = ({ dtype }: Value): boolean => dtype === 'int32' || dtype === 'bool';

/**
 * The value in int32: fractions are dropped; what is too large becomes the nearest integer there is, NaN becomes 0.
 */
export const asInt32 = (x: Value): Value =>
  x.dtype === 'int32' ? x : x.graph.add(integerOps.toInt32, [asFloat(x)], {});

/** Whole numbers known when the graph is built. */
export const integerConstant = (
  graph: Graph,
  numbers: number | readonly number[],
  shape: readonly number[] = [],
): Value => constant(graph, typeof numbers === 'number' ? [numbers] : numbers, shape, 'int32');

/** x in another type: floats lose their fractions as integers, everything but 0 is true. */
export function cast(x: Value, dtype: Exclude<DType, 'uint8'>): Value {
  if (x.dtype === dtype) return x;
  if (dtype === 'float32') return asFloat(x);
  return dtype === 'int32' ? asInt32(x) : notEqual(x, x.dtype === 'int32' ? integerConstant(x.graph, 0) : 0);
}

/** Bits that are set in both of two integers. */
export const bitwiseAnd = (a: Value, b: Value): Value => addLane(integerOps.bitwiseAnd, [a, b].map(asInt32));
/** Bits that are set in one of two integers, or in both. */
export const bitwiseOr = (a: Value, b: Value): Value => addLane(integerOps.bitwiseOr, [a, b].map(asInt32));
/** Bits that are set in one of two integers alone. */
export const bitwiseXor = (a: Value, b: Value): Value => addLane(integerOps.bitwiseXor, [a, b].map(asInt32));
