// `tf.losses` of two tensors: labels and predictions to a scalar, or to what `reduction` says. Formulas write t for
// labels, y for predictions. Losses that models are compiled with are in src/losses/losses.ts.

import type { Value } from '../graph/graph.ts';
import { broadcastTo, sum } from '../graph/ops/broadcasting.ts';
import { asFloat } from '../graph/ops/conversion.ts';
import {
  abs,
  add,
  div,
  log,
  minimum,
  mul,
  neg,
  notEqual,
  relu,
  softplus,
  square,
  sub,
} from '../graph/ops/elementwise.ts';
import { mean } from '../graph/ops/reductions.ts';
import { softmaxCrossEntropy as crossEntropy } from '../graph/ops/softmax.ts';
import { requireSameShape } from './arguments.ts';
import { type Builder, type FromTo, lift } from './lift.ts';

/** What becomes of losses: they stay, are added, or their mean is taken, weighted or over the losses whose weight is not 0. */
export enum Reduction {
  NONE = 0,
  MEAN = 1,
  SUM = 2,
  SUM_BY_NONZERO_WEIGHTS = 3,
}

const { SUM_BY_NONZERO_WEIGHTS } = Reduction;

function reduced(losses: Value, weights: Value | undefined, reduction: Reduction): Value {
  const weighted = weights ? mul(losses, weights) : asFloat(losses);
  switch (reduction) {
    case Reduction.NONE:
      return weighted;
    case Reduction.SUM:
      return sum(weighted);
    case Reduction.MEAN: {
      if (!weights) return mean(weighted);
      const repeats = losses.size / weights.size;
      const average = div(sum(weighted), sum(weights));
      return repeats > 1 ? div(average, repeats) : average;
    }
    case SUM_BY_NONZERO_WEIGHTS: {
      if (!weights) return div(sum(weighted), losses.size);
      const counting = notEqual(broadcastTo(weights, weighted.shape), 0);
      return div(sum(weighted), sum(asFloat(counting)));
    }
    default:
      throw losses.graph.error(`computeWeightedLoss: Unknown reduction: ${reduction}.`);
  }
}

// @__NO_SIDE_EFFECTS__
const liftLoss = <B extends Builder>(name: string, declared: readonly string[], build: B): FromTo<B> =>
  lift(name, declared, build) as FromTo<B>;

const reduction = 'reduction?:integer';

/**
 * Losses times weights, reduced.
 * @param weights of a shape that broadcasts to the losses'
 * @param reduction default: the sum divided by the number of losses whose weight is not zero
 */
export const computeWeightedLoss = liftLoss(
  'computeWeightedLoss',
  ['losses', 'weights?', reduction],
  (losses: Value, weights?: Value, reduction: Reduction = SUM_BY_NONZERO_WEIGHTS) =>
    reduced(losses, weights, reduction),
);

const compared = ['labels', 'predictions', 'weights?'];

/** A loss of each element, reduced. */
// @__NO_SIDE_EFFECTS__
const elementwise = (name: string, lossOf: (t: Value, y: Value) => Value) =>
  liftLoss(
    name,
    [...compared, reduction],
    (labels: Value, predictions: Value, weights?: Value, reduction: Reduction = SUM_BY_NONZERO_WEIGHTS) => {
      requireSameShape(`Error in ${name}: `, labels.shape, predictions.shape);
      return reduced(lossOf(labels, predictions), weights, reduction);
    },
  );

/** |t − y| */
export const absoluteDifference = elementwise('absoluteDifference', (t, y) => abs(sub(t, y)));

/** (t − y)² */
export const meanSquaredError = elementwise('meanSquaredError', (t, y) =>
  square(sub(asFloat(t), asFloat(y))),
);

/** max(0, 1 − (2t − 1)·y): labels are 0 and 1. */
export const hingeLoss = elementwise('hingeLoss', (t, y) => relu(sub(1, mul(sub(mul(t, 2), 1), y))));

/** 1 − Σ t·y, for vectors of length 1. @param axis along which; along all by default */
export const cosineDistance = liftLoss(
  'cosineDistance',
  ['labels', 'predictions', 'axis?:integer', 'weights?', reduction],
  (
    labels: Value,
    predictions: Value,
    axis?: number,
    weights?: Value,
    reduction: Reduction = SUM_BY_NONZERO_WEIGHTS,
  ) => {
    requireSameShape('Error in cosineDistance: ', labels.shape, predictions.shape);
    return reduced(sub(1, sum(mul(labels, predictions), axis, true)), weights, reduction);
  },
);

/** ½·e² where |e| ≤ delta, else delta·(|e| − delta/2); e = y − t. */
export const huberLoss = liftLoss(
  'huberLoss',
  [...compared, 'delta?:number', reduction],
  (
    labels: Value,
    predictions: Value,
    weights?: Value,
    delta = 1,
    reduction: Reduction = SUM_BY_NONZERO_WEIGHTS,
  ) => {
    requireSameShape('Error in huberLoss: ', labels.shape, predictions.shape);
    const error = abs(sub(predictions, labels));
    const within = minimum(error, delta);
    return reduced(add(mul(square(within), 0.5), mul(sub(error, within), delta)), weights, reduction);
  },
);

/** −t·log(y + ε) − (1 − t)·log(1 − y + ε); epsilon is 1e-7 by default. */
export const logLoss = liftLoss(
  'logLoss',
  [...compared, 'epsilon?:number', reduction],
  (
    labels: Value,
    predictions: Value,
    weights?: Value,
    epsilon = 1e-7,
    reduction: Reduction = SUM_BY_NONZERO_WEIGHTS,
  ) => {
    requireSameShape('Error in logLoss: ', labels.shape, predictions.shape);
    const hits = mul(labels, log(add(predictions, epsilon)));
    const misses = mul(sub(1, labels), log(add(sub(1, predictions), epsilon)));
    return reduced(sub(neg(hits), misses), weights, reduction);
  },
);

/** t·log(1 + e^−x) + (1 − t)·log(1 + e^x) of logits x; labelSmoothing moves labels towards ½. */
export const sigmoidCrossEntropy = liftLoss(
  'sigmoidCrossEntropy',
  ['multiClassLabels', 'logits', 'weights?', 'labelSmoothing?:number', reduction],
  (
    labels: Value,
    logits: Value,
    weights?: Value,
    labelSmoothing = 0,
    reduction: Reduction = SUM_BY_NONZERO_WEIGHTS,
  ) => {
    requireSameShape('Error in sigmoidCrossEntropy: ', labels.shape, logits.shape);
    const t = labelSmoothing > 0 ? add(mul(labels, 1 - labelSmoothing), 0.5 * labelSmoothing) : labels;
    const x = asFloat(logits);
    // Neither term loses digits where the other is large, and the gradient is sigmoid(x) − t, also where x is 0.
    const losses = add(mul(t, softplus(neg(x))), mul(sub(1, t), softplus(x)));
    return reduced(losses, weights, reduction);
  },
);

/** −Σ t·logSoftmax(x) along the last axis of logits x; labelSmoothing moves labels towards 1/classes. */
export const softmaxCrossEntropy = liftLoss(
  'softmaxCrossEntropy',
  ['onehotLabels', 'logits', 'weights?', 'labelSmoothing?:number', reduction],
  (
    labels: Value,
    logits: Value,
    weights?: Value,
    labelSmoothing = 0,
    reduction: Reduction = SUM_BY_NONZERO_WEIGHTS,
  ) => {
    requireSameShape('Error in softmaxCrossEntropy: ', labels.shape, logits.shape);
    const classes = labels.shape[labels.rank - 1];
    const t = labelSmoothing > 0 ? add(mul(labels, 1 - labelSmoothing), labelSmoothing / classes) : labels;
    return reduced(crossEntropy(logits, t), weights, reduction);
  },
);
