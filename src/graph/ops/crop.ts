// What nobody sees need not be computed: a pool whose windows end before the image does lets the convolution
// before it make a smaller image. With 3×3 filters and pools of 2, an image of 11×11 loses a sixth of its pixels.

import type { Value } from '../graph.ts';
import { hasEffect, isLane, isMadeBy } from '../op.ts';
import { sameShape } from '../shape.ts';
import { convolutionOps } from './convolution.ts';

/**
 * The first `height` rows and `width` columns of images that a convolution makes, element-wise ops after it
 * included. Undefined where there is none, or where others read what would become smaller.
 * @param readers how many nodes that are already there may read the images
 */
export function cropped(images: Value, height: number, width: number, readers = 0): Value | undefined {
  const { graph, op, inputs, attrs, shape, scope } = images;
  if (graph.readOnce.get(images) === false) return undefined;
  if (graph.nodes.filter((node) => node.inputs.includes(images)).length > readers) return undefined;
  const rebuilt = (parts: readonly Value[], changed: object) =>
    graph.within(scope, () => graph.add(op, parts, changed));
  if (isMadeBy(images, convolutionOps.conv2d)) {
    const { strides, padding } = images.attrs;
    const [top, bottom, left, right] = padding;
    const unseen = [(shape[1] - height) * strides[0], (shape[2] - width) * strides[1]];
    return rebuilt(inputs, { ...attrs, padding: [top, bottom - unseen[0], left, right - unseen[1]] });
  }
  // Those with a shape of their own, as random numbers, are the same numbers at that size alone.
  if (!isLane(images) || hasEffect(images) || 'shape' in attrs) return undefined;
  const parts = inputs.map((input) => {
    if (sameShape(input.shape, shape)) return cropped(input, height, width, 1);
    return input.rank <= 1 ? input : undefined;
  });
  return parts.every((part) => part !== undefined) ? rebuilt(parts, attrs) : undefined;
}
