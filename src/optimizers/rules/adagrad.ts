// Adagrad: each weight's steps shrink with the squares of its gradients so far.

import { Rule } from '../../../assembly/opcodes.ts';
import { add, div, sqrt } from '../../graph/ops/elementwise.ts';
import { nonNegative } from '../../options/kinds.ts';
import { byName, describe, type OptionsOf, optional } from '../../options/option.ts';
import type { OptimizerSpecification } from '../optimizer.ts';
import { epsilonOption, optimizerOptions, readArguments, specified } from '../optimizer-options.ts';
import type { LearningRate } from '../schedules.ts';
import { cutGradient, squareOf, stepped } from '../update.ts';

export const adagradOptions = /* @__PURE__ */ optimizerOptions(
  0.01,
  /* @__PURE__ */ describe(
    {
      /** What the sums of squares begin with; 0.1 by default. */
      initialAccumulatorValue: optional(nonNegative, 0.1),
    },
    {
      /** Keeps quotients finite; 1e-7 by default. */
      epsilon: byName(epsilonOption.epsilon),
    },
  ),
);

export type AdagradArguments =
  | [learningRate?: LearningRate, initialAccumulatorValue?: number]
  | [options: OptionsOf<typeof adagradOptions>];

/** h ← h + g², w ← w − lr·g/√(h + ε), ε = 1e-7 inside the root. Duchi, Hazan and Singer, 2011. */
export function adagrad(...args: AdagradArguments): OptimizerSpecification {
  const settings = readArguments('adagrad', adagradOptions, args);
  const { initialAccumulatorValue, epsilon } = settings;
  return {
    ...specified(settings),
    className: 'adagrad',
    kernel: Rule.adagrad,
    slots: { accumulator: initialAccumulatorValue },
    numbers: { epsilon },
    update: ({ gradient, weights, slots, numbers }) => {
      const accumulator = add(slots.accumulator, squareOf(gradient));
      const direction = div(cutGradient(gradient), sqrt(add(accumulator, numbers.epsilon)));
      return { weights: stepped(weights, numbers.rate, direction), slots: { accumulator } };
    },
  };
}
