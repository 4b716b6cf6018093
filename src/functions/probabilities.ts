// Softmax and what is made of it.

import * as ops from '../graph/ops/softmax.ts';
import { lift } from './lift.ts';

export const logSoftmax = lift('logSoftmax', ['logits'], ops.logSoftmax);
export const softmax = lift('softmax', ['logits'], ops.softmax);
export const softmaxCrossEntropy = lift(
  'softmaxCrossEntropy',
  ['logits', 'targets'],
  ops.softmaxCrossEntropy,
);
