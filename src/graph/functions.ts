// The functions that layers, losses and metrics are composed of, for whoever writes their own. They take
// values of the graph that is being traced.

export {
  abs,
  add,
  clip as clipByValue,
  div,
  equal,
  erf,
  exp,
  expm1,
  floor,
  greater,
  greaterEqual,
  less,
  lessEqual,
  log,
  log1p,
  maximum,
  minimum,
  mul,
  neg,
  type Operand,
  pow,
  reciprocal,
  relu,
  select as where,
  sigmoid,
  sign,
  softplus,
  sqrt,
  square,
  step,
  sub,
  tanh,
} from './ops/elementwise.ts';
export { matMul } from './ops/matmul.ts';
export { broadcastTo, concat, pad, slice, transpose } from './ops/movement.ts';
export { randomUniform } from './ops/random.ts';
export { argMax, max, mean, min, sum, variance } from './ops/reductions.ts';
export { logSoftmax, softmax, softmaxCrossEntropy } from './ops/softmax.ts';
export { reshape, stopGradient } from './ops/sources.ts';
