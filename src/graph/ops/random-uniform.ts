// Random numbers inside a graph: counters, so they depend on the step, its part, the stream and the place only.

import { Lane } from '../../../assembly/opcodes.ts';
import type { Graph, Op, Storage, Value } from '../graph.ts';
import type { Shape } from '../shape.ts';

export interface RandomAttrs {
  readonly shape: Shape;
  /** Four words in linear memory: the key's two, the step, and its part. */
  readonly state: Storage;
  /** Tells apart the random nodes of one model. */
  readonly stream: number;
  /** A key of its own in place of the state's; −1 for none. */
  readonly seed: number;
}

export const randomUniformOp: Op<RandomAttrs> = {
  name: 'randomUniform',
  kind: 'lane',
  lane: Lane.randomUniform,
  shape: (_, { shape }) => shape,
  gradient: 'none',
};

/** Uniform numbers in [0, 1), drawn anew in every run of the program. */
export const randomUniform = (graph: Graph, attrs: RandomAttrs): Value =>
  graph.add(randomUniformOp, [], attrs);
