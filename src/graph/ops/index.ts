// Every op there is: the table that tests walk, so that no op escapes its gradient check.

import { convolutionOps } from './convolution.ts';
import { elementwiseOps } from './elementwise.ts';
import { gatherOps } from './gather.ts';
import { matmulOps } from './matmul.ts';
import { movementOps } from './movement.ts';
import { randomUniformOp } from './random.ts';
import { reductionOps } from './reductions.ts';
import { softmaxOps } from './softmax.ts';
import { assignOp, constantOp, inputOp, parameterOp, reshapeOp, stopGradientOp } from './sources.ts';
import { transformOps } from './transform.ts';
import { updateOp } from './update.ts';
import { windowFoldOps } from './window-folds.ts';

export const ops = {
  input: inputOp,
  parameter: parameterOp,
  constant: constantOp,
  reshape: reshapeOp,
  stopGradient: stopGradientOp,
  assign: assignOp,
  ...elementwiseOps,
  ...movementOps,
  ...reductionOps,
  ...matmulOps,
  ...convolutionOps,
  ...windowFoldOps,
  ...gatherOps,
  ...transformOps,
  ...softmaxOps,
  randomUniform: randomUniformOp,
  update: updateOp,
};
