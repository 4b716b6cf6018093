// Cross-entropies of probabilities. What a softmax or a sigmoid made is measured by its logits, which is exact where
// probabilities round to 0 and 1. Formulas write t for targets, y for probabilities, x for logits.

import type { ComposedOp, Op, Value } from '../graph.ts';
import { isMadeBy } from '../op.ts';
import { formatShape, sameShape } from '../shape.ts';
import { sum } from './broadcasting.ts';
import { asFloat } from './conversion.ts';
import {
  abs,
  add,
  clip,
  div,
  elementwiseOps,
  greater,
  log,
  mul,
  neg,
  select,
  softplus,
  sub,
} from './elementwise.ts';
import { softmaxCrossEntropy, softmaxOps } from './softmax.ts';
import { reshape, reshapeOp } from './sources.ts';

type CrossEntropy = (targets: Value, predictions: Value) => Value;

/**
 * A record of inputs y and t, of one shape.
 * @param activation whose result is measured by what it was applied to
 */
const crossEntropyOp = (
  name: string,
  activation: Op,
  ofLogits: CrossEntropy,
  ofProbabilities: CrossEntropy,
  shapeOf = (shape: readonly number[]) => shape,
): ComposedOp => ({
  name,
  kind: 'composed',
  shape: ([y, t]) => {
    if (sameShape(y.shape, t.shape)) return shapeOf(y.shape);
    throw y.graph.error(
      `${name}: predictions ${formatShape(y.shape)} and targets ${formatShape(t.shape)} must have one shape.`,
    );
  },
  form: ({ inputs: [y, t] }) => {
    const x = logitsOf(y, activation);
    if (!x) return { value: ofProbabilities(t, y), of: [y, t] };
    return { value: ofLogits(t, reshape(x, y.shape)), of: [x, t] };
  },
});

/** What an activation was applied to, if it made y. */
function logitsOf(y: Value, activation: Op): Value | undefined {
  const source = isMadeBy(y, reshapeOp) ? y.inputs[0] : y;
  // A softmax over rows of one length is none over rows of another.
  const hasSameRows = source.shape[source.rank - 1] === y.shape[y.rank - 1];
  return isMadeBy(source, activation) && hasSameRows ? source.inputs[0] : undefined;
}

/** Keeps logarithms finite, as in Keras. */
const epsilon = 1e-7;

/** By how much rows may be beyond 0 and 1, and their sum other than 1, and be probabilities: what rounding makes of them. */
const farFromProbabilities = 1e-3;

/** Probabilities held within (0, 1). */
const clipped = (y: Value) => clip(y, epsilon, 1 - epsilon);

/** log(1 + e^x) − t·x of each element: the cross-entropy of sigmoid(x), for any x. */
export const sigmoidCrossEntropy: CrossEntropy = (t, x) => sub(softplus(x), mul(t, x));

/** Rows of probabilities scaled to sum to 1. */
const scaled = (y: Value) => div(y, sum(y, -1, true));

/** Rows that are no probabilities are held within (0, 1); those that are stay as they are. */
function asProbabilities(y: Value): Value {
  const inside = clipped(y);
  const outside = add(sum(abs(sub(y, inside)), -1, true), abs(sub(sum(y, -1, true), 1)));
  return select(greater(outside, farFromProbabilities), inside, y);
}

/** A record of rows. @param held the probabilities as logarithms find them */
const ofRows = (name: string, held: (y: Value) => Value): ComposedOp =>
  crossEntropyOp(
    name,
    softmaxOps.softmax,
    (t, x) => softmaxCrossEntropy(x, t),
    (t, y) => neg(sum(mul(t, log(held(y))), -1)),
    (shape) => shape.slice(0, -1),
  );

/** @internal */
export const crossEntropyOps = {
  // −Σ t·log(y / Σy). Where targets are class numbers, TensorFlow.js clips before it scales, too: only for what is no
  // probability here, so that others have the bits that one-hot targets give.
  crossEntropy: ofRows('crossEntropy', (y) => clipped(scaled(y))),
  classCrossEntropy: ofRows('classCrossEntropy', (y) => clipped(scaled(asProbabilities(y)))),

  // −t·log y − (1 − t)·log(1 − y)
  binaryCrossEntropy: crossEntropyOp(
    'binaryCrossEntropy',
    elementwiseOps.sigmoid,
    sigmoidCrossEntropy,
    (t, y) => {
      const p = clipped(y);
      return neg(add(mul(t, log(p)), mul(sub(1, t), log(sub(1, p)))));
    },
  ),
};

const measuredBy =
  (op: ComposedOp): CrossEntropy =>
  (t, y) =>
    y.graph.add(op, [asFloat(y), asFloat(t)], {});

/** −Σ t·log y along the last axis of probabilities y and targets t [..., n], each row of y scaled to sum to 1: [...]. */
export const crossEntropy = measuredBy(crossEntropyOps.crossEntropy);

/** The same for targets that stand for class numbers: rows that are no probabilities are held within (0, 1) first. */
export const classCrossEntropy = measuredBy(crossEntropyOps.classCrossEntropy);

/** −t·log y − (1 − t)·log(1 − y) of each element of probabilities y and targets t, of one shape. */
export const binaryCrossEntropy = measuredBy(crossEntropyOps.binaryCrossEntropy);
