// `tf.image`: images resized, cropped, turned, and their colours.

import { LanegradError } from '../errors.ts';
import type { Value } from '../graph/graph.ts';
import * as ops from '../graph/ops/images.ts';
import { lift } from './lift.ts';

const resized = ['images', 'size:shape', 'alignCorners?:flag', 'halfPixelCenters?:flag'];
const image = ['image'];
const float = ['image:float32'];

/** @throws LanegradError unless images have so many channels, the last axis. */
function requireChannels(name: string, kind: string, { graph, rank, shape }: Value, channels: number): void {
  if (rank < 2) {
    throw graph.error(`Error in ${name}: images must be at least rank 2, but got rank ${rank}.`);
  }
  if (shape[rank - 1] === channels) return;
  throw graph.error(
    `Error in ${name}: last dimension of ${kind} image should be size ${channels}, but got size ${shape[rank - 1]}.`,
  );
}

/** Images [batch, height, width, channels] with left and right exchanged. */
export const flipLeftRight = lift('flipLeftRight', float, ops.flipLeftRight);
/** Images of one channel as images of three equal ones. */
export const grayscaleToRGB = lift('grayscaleToRGB', image, (images: Value) => {
  requireChannels('grayscaleToRGB', 'a grayscale', images, 1);
  return ops.grayscaleToRGB(images);
});
/** Images of three channels as images of one, their brightness. */
export const rgbToGrayscale = lift('rgbToGrayscale', image, (images: Value) => {
  requireChannels('rgbToGrayscale', 'an RGB', images, 3);
  return ops.rgbToGrayscale(images);
});
/** Images of another size, each pixel interpolated between the four around its place. */
export const resizeBilinear = lift('resizeBilinear', resized, ops.resizeBilinear);
/** Images of another size, each pixel the one at its place. */
export const resizeNearestNeighbor = lift('resizeNearestNeighbor', resized, ops.resizeNearestNeighbor);
/** Images turned about their center by an angle in radians, pixel by pixel. */
export const rotateWithOffset = lift(
  'rotateWithOffset',
  ['image', 'radians:number', 'fillValue?:perAxis', 'center?:perAxis'],
  ops.rotateWithOffset,
);
/** Boxes [boxes, 4] of images, resized: y₁, x₁, y₂, x₂ as parts of height and width. */
export const cropAndResize = lift(
  'cropAndResize',
  ['image', 'boxes', 'boxInd:int32', 'cropSize:shape', 'method?:text', 'extrapolationValue?:number'],
  ops.cropAndResize,
);
/** An image [height, width, channels] in black and white, 0 and 255. */
export const threshold = lift(
  'threshold',
  ['image', 'method?:text', 'inverted?:flag', 'threshValue?:number'],
  ops.threshold,
);
/** Images seen through projections [batch or 1, 8]. */
export const transform = lift(
  'transform',
  [
    'image:float32',
    'transforms:float32',
    'interpolation?:text',
    'fillMode?:text',
    'fillValue?:number',
    'outputShape?:shape',
  ],
  ops.transform,
);

/** @__NO_SIDE_EFFECTS__ */
const leftOut =
  (name: string): ((...args: unknown[]) => never) =>
  () => {
    throw new LanegradError(
      `tf.image.${name} is not in lanegrad: detecting objects is left out. Suppress overlapping boxes in a loop over their scores.`,
    );
  };

/** Left out: it says so. */
export const nonMaxSuppression = leftOut('nonMaxSuppression');
/** Left out: it says so. */
export const nonMaxSuppressionAsync = leftOut('nonMaxSuppressionAsync');
/** Left out: it says so. */
export const nonMaxSuppressionWithScore = leftOut('nonMaxSuppressionWithScore');
/** Left out: it says so. */
export const nonMaxSuppressionWithScoreAsync = leftOut('nonMaxSuppressionWithScoreAsync');
/** Left out: it says so. */
export const nonMaxSuppressionPadded = leftOut('nonMaxSuppressionPadded');
/** Left out: it says so. */
export const nonMaxSuppressionPaddedAsync = leftOut('nonMaxSuppressionPaddedAsync');
