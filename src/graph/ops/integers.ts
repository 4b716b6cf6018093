// Bits of integers: bitwiseAnd, bitwiseOr, bitwiseXor.

import { Lane } from '../../../assembly/opcodes.ts';
import type { Value } from '../graph.ts';
import { asInt32 } from './conversion.ts';
import { addLane, integerOp } from './elementwise.ts';

/** @internal */
export const bitOps = {
  bitwiseAnd: integerOp('bitwiseAnd', Lane.and),
  bitwiseOr: integerOp('bitwiseOr', Lane.or),
  bitwiseXor: integerOp('bitwiseXor', Lane.xor),
};

/** Bits that are set in both of two integers. */
export const bitwiseAnd = (a: Value, b: Value): Value => addLane(bitOps.bitwiseAnd, [a, b].map(asInt32));
/** Bits that are set in one of two integers, or in both. */
export const bitwiseOr = (a: Value, b: Value): Value => addLane(bitOps.bitwiseOr, [a, b].map(asInt32));
/** Bits that are set in one of two integers alone. */
export const bitwiseXor = (a: Value, b: Value): Value => addLane(bitOps.bitwiseXor, [a, b].map(asInt32));
