// Adam, and those that differ from it by a line: AMSGrad and AdamW.

import { Rule } from '../../../assembly/opcodes.ts';
import { add, div, maximum, mul, sqrt } from '../../graph/ops/elementwise.ts';
import { flag } from '../../options/kinds.ts';
import { byName, describe, type OptionsOf, optional, type SettingsOf } from '../../options/option.ts';
import type { OptimizerSpecification } from '../optimizer.ts';
import {
  decayingOptions,
  momentsOptions,
  optimizerOptions,
  readArguments,
  specified,
} from '../optimizer-options.ts';
import { RunningPower } from '../running-power.ts';
import type { LearningRate } from '../schedules.ts';
import { averaged, cutGradient, decayed, squareOf, stepped } from '../update.ts';

export const amsgradOptions = /* @__PURE__ */ optimizerOptions(0.001, momentsOptions);

export const adamOptions = /* @__PURE__ */ optimizerOptions(
  0.001,
  /* @__PURE__ */ describe(momentsOptions, {
    /** Whether to use the largest mean of squares so far; false by default. */
    amsgrad: byName(optional(flag)),
  }),
);

export const adamwOptions = /* @__PURE__ */ decayingOptions(0.004);

export type AdamArguments =
  | [learningRate?: LearningRate, beta1?: number, beta2?: number, epsilon?: number]
  | [options: OptionsOf<typeof adamOptions>];
export type AmsgradArguments =
  | [learningRate?: LearningRate, beta1?: number, beta2?: number, epsilon?: number]
  | [options: OptionsOf<typeof amsgradOptions>];

/** What Adam, AMSGrad and AdamW share. */
function adamFamily(
  savedAs: string,
  settings: SettingsOf<typeof amsgradOptions>,
  amsgrad: boolean,
  weightDecay = 0,
): OptimizerSpecification {
  const { beta1, beta2, epsilon } = settings;
  const power1 = new RunningPower(beta1);
  const power2 = new RunningPower(beta2);
  const correction2 = (step: number) => Math.sqrt(1 - power2.at(step));
  return {
    ...specified(settings),
    className: savedAs.toLowerCase(),
    savedAs,
    kernel: amsgrad ? Rule.amsgrad : Rule.adam,
    slots: { m: 0, v: 0, ...(amsgrad ? { vhat: 0 } : {}) },
    // The corrections of the biases, taken out of the rule.
    numbers: {
      rate: (rate, step) => (rate * correction2(step)) / (1 - power1.at(step)),
      ...{ beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2 },
      epsilon: (_, step) => epsilon * correction2(step),
      decay: weightDecay === 0 ? 0 : (rate) => rate * weightDecay,
    },
    update: ({ gradient, weights, slots, numbers: n }) => {
      const m = decayed(slots.m, n.beta1, mul(n.rest1, cutGradient(gradient)));
      const v = averaged(slots.v, n.beta2, n.rest2, squareOf(gradient));
      const vhat = slots.vhat && maximum(v, slots.vhat);
      const direction = div(m, add(sqrt(vhat ?? v), n.epsilon));
      const kept = stepped(weights, n.decay, weights);
      return { weights: stepped(kept, n.rate, direction), slots: { m, v, ...(vhat && { vhat }) } };
    },
  };
}

/** w ← w − lr·m̂/(√v̂ + ε), m̂ and v̂ corrected for their bias. Kingma and Ba, 2015. */
export function adam(...args: AdamArguments): OptimizerSpecification {
  const settings = readArguments('adam', adamOptions, args);
  return adamFamily('Adam', settings, settings.amsgrad ?? false);
}

/** Adam with the largest v so far in place of v. Reddi, Kale and Kumar, 2018. */
export const amsgrad = (...args: AmsgradArguments): OptimizerSpecification =>
  adamFamily('AMSGrad', readArguments('amsgrad', amsgradOptions, args), true);

export type AdamWArguments =
  | [learningRate?: LearningRate, beta1?: number, beta2?: number, epsilon?: number, weightDecay?: number]
  | [options: OptionsOf<typeof adamwOptions>];

/** Adam, and w ← w − lr·weightDecay·w beside it; 0.004 by default as in Keras. Loshchilov and Hutter, 2019. */
export function adamw(...args: AdamWArguments): OptimizerSpecification {
  const settings = readArguments('adamw', adamwOptions, args);
  return adamFamily('AdamW', settings, false, settings.weightDecay);
}
