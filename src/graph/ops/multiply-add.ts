// Products that are added in one instruction, which rounds once where the build and the processor fuse.

import { Lane } from '../../../assembly/opcodes.ts';
import type { LaneOp, Value } from '../graph.ts';
import { sumTo } from './broadcasting.ts';
import { combine, elementwiseOps, mul, neg, type Operand } from './elementwise.ts';

function ternaryOp(name: string, lane: Lane, gradient: (dy: Value, a: Value, b: Value) => Value[]): LaneOp {
  return {
    name,
    kind: 'lane',
    lane,
    shape: (inputs) => elementwiseOps.select.shape(inputs, {}),
    gradient: (dy, { inputs }) => {
      const [a, b] = inputs;
      return gradient(dy, a, b).map((each, i) => sumTo(each, inputs[i].shape));
    },
  };
}

/** @internal */
export const multiplyAddOps = {
  multiplyAdd: ternaryOp('multiplyAdd', Lane.multiplyAdd, (dy, a, b) => [mul(dy, b), mul(dy, a), dy]),
  // d(c − ab) = −b da − a db + dc
  multiplySubtract: ternaryOp('multiplySubtract', Lane.multiplySubtract, (dy, a, b) => [
    neg(mul(dy, b)),
    neg(mul(dy, a)),
    dy,
  ]),
};

/** a·b + c, broadcast as in NumPy. */
export const multiplyAdd = (a: Operand, b: Operand, c: Operand): Value =>
  combine(multiplyAddOps.multiplyAdd, [a, b, c]);
/** c − a·b, broadcast as in NumPy. */
export const multiplySubtract = (a: Operand, b: Operand, c: Operand): Value =>
  combine(multiplyAddOps.multiplySubtract, [a, b, c]);
