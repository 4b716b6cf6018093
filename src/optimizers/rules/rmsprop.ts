// RMSProp: each weight's steps are measured by the squares of its recent gradients.

import { Rule } from '../../../assembly/opcodes.ts';
import { add, div, mul, relu, sqrt, sub } from '../../graph/ops/elementwise.ts';
import { flag, fraction } from '../../options/kinds.ts';
import { type OptionsOf, optional } from '../../options/option.ts';
import type { OptimizerSpecification } from '../optimizer.ts';
import { epsilonOption, optimizerOptions, readArguments, specified } from '../optimizer-options.ts';
import type { LearningRate } from '../schedules.ts';
import { averaged, cutGradient, decayed, minGradient, squareOf } from '../update.ts';

export const rmspropOptions = /* @__PURE__ */ optimizerOptions(0.001, {
  /** What is kept of the mean of squares at each step; 0.9 by default. */
  decay: optional(fraction, 0.9),
  /** What is kept of the last step; 0 by default. */
  momentum: optional(fraction, 0),
  ...epsilonOption,
  /** Whether the square of the mean gradient is taken off; false by default. */
  centered: optional(flag, false),
});

export type RmsPropArguments =
  | [learningRate?: LearningRate, decay?: number, momentum?: number, epsilon?: number, centered?: boolean]
  | [options: OptionsOf<typeof rmspropOptions>];

/**
 * h ← γh + (1−γ)g², v ← momentum·v + lr·g/√(h + ε), w ← w − v. Centered: h − m² + ε under the root, as
 * TensorFlow has it (TensorFlow.js subtracts ε there). Tieleman and Hinton, 2012.
 */
export function rmsprop(...args: RmsPropArguments): OptimizerSpecification {
  const settings = readArguments('rmsprop', rmspropOptions, args);
  const { decay, momentum: alpha, epsilon, centered } = settings;
  return {
    ...specified(settings),
    className: 'rmsprop',
    kernel: centered ? Rule.rmspropCentered : Rule.rmsprop,
    slots: { rms: 0, momentum: 0, ...(centered ? { mg: 0 } : {}) },
    numbers: { decay, rest: 1 - decay, epsilon, alpha },
    update: ({ gradient: raw, weights, slots, numbers: n }) => {
      const gradient = cutGradient(raw);
      const rms = averaged(slots.rms, n.decay, n.rest, squareOf(raw));
      // The mean is squared too, so it is cut to zero where its square would be too small.
      const mg = slots.mg && decayed(slots.mg, n.decay, mul(n.rest, gradient), minGradient);
      // Rounding can take a variance a hair below zero.
      const moment = mg ? relu(sub(rms, mul(mg, mg))) : rms;
      const change = div(mul(n.rate, gradient), sqrt(add(moment, n.epsilon)));
      const velocity = decayed(slots.momentum, n.alpha, change);
      return { weights: sub(weights, velocity), slots: { rms, momentum: velocity, ...(mg && { mg }) } };
    },
  };
}
