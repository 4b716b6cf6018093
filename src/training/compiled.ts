// What `compile` was given, resolved: one loss and a list of metrics for each output.

import { isObject, LanegradError } from '../errors.ts';
import type { ModelShape } from '../layers/base/symbolic.ts';
import { getLoss, type Loss, type LossIdentifier } from '../losses/losses.ts';
import { getMetric, type Metric, type MetricIdentifier } from '../metrics/metrics.ts';
import { type Optimizer, optimizer } from '../optimizers/optimizers.ts';
import { anything, finite, listOf, recordOf } from '../options/kinds.ts';
import { type Kind, type OptionsOf, optional, required, type SettingsOf } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import { requireGradients } from './own-step.ts';

export type { LossIdentifier, MetricIdentifier };

type LossIdentifiers = LossIdentifier | readonly LossIdentifier[] | Readonly<Record<string, LossIdentifier>>;
type MetricIdentifiers =
  | MetricIdentifier
  | readonly MetricIdentifier[]
  | Readonly<Record<string, MetricIdentifier | readonly MetricIdentifier[]>>;

const list = /* @__PURE__ */ listOf(finite, 'numbers');
const record = /* @__PURE__ */ recordOf(finite, 'numbers');
const byOutput: Kind<readonly number[] | Readonly<Record<string, number>>> = {
  expected: 'a list of numbers, or numbers by output',
  read: (given) => list.read(given) ?? record.read(given),
};

const compileOptions = {
  /** A name, as 'adam', or an optimizer, as `train.adam(1e-3)`. */
  optimizer: required(optimizer),
  /** One loss for all outputs, or one for each: in order or by name. */
  loss: required(anything<LossIdentifiers>('the name of a loss, or a loss')),
  /** Metrics for all outputs, or lists by output name. */
  metrics: optional(anything<MetricIdentifiers>('metrics')),
  /** What each output's loss counts for in the sum; 1 by default. */
  lossWeights: optional(byOutput),
  /** Does nothing here, as in TensorFlow.js, but for a warning: `fit` takes it. */
  classWeight: optional(anything<unknown>('weights of classes')),
};

/** What `model.compile` takes. */
export interface CompileArguments extends OptionsOf<typeof compileOptions> {}

/** One output's part. */
interface CompiledOutput {
  readonly name: string;
  readonly loss: Loss;
  readonly weight: number;
  readonly metrics: readonly Metric[];
}

export interface Compiled {
  readonly optimizer: Optimizer;
  readonly outputs: readonly CompiledOutput[];
}

/** What is wrong with them whatever the model. @throws LanegradError for unknown options and optimizers. */
export function readCompileArguments(args: CompileArguments): SettingsOf<typeof compileOptions> {
  if (args) return readOptions('compile', compileOptions, args);
  throw new LanegradError(
    "compile: takes an optimizer and a loss, as in model.compile({ optimizer: 'adam', loss: 'meanSquaredError' }); got nothing.",
  );
}

/** @throws LanegradError for unknown names, and for losses that are not one per output. */
export function resolveCompileArguments(
  args: CompileArguments,
  outputs: readonly { readonly shape: ModelShape }[],
  names: readonly string[],
): Compiled {
  const settings = readCompileArguments(args);
  requireGradients(settings.optimizer);
  return {
    optimizer: settings.optimizer,
    outputs: outputs.map((output, i) => {
      const loss = getLoss(perOutput('loss', settings.loss, names, i));
      const metrics = metricsOf(settings.metrics ?? [], names, i).map((metric) =>
        getMetric(metric, loss, output.shape),
      );
      const weight = settings.lossWeights ? perOutput('lossWeights', settings.lossWeights, names, i) : 1;
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
  isObject(given) && !Array.isArray(given) && !('name' in given);

function metricsOf(
  given: MetricIdentifiers,
  names: readonly string[],
  index: number,
): readonly MetricIdentifier[] {
  const isDictionary = isByName<MetricIdentifier | readonly MetricIdentifier[]>(given);
  if (isDictionary) requireOutputs('compile: metrics', given, names);
  return [isDictionary ? (given[names[index]] ?? []) : given].flat() as readonly MetricIdentifier[];
}
