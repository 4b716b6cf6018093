// Truth values, and what they choose.

import { select } from '../graph/ops/elementwise.ts';
import * as ops from '../graph/ops/logic.ts';
import { lift } from './lift.ts';

const x = ['x'];
const pair = ['a', 'b'];

export const logicalAnd = lift('logicalAnd', pair, ops.logicalAnd);
export const logicalNot = lift('logicalNot', x, ops.logicalNot);
export const logicalOr = lift('logicalOr', pair, ops.logicalOr);
export const logicalXor = lift('logicalXor', pair, ops.logicalXor);
export const where = lift('where', ['condition', 'a', 'b'], select);

const finite = lift('isFinite', x, ops.isFinite);
const infinite = lift('isInf', x, ops.isInf);
const notANumber = lift('isNaN', x, ops.isNaN);

export { finite as isFinite, infinite as isInf, notANumber as isNaN };
