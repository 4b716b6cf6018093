// `tf.losses` and `tf.metrics` as scripts see them: what models are compiled with, and functions of two tensors.

import { calibrationCurve } from '../evaluation/calibration-curve.ts';
import { classificationReport } from '../evaluation/classification-report.ts';
import { regressionReport } from '../evaluation/regression-report.ts';
import { rocCurve } from '../evaluation/roc-curve.ts';
import { lift } from '../functions/lift.ts';
import * as ofTensors from '../functions/losses.ts';
import type { Value } from '../graph/graph.ts';
import { broadcastTo, sum } from '../graph/ops/broadcasting.ts';
import { div, square, sub } from '../graph/ops/elementwise.ts';
import { mean } from '../graph/ops/reductions.ts';
import { broadcastShapes } from '../graph/shape.ts';
import { losses as compiled } from '../losses/losses.ts';
import { metrics as measured, namesOfFunctions } from './metrics.ts';

const { Reduction: _, meanSquaredError: _both, ...others } = ofTensors;

/**
 * Losses: factories of what `compile` takes, and TensorFlow.js's functions of labels and predictions. `meanSquaredError`
 * is both: with two tensors it is the function.
 */
export const losses = { ...compiled, ...others };

const compared = ['yTrue', 'yPred'];

// @__NO_SIDE_EFFECTS__
function named<F extends object>(name: string, metric: F): F {
  namesOfFunctions.set(metric, name);
  return metric;
}

/** A loss as a metric: a number for each sample. */
// @__NO_SIDE_EFFECTS__
const perSample = (name: keyof typeof compiled) => named(name, lift(name, compared, compiled[name]().call));

/**
 * The same of errors of elements: each tensor is broadcast to the other, as one prediction for all samples is.
 */
// @__NO_SIDE_EFFECTS__
const perElement = (name: keyof typeof compiled) => {
  const { call } = compiled[name]();
  const metric = lift(name, compared, (t: Value, y: Value) => {
    const shape = broadcastShapes(t.shape, y.shape);
    return shape ? call(broadcastTo(t, shape), broadcastTo(y, shape)) : call(t, y);
  });
  return named(name, metric);
};

const meanAbsolutePercentageError = perElement('meanAbsolutePercentageError');
const meanSquaredError = perElement('meanSquaredError');

/** 1 − Σ(t − y)² / Σ(t − mean t)², over all elements */
const r2Score = named(
  'r2',
  lift('r2Score', compared, (t: Value, y: Value) =>
    sub(1, div(sum(square(sub(t, y))), sum(square(sub(t, mean(t)))))),
  ),
);

/**
 * Metrics: factories of what `compile` takes which, with two tensors, are TensorFlow.js's functions; losses as such; and
 * what is told of all predictions together, curves and reports.
 */
export const metrics = {
  ...measured,
  binaryCrossentropy: perSample('binaryCrossentropy'),
  categoricalCrossentropy: perSample('categoricalCrossentropy'),
  cosineProximity: perSample('cosineProximity'),
  meanAbsoluteError: perElement('meanAbsoluteError'),
  meanAbsolutePercentageError,
  MAPE: meanAbsolutePercentageError,
  mape: meanAbsolutePercentageError,
  meanSquaredError,
  MSE: meanSquaredError,
  mse: meanSquaredError,
  r2Score,
  rocCurve,
  calibrationCurve,
  classificationReport,
  regressionReport,
};
