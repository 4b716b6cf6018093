// What tests of when programs are made share.

import * as tf from '../../src/index.ts';
import { programsMade } from '../../src/tensor/evaluate.ts';

/** A tensor of a shape whose numbers are all different. */
export const ramp = (...shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i)),
    shape,
  );

/** Programs that `act` makes. */
export function compiledBy(act: () => void): number {
  leaveNoGradients();
  const before = programsMade();
  act();
  return programsMade() - before;
}

const slope = tf.grad((x) => x.square());

/** Gradients that another test left unread are computed where the next are taken. */
const leaveNoGradients = () => tf.tidy(() => slope(1).dataSync());
