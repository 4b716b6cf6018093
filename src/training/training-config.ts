// What `compile` was given, as files have it: classes, options and names, in the form of TensorFlow.js's training
// config. Functions have no place in it.

import { isObject, LanegradError } from '../errors.ts';
import type { TrainingConfig } from '../io/artifacts.ts';
import { fromConfig, type Json, type JsonObject, withSnakeKeys } from '../io/json.ts';
import { type Loss, losses } from '../losses/losses.ts';
import { metrics, namesOfFunctions } from '../metrics/metrics.ts';
import { lookUp, mapValues, plainName, toCamel, toSnake } from '../names.ts';
import { type Optimizer, train, trainOptions } from '../optimizers/optimizers.ts';
import { type LearningRate, type Schedule, schedules } from '../optimizers/schedules.ts';
import {
  getRegisteredName,
  isRegistered,
  registered,
  type SerializableClass,
} from '../options/registered-classes.ts';
import type { CompileArguments } from './compiled.ts';

const isFunction = (what: string) =>
  new LanegradError(
    `A ${what} that is a function can be neither saved nor sent to a worker. Give it by its name.`,
  );

function refuse(problem: unknown): void {
  throw problem;
}

/**
 * The arguments of `compile` as JSON, a learning rate that is a number as it is now. Losses are told all or not at all.
 * @param leaveOut hears of losses, metrics and optimizers that are the user's own, which a config cannot tell
 * @throws LanegradError for these, by default.
 */
export function trainingConfig(
  { loss, metrics: measured, lossWeights }: Omit<CompileArguments, 'optimizer'>,
  optimizer: Optimizer,
  leaveOut = refuse,
): (JsonObject & TrainingConfig) | undefined {
  const told =
    <Given>(convert: (given: Given) => Json) =>
    (given: Given): Json | undefined => {
      try {
        return convert(given);
      } catch (problem) {
        leaveOut(problem);
        return undefined;
      }
    };
  const optimizer_config = told(optimizerConfig)(optimizer) as JsonObject | undefined;
  if (!optimizer_config) return undefined;
  return {
    optimizer_config,
    // As TensorFlow.js writes it: it loads such a file without a loss.
    loss: told(() => eachOf(loss, lossConfig))(loss) ?? {},
    ...(measured && { metrics: eachOf(measured, told(metricConfig)) }),
    ...(lossWeights && { loss_weights: lossWeights as Json }),
  } as JsonObject & TrainingConfig;
}

/** Whether a config tells the losses. TensorFlow.js has nothing in their place where they were functions. */
export const canCompile = ({ loss }: JsonObject): boolean =>
  typeof loss === 'string' || (isObject(loss) && Object.keys(loss).length > 0);

/** The arguments of `compile` that a training config tells. @throws LanegradError for names unknown here. */
export function compileArguments(config: JsonObject): CompileArguments {
  const { optimizer_config, loss, metrics: measured, loss_weights } = config;
  return {
    optimizer: optimizerOf(optimizer_config as JsonObject),
    loss: eachOf(loss, lossOf) as CompileArguments['loss'],
    metrics: eachOf(measured ?? [], (name) => toCamel(name as string)) as CompileArguments['metrics'],
    lossWeights: loss_weights as CompileArguments['lossWeights'],
  };
}

function optimizerConfig(optimizer: Optimizer): JsonObject {
  const own = getRegisteredName(optimizer.constructor as SerializableClass);
  if (own) return { class_name: own, config: optimizer.getConfig() as JsonObject };
  const class_name = optimizer.getClassName();
  if (!(class_name.toLowerCase() in train)) {
    throw new LanegradError(`The class ${class_name} is not registered.`);
  }
  const learningRate = rateConfig(optimizer.givenLearningRate);
  // TensorFlow.js leaves the names of these options as they are.
  return { class_name, config: { ...(optimizer.getConfig() as JsonObject), learningRate } };
}

/** A learning rate as files have it: a number, or which schedule it follows. */
function rateConfig(rate: LearningRate): Json {
  if (typeof rate === 'number') return rate;
  const { className, config } = rate as Schedule;
  if (!className || !config) {
    throw new LanegradError(
      'A learning rate that is a function, or a schedule of your own, can be neither saved nor sent to a worker. ' +
        'Give one of tf.schedules, or a number; callbacks.checkpoint needs none of that.',
    );
  }
  return { class_name: className, config: config as JsonObject };
}

function rateOf(rate: unknown): unknown {
  if (!isObject(rate)) return rate;
  const { className, config } = rate as { className: string; config: object };
  const factories: Readonly<Record<string, (options: never) => Schedule>> = schedules;
  return lookUp('schedule', className, factories)(config as never);
}

/** The optimizer that a training config tells. @throws LanegradError for one that is unknown here. */
export function optimizerOf({ class_name, config }: JsonObject): Optimizer {
  const name = class_name as string;
  if (isRegistered(name)) return registered(name, fromConfig(config) as object);
  const factories: Readonly<Record<string, (options: object) => Optimizer>> = train;
  const make = lookUp('optimizer', name, factories);
  const entries = Object.entries(fromConfig(config) as object).map(([option, value]) => [
    plainName(option),
    value,
  ]);
  const { lr, learningrate = lr, rho, ...given } = Object.fromEntries(entries);
  // Where Keras says rho, `decay` is that of its rate, which is another thing than rmsprop's here.
  const options = { ...given, rho, decay: rho ?? given.decay, learningrate: rateOf(learningrate) };
  // Files of Keras have others too, which TensorFlow.js does not read either.
  const known = Object.keys(lookUp<object>('optimizer', name, trainOptions));
  return make(Object.fromEntries(known.map((option) => [option, options[plainName(option)]])));
}

function lossConfig(loss: unknown): Json {
  if (typeof loss === 'string') return toSnake(loss);
  const { name, options } = typeof loss === 'function' ? factoryOf(loss) : (loss as Loss);
  if (!(name in losses)) throw isFunction('loss');
  if (Object.keys(options).length === 0) return toSnake(name);
  return { class_name: name, config: withSnakeKeys(options, (option) => option as Json) };
}

const factoryOf = (given: object) => ({ name: nameIn(losses, given) ?? '', options: {} });

function lossOf(loss: unknown): unknown {
  if (typeof loss === 'string') return toCamel(loss);
  const { class_name, config } = loss as JsonObject;
  const factories: Readonly<Record<string, (options: object) => unknown>> = losses;
  return lookUp('loss', class_name as string, factories)(fromConfig(config) as object);
}

function metricConfig(metric: unknown): Json {
  if (typeof metric === 'string') return metric;
  const known = nameIn(metrics, metric) ?? nameIn(losses, metric) ?? namesOfFunctions.get(Object(metric));
  if (known) return known;
  if (typeof metric === 'function') throw isFunction('metric');
  const { name } = metric as { name: string };
  throw new LanegradError(
    `A metric that is an object can be neither saved nor sent to a worker. Give it by its name, '${name}'.`,
  );
}

const nameIn = (table: object, factory: unknown): string | undefined =>
  Object.entries(table).find(([, each]) => each === factory)?.[0];

/** `convert` of one, of each in a list, or of each by name; in lists and by names without what is undefined then. */
function eachOf(given: unknown, convert: (one: unknown) => unknown): Json {
  if (Array.isArray(given)) return given.flatMap((each) => eachOf(each, convert) ?? []);
  const isByName = isObject(given) && !('name' in given || 'class_name' in given);
  if (!isByName) return convert(given) as Json;
  return mapValues(given as JsonObject, (each) => eachOf(each, convert) ?? []);
}
