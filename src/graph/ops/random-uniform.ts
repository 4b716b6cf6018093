// Random numbers inside a graph: counters, so they depend on the step, its part, the stream and the place only.

import { Lane } from '../../../assembly/opcodes.ts';
import type { Op, Value } from '../graph.ts';
import type { Shape } from '../shape.ts';

export interface RandomAttrs {
  readonly shape: Shape;
  /** Tells apart the random nodes of one model. */
  readonly stream: number;
  /** A key of its own in place of the state's; −1 for none. */
  readonly seed: number;
}

/** Of four words, in any type: the key's two, the step, and its part. */
export const randomUniformOp: Op<RandomAttrs> = {
  name: 'randomUniform',
  kind: 'lane',
  lane: Lane.randomUniform,
  shape: (_, { shape }) => shape,
  gradient: 'none',
};

/** Uniform numbers in [0, 1): the same for the same state, whenever they are drawn. */
export const randomUniform = (state: Value, attrs: RandomAttrs): Value =>
  state.graph.add(randomUniformOp, [state], attrs);
