// What `compile` was given, in a form that can be sent: names and options. Functions cannot.

import { LanegradError, losses, metrics, type Optimizer, train } from '../index.ts';
import type { CompileArguments } from '../models/compiled.ts';
import type { SentCompileArguments, SentObject } from './messages.ts';

const cannot = (what: string) =>
  new LanegradError(
    `fit: ${what} of your own is a function, which cannot be sent to a worker. Train on the page.`,
  );

const nameIn = (table: object, factory: unknown): string | undefined =>
  Object.entries(table).find(([, each]) => each === factory)?.[0];

/** @throws LanegradError for losses and metrics that are the user's own functions. */
export function describeCompileArguments(args: CompileArguments): SentCompileArguments {
  const { optimizer } = args;
  return {
    optimizer: typeof optimizer === 'string' ? optimizer : describeOptimizer(optimizer),
    loss: eachOf(args.loss, describeLoss),
    metrics: args.metrics && eachOf(args.metrics, describeMetric),
    lossWeights: args.lossWeights,
  };
}

function describeOptimizer(optimizer: Optimizer): SentObject {
  const { className, clipValue, clipNorm, globalClipNorm } = optimizer;
  if (!(className in train)) throw cannot('an optimizer');
  return { name: className, options: { ...optimizer.getConfig(), clipValue, clipNorm, globalClipNorm } };
}

/** `describe` of a thing, of each in a list, or of each by name. */
function eachOf(given: unknown, describe: (one: unknown) => unknown): unknown {
  if (Array.isArray(given)) return given.map((each) => eachOf(each, describe));
  const isRecord = typeof given === 'object' && given !== null && !('name' in given);
  if (!isRecord) return describe(given);
  return Object.fromEntries(Object.entries(given).map(([name, each]) => [name, eachOf(each, describe)]));
}

function describeLoss(loss: unknown): string | SentObject {
  if (typeof loss === 'string') return loss;
  const { name, options } = loss as SentObject;
  const known = typeof loss === 'function' ? nameIn(losses, loss) : name in losses && name;
  if (!known) throw cannot('a loss');
  return { name: known, options: typeof loss === 'function' ? {} : options };
}

function describeMetric(metric: unknown): string {
  if (typeof metric === 'string') return metric;
  const known = nameIn(metrics, metric) ?? nameIn(losses, metric);
  if (known) return known;
  if (typeof metric === 'function') throw cannot('a metric');
  const { name } = metric as { name: string };
  throw new LanegradError(
    `fit: give the metric ${name} by its name, as '${name}': objects cannot be sent to a worker.`,
  );
}

/** What `describeCompileArguments` described. */
export function compileArgumentsOf(sent: SentCompileArguments): CompileArguments {
  const make = (table: object) => (one: unknown) => {
    if (typeof one === 'string') return one;
    const { name, options } = one as SentObject;
    return (table as Record<string, (options: object) => unknown>)[name](options);
  };
  return {
    optimizer: make(train)(sent.optimizer) as Optimizer,
    loss: eachOf(sent.loss, make(losses)) as CompileArguments['loss'],
    metrics: sent.metrics as CompileArguments['metrics'],
    lossWeights: sent.lossWeights as CompileArguments['lossWeights'],
  };
}
