// The normal distribution's quantile function: it makes normal random numbers of uniform ones.

import { Lane } from '../../../assembly/opcodes.ts';
import { unaryOp } from './conversion.ts';
import { exp, mul, square, unary } from './elementwise.ts';

// dx/dp = 1 / density(x) = √(2π) · e^(x²/2)
export const normalQuantileOp = unaryOp('normalQuantile', Lane.normalQuantile, (dy, _, y) =>
  mul(dy, mul(exp(mul(square(y), 0.5)), Math.sqrt(2 * Math.PI))),
);

/** The standard normal quantile of numbers in [0, 1), to a relative error of 1e-6; ±5.4 at the ends. */
export const normalQuantile = unary(normalQuantileOp);
