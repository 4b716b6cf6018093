// How optimizers are told their options: numbers in order, or one object.

import { LanegradError } from '../errors.ts';
import type { ClippingOptions } from './clipping.ts';
import type { LearningRate } from './schedules.ts';

/** TensorFlow.js's epsilon for float32. */
export const defaultEpsilon = 1e-7;

export interface RateOptions extends ClippingOptions {
  readonly learningRate?: LearningRate;
}

export type Numbers<Names extends string> = RateOptions & { readonly [Name in Names]?: number };

/** What a factory was called with, by name: the options object, or the arguments in order. */
export function optionsOf<Options extends object>(
  names: readonly (keyof Options)[],
  args: readonly unknown[],
): Options {
  const [first] = args;
  if (typeof first === 'object' && first !== null && !('at' in first)) return first as Options;
  return Object.fromEntries(names.map((name, i) => [name, args[i]])) as Options;
}

/** Checks numbers that must lie from `least` up to below `most`. */
export function requireRange(
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

export const clippingOf = ({ clipValue, clipNorm, globalClipNorm }: ClippingOptions): ClippingOptions => ({
  clipValue,
  clipNorm,
  globalClipNorm,
});
