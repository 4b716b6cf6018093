// Stochastic gradient descent.

import { Rule } from '../../../assembly/opcodes.ts';
import type { OptionsOf } from '../../options/option.ts';
import type { OptimizerSpecification } from '../optimizer.ts';
import { optimizerOptions, readArguments, specified } from '../optimizer-options.ts';
import type { LearningRate } from '../schedules.ts';
import { cutGradient, stepped } from '../update.ts';

export const sgdOptions = /* @__PURE__ */ optimizerOptions(0.01, {});

export type SgdArguments = [learningRate?: LearningRate] | [options: OptionsOf<typeof sgdOptions>];

/** w ← w − lr·g. */
export function sgd(...args: SgdArguments): OptimizerSpecification {
  return {
    ...specified(readArguments('sgd', sgdOptions, args)),
    className: 'sgd',
    kernel: Rule.sgd,
    update: ({ gradient, weights, numbers }) => ({
      weights: stepped(weights, numbers.rate, cutGradient(gradient)),
    }),
  };
}
