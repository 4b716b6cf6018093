// Options of optimizers, told in order or in one object.

import { isPlain } from '../errors.ts';
import { flag, fraction, nonNegative } from '../options/kinds.ts';
import {
  byName,
  type Description,
  describe,
  type Kind,
  optional,
  type SettingsOf,
} from '../options/option.ts';
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
const optimizer = <Own extends Description>(rate: number, own: Own) =>
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

const epsilonOption = {
  /** Keeps quotients finite; 1e-7 by default. */
  epsilon: optional(nonNegative, defaultEpsilon),
};

const momentsOptions = /* @__PURE__ */ describe(
  {
    /** What is kept of the mean of gradients at each step; 0.9 by default. */
    beta1: optional(fraction, 0.9),
    /** What is kept of the mean of their squares; 0.999 by default. */
    beta2: optional(fraction, 0.999),
  },
  epsilonOption,
);

const momentumOption = {
  /** What is kept of the last step; 0.9 by default. */
  momentum: optional(fraction, 0.9),
};

export const sgdOptions = /* @__PURE__ */ optimizer(0.01, {});

export const nesterovOptions = /* @__PURE__ */ optimizer(0.01, momentumOption);

export const momentumOptions = /* @__PURE__ */ optimizer(
  0.01,
  /* @__PURE__ */ describe(momentumOption, {
    /** Whether the gradient is taken one step ahead; false by default. */
    useNesterov: optional(flag, false),
  }),
);

export const adagradOptions = /* @__PURE__ */ optimizer(
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

export const rmspropOptions = /* @__PURE__ */ optimizer(0.001, {
  /** What is kept of the mean of squares at each step; 0.9 by default. */
  decay: optional(fraction, 0.9),
  /** What is kept of the last step; 0 by default. */
  momentum: optional(fraction, 0),
  ...epsilonOption,
  /** Whether the square of the mean gradient is taken off; false by default. */
  centered: optional(flag, false),
});

export const adadeltaOptions = /* @__PURE__ */ optimizer(
  0.001,
  /* @__PURE__ */ describe(
    {
      /** What is kept of the means of squares at each step; 0.95 by default. */
      rho: optional(fraction, 0.95),
    },
    epsilonOption,
  ),
);

export const amsgradOptions = /* @__PURE__ */ optimizer(0.001, momentsOptions);

export const adamOptions = /* @__PURE__ */ optimizer(
  0.001,
  /* @__PURE__ */ describe(momentsOptions, {
    /** Whether to use the largest mean of squares so far; false by default. */
    amsgrad: byName(optional(flag)),
  }),
);

// @__NO_SIDE_EFFECTS__
const decaying = (decay: number) =>
  optimizer(
    0.001,
    describe(momentsOptions, {
      /** What of each weight is taken off at each step, times the learning rate. 0.004 by default; of lamb 0. */
      weightDecay: optional(nonNegative, decay),
    }),
  );

export const adamwOptions = /* @__PURE__ */ decaying(0.004);
export const lambOptions = /* @__PURE__ */ decaying(0);

export const adamaxOptions = /* @__PURE__ */ optimizer(
  0.002,
  /* @__PURE__ */ describe(momentsOptions, {
    /** The rate of step t is the learning rate / (1 + decay·t), t from 0; 0 by default. */
    decay: optional(nonNegative, 0),
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
