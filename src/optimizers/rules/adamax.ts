// Adamax: Adam by the largest of recent gradients in place of their squares.

import { Rule } from '../../../assembly/opcodes.ts';
import { abs, add, div, maximum, mul } from '../../graph/ops/elementwise.ts';
import { nonNegative } from '../../options/kinds.ts';
import { describe, type OptionsOf, optional } from '../../options/option.ts';
import type { OptimizerSpecification } from '../optimizer.ts';
import { momentsOptions, optimizerOptions, readArguments, specified } from '../optimizer-options.ts';
import { RunningPower } from '../running-power.ts';
import type { LearningRate } from '../schedules.ts';
import { cutGradient, decayed, stepped } from '../update.ts';

export const adamaxOptions = /* @__PURE__ */ optimizerOptions(
  0.002,
  /* @__PURE__ */ describe(momentsOptions, {
    /** The rate of step t is the learning rate / (1 + decay·t), t from 0; 0 by default. */
    decay: optional(nonNegative, 0),
  }),
);

export type AdamaxArguments =
  | [learningRate?: LearningRate, beta1?: number, beta2?: number, epsilon?: number, decay?: number]
  | [options: OptionsOf<typeof adamaxOptions>];

/**
 * m ← β₁m + (1−β₁)g, u ← max(β₂u, |g|), w ← w − lr/(1−β₁ᵗ)·m/(u + ε). The rate of step t is
 * lr/(1 + decay·t), t from 0. Kingma and Ba, 2015.
 */
export function adamax(...args: AdamaxArguments): OptimizerSpecification {
  const settings = readArguments('adamax', adamaxOptions, args);
  const { beta1, beta2, epsilon, decay } = settings;
  const power1 = new RunningPower(beta1);
  return {
    ...specified(settings),
    className: 'adamax',
    kernel: Rule.adamax,
    slots: { m: 0, u: 0 },
    numbers: {
      rate: (rate, step) => rate / (1 + decay * (step - 1)) / (1 - power1.at(step)),
      ...{ beta1, rest1: 1 - beta1, beta2, epsilon },
    },
    update: ({ gradient: raw, weights, slots, numbers: n }) => {
      const gradient = cutGradient(raw);
      const m = decayed(slots.m, n.beta1, mul(n.rest1, gradient));
      const u = maximum(abs(gradient), decayed(slots.u, n.beta2, 0));
      return { weights: stepped(weights, n.rate, div(m, add(u, n.epsilon))), slots: { m, u } };
    },
  };
}
