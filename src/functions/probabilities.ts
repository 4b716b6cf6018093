// Softmax and what is made of it.

import type { Value } from '../graph/graph.ts';
import * as ops from '../graph/ops/softmax.ts';
import { normalizeAxis } from '../graph/shape.ts';
import { lift, liftAlike } from './lift.ts';

const rows = ['logits', 'dim?:integer'];

/** As in TensorFlow.js, an axis may be named, but it must be the last. */
const ofLastAxis =
  (build: (x: Value) => Value) =>
  (logits: Value, dim = -1): Value => {
    if (logits.rank === 0 || normalizeAxis('softmax', dim, logits.rank) === logits.rank - 1)
      return build(logits);
    throw logits.graph.error(
      `softmax along a non-last dimension is not yet supported: logits have rank ${logits.rank}, dim is ${dim}. Transpose before.`,
    );
  };

/** Logarithms of `softmax`, without its rounding to 0. @param dim the last axis, the only one that there is */
export const logSoftmax = liftAlike('logSoftmax', rows, ofLastAxis(ops.logSoftmax));
/** exp(x) over the sum of all of a row: numbers from 0 to 1 whose sum is 1. @param dim the last axis, the only one that there is */
export const softmax = liftAlike('softmax', rows, ofLastAxis(ops.softmax));
export const softmaxCrossEntropy = lift(
  'softmaxCrossEntropy',
  ['logits', 'targets'],
  ops.softmaxCrossEntropy,
);
