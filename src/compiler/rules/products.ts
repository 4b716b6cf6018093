// Convolutions that are products of matrices, and sums that are found in something smaller.

import type { Op, Value } from '../../graph/graph.ts';
import { isMadeBy } from '../../graph/op.ts';
import { broadcastingOps, sum, zeros } from '../../graph/ops/broadcasting.ts';
import { type Convolution, convolutionOps } from '../../graph/ops/convolution.ts';
import type { AxisRun } from '../../graph/ops/lines.ts';
import { matMul } from '../../graph/ops/matmul.ts';
import { reshape } from '../../graph/ops/sources.ts';
import { windowFoldOps } from '../../graph/ops/window-folds.ts';
import type { Shape } from '../../graph/shape.ts';
import { type Rule, rule } from '../rewrite.ts';

const { conv2d, conv2dInputGradient, conv2dFilterGradient } = convolutionOps;

/** Whether filters see single pixels, each as it is. */
const isPointwise = ([height, width]: Shape, { strides, padding, groups }: Convolution): boolean =>
  height * width === 1 && groups === 1 && Math.max(...strides) === 1 && padding.every((count) => count === 0);

/** Values as matrices whose rows are what lies along the last axis. */
const rowsOf = (x: Value): Value => reshape(x, [-1, x.shape[x.rank - 1]]);

/** Sums over the columns of a value's rows. */
const sumOfRows = (x: Value): Value =>
  sum(
    x,
    x.shape.slice(1).map((_, axis) => axis),
  );

/** Whether a reduction leaves nothing but the last axis. */
const isOfAllButLast = ({ inputs: [x], attrs: { first, end } }: Value<AxisRun>): boolean =>
  end < x.rank && x.shape.slice(0, -1).every((size, axis) => size === 1 || (axis >= first && axis < end));

/** What a pool's gradient is given: each of its elements goes to one pixel, or in equal parts to several. */
function poolGradientOf(value: Value): Value | undefined {
  if (isMadeBy(value, windowFoldOps.maxPool2dGradient)) return value.inputs[2];
  return isMadeBy(value, windowFoldOps.averagePool2dGradient) ? value.inputs[0] : undefined;
}

export const productRules: readonly Rule[] = [
  // Sums of no products: there are no images, or no channels.
  rule<Convolution>(
    [conv2d, conv2dInputGradient as Op<Convolution>, conv2dFilterGradient as Op<Convolution>],
    ({ graph, inputs, shape }) => (inputs.some(({ size }) => size === 0) ? zeros(graph, shape) : undefined),
  ),
  rule([conv2d], ({ inputs: [x, w], attrs, shape }) =>
    isPointwise(w.shape, attrs) ? reshape(matMul(rowsOf(x), rowsOf(w)), shape) : undefined,
  ),
  rule([conv2dInputGradient], ({ inputs: [dy, w], attrs, shape }) =>
    isPointwise(w.shape, attrs) ? reshape(matMul(rowsOf(dy), rowsOf(w), false, true), shape) : undefined,
  ),
  rule([conv2dFilterGradient], ({ inputs: [x, dy], attrs, shape }) =>
    isPointwise(shape, attrs) ? reshape(matMul(rowsOf(x), rowsOf(dy), true), shape) : undefined,
  ),
  // The sums of a pool's gradient are the sums of what it was given, which is smaller.
  rule([broadcastingOps.sum], (node) => {
    const dy = isOfAllButLast(node) ? poolGradientOf(node.inputs[0]) : undefined;
    return dy && reshape(sumOfRows(dy), node.shape);
  }),
];
