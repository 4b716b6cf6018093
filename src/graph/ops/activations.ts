// Functions of one number that networks are bent by: elu, leakyRelu, prelu, relu6, selu, logSigmoid, and step with a
// slope. relu, sigmoid, softplus and tanh are in elementwise.ts.

import type { Value } from '../graph.ts';
import { asFloat, asInt32, isInteger } from './conversion.ts';
import {
  expm1,
  greater,
  greaterEqual,
  minimum,
  mul,
  neg,
  type Operand,
  relu,
  scalarLike,
  select,
  softplus,
  step,
} from './elementwise.ts';
import { stopGradient } from './sources.ts';

// Klambauer et al., "Self-normalizing neural networks", 2017.
export const seluAlpha = 1.6732632423543772;
export const seluScale = 1.0507009873554805;

/** x where x > 0, else alpha·(e^x − 1); the unused branch never overflows. */
export const elu = (x: Value, alpha = 1): Value => select(greater(x, 0), x, mul(expm1(minimum(x, 0)), alpha));

/** elu with the alpha and the scale that keep mean 0 and variance 1. */
export const selu = (x: Value): Value => mul(elu(x, seluAlpha), seluScale);

/** x where x > 0, else alpha·x; alpha is 0.2 by default. */
export const leakyRelu = (x: Value, alpha = 0.2): Value => select(greater(x, 0), x, mul(x, alpha));

/** x where x ≥ 0, else alpha·x, alpha broadcast as in NumPy. */
export const prelu = (x: Value, alpha: Operand): Value => select(greaterEqual(x, 0), x, mul(x, alpha));

/** x held between 0 and 6. Of a tie the first has the gradient: 6, so that there is none at 6 either. */
export const relu6 = (x: Value): Value => minimum(scalarLike(x, 6), relu(x));

/** log(1 / (1 + e^−x)), for any x. */
export const logSigmoid = (x: Value): Value => neg(softplus(neg(asFloat(x))));

/** 1 where x > 0, else `alpha`, 0 by default; NaN stays NaN. Integers give integers. Its gradient is zero. */
export function stepWith(x: Value, alpha = 0): Value {
  const number = stopGradient(asFloat(x));
  const sloped = alpha === 0 ? step(number) : select(greater(number, 0), 1, alpha);
  const kept = select(greaterEqual(number, Number.NEGATIVE_INFINITY), sloped, number);
  return isInteger(x) ? asInt32(kept) : kept;
}
