// Learning rates that follow the step. Powers and cosines come from `numeric/elementary.ts`, so that a
// schedule gives the same bits on every engine.

import { LanegradError } from '../errors.ts';
import { cos, pow } from '../numeric/elementary.ts';

export interface Schedule {
  /** The learning rate of a step; the first step is 0. */
  at(step: number): number;
}

/** A number, a schedule, or a function of the step. */
export type LearningRate = number | Schedule | ((step: number) => number);

export interface DecayOptions {
  /** The rate to start with. */
  readonly initial: number;
  /** Steps after which the decay has happened once. */
  readonly decaySteps: number;
  readonly decayRate: number;
  /** Whether it happens at once every decaySteps; false by default. */
  readonly staircase?: boolean;
}

const progress = ({ decaySteps, staircase = false }: DecayOptions, step: number) =>
  staircase ? Math.floor(step / decaySteps) : step / decaySteps;

function requirePositive(schedule: string, option: string, value: number): void {
  if (value > 0 && Number.isFinite(value)) return;
  throw new LanegradError(`schedules.${schedule}: ${option} must be a positive number; got ${value}.`);
}

/** initial · decayRate^(step / decaySteps). */
function exponential(options: DecayOptions): Schedule {
  requirePositive('exponential', 'decaySteps', options.decaySteps);
  requirePositive('exponential', 'decayRate', options.decayRate);
  return { at: (step) => options.initial * pow(options.decayRate, progress(options, step)) };
}

/** initial / (1 + decayRate·step / decaySteps). */
function inverseTime(options: DecayOptions): Schedule {
  requirePositive('inverseTime', 'decaySteps', options.decaySteps);
  return { at: (step) => options.initial / (1 + options.decayRate * progress(options, step)) };
}

export interface StepOptions {
  readonly initial: number;
  /** What the rate is multiplied by every `every` steps. */
  readonly factor: number;
  readonly every: number;
}

/** initial · factor^⌊step / every⌋. */
function step({ initial, factor, every }: StepOptions): Schedule {
  requirePositive('step', 'every', every);
  return exponential({ initial, decayRate: factor, decaySteps: every, staircase: true });
}

export interface CosineOptions {
  /** The rate at its highest. */
  readonly initial: number;
  /** Steps of the decay, after warming up. */
  readonly decaySteps: number;
  /** Share of the initial rate that is left in the end; 0 by default. */
  readonly alpha?: number;
  /** Steps in which the rate rises in a line to the initial one; 0 by default. */
  readonly warmUpSteps?: number;
  /** Where it rises from; 0 by default. */
  readonly warmUpFrom?: number;
}

/** Half a cosine from the initial rate to alpha times it. Loshchilov and Hutter, "SGDR", 2017. */
function cosine({
  initial,
  decaySteps,
  alpha = 0,
  warmUpSteps = 0,
  warmUpFrom = 0,
}: CosineOptions): Schedule {
  requirePositive('cosine', 'decaySteps', decaySteps);
  return {
    at(step) {
      if (step < warmUpSteps) return warmUpFrom + ((initial - warmUpFrom) * step) / warmUpSteps;
      const done = Math.min(1, (step - warmUpSteps) / decaySteps);
      return initial * ((1 - alpha) * 0.5 * (1 + cos(Math.PI * done)) + alpha);
    },
  };
}

export interface PiecewiseOptions {
  /** Steps after which the next value holds, ascending. */
  readonly boundaries: readonly number[];
  /** One more than there are boundaries. */
  readonly values: readonly number[];
}

/** values[i] up to and including step boundaries[i], then the next. */
function piecewise({ boundaries, values }: PiecewiseOptions): Schedule {
  if (values.length !== boundaries.length + 1) {
    throw new LanegradError(
      `schedules.piecewise: ${boundaries.length} boundaries need ${boundaries.length + 1} values; got ${values.length}.`,
    );
  }
  return {
    at(step) {
      const index = boundaries.findIndex((boundary) => step <= boundary);
      return values[index < 0 ? boundaries.length : index];
    },
  };
}

export const schedules = { step, exponential, cosine, inverseTime, piecewise };
