// What `compile` was given, resolved: one loss and a list of metrics for each output.

import { LanegradError } from '../errors.ts';
import type { ModelShape } from '../layers/symbolic.ts';
import { anything } from '../options/kinds.ts';
import { type OptionsOf, optional, required } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import { getLoss, type Loss, type LossFunction } from './losses.ts';
import { getMetric, type Metric } from './metrics.ts';
import { getOptimizer, type Optimizer } from './optimizers.ts';

export type LossIdentifier = string | Loss | LossFunction | (() => Loss);
export type MetricIdentifier = string | Metric | LossFunction | (() => Metric | Loss);

type LossIdentifiers = LossIdentifier | readonly LossIdentifier[] | Readonly<Record<string, LossIdentifier>>;
type MetricIdentifiers =
  | MetricIdentifier
  | readonly MetricIdentifier[]
  | Readonly<Record<string, MetricIdentifier | readonly MetricIdentifier[]>>;

const compileOptions = {
  /** A name, as 'adam', or an optimizer, as `train.adam(1e-3)`. */
  optimizer: required(anything<string | Optimizer>('the name of an optimizer, or an optimizer')),
  /** One loss for all outputs, or one for each: in order or by name. */
  loss: required(anything<LossIdentifiers>('the name of a loss, or a loss')),
  /** Metrics for all outputs, or lists by output name. */
  metrics: optional(anything<MetricIdentifiers>('metrics')),
  /** What each output's loss counts for in the sum; 1 by default. */
  lossWeights: optional(anything<readonly number[] | Readonly<Record<string, number>>>('numbers')),
};

export interface CompileArguments extends OptionsOf<typeof compileOptions> {}

/** One output's part. */
export interface CompiledOutput {
  readonly name: string;
  readonly loss: Loss;
  readonly weight: number;
  readonly metrics: readonly Metric[];
}

export interface Compiled {
  readonly optimizer: Optimizer;
  readonly outputs: readonly CompiledOutput[];
}

/** @throws LanegradError for unknown names, and for losses that are not one per output. */
export function resolveCompileArguments(
  args: CompileArguments,
  outputs: readonly { readonly shape: ModelShape }[],
  names: readonly string[],
): Compiled {
  if (args?.optimizer === undefined || args.loss === undefined) {
    throw new LanegradError('compile: takes an optimizer and a loss.');
  }
  readOptions('compile', compileOptions, args);
  return {
    optimizer: getOptimizer(args.optimizer),
    outputs: outputs.map((output, i) => {
      const loss = getLoss(perOutput('loss', args.loss, names, i));
      const metrics = metricsOf(args.metrics ?? [], names, i).map((metric) =>
        getMetric(metric, loss, output.shape),
      );
      const weight = args.lossWeights ? perOutput('lossWeights', args.lossWeights, names, i) : 1;
      return { name: names[i], loss, weight, metrics };
    }),
  };
}

function perOutput<T>(
  option: string,
  given: T | readonly T[] | Readonly<Record<string, T>>,
  names: readonly string[],
  index: number,
): T {
  if (Array.isArray(given)) {
    if (given.length === names.length) return given[index];
    throw new LanegradError(
      `compile: ${option} has ${given.length} entries; the model has ${names.length} outputs.`,
    );
  }
  if (!isByName<T>(given)) return given as T;
  requireOutputs(`compile: ${option}`, given, names);
  if (names[index] in given) return given[names[index]];
  throw new LanegradError(
    `compile: ${option} has no entry for output ${names[index]}; got ${Object.keys(given).join(', ')}.`,
  );
}

/** @throws LanegradError when an entry is for something that is no output. */
export function requireOutputs(where: string, byName: object, names: readonly string[]): void {
  const stranger = Object.keys(byName).find((name) => !names.includes(name));
  if (stranger === undefined) return;
  throw new LanegradError(`${where} has an entry for ${stranger}; the outputs are ${names.join(', ')}.`);
}

/** A plain object, that is: losses and metrics that are objects have a `name`. */
const isByName = <T>(given: unknown): given is Readonly<Record<string, T>> =>
  typeof given === 'object' && given !== null && !Array.isArray(given) && !('name' in given);

function metricsOf(
  given: MetricIdentifiers,
  names: readonly string[],
  index: number,
): readonly MetricIdentifier[] {
  const isDictionary = isByName<MetricIdentifier | readonly MetricIdentifier[]>(given);
  if (isDictionary) requireOutputs('compile: metrics', given, names);
  return [isDictionary ? (given[names[index]] ?? []) : given].flat() as readonly MetricIdentifier[];
}
