// What the options of optimizers have in common. They are told in order or in one object.

import { isPlain } from '../errors.ts';
import { fraction, nonNegative } from '../options/kinds.ts';
import { type Description, describe, type Kind, optional, type SettingsOf } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import { clippingOptions } from './clipping.ts';
import { isSchedule, type LearningRate } from './schedules.ts';

/** TensorFlow.js's epsilon for float32. */
const defaultEpsilon = 1e-7;

export const learningRate: Kind<LearningRate> = {
  expected: 'a number, 0 or more, or a schedule',
  read: (given) => (isSchedule(given) ? given : nonNegative.read(given)),
};

/** Options of an optimizer: the learning rate, `own`, and how gradients are clipped. */
// @__NO_SIDE_EFFECTS__
export const optimizerOptions = <Own extends Description>(rate: number, own: Own) =>
  describe(
    describe(
      {
        /** How far a step goes: a number, or a schedule. 0.001 by default; of sgd, momentum and adagrad 0.01, of adamax 0.002. */
        learningRate: optional(learningRate, rate),
      },
      own,
    ),
    clippingOptions,
  );

export const epsilonOption = {
  /** Keeps quotients finite; 1e-7 by default. */
  epsilon: optional(nonNegative, defaultEpsilon),
};

/** Of what follows the mean of gradients and of their squares. */
export const momentsOptions = /* @__PURE__ */ describe(
  {
    /** What is kept of the mean of gradients at each step; 0.9 by default. */
    beta1: optional(fraction, 0.9),
    /** What is kept of the mean of their squares; 0.999 by default. */
    beta2: optional(fraction, 0.999),
  },
  epsilonOption,
);

/** The same, where weights decay as well. */
// @__NO_SIDE_EFFECTS__
export const decayingOptions = (decay: number) =>
  optimizerOptions(
    0.001,
    describe(momentsOptions, {
      /** What of each weight is taken off at each step, times the learning rate. 0.004 by default; of lamb 0. */
      weightDecay: optional(nonNegative, decay),
    }),
  );

/**
 * What an optimizer's factory was called with: options in the order of the description, but for those by name alone, or
 * one object. More that stands in order is passed over, as scripts for TensorFlow.js have it.
 * @throws LanegradError for names and values that it does not know
 */
export function readArguments<D extends Description>(
  where: string,
  description: D,
  args: readonly unknown[],
): SettingsOf<D> {
  const [first] = args;
  if (isPlain(first) && !isSchedule(first)) return readOptions(where, description, first);
  const names = Object.keys(description).filter((name) => !description[name].isByName);
  return readOptions(where, description, Object.fromEntries(names.map((name, i) => [name, args[i]])));
}

interface Common extends SettingsOf<typeof clippingOptions> {
  readonly learningRate: LearningRate;
}

/** What every optimizer has, and as its config all else that it was told. */
export function specified({ learningRate, clipValue, clipNorm, globalClipNorm, ...config }: Common) {
  return { learningRate, clipValue, clipNorm, globalClipNorm, config };
}
