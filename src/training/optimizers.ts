// The optimizers of `tf.train`. Rules and names are TensorFlow.js's; where an epsilon stands is told at
// each. Every factory takes the numbers in order, or one object with their names and the clipping options.

import { Rule } from '../../assembly/opcodes.ts';
import { LanegradError } from '../errors.ts';
import { lookUp } from '../names.ts';
import type { ClippingOptions } from './clipping.ts';
import { Optimizer, RunningPower } from './optimizer.ts';
import type { LearningRate } from './schedules.ts';

export type { ClippingOptions } from './clipping.ts';
export type { NamedTensor } from './custom-loop.ts';
export { Optimizer } from './optimizer.ts';

/** TensorFlow.js's epsilon for float32. */
const defaultEpsilon = 1e-7;

interface RateOptions extends ClippingOptions {
  readonly learningRate?: LearningRate;
}

type Numbers<Names extends string> = RateOptions & { readonly [Name in Names]?: number };

/** What a factory was called with, by name: the options object, or the arguments in order. */
function optionsOf<Options extends object>(
  names: readonly (keyof Options)[],
  args: readonly unknown[],
): Options {
  const [first] = args;
  if (typeof first === 'object' && first !== null && !('at' in first)) return first as Options;
  return Object.fromEntries(names.map((name, i) => [name, args[i]])) as Options;
}

/** Checks numbers that must lie from `least` up to below `most`. */
function requireRange(
  className: string,
  numbers: Readonly<Record<string, number>>,
  least: number,
  most = Number.POSITIVE_INFINITY,
): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (value >= least && value < most) continue;
    const bound = most === Number.POSITIVE_INFINITY ? 'a finite number' : `less than ${most}`;
    throw new LanegradError(`${className}: ${name} must be at least ${least} and ${bound}; got ${value}.`);
  }
}

const clippingOf = ({ clipValue, clipNorm, globalClipNorm }: ClippingOptions): ClippingOptions => ({
  clipValue,
  clipNorm,
  globalClipNorm,
});

type SgdArguments = [learningRate?: LearningRate] | [options: RateOptions];

/** w ← w − lr·g. */
function sgd(...args: SgdArguments): Optimizer {
  const options = optionsOf<RateOptions>(['learningRate'], args);
  return new Optimizer({
    ...clippingOf(options),
    className: 'sgd',
    rule: Rule.sgd,
    learningRate: options.learningRate ?? 0.01,
    slots: {},
    config: {},
    write: (target, rate) => {
      target[0] = rate;
    },
  });
}

interface MomentumOptions extends Numbers<'momentum'> {
  readonly useNesterov?: boolean;
}

type MomentumArguments =
  | [learningRate?: LearningRate, momentum?: number, useNesterov?: boolean]
  | [options: MomentumOptions];

/** v ← momentum·v + g, w ← w − lr·v; with Nesterov's, w ← w − lr·(g + momentum·v). */
function momentum(...args: MomentumArguments): Optimizer {
  const options = optionsOf<MomentumOptions>(['learningRate', 'momentum', 'useNesterov'], args);
  const { momentum: alpha = 0.9, useNesterov = false } = options;
  requireRange('momentum', { momentum: alpha }, 0, 1);
  return new Optimizer({
    ...clippingOf(options),
    className: 'momentum',
    rule: useNesterov ? Rule.nesterov : Rule.momentum,
    learningRate: options.learningRate ?? 0.01,
    slots: { momentum: 0 },
    config: { momentum: alpha, useNesterov },
    write: (target, rate) => {
      target[0] = rate;
      target[1] = alpha;
    },
  });
}

type NesterovArguments = [learningRate?: LearningRate, momentum?: number] | [options: Numbers<'momentum'>];

/** Momentum with Nesterov's look ahead; momentum is 0.9 by default. */
function nesterov(...args: NesterovArguments): Optimizer {
  const options = optionsOf<Numbers<'momentum'>>(['learningRate', 'momentum'], args);
  return momentum({ ...options, useNesterov: true });
}

type AdagradArguments =
  | [learningRate?: LearningRate, initialAccumulatorValue?: number]
  | [options: Numbers<'initialAccumulatorValue' | 'epsilon'>];

/** h ← h + g², w ← w − lr·g/√(h + ε), ε = 1e-7 inside the root. Duchi, Hazan and Singer, 2011. */
function adagrad(...args: AdagradArguments): Optimizer {
  type Options = Numbers<'initialAccumulatorValue' | 'epsilon'>;
  const options = optionsOf<Options>(['learningRate', 'initialAccumulatorValue'], args);
  const { initialAccumulatorValue = 0.1, epsilon = defaultEpsilon } = options;
  requireRange('adagrad', { initialAccumulatorValue, epsilon }, 0);
  return new Optimizer({
    ...clippingOf(options),
    className: 'adagrad',
    rule: Rule.adagrad,
    learningRate: options.learningRate ?? 0.01,
    slots: { accumulator: initialAccumulatorValue },
    config: { initialAccumulatorValue, epsilon },
    write: (target, rate) => {
      target[0] = rate;
      target[1] = epsilon;
    },
  });
}

interface RmsPropOptions extends Numbers<'decay' | 'momentum' | 'epsilon'> {
  readonly centered?: boolean;
}

type RmsPropArguments =
  | [learningRate?: LearningRate, decay?: number, momentum?: number, epsilon?: number, centered?: boolean]
  | [options: RmsPropOptions];

/**
 * h ← γh + (1−γ)g², v ← momentum·v + lr·g/√(h + ε), w ← w − v. Centered: h − m² + ε under the root, as
 * TensorFlow has it (TensorFlow.js subtracts ε there). Tieleman and Hinton, 2012.
 */
function rmsprop(...args: RmsPropArguments): Optimizer {
  const names = ['learningRate', 'decay', 'momentum', 'epsilon', 'centered'] as const;
  const options = optionsOf<RmsPropOptions>(names, args);
  const { decay = 0.9, momentum: alpha = 0, epsilon = defaultEpsilon, centered = false } = options;
  requireRange('rmsprop', { decay, momentum: alpha }, 0, 1);
  requireRange('rmsprop', { epsilon }, 0);
  return new Optimizer({
    ...clippingOf(options),
    className: 'rmsprop',
    rule: centered ? Rule.rmspropCentered : Rule.rmsprop,
    learningRate: options.learningRate ?? 0.001,
    slots: { rms: 0, momentum: 0, ...(centered ? { mg: 0 } : {}) },
    config: { decay, momentum: alpha, epsilon, centered },
    write: (target, rate) => {
      target[0] = rate;
      target[1] = decay;
      target[2] = 1 - decay;
      target[3] = epsilon;
      target[4] = alpha;
    },
  });
}

type AdadeltaArguments =
  | [learningRate?: LearningRate, rho?: number, epsilon?: number]
  | [options: Numbers<'rho' | 'epsilon'>];

/** Steps of the size of recent steps: g·√(u + ε)/√(h + ε), as TensorFlow has it. Zeiler, 2012. */
function adadelta(...args: AdadeltaArguments): Optimizer {
  const options = optionsOf<Numbers<'rho' | 'epsilon'>>(['learningRate', 'rho', 'epsilon'], args);
  const { rho = 0.95, epsilon = defaultEpsilon } = options;
  requireRange('adadelta', { rho }, 0, 1);
  requireRange('adadelta', { epsilon }, 0);
  return new Optimizer({
    ...clippingOf(options),
    className: 'adadelta',
    rule: Rule.adadelta,
    learningRate: options.learningRate ?? 0.001,
    slots: { accum_grad: 0, accum_var: 0 },
    config: { rho, epsilon },
    write: (target, rate) => {
      target[0] = rate;
      target[1] = rho;
      target[2] = 1 - rho;
      target[3] = epsilon;
    },
  });
}

interface AdamOptions extends Numbers<'beta1' | 'beta2' | 'epsilon'> {
  /** Whether to use the largest v so far; false by default. */
  readonly amsgrad?: boolean;
}

type AdamArguments =
  | [learningRate?: LearningRate, beta1?: number, beta2?: number, epsilon?: number]
  | [options: AdamOptions];

const adamNames = ['learningRate', 'beta1', 'beta2', 'epsilon'] as const;

/** What Adam, AMSGrad and AdamW share. */
function adamFamily(className: string, options: AdamOptions & { readonly weightDecay?: number }): Optimizer {
  const { amsgrad = false } = options;
  const { beta1 = 0.9, beta2 = 0.999, epsilon = defaultEpsilon, weightDecay = 0 } = options;
  requireRange(className, { beta1, beta2 }, 0, 1);
  requireRange(className, { epsilon, weightDecay }, 0);
  const power1 = new RunningPower(beta1);
  const power2 = new RunningPower(beta2);
  return new Optimizer({
    ...clippingOf(options),
    className,
    rule: amsgrad ? Rule.amsgrad : Rule.adam,
    learningRate: options.learningRate ?? 0.001,
    slots: { m: 0, v: 0, ...(amsgrad ? { vhat: 0 } : {}) },
    config: {
      ...{ beta1, beta2, epsilon },
      ...(className === 'adam' && amsgrad ? { amsgrad } : {}),
      ...(className === 'adamw' ? { weightDecay } : {}),
    },
    write: (target, rate, step) => {
      const correction2 = Math.sqrt(1 - power2.at(step));
      target[0] = (rate * correction2) / (1 - power1.at(step));
      target[1] = beta1;
      target[2] = 1 - beta1;
      target[3] = beta2;
      target[4] = 1 - beta2;
      target[5] = epsilon * correction2;
      target[6] = rate * weightDecay;
    },
  });
}

/** w ← w − lr·m̂/(√v̂ + ε), m̂ and v̂ corrected for their bias. Kingma and Ba, 2015. */
const adam = (...args: AdamArguments): Optimizer =>
  adamFamily('adam', optionsOf<AdamOptions>(adamNames, args));

/** Adam with the largest v so far in place of v. Reddi, Kale and Kumar, 2018. */
const amsgrad = (...args: AdamArguments): Optimizer =>
  adamFamily('amsgrad', { ...optionsOf<AdamOptions>(adamNames, args), amsgrad: true });

type AdamWOptions = Numbers<'beta1' | 'beta2' | 'epsilon' | 'weightDecay'>;
type AdamWArguments =
  | [learningRate?: LearningRate, beta1?: number, beta2?: number, epsilon?: number, weightDecay?: number]
  | [options: AdamWOptions];

/** Adam, and w ← w − lr·weightDecay·w beside it; 0.004 by default as in Keras. Loshchilov and Hutter, 2019. */
function adamw(...args: AdamWArguments): Optimizer {
  const options = optionsOf<AdamWOptions>([...adamNames, 'weightDecay'], args);
  return adamFamily('adamw', { ...options, weightDecay: options.weightDecay ?? 0.004 });
}

type AdamaxOptions = Numbers<'beta1' | 'beta2' | 'epsilon' | 'decay'>;
type AdamaxArguments =
  | [learningRate?: LearningRate, beta1?: number, beta2?: number, epsilon?: number, decay?: number]
  | [options: AdamaxOptions];

/**
 * m ← β₁m + (1−β₁)g, u ← max(β₂u, |g|), w ← w − lr/(1−β₁ᵗ)·m/(u + ε). The rate of step t is
 * lr/(1 + decay·t), t from 0. Kingma and Ba, 2015.
 */
function adamax(...args: AdamaxArguments): Optimizer {
  const options = optionsOf<AdamaxOptions>([...adamNames, 'decay'], args);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = defaultEpsilon, decay = 0 } = options;
  requireRange('adamax', { beta1, beta2 }, 0, 1);
  requireRange('adamax', { epsilon, decay }, 0);
  const power1 = new RunningPower(beta1);
  return new Optimizer({
    ...clippingOf(options),
    className: 'adamax',
    rule: Rule.adamax,
    learningRate: options.learningRate ?? 0.002,
    slots: { m: 0, u: 0 },
    config: { beta1, beta2, epsilon, decay },
    write: (target, rate, step) => {
      target[0] = rate / (1 + decay * (step - 1)) / (1 - power1.at(step));
      target[1] = beta1;
      target[2] = 1 - beta1;
      target[3] = beta2;
      target[4] = epsilon;
    },
  });
}

/** The optimizers' factories. */
export const train = { sgd, momentum, nesterov, adagrad, rmsprop, adadelta, adam, amsgrad, adamw, adamax };

/**
 * The optimizer of a name, with its defaults, or the optimizer itself.
 * @throws LanegradError for an unknown name, with the nearest known one.
 */
export function getOptimizer(identifier: string | Optimizer): Optimizer {
  if (typeof identifier !== 'string') return identifier;
  return lookUp<() => Optimizer>('optimizer', identifier, train)();
}
