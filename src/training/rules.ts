// The rules of the optimizers. They and their names are TensorFlow.js's; where an epsilon stands is told at each. Each
// takes the numbers in order, or one object with their names and the clipping options.

import { Rule } from '../../assembly/opcodes.ts';
import { abs, add, div, maximum, mul, relu, sqrt, sub } from '../graph/ops/elementwise.ts';
import { multiplyAdd } from '../graph/ops/multiply-add.ts';
import { type OptimizerSpecification, RunningPower } from './optimizer.ts';
import {
  clippingOf,
  defaultEpsilon,
  type Numbers,
  optionsOf,
  type RateOptions,
  requireRange,
} from './optimizer-options.ts';
import type { LearningRate } from './schedules.ts';
import { averaged, cutGradient, decayed, leastGradient, squareOf, stepped } from './update.ts';

export type SgdArguments = [learningRate?: LearningRate] | [options: RateOptions];

/** w ← w − lr·g. */
export function sgd(...args: SgdArguments): OptimizerSpecification {
  const options = optionsOf<RateOptions>(['learningRate'], args);
  return {
    ...clippingOf(options),
    className: 'sgd',
    kernel: Rule.sgd,
    learningRate: options.learningRate ?? 0.01,
    update: ({ gradient, weights, numbers }) => ({
      weights: stepped(weights, numbers.rate, cutGradient(gradient)),
    }),
  };
}

interface MomentumOptions extends Numbers<'momentum'> {
  readonly useNesterov?: boolean;
}

export type MomentumArguments =
  | [learningRate?: LearningRate, momentum?: number, useNesterov?: boolean]
  | [options: MomentumOptions];

/** v ← momentum·v + g, w ← w − lr·v; with Nesterov's, w ← w − lr·(g + momentum·v). */
export function momentum(...args: MomentumArguments): OptimizerSpecification {
  const options = optionsOf<MomentumOptions>(['learningRate', 'momentum', 'useNesterov'], args);
  const { momentum: alpha = 0.9, useNesterov = false } = options;
  requireRange('momentum', { momentum: alpha }, 0, 1);
  return {
    ...clippingOf(options),
    className: 'momentum',
    kernel: useNesterov ? Rule.nesterov : Rule.momentum,
    learningRate: options.learningRate ?? 0.01,
    slots: { momentum: 0 },
    numbers: { alpha },
    config: { momentum: alpha, useNesterov },
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
  | [options: Numbers<'momentum'>];

/** Momentum with Nesterov's look ahead; momentum is 0.9 by default. */
export function nesterov(...args: NesterovArguments): OptimizerSpecification {
  const options = optionsOf<Numbers<'momentum'>>(['learningRate', 'momentum'], args);
  return momentum({ ...options, useNesterov: true });
}

export type AdagradArguments =
  | [learningRate?: LearningRate, initialAccumulatorValue?: number]
  | [options: Numbers<'initialAccumulatorValue' | 'epsilon'>];

/** h ← h + g², w ← w − lr·g/√(h + ε), ε = 1e-7 inside the root. Duchi, Hazan and Singer, 2011. */
export function adagrad(...args: AdagradArguments): OptimizerSpecification {
  type Options = Numbers<'initialAccumulatorValue' | 'epsilon'>;
  const options = optionsOf<Options>(['learningRate', 'initialAccumulatorValue'], args);
  const { initialAccumulatorValue = 0.1, epsilon = defaultEpsilon } = options;
  requireRange('adagrad', { initialAccumulatorValue, epsilon }, 0);
  return {
    ...clippingOf(options),
    className: 'adagrad',
    kernel: Rule.adagrad,
    learningRate: options.learningRate ?? 0.01,
    slots: { accumulator: initialAccumulatorValue },
    numbers: { epsilon },
    config: { initialAccumulatorValue, epsilon },
    update: ({ gradient, weights, slots, numbers }) => {
      const accumulator = add(slots.accumulator, squareOf(gradient));
      const direction = div(cutGradient(gradient), sqrt(add(accumulator, numbers.epsilon)));
      return { weights: stepped(weights, numbers.rate, direction), slots: { accumulator } };
    },
  };
}

interface RmsPropOptions extends Numbers<'decay' | 'momentum' | 'epsilon'> {
  readonly centered?: boolean;
}

export type RmsPropArguments =
  | [learningRate?: LearningRate, decay?: number, momentum?: number, epsilon?: number, centered?: boolean]
  | [options: RmsPropOptions];

/**
 * h ← γh + (1−γ)g², v ← momentum·v + lr·g/√(h + ε), w ← w − v. Centered: h − m² + ε under the root, as
 * TensorFlow has it (TensorFlow.js subtracts ε there). Tieleman and Hinton, 2012.
 */
export function rmsprop(...args: RmsPropArguments): OptimizerSpecification {
  const names = ['learningRate', 'decay', 'momentum', 'epsilon', 'centered'] as const;
  const options = optionsOf<RmsPropOptions>(names, args);
  const { decay = 0.9, momentum: alpha = 0, epsilon = defaultEpsilon, centered = false } = options;
  requireRange('rmsprop', { decay, momentum: alpha }, 0, 1);
  requireRange('rmsprop', { epsilon }, 0);
  return {
    ...clippingOf(options),
    className: 'rmsprop',
    kernel: centered ? Rule.rmspropCentered : Rule.rmsprop,
    learningRate: options.learningRate ?? 0.001,
    slots: { rms: 0, momentum: 0, ...(centered ? { mg: 0 } : {}) },
    numbers: { decay, rest: 1 - decay, epsilon, alpha },
    config: { decay, momentum: alpha, epsilon, centered },
    update: ({ gradient: raw, weights, slots, numbers: n }) => {
      const gradient = cutGradient(raw);
      const rms = averaged(slots.rms, n.decay, n.rest, squareOf(raw));
      // The mean is squared too, so it is cut to zero where its square would be too small.
      const mg = slots.mg && decayed(slots.mg, n.decay, mul(n.rest, gradient), leastGradient);
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
  | [options: Numbers<'rho' | 'epsilon'>];

/** Steps of the size of recent steps: g·√(u + ε)/√(h + ε), as TensorFlow has it. Zeiler, 2012. */
export function adadelta(...args: AdadeltaArguments): OptimizerSpecification {
  const options = optionsOf<Numbers<'rho' | 'epsilon'>>(['learningRate', 'rho', 'epsilon'], args);
  const { rho = 0.95, epsilon = defaultEpsilon } = options;
  requireRange('adadelta', { rho }, 0, 1);
  requireRange('adadelta', { epsilon }, 0);
  return {
    ...clippingOf(options),
    className: 'adadelta',
    kernel: Rule.adadelta,
    learningRate: options.learningRate ?? 0.001,
    slots: { accum_grad: 0, accum_var: 0 },
    numbers: { rho, rest: 1 - rho, epsilon },
    config: { rho, epsilon },
    update: ({ gradient, weights, slots, numbers: n }) => {
      const accum_grad = averaged(slots.accum_grad, n.rho, n.rest, squareOf(gradient));
      const before = sqrt(add(slots.accum_var, n.epsilon));
      const direction = mul(cutGradient(gradient), div(before, sqrt(add(accum_grad, n.epsilon))));
      const accum_var = averaged(slots.accum_var, n.rho, n.rest, squareOf(direction));
      return { weights: stepped(weights, n.rate, direction), slots: { accum_grad, accum_var } };
    },
  };
}

interface AdamOptions extends Numbers<'beta1' | 'beta2' | 'epsilon'> {
  /** Whether to use the largest v so far; false by default. */
  readonly amsgrad?: boolean;
}

export type AdamArguments =
  | [learningRate?: LearningRate, beta1?: number, beta2?: number, epsilon?: number]
  | [options: AdamOptions];

const adamNames = ['learningRate', 'beta1', 'beta2', 'epsilon'] as const;

/** What Adam, AMSGrad and AdamW share. */
function adamFamily(
  className: string,
  options: AdamOptions & { readonly weightDecay?: number },
): OptimizerSpecification {
  const { amsgrad = false } = options;
  const { beta1 = 0.9, beta2 = 0.999, epsilon = defaultEpsilon, weightDecay = 0 } = options;
  requireRange(className, { beta1, beta2 }, 0, 1);
  requireRange(className, { epsilon, weightDecay }, 0);
  const power1 = new RunningPower(beta1);
  const power2 = new RunningPower(beta2);
  const correction2 = (step: number) => Math.sqrt(1 - power2.at(step));
  return {
    ...clippingOf(options),
    className,
    kernel: amsgrad ? Rule.amsgrad : Rule.adam,
    learningRate: options.learningRate ?? 0.001,
    slots: { m: 0, v: 0, ...(amsgrad ? { vhat: 0 } : {}) },
    config: {
      ...{ beta1, beta2, epsilon },
      ...(className === 'adam' && amsgrad ? { amsgrad } : {}),
      ...(className === 'adamw' ? { weightDecay } : {}),
    },
    // The corrections of the biases, taken out of the rule.
    numbers: {
      rate: (rate, step) => (rate * correction2(step)) / (1 - power1.at(step)),
      ...{ beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2 },
      epsilon: (_, step) => epsilon * correction2(step),
      decay: (rate) => rate * weightDecay,
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
export const adam = (...args: AdamArguments): OptimizerSpecification =>
  adamFamily('adam', optionsOf<AdamOptions>(adamNames, args));

/** Adam with the largest v so far in place of v. Reddi, Kale and Kumar, 2018. */
export const amsgrad = (...args: AdamArguments): OptimizerSpecification =>
  adamFamily('amsgrad', { ...optionsOf<AdamOptions>(adamNames, args), amsgrad: true });

type AdamWOptions = Numbers<'beta1' | 'beta2' | 'epsilon' | 'weightDecay'>;
export type AdamWArguments =
  | [learningRate?: LearningRate, beta1?: number, beta2?: number, epsilon?: number, weightDecay?: number]
  | [options: AdamWOptions];

/** Adam, and w ← w − lr·weightDecay·w beside it; 0.004 by default as in Keras. Loshchilov and Hutter, 2019. */
export function adamw(...args: AdamWArguments): OptimizerSpecification {
  const options = optionsOf<AdamWOptions>([...adamNames, 'weightDecay'], args);
  return adamFamily('adamw', { ...options, weightDecay: options.weightDecay ?? 0.004 });
}

type AdamaxOptions = Numbers<'beta1' | 'beta2' | 'epsilon' | 'decay'>;
export type AdamaxArguments =
  | [learningRate?: LearningRate, beta1?: number, beta2?: number, epsilon?: number, decay?: number]
  | [options: AdamaxOptions];

/**
 * m ← β₁m + (1−β₁)g, u ← max(β₂u, |g|), w ← w − lr/(1−β₁ᵗ)·m/(u + ε). The rate of step t is
 * lr/(1 + decay·t), t from 0. Kingma and Ba, 2015.
 */
export function adamax(...args: AdamaxArguments): OptimizerSpecification {
  const options = optionsOf<AdamaxOptions>([...adamNames, 'decay'], args);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = defaultEpsilon, decay = 0 } = options;
  requireRange('adamax', { beta1, beta2 }, 0, 1);
  requireRange('adamax', { epsilon, decay }, 0);
  const power1 = new RunningPower(beta1);
  return {
    ...clippingOf(options),
    className: 'adamax',
    kernel: Rule.adamax,
    learningRate: options.learningRate ?? 0.002,
    slots: { m: 0, u: 0 },
    config: { beta1, beta2, epsilon, decay },
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
