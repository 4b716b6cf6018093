// Every op there is: the table that tests walk, so that no op escapes its gradient check.

import { broadcastingOps } from './broadcasting.ts';
import { conversionOps } from './conversion.ts';
import { convolutionOps } from './convolution.ts';
import { crossEntropyOps } from './cross-entropy.ts';
import { cutOp } from './cut.ts';
import { elementwiseOps, integerOps } from './elementwise.ts';
import { gatherOps } from './gather.ts';
import { bitOps } from './integers.ts';
import { logicOps } from './logic.ts';
import { matmulOps } from './matmul.ts';
import { movementOps } from './movement.ts';
import { multiplyAddOps } from './multiply-add.ts';
import { normalQuantileOp } from './normal-quantile.ts';
import { randomUniformOp } from './random-uniform.ts';
import { reductionOps } from './reductions.ts';
import { roundingOps } from './rounding.ts';
import { sampleOp } from './sample.ts';
import { scanOps } from './scans.ts';
import { softmaxOps } from './softmax.ts';
import { assignOp, constantOp, inputOp, parameterOp, reshapeOp, stopGradientOp } from './sources.ts';
import { strideOps } from './strides.ts';
import { topKOp } from './top-k.ts';
import { trigonometricOps } from './trigonometry.ts';
import { updateOp } from './update.ts';
import { windowFoldOps } from './window-folds.ts';

export const ops = {
  input: inputOp,
  parameter: parameterOp,
  constant: constantOp,
  reshape: reshapeOp,
  stopGradient: stopGradientOp,
  assign: assignOp,
  ...conversionOps,
  ...elementwiseOps,
  ...integerOps,
  ...bitOps,
  ...trigonometricOps,
  ...roundingOps,
  ...logicOps,
  cut: cutOp,
  ...multiplyAddOps,
  ...movementOps,
  ...broadcastingOps,
  ...strideOps,
  ...reductionOps,
  ...scanOps,
  topK: topKOp,
  ...matmulOps,
  ...convolutionOps,
  ...windowFoldOps,
  ...gatherOps,
  sample: sampleOp,
  ...softmaxOps,
  ...crossEntropyOps,
  randomUniform: randomUniformOp,
  normalQuantile: normalQuantileOp,
  update: updateOp,
};
