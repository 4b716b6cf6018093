// What tests of when programs are made share.

import * as tf from '../../src/index.ts';
import { keptPrograms } from '../../src/tensor/evaluate.ts';

/** A tensor of a shape whose numbers are all different. */
export const ramp = (...shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i)),
    shape,
  );

/** Programs that `act` makes room for. */
export function compiledBy(act: () => void): number {
  const { count } = keptPrograms();
  act();
  return keptPrograms().count - count;
}
