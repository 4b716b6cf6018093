// `tf.math`: what TensorFlow.js keeps there.

import type { Value } from '../graph/graph.ts';
import { oneHot } from '../graph/ops/arrangement.ts';
import { asFloat, asInt32 } from '../graph/ops/conversion.ts';
import { matMul } from '../graph/ops/matmul.ts';
import { maxElements } from '../options/arguments.ts';
import type { Tensor2D } from '../tensor/types.ts';
import { requireRank } from './arguments.ts';
import { type Giving, lift } from './lift.ts';

const countPairs = (labels: Value, predictions: Value, numClasses: number): Value => {
  const { graph } = labels;
  if (!(Number.isInteger(numClasses) && numClasses > 0 && numClasses <= maxElements)) {
    throw graph.error(`confusionMatrix: numClasses must be a positive integer, but got ${numClasses}.`);
  }
  requireRank('confusionMatrix: Expected the rank of labels to be 1', labels, 1);
  requireRank('confusionMatrix: Expected the rank of predictions to be 1', predictions, 1);
  if (labels.size !== predictions.size) {
    throw graph.error(
      `confusionMatrix: Mismatch in the number of examples: ${labels.size} vs. ${predictions.size}.`,
    );
  }
  const rows = (classes: Value) => asFloat(oneHot(asInt32(classes), numClasses));
  return asInt32(matMul(rows(labels), rows(predictions), true));
};

/** How often class i was taken for class j: int32 [numClasses, numClasses] of labels [n] and predictions [n]. */
export const confusionMatrix: Giving<Tensor2D, typeof countPairs> = lift(
  'confusionMatrix',
  ['labels', 'predictions', 'numClasses:number'],
  countPairs,
);
