// Arithmetic that need not be done at every step: with constants, with zeros, with ones.

import type { Op, Value } from '../../graph/graph.ts';
import { isMadeBy } from '../../graph/op.ts';
import { broadcastingOps, broadcastTo, isZeros, zeros } from '../../graph/ops/broadcasting.ts';
import { elementwiseOps, square } from '../../graph/ops/elementwise.ts';
import { matmulOps } from '../../graph/ops/matmul.ts';
import { constant, knownScalar, reshapeOp } from '../../graph/ops/sources.ts';
import { sameShape } from '../../graph/shape.ts';
import { type Rule, rule } from '../rewrite.ts';

const { add, sub, mul, div, neg, abs, sqrt, pow } = elementwiseOps;

/** Arithmetic in float64 that, rounded to float32, is what a kernel gives. */
const exact: readonly (readonly [Op, (a: number, b: number) => number])[] = [
  [add, (a, b) => a + b],
  [sub, (a, b) => a - b],
  [mul, (a, b) => a * b],
  [div, (a, b) => a / b],
  [neg, (a) => -a],
  [abs, Math.abs],
  [elementwiseOps.square, (a) => a * a],
  [sqrt, Math.sqrt],
];

/** The number that all elements of a value are, where that is known. */
function knownNumber(value: Value): number | undefined {
  const isSpread = isMadeBy(value, broadcastingOps.broadcastTo) || isMadeBy(value, reshapeOp);
  return isSpread ? knownNumber(value.inputs[0]) : knownScalar(value);
}

/** What is computed of numbers that are known is known. */
const constants = exact.map(([op, compute]) =>
  rule([op], ({ graph, inputs, shape }) => {
    const known = inputs.map(knownNumber).filter((value) => value !== undefined);
    if (known.length < inputs.length) return undefined;
    return broadcastTo(constant(graph, [compute(known[0], known[1])]), shape);
  }),
);

/** x where an operand of `numbers` on the other side changes nothing, if x has the shape of the result. */
const unchanged = (op: Op, isNeutral: (other: Value) => boolean, sides: readonly number[]): Rule =>
  rule([op], ({ inputs, shape }) => {
    const side = sides.find((i) => isNeutral(inputs[1 - i]) && sameShape(inputs[i].shape, shape));
    return side === undefined ? undefined : inputs[side];
  });

const is = (number: number) => (value: Value) => Object.is(knownNumber(value), number);
const isNothing = (value: Value) => isZeros(value) || is(0)(value);
const isNothingAdded = (value: Value) => isNothing(value) || is(-0)(value);

export const arithmeticRules: readonly Rule[] = [
  ...constants,
  // x + 0, 0 + x, x + −0, −0 + x, x − 0, x·1, 1·x, x / 1. To say that −0 + 0 is 0 is left out.
  unchanged(add, isNothingAdded, [0, 1]),
  unchanged(sub, isNothing, [0]),
  unchanged(mul, is(1), [0, 1]),
  unchanged(div, is(1), [0]),
  rule([pow], ({ inputs: [x, exponent], shape }) =>
    is(2)(exponent) && sameShape(x.shape, shape) ? square(x) : undefined,
  ),
  // Products with arrays of zeros, as gradients are of what nothing depends on: to say that 0·∞ is no number is left out.
  // A single 0 is a weight: what is infinite or no number must show.
  rule([mul, matmulOps.matMul as Op], ({ graph, inputs, shape }) =>
    inputs.some(isZeros) ? zeros(graph, shape) : undefined,
  ),
];
