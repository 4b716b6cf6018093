// An optimizer's step over one contiguous range of weights.

import { Opcode, type Rule } from '../../../assembly/opcodes.ts';
import type { Graph, Op, Storage, Value } from '../graph.ts';
import { sizeOf } from '../shape.ts';

/** A range of weights and what belongs to it. */
export interface UpdateAttrs {
  readonly rule: Rule;
  /** Floats, a multiple of 4. */
  readonly weights: Storage;
  readonly gradients: Storage;
  /** As many as the rule has. */
  readonly slots: readonly Storage[];
  /** The step's numbers, the learning rate first. */
  readonly numbers: Storage;
}

export const updateOp: Op<UpdateAttrs> = {
  name: 'update',
  kind: 'kernel',
  effect: true,
  gradient: 'none',
  shape: () => [],
  emit: ({ attrs }, emitter) => {
    const [slot0 = 0, slot1 = 0, slot2 = 0] = attrs.slots.map((slot) => emitter.storage(slot));
    emitter.command(
      Opcode.update,
      attrs.rule,
      emitter.storage(attrs.weights),
      emitter.storage(attrs.gradients),
      slot0,
      slot1,
      slot2,
      sizeOf(attrs.weights.shape) / 4,
      emitter.storage(attrs.numbers),
    );
  },
};

/** Moves a range of weights once the gradients that it reads, `after`, are in place. */
export function update(graph: Graph, attrs: UpdateAttrs, after: readonly Value[]): Value {
  return graph.add(updateOp, after, attrs);
}
