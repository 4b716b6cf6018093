// An optimizer's step over one contiguous range of weights.

import { Opcode, type Rule } from '../../../assembly/opcodes.ts';
import type { Graph, Value } from '../graph.ts';
import type { Op } from '../op.ts';

/** Byte addresses of a range of weights and of what belongs to it; slots that a rule lacks are 0. */
export interface UpdateAttrs {
  readonly rule: Rule;
  readonly weights: number;
  readonly gradients: number;
  readonly slots: readonly number[];
  /** Floats in the range, a multiple of 4. */
  readonly count: number;
  /** The step's numbers, the learning rate first. */
  readonly numbers: number;
}

export const updateOp: Op<UpdateAttrs> = {
  name: 'update',
  kind: 'kernel',
  effect: true,
  gradient: 'none',
  shape: () => [],
  emit: ({ attrs }, emitter) => {
    const [slot0 = 0, slot1 = 0, slot2 = 0] = attrs.slots;
    emitter.command(
      Opcode.update,
      attrs.rule,
      attrs.weights,
      attrs.gradients,
      slot0,
      slot1,
      slot2,
      attrs.count / 4,
      attrs.numbers,
    );
  },
};

/** Moves a range of weights once the gradients that it reads, `after`, are in place. */
export function update(graph: Graph, attrs: UpdateAttrs, after: readonly Value[]): Value {
  return graph.add(updateOp, after, attrs);
}
