// The rules of the optimizers. They and their names are TensorFlow.js's; where an epsilon stands is told at each. Each
// takes the numbers in order, or one object with their names and the clipping options.

import { Rule } from '../../assembly/opcodes.ts';
import { abs, add, div, maximum, mul, relu, sqrt, sub } from '../graph/ops/elementwise.ts';
import { multiplyAdd } from '../graph/ops/multiply-add.ts';
import type { OptionsOf, SettingsOf } from '../options/option.ts';
import type { OptimizerSpecification } from './optimizer.ts';
import {
  adadeltaOptions,
  adagradOptions,
  adamaxOptions,
  adamOptions,
  adamwOptions,
  amsgradOptions,
  momentumOptions,
  nesterovOptions,
  readArguments,
  rmspropOptions,
  sgdOptions,
  specified,
} from './optimizer-options.ts';
import { RunningPower } from './running-power.ts';
import type { LearningRate } from './schedules.ts';
import { averaged, cutGradient, decayed, minGradient, squareOf, stepped } from './update.ts';

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

export type AdamArguments =
  | [learningRate?: LearningRate, beta1?: number, beta2?: number, epsilon?: number]
  | [options: OptionsOf<typeof adamOptions>];
export type AmsgradArguments =
  | [learningRate?: LearningRate, beta1?: number, beta2?: number, epsilon?: number]
  | [options: OptionsOf<typeof amsgradOptions>];

/** What Adam, AMSGrad and AdamW share. */
function adamFamily(
  className: string,
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
    className,
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
  return adamFamily('adam', settings, settings.amsgrad ?? false);
}

/** Adam with the largest v so far in place of v. Reddi, Kale and Kumar, 2018. */
export const amsgrad = (...args: AmsgradArguments): OptimizerSpecification =>
  adamFamily('amsgrad', readArguments('amsgrad', amsgradOptions, args), true);

export type AdamWArguments =
  | [learningRate?: LearningRate, beta1?: number, beta2?: number, epsilon?: number, weightDecay?: number]
  | [options: OptionsOf<typeof adamwOptions>];

/** Adam, and w ← w − lr·weightDecay·w beside it; 0.004 by default as in Keras. Loshchilov and Hutter, 2019. */
export function adamw(...args: AdamWArguments): OptimizerSpecification {
  const settings = readArguments('adamw', adamwOptions, args);
  return adamFamily('adamw', settings, false, settings.weightDecay);
}

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
