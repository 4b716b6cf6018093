// LAMB: Adam, each weight moved by a length that follows its own.

import type { Value } from '../../graph/graph.ts';
import { sum } from '../../graph/ops/broadcasting.ts';
import { add, div, greater, minimum, mul, select, sqrt, square } from '../../graph/ops/elementwise.ts';
import { multiplyAdd } from '../../graph/ops/multiply-add.ts';
import type { OptionsOf } from '../../options/option.ts';
import type { OptimizerSpecification } from '../optimizer.ts';
import { decayingOptions, readArguments, specified } from '../optimizer-options.ts';
import { RunningPower } from '../running-power.ts';
import type { LearningRate } from '../schedules.ts';
import { averaged, cutGradient, decayed, squareOf, stepped } from '../update.ts';

export const lambOptions = /* @__PURE__ */ decayingOptions(0);

export type LambArguments =
  | [learningRate?: LearningRate, beta1?: number, beta2?: number, epsilon?: number, weightDecay?: number]
  | [options: OptionsOf<typeof lambOptions>];

const norm = (x: Value): Value => sqrt(sum(square(x)));

/**
 * w ← w − lr·(‖w‖/‖u‖)·u for each weight, where u = m̂/(√v̂ + ε) + weightDecay·w with Adam's m̂ and v̂; the ratio is 1
 * where a norm is 0. By default lr is 0.001 and weightDecay 0. You et al., 2020.
 */
export function lamb(...args: LambArguments): OptimizerSpecification {
  const settings = readArguments('lamb', lambOptions, args);
  const { beta1, beta2, epsilon, weightDecay } = settings;
  const power1 = new RunningPower(beta1);
  const power2 = new RunningPower(beta2);
  const correction2 = (step: number) => Math.sqrt(1 - power2.at(step));
  return {
    ...specified(settings),
    className: 'lamb',
    savedAs: 'Lamb',
    perWeight: true,
    slots: { m: 0, v: 0 },
    numbers: {
      ...{ beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2, weightDecay },
      scale: (_, step) => correction2(step) / (1 - power1.at(step)),
      epsilon: (_, step) => epsilon * correction2(step),
    },
    update: ({ gradient, weights, slots, numbers: n }) => {
      const m = decayed(slots.m, n.beta1, mul(n.rest1, cutGradient(gradient)));
      const v = averaged(slots.v, n.beta2, n.rest2, squareOf(gradient));
      const adam = div(mul(m, n.scale), add(sqrt(v), n.epsilon));
      const direction = multiplyAdd(n.weightDecay, weights, adam);
      const [length, step] = [norm(weights), norm(direction)];
      const trust = select(greater(minimum(length, step), 0), div(length, step), 1);
      return { weights: stepped(weights, mul(n.rate, trust), direction), slots: { m, v } };
    },
  };
}
