// What is not read need not be computed: a pool whose windows end before the image does lets the convolution before it
// make a smaller image. With 3×3 filters and pools of 2, an image of 11×11 loses a sixth of its pixels. And what
// gives the same behind a pool as before it is done behind it, where there are fewer pixels.

import type { Value } from '../../graph/graph.ts';
import { isLane, isMadeBy } from '../../graph/op.ts';
import { convolutionOps } from '../../graph/ops/convolution.ts';
import { elementwiseOps, relu } from '../../graph/ops/elementwise.ts';
import { type Pool, windowFoldOps } from '../../graph/ops/window-folds.ts';
import { sameShape } from '../../graph/shape.ts';
import { type Rule, rule, type Surroundings } from '../rewrite.ts';

const { maxPool2d, averagePool2d } = windowFoldOps;

/** The images that a pool reads without the rows and columns behind its last window, where it alone reads these. */
function seen({ inputs: [x], shape, attrs }: Value<Pool>, surroundings: Surroundings): Value | undefined {
  const { size, strides, padding } = attrs;
  const [height, width] = [0, 1].map((axis) => {
    const end = (shape[axis + 1] - 1) * strides[axis] + size[axis] - padding[2 * axis];
    return Math.min(end, x.shape[axis + 1]);
  });
  const isWhole = height === x.shape[1] && width === x.shape[2];
  return isWhole ? undefined : cropped(x, height, width, surroundings);
}

/**
 * The first `height` rows and `width` columns of images that a convolution makes, element-wise ops after it
 * included. Undefined where there is none, or where several nodes read what would become smaller.
 */
function cropped(
  images: Value,
  height: number,
  width: number,
  surroundings: Surroundings,
): Value | undefined {
  const { graph, op, inputs, attrs, shape, scope } = images;
  if (surroundings.readers(images) > 1) return undefined;
  const rebuilt = (parts: readonly Value[], changed: object) =>
    graph.within(scope, () => graph.add(op, parts, changed));
  if (isMadeBy(images, convolutionOps.conv2d)) {
    const { strides, padding } = images.attrs;
    const [top, bottom, left, right] = padding;
    const unseen = [(shape[1] - height) * strides[0], (shape[2] - width) * strides[1]];
    return rebuilt(inputs, { ...attrs, padding: [top, bottom - unseen[0], left, right - unseen[1]] });
  }
  // Those with a shape of their own, as random numbers, are the same numbers at that size alone.
  if (!isLane(images) || 'shape' in attrs) return undefined;
  const parts = inputs.map((input) => {
    if (sameShape(input.shape, shape)) return cropped(input, height, width, surroundings);
    return input.rank <= 1 ? input : undefined;
  });
  return parts.every((part) => part !== undefined) ? rebuilt(parts, attrs) : undefined;
}

export const windowRules: readonly Rule[] = [
  // Pixels are in the order of their relus where these are not zero.
  rule([maxPool2d], (node, surroundings) => {
    const [x] = node.inputs;
    const images = seen(node, surroundings) ?? x;
    if (isMadeBy(images, elementwiseOps.relu) && surroundings.readers(x) === 1) {
      return relu(node.graph.add(maxPool2d, [images.inputs[0]], node.attrs));
    }
    return images === x ? undefined : node.graph.add(maxPool2d, [images], node.attrs);
  }),
  rule([averagePool2d], (node, surroundings) => {
    const images = seen(node, surroundings);
    return images && node.graph.add(averagePool2d, [images], node.attrs);
  }),
];
