// Loops that programs can run.

import { repeatLoopsBy } from '../compiler/program.ts';
import { repeatLoops } from '../compiler/repeat.ts';
import * as ops from '../graph/ops/loop.ts';

/** A loop over sequences [times, …], from states, with what lies outside. */
export const loop: typeof ops.loop = (...parts) => {
  repeatLoopsBy(repeatLoops);
  return ops.loop(...parts);
};
