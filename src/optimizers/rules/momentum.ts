// Momentum, and Nesterov's look ahead.

import { Rule } from '../../../assembly/opcodes.ts';
import { multiplyAdd } from '../../graph/ops/multiply-add.ts';
import { flag, fraction } from '../../options/kinds.ts';
import { describe, type OptionsOf, optional, type SettingsOf } from '../../options/option.ts';
import type { OptimizerSpecification } from '../optimizer.ts';
import { optimizerOptions, readArguments, specified } from '../optimizer-options.ts';
import type { LearningRate } from '../schedules.ts';
import { cutGradient, decayed, stepped } from '../update.ts';

const momentumOption = {
  /** What is kept of the last step; 0.9 by default. */
  momentum: optional(fraction, 0.9),
};

export const nesterovOptions = /* @__PURE__ */ optimizerOptions(0.01, momentumOption);

export const momentumOptions = /* @__PURE__ */ optimizerOptions(
  0.01,
  /* @__PURE__ */ describe(momentumOption, {
    /** Whether the gradient is taken one step ahead; false by default. */
    useNesterov: optional(flag, false),
  }),
);

export type MomentumArguments =
  | [learningRate?: LearningRate, momentum?: number, useNesterov?: boolean]
  | [options: OptionsOf<typeof momentumOptions>];

/** v ← momentum·v + g, w ← w − lr·v; with Nesterov's, w ← w − lr·(g + momentum·v). */
export const momentum = (...args: MomentumArguments): OptimizerSpecification =>
  withMomentum(readArguments('momentum', momentumOptions, args));

function withMomentum(settings: SettingsOf<typeof momentumOptions>): OptimizerSpecification {
  const { momentum: alpha, useNesterov } = settings;
  return {
    ...specified(settings),
    className: 'momentum',
    savedAs: 'Momentum',
    kernel: useNesterov ? Rule.nesterov : Rule.momentum,
    slots: { momentum: 0 },
    numbers: { alpha },
    update: ({ gradient: raw, weights, slots, numbers }) => {
      const gradient = cutGradient(raw);
      const velocity = decayed(slots.momentum, numbers.alpha, gradient);
      const direction = useNesterov ? multiplyAdd(numbers.alpha, velocity, gradient) : velocity;
      return { weights: stepped(weights, numbers.rate, direction), slots: { momentum: velocity } };
    },
  };
}

export type NesterovArguments =
  | [learningRate?: LearningRate, momentum?: number]
  | [options: OptionsOf<typeof nesterovOptions>];

/** Momentum with Nesterov's look ahead; momentum is 0.9 by default. */
export function nesterov(...args: NesterovArguments): OptimizerSpecification {
  return withMomentum({ ...readArguments('nesterov', nesterovOptions, args), useNesterov: true });
}
