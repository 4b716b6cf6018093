// Bits of integers: bitwiseAnd.

import { Lane } from '../../../assembly/opcodes.ts';
import type { Value } from '../graph.ts';
import { asInt32 } from './conversion.ts';
import { addLane, integerOp } from './elementwise.ts';

/** @internal */
export const bitOps = { bitwiseAnd: integerOp('bitwiseAnd', Lane.and, 'none') };

/** Bits that are set in both of two integers. */
export const bitwiseAnd = (a: Value, b: Value): Value => addLane(bitOps.bitwiseAnd, [a, b].map(asInt32));
