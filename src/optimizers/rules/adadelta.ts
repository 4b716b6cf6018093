// Adadelta: steps of the size of recent steps.

import { Rule } from '../../../assembly/opcodes.ts';
import { add, div, mul, sqrt } from '../../graph/ops/elementwise.ts';
import { fraction } from '../../options/kinds.ts';
import { describe, type OptionsOf, optional } from '../../options/option.ts';
import type { OptimizerSpecification } from '../optimizer.ts';
import { epsilonOption, optimizerOptions, readArguments, specified } from '../optimizer-options.ts';
import type { LearningRate } from '../schedules.ts';
import { averaged, cutGradient, squareOf, stepped } from '../update.ts';

export const adadeltaOptions = /* @__PURE__ */ optimizerOptions(
  0.001,
  /* @__PURE__ */ describe(
    {
      /** What is kept of the means of squares at each step; 0.95 by default. */
      rho: optional(fraction, 0.95),
    },
    epsilonOption,
  ),
);

export type AdadeltaArguments =
  | [learningRate?: LearningRate, rho?: number, epsilon?: number]
  | [options: OptionsOf<typeof adadeltaOptions>];

/** Steps of the size of recent steps: g·√(u + ε)/√(h + ε), as TensorFlow has it. Zeiler, 2012. */
export function adadelta(...args: AdadeltaArguments): OptimizerSpecification {
  const settings = readArguments('adadelta', adadeltaOptions, args);
  const { rho, epsilon } = settings;
  return {
    ...specified(settings),
    className: 'adadelta',
    kernel: Rule.adadelta,
    slots: { accum_grad: 0, accum_var: 0 },
    numbers: { rho, rest: 1 - rho, epsilon },
    update: ({ gradient, weights, slots, numbers: n }) => {
      const accum_grad = averaged(slots.accum_grad, n.rho, n.rest, squareOf(gradient));
      const before = sqrt(add(slots.accum_var, n.epsilon));
      const direction = mul(cutGradient(gradient), div(before, sqrt(add(accum_grad, n.epsilon))));
      const accum_var = averaged(slots.accum_var, n.rho, n.rest, squareOf(direction));
      return { weights: stepped(weights, n.rate, direction), slots: { accum_grad, accum_var } };
    },
  };
}
