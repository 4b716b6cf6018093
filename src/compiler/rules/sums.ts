// Sums of what is scaled alike are scaled sums: the array that is scaled need not exist, and often its sum is known.

import type { Value } from '../../graph/graph.ts';
import { isMadeBy } from '../../graph/op.ts';
import { broadcastingOps, broadcastTo } from '../../graph/ops/broadcasting.ts';
import { elementwiseOps, mul, neg } from '../../graph/ops/elementwise.ts';
import { type AxisRun, withoutRun } from '../../graph/ops/lines.ts';
import { reshape } from '../../graph/ops/sources.ts';
import { padRank, sameShape } from '../../graph/shape.ts';
import { type Rule, rule, type Surroundings } from '../rewrite.ts';

const { sum } = broadcastingOps;

/** What an operand repeats along axes that a sum removes, without these. Undefined where it differs along them. */
function withoutRepeats(operand: Value, product: Value, run: AxisRun): Value | undefined {
  const isRepeated =
    isMadeBy(operand, broadcastingOps.broadcastTo) || isMadeBy(operand, broadcastingOps.expand);
  const source = isRepeated ? operand.inputs[0] : operand;
  const shape = padRank(source.shape, product.rank);
  if (shape.slice(run.first, run.end).some((size) => size !== 1)) return undefined;
  const own = [...shape.slice(0, run.first), ...shape.slice(run.end)];
  return broadcastTo(reshape(source, own), withoutRun([product], run));
}

/** Whether a sum of `x` costs no pass that the sum of what is made of it does not. */
const isAsCheap = (x: Value, made: Value, { readers }: Surroundings): boolean =>
  readers(made) === 1 || readers(x) > 1;

/** Σ x over a run of axes, of as few arrays as can be; undefined where that is Σ x as it stands. */
function sumOf(x: Value, run: AxisRun, surroundings: Surroundings): Value | undefined {
  const of = (inner: Value): Value => sumOf(inner, run, surroundings) ?? x.graph.add(sum, [inner], run);
  if (isMadeBy(x, elementwiseOps.neg)) {
    return isAsCheap(x.inputs[0], x, surroundings) ? neg(of(x.inputs[0])) : undefined;
  }
  if (!isMadeBy(x, elementwiseOps.mul)) return undefined;
  for (const [i, scaled] of x.inputs.entries()) {
    if (!sameShape(scaled.shape, x.shape) || !isAsCheap(scaled, x, surroundings)) continue;
    const scale = withoutRepeats(x.inputs[1 - i], x, run);
    if (scale) return mul(of(scaled), scale);
  }
  return undefined;
}

export const sumRule: Rule = rule([sum], ({ inputs: [x], attrs }, surroundings) =>
  sumOf(x, attrs, surroundings),
);
