// The normal distribution's quantile function: it makes normal random numbers of uniform ones.

import type { Value } from '../graph.ts';
import {
  abs,
  add,
  div,
  greater,
  log,
  maximum,
  minimum,
  mul,
  neg,
  type Operand,
  select,
  sqrt,
  square,
  sub,
} from './elementwise.ts';

// Numerators and denominators of AS241's PPND7, from the constant upwards: near the median, in the tails.
const centralNumerator = [3.3871327179, 50.434271938, 159.29113202, 59.10937472];
const centralDenominator = [1, 17.895169469, 78.757757664, 67.1875636];
const tailNumerator = [1.4234372777, 2.75681539, 1.3067284816, 0.17023821103];
const tailDenominator = [1, 0.7370016425, 0.12021132975];

/** The smallest distance from 0 and 1 that a uniform number is taken to have: half of its last bit. */
const minTail = 2 ** -25;

const polynomial = (coefficients: readonly number[], x: Value): Value =>
  coefficients.reduceRight<Operand>((sum, c) => (sum === 0 ? c : add(mul(sum, x), c)), 0) as Value;

const rational = (numerator: readonly number[], denominator: readonly number[], x: Value): Value =>
  div(polynomial(numerator, x), polynomial(denominator, x));

/**
 * The standard normal quantile of numbers in [0, 1), to a relative error of 1e-6; ±5.4 at the ends.
 *
 * M. J. Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37
 * (1988), routine PPND7. Its far tails, beyond e^−25, hold no float32 in [0, 1) but what minTail cuts.
 */
export function normalQuantile(p: Value): Value {
  const q = sub(p, 0.5);
  const central = mul(q, rational(centralNumerator, centralDenominator, sub(0.180625, square(q))));
  const distance = sqrt(neg(log(maximum(minimum(p, sub(1, p)), minTail))));
  const tail = rational(tailNumerator, tailDenominator, sub(distance, 1.6));
  return select(greater(abs(q), 0.425), select(greater(q, 0), tail, neg(tail)), central);
}
