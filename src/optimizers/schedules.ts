// Learning rates that follow the step. Powers and cosines come from `numeric/elementary.ts`, so that a
// schedule gives the same bits on every engine.

import { LanegradError } from '../errors.ts';
import { cos, pow } from '../numeric/elementary.ts';
import { requireNumbers } from '../options/arguments.ts';
import { finite, flag, listOf, nonNegative, positive, share } from '../options/kinds.ts';
import { describe, type OptionsOf, optional, required, type SettingsOf } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';

/** A learning rate that follows the number of the step. */
export interface Schedule {
  /** The learning rate of a step; the first step is 0. */
  at(step: number): number;
  /** Which of `schedules` made it, and of what: so that it is saved with what it schedules. */
  readonly className?: string;
  readonly config?: object;
}

/** A number, a schedule, or a function of the step. */
export type LearningRate = number | Schedule | ((step: number) => number);

/** Whether something is no number but a learning rate that follows the step. */
export const isSchedule = (given: unknown): given is Exclude<LearningRate, number> =>
  typeof given === 'function' ||
  (typeof given === 'object' && typeof (given as Schedule | null)?.at === 'function');

const made = (className: string, config: object, rateAt: (step: number) => number): Schedule => ({
  className,
  config,
  at(step) {
    requireNumbers(`schedules.${className}: at`, { step });
    return rateAt(step);
  },
});

const initialOption = {
  /** The rate to start with. */
  initial: required(nonNegative),
};

const decayOptions = /* @__PURE__ */ describe(initialOption, {
  /** Steps after which the decay has happened once. */
  decaySteps: required(positive),
  /** How much it decays in that time. */
  decayRate: required(positive),
  /** Whether it happens at once every decaySteps; false by default. */
  staircase: optional(flag, false),
});

export interface DecayOptions extends OptionsOf<typeof decayOptions> {}
type DecaySettings = SettingsOf<typeof decayOptions>;

const progress = ({ decaySteps, staircase }: DecaySettings, step: number) =>
  staircase ? Math.floor(step / decaySteps) : step / decaySteps;

/** initial · decayRate^(step / decaySteps). */
function exponential(options: DecayOptions): Schedule {
  const settings = readOptions('schedules.exponential', decayOptions, options);
  const { initial, decayRate } = settings;
  return made('exponential', settings, (step) => initial * pow(decayRate, progress(settings, step)));
}

/** initial / (1 + decayRate·step / decaySteps). */
function inverseTime(options: DecayOptions): Schedule {
  const settings = readOptions('schedules.inverseTime', decayOptions, options);
  const { initial, decayRate } = settings;
  return made('inverseTime', settings, (step) => initial / (1 + decayRate * progress(settings, step)));
}

const stepOptions = /* @__PURE__ */ describe(initialOption, {
  /** What the rate is multiplied by every `every` steps. */
  factor: required(positive),
  /** Steps from one change to the next. */
  every: required(positive),
});

export interface StepOptions extends OptionsOf<typeof stepOptions> {}

/** initial · factor^⌊step / every⌋. */
function step(options: StepOptions): Schedule {
  const settings = readOptions('schedules.step', stepOptions, options);
  const { initial, factor, every } = settings;
  return made('step', settings, (step) => initial * pow(factor, Math.floor(step / every)));
}

const cosineOptions = {
  /** The rate at its highest. */
  initial: required(nonNegative),
  /** Steps of the decay, after warming up. */
  decaySteps: required(positive),
  /** Share of the initial rate that is left in the end; 0 by default. */
  alpha: optional(share, 0),
  /** Steps in which the rate rises in a line to the initial one; 0 by default. */
  warmUpSteps: optional(nonNegative, 0),
  /** Where it rises from; 0 by default. */
  warmUpFrom: optional(nonNegative, 0),
};

export interface CosineOptions extends OptionsOf<typeof cosineOptions> {}

/** Half a cosine from the initial rate to alpha times it. Loshchilov and Hutter, "SGDR", 2017. */
function cosine(options: CosineOptions): Schedule {
  const settings = readOptions('schedules.cosine', cosineOptions, options);
  const { initial, decaySteps, alpha, warmUpSteps, warmUpFrom } = settings;
  return made('cosine', settings, (step) => {
    if (step < warmUpSteps) return warmUpFrom + ((initial - warmUpFrom) * step) / warmUpSteps;
    const done = Math.min(1, (step - warmUpSteps) / decaySteps);
    return initial * ((1 - alpha) * 0.5 * (1 + cos(Math.PI * done)) + alpha);
  });
}

const piecewiseOptions = {
  /** Steps after which the next value holds, ascending. */
  boundaries: required(listOf(finite, 'a list of numbers')),
  /** One more than there are boundaries. */
  values: required(listOf(nonNegative, 'a list of numbers, 0 or more')),
};

export interface PiecewiseOptions extends OptionsOf<typeof piecewiseOptions> {}

/** values[i] up to and including step boundaries[i], then the next. */
function piecewise(options: PiecewiseOptions): Schedule {
  const settings = readOptions('schedules.piecewise', piecewiseOptions, options);
  const { boundaries, values } = settings;
  if (values.length !== boundaries.length + 1) {
    throw new LanegradError(
      `schedules.piecewise: ${boundaries.length} boundaries need ${boundaries.length + 1} values; got ${values.length}.`,
    );
  }
  return made('piecewise', settings, (step) => {
    const index = boundaries.findIndex((boundary) => step <= boundary);
    return values[index < 0 ? boundaries.length : index];
  });
}

export const schedules = { step, exponential, cosine, inverseTime, piecewise };
