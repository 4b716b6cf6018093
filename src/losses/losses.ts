// Losses: functions of targets and predictions that give a number per sample (the mean over the last axis,
// as in Keras). The trainer takes the mean over the batch. Formulas write t for targets, y for predictions.

import { LanegradError, shown } from '../errors.ts';
import * as ofTensors from '../functions/losses.ts';
import { Value } from '../graph/graph.ts';
import { sum } from '../graph/ops/broadcasting.ts';
import { wholeNumbers } from '../graph/ops/conversion.ts';
import {
  binaryCrossEntropy,
  classCrossEntropy,
  crossEntropy,
  sigmoidCrossEntropy,
} from '../graph/ops/cross-entropy.ts';
import {
  abs,
  add,
  div,
  equal,
  greater,
  log,
  log1p,
  maximum,
  minimum,
  mul,
  neg,
  relu,
  select,
  softplus,
  sqrt,
  square,
  sub,
} from '../graph/ops/elementwise.ts';
import { max, mean } from '../graph/ops/reductions.ts';
import { softmaxCrossEntropy } from '../graph/ops/softmax.ts';
import { reshape } from '../graph/ops/sources.ts';
import { formatShape, sameShape } from '../graph/shape.ts';
import { lookUp } from '../names.ts';
import { flag, positive, readAs } from '../options/kinds.ts';
import { type Description, type Kind, type OptionsOf, optional, type SettingsOf } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * A loss of each sample.
 * @param yTrue targets: of the predictions' shape, or class numbers [batch, …] where the loss is `sparse`
 * @param yPred predictions, [batch, …, n]
 * @returns [batch, …], of which the trainer takes the mean; a scalar, [], counts as the batch's loss
 */
export type LossFunction = (yTrue: Tensor, yPred: Tensor) => Value;

/** The same as the library has it: of values of any graph. */
export type ValueLoss = (yTrue: Value, yPred: Value) => Value;

/** A loss: its function, its name, and the options that it was made with. */
export interface Loss {
  readonly name: string;
  /** Whether targets are class numbers. */
  readonly sparse: boolean;
  /** Whether it is of shares of several classes: that of a single one is always 1. False by default. */
  readonly isOfShares?: boolean;
  readonly options: object;
  /** (targets, predictions [batch, …, n]) → losses [batch, …] */
  readonly call: ValueLoss;
}

const logitsOptions = {
  /** Whether predictions are logits and not probabilities; false by default. */
  fromLogits: optional(flag, false),
};

const huberOptions = {
  /** Where the square turns into a line; 1 by default. */
  delta: optional(positive, 1),
};

export interface LogitsOptions extends OptionsOf<typeof logitsOptions> {}

/** Keeps logarithms and quotients finite, as in Keras. */
const epsilon = 1e-7;

/** The factory of a loss whose targets have the shape of the predictions. */
function dense<D extends Description>(
  name: string,
  callOf: (settings: SettingsOf<D>) => ValueLoss,
  description: D = {} as D,
): (options?: OptionsOf<D>) => Loss {
  return (given) => {
    const options = readOptions(name, description, given);
    const call = callOf(options);
    return {
      name,
      sparse: false,
      options,
      call: (yTrue, yPred) => call(denseTargets(name, yTrue, yPred), yPred),
    };
  };
}

/** The same where there are no options. */
const plain = (name: string, call: ValueLoss) => dense<NoOptions>(name, () => call);
type NoOptions = Readonly<Record<never, never>>;

/** What takes one-hot targets (losses and metrics), and its form for class numbers. */
const sparseForms: Readonly<Record<string, string>> = {
  categoricalCrossentropy: 'sparseCategoricalCrossentropy',
  categoricalAccuracy: 'sparseCategoricalAccuracy',
  topKCategoricalAccuracy: 'sparseTopKCategoricalAccuracy',
};

/**
 * Targets in the shape of the predictions.
 * @param name of the loss or metric, for the error
 * @throws LanegradError when there is not one target for each prediction.
 */
export function denseTargets(name: string, yTrue: Value, yPred: Value): Value {
  if (isAlike(yTrue, yPred)) return reshape(yTrue, yPred.shape);
  const sparseForm = sparseForms[name];
  const kind = sparseForm ? 'one-hot targets' : 'targets';
  const hint = sparseForm && isClassNumbers(yTrue, yPred) ? ` For class numbers use ${sparseForm}.` : '';
  throw yPred.graph.error(
    `${name} takes ${kind} of shape ${formatShape(yPred.shape)}; got ${formatShape(yTrue.shape)}.${hint}`,
  );
}

/** Whether targets are of the predictions' shape but for axes of size 1, or as many numbers in a row for each sample. */
function isAlike(yTrue: Value, yPred: Value): boolean {
  const [t, y] = [yTrue, yPred].map(({ shape }) => shape.filter((size) => size !== 1));
  return sameShape(t, y) || (yTrue.rank <= 2 && yTrue.size === yPred.size);
}

/** Whether there is one target where there are several predictions. */
export const isClassNumbers = (yTrue: Value, yPred: Value) =>
  yTrue.size * yPred.shape[yPred.rank - 1] === yPred.size;

const meanOf = (perElement: (t: Value, y: Value) => Value): ValueLoss => {
  return (t, y) => mean(perElement(t, y), -1);
};

const difference: (t: Value, y: Value) => Value = (t, y) => sub(y, t);

const binaryCrossentropy = dense(
  'binaryCrossentropy',
  ({ fromLogits }) => meanOf(fromLogits ? sigmoidCrossEntropy : binaryCrossEntropy),
  logitsOptions,
);

const ofLogits = (t: Value, x: Value): Value => softmaxCrossEntropy(x, t);

const denseCrossentropy = dense(
  'categoricalCrossentropy',
  ({ fromLogits }) => (fromLogits ? ofLogits : crossEntropy),
  logitsOptions,
);
const categoricalCrossentropy = (options?: LogitsOptions): Loss => ({
  ...denseCrossentropy(options),
  isOfShares: true,
});

function sparseCategoricalCrossentropy(given?: LogitsOptions): Loss {
  const name = 'sparseCategoricalCrossentropy';
  const options = readOptions(name, logitsOptions, given);
  const measure = options.fromLogits ? ofLogits : classCrossEntropy;
  return {
    name,
    sparse: true,
    options,
    call: (yTrue, yPred) => {
      const labels = classNumbers(name, yTrue, yPred);
      return measure(oneHotRows(labels, yPred.shape[yPred.rank - 1]), yPred);
    },
  };
}

/**
 * Class numbers [batch] or [batch, 1], one for each row of predictions [batch, classes].
 * @param name of the loss or metric, for the error
 * @throws LanegradError when there is not one label for each row.
 */
export function classNumbers(name: string, yTrue: Value, yPred: Value): Value {
  const shape = yPred.shape.slice(0, -1);
  if (isClassNumbers(yTrue, yPred)) return reshape(yTrue, shape);
  const denseForm = Object.keys(sparseForms).find((dense) => sparseForms[dense] === name);
  const hint = sameShape(yTrue.shape, yPred.shape) ? ` For one-hot targets use ${denseForm}.` : '';
  throw yPred.graph.error(
    `${name} takes a class number for each sample, shape ${formatShape(shape)}; ` +
      `got ${formatShape(yTrue.shape)}.${hint}`,
  );
}

/** Class numbers [...] as rows [..., classes] with a one at the class. */
export function oneHotRows(labels: Value, classes: number): Value {
  return equal(
    reshape(labels, [...labels.shape, 1]),
    wholeNumbers('classes', labels.graph, [classes], 'float32'),
  );
}

const huber = dense(
  'huber',
  ({ delta }) =>
    meanOf((t, y) => {
      const error = abs(difference(t, y));
      const squared = mul(square(error), 0.5);
      return select(greater(error, delta), mul(sub(error, delta / 2), delta), squared);
    }),
  huberOptions,
);

/** x/‖x‖, squares of norms counting as no less than ε, as in TensorFlow.js. */
const unit = (x: Value) => div(x, sqrt(maximum(sum(square(x), -1, true), epsilon)));

const positivePart = (x: Value) => maximum(x, epsilon);
const probability = (x: Value) => minimum(maximum(x, epsilon), 1);

/** A factory that, called with targets and predictions, is a function of these. */
// @__NO_SIDE_EFFECTS__
export const withTensorForm = <
  Factory extends (options?: never) => object,
  Form extends (...args: never[]) => unknown,
>(
  factory: Factory,
  form: Form,
): Factory & Form => {
  function either(...args: never[]): unknown {
    return args.length > 1 ? form(...args) : factory(args[0]);
  }
  return either as unknown as Factory & Form;
};

/** The losses' factories. */
export const losses = {
  /** mean((y − t)²); of two tensors the function that TensorFlow.js has */
  meanSquaredError: withTensorForm(
    plain(
      'meanSquaredError',
      meanOf((t, y) => square(difference(t, y))),
    ),
    ofTensors.meanSquaredError,
  ),
  /** mean(|y − t|) */
  meanAbsoluteError: plain(
    'meanAbsoluteError',
    meanOf((t, y) => abs(difference(t, y))),
  ),
  /** 100·mean(|t − y| / max(|t|, ε)) */
  meanAbsolutePercentageError: plain(
    'meanAbsolutePercentageError',
    meanOf((t, y) => mul(abs(div(difference(t, y), maximum(abs(t), epsilon))), 100)),
  ),
  /** mean((log(1 + y) − log(1 + t))²), negative numbers counting as ε */
  meanSquaredLogarithmicError: plain(
    'meanSquaredLogarithmicError',
    meanOf((t, y) => square(sub(log1p(positivePart(y)), log1p(positivePart(t))))),
  ),
  /** ½·Σ(y − t)² */
  sumSquaredError: plain('sumSquaredError', (t, y) => mul(sum(square(difference(t, y)), -1), 0.5)),
  /** mean of ½·e² where |e| ≤ delta, else delta·(|e| − delta/2); e = y − t. Huber, 1964. */
  huber,
  /** mean(log cosh(y − t)), as e + softplus(−2e) − log 2, which never overflows */
  logcosh: plain(
    'logcosh',
    meanOf((t, y) => {
      const error = difference(t, y);
      return sub(add(error, softplus(mul(error, -2))), Math.LN2);
    }),
  ),
  /** mean(max(1 − t·y, 0)); targets are −1 and 1: as in TensorFlow.js, 0 is not read as −1 */
  hinge: plain(
    'hinge',
    meanOf((t, y) => relu(sub(1, mul(t, y)))),
  ),
  /** mean(max(1 − t·y, 0)²); targets as for hinge */
  squaredHinge: plain(
    'squaredHinge',
    meanOf((t, y) => square(relu(sub(1, mul(t, y))))),
  ),
  /** max(0, 1 + max((1 − t)·y) − Σ t·y) */
  categoricalHinge: plain('categoricalHinge', (t, y) =>
    relu(add(sub(max(mul(sub(1, t), y), -1), sum(mul(t, y), -1)), 1)),
  ),
  /** mean(y − t·log(y + ε)) */
  poisson: plain(
    'poisson',
    meanOf((t, y) => sub(y, mul(t, log(add(y, epsilon))))),
  ),
  /** Σ t·log(t / y), both held within [ε, 1] in the quotient */
  kullbackLeiblerDivergence: plain('kullbackLeiblerDivergence', (t, y) =>
    sum(mul(t, log(div(probability(t), probability(y)))), -1),
  ),
  /** −Σ t/‖t‖ · y/‖y‖ */
  cosineProximity: plain('cosineProximity', (t, y) => neg(sum(mul(unit(t), unit(y)), -1))),
  /** mean(−t·log y − (1 − t)·log(1 − y)); stable, from the logits, where y is a sigmoid */
  binaryCrossentropy,
  /** −Σ t·log y for one-hot t; stable, from the logits, where y is a softmax */
  categoricalCrossentropy,
  /** −log y[t] for class numbers t; stable, from the logits, where y is a softmax */
  sparseCategoricalCrossentropy,
};

const aliases: Readonly<Record<string, keyof typeof losses>> = {
  mse: 'meanSquaredError',
  mae: 'meanAbsoluteError',
  mape: 'meanAbsolutePercentageError',
  msle: 'meanSquaredLogarithmicError',
  kld: 'kullbackLeiblerDivergence',
  cosine: 'cosineProximity',
  logCosh: 'logcosh',
};

/** Whether a function is one of `losses`: scripts for TensorFlow.js give these as they are. */
export const isFactory = (given: unknown): given is () => Loss =>
  (Object.values(losses) as unknown[]).includes(given);

/** The loss of a name or an alias; undefined where there is none of that name. */
export function findLoss(name: string): Loss | undefined {
  const key = aliases[name] ?? aliases[name.toLowerCase()] ?? name;
  return Object.hasOwn(losses, key) ? losses[key as keyof typeof losses]() : undefined;
}

/** A loss that there is; any spelling will do. */
export type LossName =
  | keyof typeof losses
  | 'mse'
  | 'mae'
  | 'mape'
  | 'msle'
  | 'kld'
  | 'cosine'
  | (string & {});
/** A loss: its name in any spelling, or a function of targets and predictions. */
export type LossIdentifier = LossName | Loss | LossFunction | (() => Loss);

const lossKind: Kind<LossIdentifier, Loss> = {
  expected: 'the name of a loss, a loss, or a function of targets and predictions',
  read(given) {
    if (isFactory(given)) return given();
    if (typeof given === 'string') return findLoss(given) ?? lookUp<() => Loss>('loss', given, losses)();
    const own: Partial<Loss> | null | undefined =
      typeof given === 'function'
        ? { name: given.name || 'loss', sparse: false, options: {}, call: given as ValueLoss }
        : (given as Loss);
    const { name, call } = own ?? {};
    if (typeof name !== 'string' || typeof call !== 'function') return undefined;
    return { ...(own as Loss), call: (t, y) => requireValue(`the loss ${name}`, call(t, y), y) };
  },
};

/**
 * The loss of a name, of one of `losses`, of a function of two graph values, or the loss itself.
 * @throws LanegradError for an unknown name, with the nearest known one, and for what is no loss.
 */
export const getLoss = (identifier: LossIdentifier): Loss => readAs(lossKind, 'loss', identifier);

/** What a function of one's own made of predictions. @throws LanegradError unless it is a value of their graph. */
export function requireValue(what: string, made: unknown, { graph }: Value): Value {
  if (made instanceof Value && made.graph === graph) return made;
  const got = made instanceof Value ? 'a tensor that does not depend on them' : shown(made);
  throw graph.error(`${what} must return a tensor made of targets and predictions; got ${got}.`);
}

/** Labels, so many for each sample. */
interface Labels {
  readonly data: ArrayLike<number>;
  readonly sampleSize: number;
}

/**
 * Checks the labels of a loss that takes class numbers.
 * @throws LanegradError naming the first label that is no class.
 */
export function checkLabels(loss: Loss, { data, sampleSize }: Labels, classes: number, where: string): void {
  if (!loss.sparse) return;
  for (let i = 0; i < data.length; i++) {
    const label = data[i];
    if (label >= 0 && label < classes && Number.isInteger(label)) continue;
    throw new LanegradError(
      `${where}: label ${label} of sample ${Math.floor(i / sampleSize)} is not a class: ${loss.name} with ${classes} outputs ` +
        `takes whole numbers from 0 to ${classes - 1}.`,
    );
  }
}
