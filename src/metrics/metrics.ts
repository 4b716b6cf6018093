// Metrics. Over an epoch they are exact: what is added up over batches are sums, never means; what cannot be
// told from sums (AUC) is collected. Formulas write t for targets, y for predictions.

import { areaUnderCurve } from '../evaluation/area-under-curve.ts';
import type { Value } from '../graph/graph.ts';
import { broadcastTo, ones, sum } from '../graph/ops/broadcasting.ts';
import { asFloat } from '../graph/ops/conversion.ts';
import { equal, greater, greaterEqual, mul, select, square, sub } from '../graph/ops/elementwise.ts';
import { logicalAnd } from '../graph/ops/logic.ts';
import { concat, slice } from '../graph/ops/movement.ts';
import { argMax, max, mean } from '../graph/ops/reductions.ts';
import { constant, reshape } from '../graph/ops/sources.ts';
import { requireMask } from '../layers/base/mask.ts';
import type { ModelShape } from '../layers/base/symbolic.ts';
import {
  classNumbers,
  denseTargets,
  findLoss,
  isFactory,
  type Loss,
  type LossFunction,
  type LossName,
  losses,
  oneHotRows,
  requireValue,
  type ValueLoss,
  withTensorForm,
} from '../losses/losses.ts';
import { lookUp } from '../names.ts';
import { number, positiveInteger, readAs } from '../options/kinds.ts';
import { type Kind, type OptionsOf, optional } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import { f1Score, precision, recall } from './class-metrics.ts';
import {
  compared,
  isKnown,
  type Metric,
  ratio,
  type ThresholdOptions,
  thresholdOptions,
  vector,
  weighted,
} from './metric.ts';

export type { Metric };

const topKOptions = {
  /** How many of the largest predictions count; 5 by default. */
  k: optional(positiveInteger, 5),
};

export interface TopKOptions extends OptionsOf<typeof topKOptions> {}

const onesLike = ({ graph, shape }: Value): Value => ones(graph, shape);

/** How much weight a value's elements have together. */
function totalWeight(x: Value, weights: Value | undefined): Value {
  if (!weights) return constant(x.graph, [x.size]);
  return mul(sum(weights), x.size / weights.size);
}

/** The mean over an epoch of what `perSample` gives; a scalar counts for each sample of its batch. */
function meanMetric(name: string, perSample: ValueLoss): Metric {
  return {
    name,
    sums: (t, y, mask) => {
      const given = asFloat(requireValue(`the metric ${name}`, perSample(t, y), y));
      const values = given.rank === 0 ? broadcastTo(given, [y.shape[0]]) : given;
      requireMask(mask, name, values, given.shape);
      return vector([sum(weighted(values, mask)), totalWeight(values, mask)]);
    },
    result: (totals) => ratio(totals[0], totals[1]),
  };
}

/** Whether the class of each sample is the likeliest. */
const isLikeliest = (classes: Value, y: Value): Value =>
  logicalAnd(equal(classes, argMax(y, -1)), isKnown(max(y, -1)));

/** Whether each element, or each sample, is right. */
const hits = {
  binaryAccuracy: (t: Value, y: Value, threshold = 0.5) =>
    logicalAnd(equal(denseTargets('binaryAccuracy', t, y), greater(y, threshold)), isKnown(y)),
  categoricalAccuracy: (t: Value, y: Value) =>
    isLikeliest(argMax(denseTargets('categoricalAccuracy', t, y), -1), y),
  sparseCategoricalAccuracy: (t: Value, y: Value) =>
    isLikeliest(classNumbers('sparseCategoricalAccuracy', t, y), y),
};

const binaryAccuracy = withTensorForm(
  (options?: ThresholdOptions): Metric => {
    const { threshold } = readOptions('binaryAccuracy', thresholdOptions, options);
    return meanMetric('binaryAccuracy', (t, y) => hits.binaryAccuracy(t, y, threshold));
  },
  compared('binaryAccuracy', (t, y) => mean(hits.binaryAccuracy(t, y), -1)),
);

const categoricalAccuracy = withTensorForm(
  (): Metric => meanMetric('categoricalAccuracy', hits.categoricalAccuracy),
  compared('categoricalAccuracy', (t, y) => asFloat(hits.categoricalAccuracy(t, y))),
);

const sparseCategoricalAccuracy = withTensorForm(
  (): Metric => meanMetric('sparseCategoricalAccuracy', hits.sparseCategoricalAccuracy),
  compared('sparseCategoricalAccuracy', (t, y) => asFloat(hits.sparseCategoricalAccuracy(t, y))),
);

/** 1 where fewer than k predictions are larger than the true class's; 0 where this is NaN. */
function isInTopK(labels: Value, y: Value, k: number): Value {
  const classes = y.shape[y.rank - 1];
  const own = sum(select(oneHotRows(labels, classes), y, 0), -1, true);
  return greater(sum(asFloat(greaterEqual(own, y)), -1), Math.max(classes - k, 0));
}

function topKCategoricalAccuracy(options?: TopKOptions): Metric {
  const name = 'topKCategoricalAccuracy';
  const { k } = readOptions(name, topKOptions, options);
  return meanMetric(name, (t, y) => isInTopK(argMax(denseTargets(name, t, y), -1), y, k));
}

/** The same for targets that are class numbers. */
function sparseTopKCategoricalAccuracy(options?: TopKOptions): Metric {
  const name = 'sparseTopKCategoricalAccuracy';
  const { k } = readOptions(name, topKOptions, options);
  return meanMetric(name, (t, y) => isInTopK(classNumbers(name, t, y), y, k));
}

/** Area under the ROC curve, exact: no thresholds, ties count half. */
function auc(): Metric {
  return {
    name: 'auc',
    collect: (yTrue, y, weights) => {
      const column = (x: Value) => reshape(x, [x.size, 1]);
      const t = denseTargets('auc', yTrue, y);
      const counts = onesLike(y);
      return concat([column(y), column(t), column(weighted(counts, weights))], 1);
    },
    result: areaUnderCurve,
  };
}

/**
 * 1 − Σ(t − y)² / Σ(t − mean t)², the mean over outputs; of equal targets 1 where all are met, else 0.
 * Each batch gives its sums about a target of its own: far from zero, those of t and t² would cancel.
 */
function r2(): Metric {
  return {
    name: 'r2',
    // A row for each output: outputs, Σ1, p, Σ(t − p), Σ(t − p)², Σ(t − y)²
    collect: (yTrue, yPred, weights) => {
      const outputs = yPred.shape[yPred.rank - 1];
      const rows = [-1, outputs];
      const [t, y] = [denseTargets('r2', yTrue, yPred), yPred].map((x) => reshape(x, rows));
      const counted = weights && reshape(weighted(onesLike(yPred), weights), rows);
      const pivot = slice(t, [0, 0], [1, outputs]);
      const shifted = sub(t, pivot);
      const summed = [onesLike(y), shifted, square(shifted), square(sub(t, y))].map((x) =>
        sum(counted ? mul(x, counted) : x, 0),
      );
      const [weight, first, second, errors] = summed;
      const width = broadcastTo(constant(y.graph, [outputs]), [outputs]);
      const columns = [width, weight, pivot, first, second, errors];
      return concat(columns.map((column) => reshape(column, [outputs, 1])));
    },
    result: (rows) => {
      const outputs = rows[0];
      let mean = 0;
      for (let j = 0; j < outputs; j++) mean += explained(rows, 6 * j, 6 * outputs) / outputs;
      return mean;
    },
  };
}

/** R² of one output, whose row in the first batch begins at `start`, and in the next `stride` later. */
function explained(rows: ArrayLike<number>, start: number, stride: number): number {
  const origin = rows[start + 2];
  let [weight, first, second, errors] = [0, 0, 0, 0];
  for (let row = start; row < rows.length; row += stride) {
    // About p, Σ(t − origin) is Σ(t − p) + n·(p − origin), and its square likewise.
    const shift = rows[row + 2] - origin;
    weight += rows[row + 1];
    first += rows[row + 3] + rows[row + 1] * shift;
    second += rows[row + 4] + 2 * shift * rows[row + 3] + rows[row + 1] * shift * shift;
    errors += rows[row + 5];
  }
  // Of no samples NaN, which is no more than 0.
  const variation = second - (first * first) / weight;
  return 1 - (variation > 0 ? errors / variation : Math.sign(errors));
}

/** The metrics' factories. */
export const metrics = {
  /** Share of elements on the right side of the threshold. */
  binaryAccuracy,
  /** Share of samples whose largest prediction is for the one-hot class. */
  categoricalAccuracy,
  /** The same for class numbers. */
  sparseCategoricalAccuracy,
  /** Share of samples whose class is among the k largest predictions. */
  topKCategoricalAccuracy,
  sparseTopKCategoricalAccuracy,
  precision,
  recall,
  f1Score,
  auc,
  r2,
};

/** The names of functions of two tensors that are metrics too: files have these in their place. */
export const namesOfFunctions = /* @__PURE__ */ new WeakMap<object, string>();

const isMetricFactory = (given: unknown): given is () => Metric =>
  (Object.values(metrics) as unknown[]).includes(given);

const isBinary = (loss: Loss, outputShape: ModelShape): boolean =>
  outputShape[outputShape.length - 1] === 1 || loss.name === 'binaryCrossentropy';

/** The accuracy that fits a loss and an output's shape, as Keras chooses it. */
function accuracyFor(loss: Loss, outputShape: ModelShape): Metric {
  if (loss.sparse) return sparseCategoricalAccuracy();
  return isBinary(loss, outputShape) ? binaryAccuracy() : categoricalAccuracy();
}

/** The cross-entropy that fits; the loss itself, with its options, where it is that. */
function crossEntropyFor(loss: Loss, outputShape: ModelShape): Loss {
  const dense = isBinary(loss, outputShape) ? 'binaryCrossentropy' : 'categoricalCrossentropy';
  const name = loss.sparse ? 'sparseCategoricalCrossentropy' : dense;
  return loss.name === name ? loss : losses[name]();
}

/** A metric, or a loss as one; any spelling will do. */
export type MetricName = 'accuracy' | 'acc' | 'crossentropy' | 'ce' | keyof typeof metrics | LossName;
/** A metric: its name in any spelling, a metric of `tf.metrics`, or a function of targets and predictions. */
export type MetricIdentifier = MetricName | Metric | LossFunction | (() => Metric | Loss);

/**
 * The metric of a name (which may be the name of a loss), of a function of two graph values, or the metric itself.
 * 'accuracy' is resolved by loss and shape; logs call it 'acc', as in TensorFlow.js.
 * @throws LanegradError for an unknown name, with the nearest known one, and for what is no metric.
 */
export function getMetric(identifier: MetricIdentifier, loss: Loss, outputShape: ModelShape): Metric {
  if (isFactory(identifier)) {
    const asMetric = identifier();
    return meanMetric(asMetric.name, asMetric.call);
  }
  if (isMetricFactory(identifier)) return identifier();
  if (typeof identifier === 'function')
    return meanMetric(identifier.name || 'metric', identifier as ValueLoss);
  if (typeof identifier !== 'string') return readAs(ownMetric, 'metric', identifier);
  const name = identifier.toLowerCase();
  if (name === 'accuracy' || name === 'acc') return { ...accuracyFor(loss, outputShape), name: 'acc' };
  if (name === 'crossentropy' || name === 'ce') {
    return meanMetric('ce', crossEntropyFor(loss, outputShape).call);
  }
  const asLoss = findLoss(identifier);
  if (asLoss) return meanMetric(identifier, asLoss.call);
  const known = { ...metrics, accuracy: binaryAccuracy, f1: f1Score };
  return { ...lookUp<() => Metric>('metric', identifier, known)(), name: identifier };
}

/** A metric of one's own: a loss as well, whose mean it is then. */
const ownMetric: Kind<Metric | Loss, Metric> = {
  expected: 'the name of a metric, a metric, or a function of targets and predictions',
  read(given) {
    const { name, sums, collect, result, call } = (given ?? {}) as Partial<Metric & Loss>;
    if (typeof name !== 'string') return undefined;
    if (typeof call === 'function') return meanMetric(name, call);
    const perBatch = sums ?? collect;
    if (typeof perBatch !== 'function' || typeof result !== 'function') return undefined;
    return {
      name,
      [sums ? 'sums' : 'collect']: (t: Value, y: Value, weights: Value | undefined) =>
        requireValue(`the metric ${name}`, perBatch(t, y, weights), y),
      result(totals) {
        return readAs(number, `the result of the metric ${name}`, result.call(given, totals));
      },
    };
  },
};
