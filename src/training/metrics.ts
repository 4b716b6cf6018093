// Metrics. Over an epoch they are exact: what is added up over batches are sums, never means; what cannot be
// told from sums (AUC) is collected. Formulas write t for targets, y for predictions.

import type { Value } from '../graph/graph.ts';
import { equal, greater, less, mul, square, sub } from '../graph/ops/elementwise.ts';
import { broadcastTo, concat } from '../graph/ops/movement.ts';
import { argMax, sum } from '../graph/ops/reductions.ts';
import { constant, reshape } from '../graph/ops/sources.ts';
import type { ModelShape } from '../layers/symbolic.ts';
import { lookUp } from '../names.ts';
import { areaUnderCurve } from './area-under-curve.ts';
import { findLoss, isFactory, type Loss, type LossFunction, oneHotLabels } from './losses.ts';

type PerBatch = (yTrue: Value, yPred: Value, weights: Value | undefined) => Value;

/** Either `sums` or `collect`; then `result` of all batches' numbers. */
export interface Metric {
  readonly name: string;
  /** A vector of a batch's sums; the epoch's are their sums in float64. */
  readonly sums?: PerBatch;
  /** A batch's numbers, which the epoch's results need one by one. */
  readonly collect?: PerBatch;
  result(totals: ArrayLike<number>): number;
}

export interface ThresholdOptions {
  /** Predictions above it count as positive; 0.5 by default. */
  readonly threshold?: number;
}

export interface TopKOptions {
  /** 5 by default. */
  readonly k?: number;
}

/** Scalars as one vector. */
const vector = (values: readonly Value[]): Value => concat(values.map((value) => reshape(value, [1])));

/** Weights [batch] spread over all elements of a value [batch, …]. */
const spread = (weights: Value, like: Value): Value =>
  reshape(weights, [weights.shape[0], ...new Array<number>(like.rank - 1).fill(1)]);

const weighted = (x: Value, weights: Value | undefined): Value => (weights ? mul(x, spread(weights, x)) : x);

const onesLike = (x: Value): Value => broadcastTo(constant(x.graph, [1]), x.shape);

/** How much weight a value's elements have together. */
function totalWeight(x: Value, weights: Value | undefined): Value {
  if (!weights) return constant(x.graph, [x.size]);
  return mul(sum(weights), x.size / x.shape[0]);
}

/** The mean over an epoch of what `perSample` gives. */
function meanMetric(name: string, perSample: LossFunction): Metric {
  return {
    name,
    sums: (t, y, weights) => {
      const values = perSample(t, y);
      return vector([sum(weighted(values, weights)), totalWeight(values, weights)]);
    },
    result: (totals) => totals[0] / totals[1],
  };
}

const likeTargets = (t: Value, y: Value) => (t.rank === y.rank ? t : reshape(t, y.shape));

const binaryAccuracy = ({ threshold = 0.5 }: ThresholdOptions = {}): Metric =>
  meanMetric('binaryAccuracy', (t, y) => equal(likeTargets(t, y), greater(y, threshold)));

const categoricalAccuracy = (): Metric =>
  meanMetric('categoricalAccuracy', (t, y) => equal(argMax(t, -1), argMax(y, -1)));

const sparseCategoricalAccuracy = (): Metric =>
  meanMetric('sparseCategoricalAccuracy', (t, y) => equal(reshape(t, y.shape.slice(0, -1)), argMax(y, -1)));

/** 1 where fewer than k predictions are larger than that of the true class. */
function isInTopK(oneHot: Value, y: Value, k: number): Value {
  const own = sum(mul(oneHot, y), -1, true);
  return less(sum(greater(y, own), -1), k);
}

const topKCategoricalAccuracy = ({ k = 5 }: TopKOptions = {}): Metric =>
  meanMetric('topKCategoricalAccuracy', (t, y) => {
    const classes = constant(
      y.graph,
      Array.from({ length: y.shape[y.rank - 1] }, (_, i) => i),
      [y.shape[y.rank - 1]],
    );
    const label = argMax(t, -1);
    return isInTopK(equal(reshape(label, [...label.shape, 1]), classes), y, k);
  });

const sparseTopKCategoricalAccuracy = ({ k = 5 }: TopKOptions = {}): Metric =>
  meanMetric('sparseTopKCategoricalAccuracy', (t, y) =>
    isInTopK(oneHotLabels('sparseTopKCategoricalAccuracy', t, y), y, k),
  );

/** Of the elements that `of` picks, the share that are true positives; 0 where it picks none. */
function ratioOfPositives(
  name: string,
  threshold: number,
  of: (t: Value, predicted: Value) => Value,
): Metric {
  return {
    name,
    sums: (yTrue, y, weights) => {
      const t = likeTargets(yTrue, y);
      const predicted = greater(y, threshold);
      const hits = weighted(mul(t, predicted), weights);
      return vector([sum(hits), sum(weighted(of(t, predicted), weights))]);
    },
    result: ([hits, all]: ArrayLike<number> & Iterable<number>) => (all === 0 ? 0 : hits / all),
  };
}

/** True positives among what is predicted positive. */
const precision = ({ threshold = 0.5 }: ThresholdOptions = {}): Metric =>
  ratioOfPositives('precision', threshold, (_, predicted) => predicted);

/** True positives among what is positive. */
const recall = ({ threshold = 0.5 }: ThresholdOptions = {}): Metric =>
  ratioOfPositives('recall', threshold, (t) => t);

/** Area under the ROC curve, exact: no thresholds, ties count half. */
function auc(): Metric {
  return {
    name: 'auc',
    collect: (yTrue, y, weights) => {
      const column = (x: Value) => reshape(x, [x.size, 1]);
      const t = likeTargets(yTrue, y);
      const ones = onesLike(y);
      return concat([column(y), column(t), column(weighted(ones, weights))], 1);
    },
    result: areaUnderCurve,
  };
}

/** 1 − Σ(t − y)² / Σ(t − mean t)², the mean over outputs. */
function r2(): Metric {
  return {
    name: 'r2',
    sums: (yTrue, y, weights) => {
      const t = likeTargets(yTrue, y);
      const outputs = y.size / y.shape[0];
      const perOutput = (x: Value) => reshape(sum(weighted(x, weights), 0), [outputs]);
      const ones = onesLike(y);
      return concat([perOutput(square(sub(t, y))), perOutput(t), perOutput(square(t)), perOutput(ones)]);
    },
    result: (totals) => {
      const outputs = totals.length / 4;
      let mean = 0;
      for (let i = 0; i < outputs; i++) {
        const [errors, first, second, count] = [0, 1, 2, 3].map((part) => totals[part * outputs + i]);
        mean += (1 - errors / (second - (first * first) / count)) / outputs;
      }
      return mean;
    },
  };
}

/** The metrics' factories. */
export const metrics = {
  /** Share of elements on the right side of the threshold. */
  binaryAccuracy,
  /** Share of samples whose largest prediction is that of the one-hot class. */
  categoricalAccuracy,
  /** The same for class numbers. */
  sparseCategoricalAccuracy,
  /** Share of samples whose class is among the k largest predictions. */
  topKCategoricalAccuracy,
  sparseTopKCategoricalAccuracy,
  precision,
  recall,
  auc,
  r2,
};

const isMetricFactory = (given: unknown): given is () => Metric =>
  (Object.values(metrics) as unknown[]).includes(given);

/** The accuracy that fits a loss and an output's shape, as Keras chooses it. */
function accuracyFor(loss: Loss, outputShape: ModelShape): Metric {
  if (loss.sparse) return sparseCategoricalAccuracy();
  if (outputShape[outputShape.length - 1] === 1 || loss.name === 'binaryCrossentropy')
    return binaryAccuracy();
  return categoricalAccuracy();
}

/** The cross-entropy that fits. */
function crossEntropyFor(loss: Loss, outputShape: ModelShape): Loss {
  if (loss.sparse) return findLoss('sparseCategoricalCrossentropy')!;
  const isBinary = outputShape[outputShape.length - 1] === 1 || loss.name === 'binaryCrossentropy';
  return findLoss(isBinary ? 'binaryCrossentropy' : 'categoricalCrossentropy')!;
}

/**
 * The metric of a name (that of a loss as well), of a function of two graph values, or the metric itself.
 * 'accuracy' is resolved by loss and shape; logs call it 'acc', as in TensorFlow.js.
 * @throws LanegradError for an unknown name, with the nearest known one.
 */
export function getMetric(
  identifier: string | Metric | LossFunction | (() => Metric | Loss),
  loss: Loss,
  outputShape: ModelShape,
): Metric {
  if (isFactory(identifier)) {
    const asMetric = identifier();
    return meanMetric(asMetric.name, asMetric.call);
  }
  if (isMetricFactory(identifier)) return identifier();
  if (typeof identifier === 'function')
    return meanMetric(identifier.name || 'metric', identifier as LossFunction);
  if (typeof identifier !== 'string') return identifier;
  const name = identifier.toLowerCase();
  if (name === 'accuracy' || name === 'acc') return { ...accuracyFor(loss, outputShape), name: 'acc' };
  if (name === 'crossentropy' || name === 'ce') {
    return meanMetric('ce', crossEntropyFor(loss, outputShape).call);
  }
  const asLoss = findLoss(identifier);
  if (asLoss) return meanMetric(identifier, asLoss.call);
  const known = { ...metrics, accuracy: binaryAccuracy };
  return { ...lookUp<() => Metric>('metric', identifier, known)(), name: identifier };
}
