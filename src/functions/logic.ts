// Truth values, and what they choose.

import { select } from '../graph/ops/elementwise.ts';
import * as ops from '../graph/ops/logic.ts';
import { lift, liftAlike } from './lift.ts';

const x = ['x'];
const truths = ['a:bool', 'b:bool'];

export const logicalAnd = lift('logicalAnd', truths, ops.logicalAnd);
export const logicalNot = liftAlike('logicalNot', ['x:bool'], ops.logicalNot);
export const logicalOr = lift('logicalOr', truths, ops.logicalOr);
export const logicalXor = lift('logicalXor', truths, ops.logicalXor);
export const where = lift('where', ['condition:bool', 'a', 'b'], select);

const finite = liftAlike('isFinite', x, ops.isFinite);
const infinite = liftAlike('isInf', x, ops.isInf);
const notANumber = liftAlike('isNaN', x, ops.isNaN);

export { finite as isFinite, infinite as isInf, notANumber as isNaN };
