// Options of loading.

import { anything, functionOf, nonNegative, text } from '../options/kinds.ts';
import { type OptionsOf, optional } from '../options/option.ts';

/** Is told of a share from 0 to 1. */
export type OnProgressCallback = (fraction: number) => void;

export const loadOptions = {
  /** What requests are made with: headers, credentials and the like. */
  requestInit: optional(anything<object>('an object')),
  /** Called as files come, with the share of them that is there, from 0 to 1. */
  onProgress: optional(functionOf<OnProgressCallback>()),
  /** Takes the place of `fetch`. */
  fetchFunc: optional(functionOf<(url: string, init?: object) => Promise<unknown>>()),
  /** Where files of weights are, in place of beside model.json. */
  weightPathPrefix: optional(text),
  /** The address of a file of weights, by its name in model.json. */
  weightUrlConverter: optional(functionOf<(name: string) => string | Promise<string>>()),
  /** The most bytes that the weights may have; any number by default. */
  maxBytes: optional(nonNegative),
  /** Accepted for scripts of TensorFlow.js that give it: weights are read whole. */
  streamWeights: optional(anything<boolean>('true or false')),
};

export interface LoadOptions extends OptionsOf<typeof loadOptions> {}
