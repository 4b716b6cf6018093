// What keeps a run from changing anything where a number is not finite.

import { GuardWord, Opcode } from '../../../assembly/words.ts';
import type { Op, Value } from '../graph.ts';

export const guardOp: Op = {
  name: 'guard',
  kind: 'kernel',
  effect: () => [],
  gradient: 'none',
  shape: () => [],
  emit: ({ inputs: [x] }, emitter) => emitter.command(Opcode.guard, { [GuardWord.x]: emitter.address(x) }),
};

/**
 * Ends the run where `x`, a scalar, is not finite, before memory that outlives the program is changed; but for what `x`
 * itself depends on. A program has one at most.
 */
export const guard = (x: Value): Value => x.graph.add(guardOp, [x], {});
