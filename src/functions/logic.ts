// Truth values, and what they choose.

import type { Value } from '../graph/graph.ts';
import { select } from '../graph/ops/elementwise.ts';
import * as ops from '../graph/ops/logic.ts';
import type { TensorArgument } from '../tensor/convert.ts';
import type { TensorLike } from '../tensor/nested-array.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { broadcasting } from './arguments.ts';
import { lift, liftAlike } from './lift.ts';

const x = ['x'];
const truths = ['a:bool', 'b:bool'];

/** A choice is of the rank of what is chosen from where both are alike. */
interface Where {
  <T extends Tensor>(condition: TensorArgument | Value, a: T | TensorLike, b: T | TensorLike): T;
  <T extends Tensor = Tensor>(
    condition: TensorArgument | Value,
    a: TensorArgument | Value,
    b: TensorArgument | Value,
  ): T;
}

export const logicalAnd = lift('logicalAnd', truths, ops.logicalAnd);
export const logicalNot = liftAlike('logicalNot', ['x:bool'], ops.logicalNot);
export const logicalOr = lift('logicalOr', truths, ops.logicalOr);
export const logicalXor = lift('logicalXor', truths, ops.logicalXor);
export const where: Where = lift('where', ['condition:bool', 'a', 'b'], broadcasting('where', select));

const finite = liftAlike('isFinite', x, ops.isFinite);
const infinite = liftAlike('isInf', x, ops.isInf);
const notANumber = liftAlike('isNaN', x, ops.isNaN);

export { finite as isFinite, infinite as isInf, notANumber as isNaN };
