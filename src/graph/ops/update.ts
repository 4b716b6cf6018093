// An optimizer's step over one contiguous range of weights.

import type { Rule } from '../../../assembly/opcodes.ts';
import { Opcode, UpdateWord } from '../../../assembly/words.ts';
import type { Graph, Op, Storage, Value } from '../graph.ts';
import { sizeOf } from '../shape.ts';

/** A range of weights and what belongs to it. */
interface UpdateAttrs {
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
  effect: ({ weights, slots }) => [weights, ...slots],
  gradient: 'none',
  shape: () => [],
  emit: ({ attrs }, emitter) => {
    const [slot0 = 0, slot1 = 0, slot2 = 0] = attrs.slots.map((slot) => emitter.storage(slot));
    emitter.command(Opcode.update, {
      [UpdateWord.rule]: attrs.rule,
      [UpdateWord.w]: emitter.storage(attrs.weights),
      [UpdateWord.g]: emitter.storage(attrs.gradients),
      [UpdateWord.slot0]: slot0,
      [UpdateWord.slot1]: slot1,
      [UpdateWord.slot2]: slot2,
      [UpdateWord.vectors]: sizeOf(attrs.weights.shape) / 4,
      [UpdateWord.numbers]: emitter.storage(attrs.numbers),
    });
  },
};

/** Moves a range of weights once the gradients that it reads, `after`, are in place. */
export function update(graph: Graph, attrs: UpdateAttrs, after: readonly Value[]): Value {
  return graph.add(updateOp, after, attrs);
}
