// `tf.image`: images resized, cropped, turned, and their colours.

import { LanegradError, shown } from '../errors.ts';
import * as ops from '../graph/ops/images.ts';
import type { Tensor3D, Tensor4D } from '../tensor/types.ts';
import { requireRank, requireShape, withCheck } from './arguments.ts';
import { type Alike, type Giving, lift, liftAlike } from './lift.ts';

const image = ['image'];
const float = ['image:float32'];

/** Images [batch, height, width, channels] with left and right exchanged. */
export const flipLeftRight: Giving<Tensor4D, typeof ops.flipLeftRight> = lift(
  'flipLeftRight',
  float,
  ops.flipLeftRight,
);
/** Images of one channel as images of three equal ones. */
export const grayscaleToRGB = liftAlike('grayscaleToRGB', image, ops.grayscaleToRGB);
/** Images of three channels as images of one, their brightness. */
export const rgbToGrayscale = liftAlike('rgbToGrayscale', image, ops.rgbToGrayscale);

type Resize = typeof ops.resizeBilinear;

const resizing = (name: string, resize: Resize): Alike<Resize> =>
  liftAlike(
    name,
    ['images', 'size:imageSize', 'alignCorners?:flag', 'halfPixelCenters?:flag'],
    withCheck(resize, ({ graph }, _size, alignCorners, halfPixelCenters) => {
      if (!alignCorners || !halfPixelCenters) return;
      throw graph.error(`${name}: If halfPixelCenters is true, alignCorners must be false.`);
    }),
  );

/** Images of another size, each pixel interpolated between the four around its place. */
export const resizeBilinear = /* @__PURE__ */ resizing('resizeBilinear', ops.resizeBilinear);
/** Images of another size, each pixel the one at its place. */
export const resizeNearestNeighbor = /* @__PURE__ */ resizing(
  'resizeNearestNeighbor',
  ops.resizeNearestNeighbor,
);
/** Images turned about their center by an angle in radians, pixel by pixel. */
export const rotateWithOffset: Giving<Tensor4D, typeof ops.rotateWithOffset> = lift(
  'rotateWithOffset',
  // The angle is a tensor, as numbers become: another one is no other program.
  ['image', 'radians', 'fillValue?:perAxis', 'center?:perAxis'],
  withCheck(ops.rotateWithOffset, ({ graph }, radians, _fillValue, center) => {
    if (typeof radians !== 'number') requireShape('rotateWithOffset: radians', radians, []);
    if (typeof center !== 'object' || center.length === 2) return;
    throw graph.error(`rotateWithOffset: center must be a number or two, x and y; got ${shown(center)}.`);
  }),
);
/** Boxes [boxes, 4] of images, resized: y₁, x₁, y₂, x₂ as parts of height and width. */
export const cropAndResize: Giving<Tensor4D, typeof ops.cropAndResize> = lift(
  'cropAndResize',
  [
    'image',
    'boxes',
    'boxInd:int32',
    'cropSize:imageSize',
    'method?:bilinear|nearest',
    'extrapolationValue?:number',
  ],
  withCheck(ops.cropAndResize, (_images, boxes, boxInd) => {
    const [count = 0] = boxes.shape;
    requireShape('cropAndResize: boxes', boxes, [count, 4]);
    requireShape('cropAndResize: boxInd', boxInd, [count]);
  }),
);
/** An image [height, width, channels] in black and white, 0 and 255. */
export const threshold: Giving<Tensor3D, typeof ops.threshold> = lift(
  'threshold',
  ['image', 'method?:binary|otsu', 'inverted?:flag', 'threshValue?:number'],
  withCheck(ops.threshold, (image) => {
    requireRank('Error in threshold: image must be rank 3', image, 3);
    const [height, width] = image.shape;
    requireShape('threshold: image', image, [height, width, 3], [height, width, 1]);
  }),
);
/** Images seen through projections [batch or 1, 8]. */
export const transform: Giving<Tensor4D, typeof ops.transform> = lift(
  'transform',
  [
    'image:float32',
    'transforms:float32',
    'interpolation?:nearest|bilinear',
    'fillMode?:constant|reflect|wrap|nearest',
    'fillValue?:number',
    'outputShape?:imageSize',
  ],
  withCheck(ops.transform, (image, transforms) =>
    requireShape('transform: transforms', transforms, [1, 8], [image.shape[0], 8]),
  ),
);

// @__NO_SIDE_EFFECTS__
const leftOut =
  (name: string): ((...args: unknown[]) => never) =>
  () => {
    throw new LanegradError(
      `tf.image.${name} is not in lanegrad: detecting objects is left out. Suppress overlapping boxes in a loop over their scores.`,
    );
  };

// @__NO_SIDE_EFFECTS__
const leftOutAsync = (name: string): ((...args: unknown[]) => Promise<never>) => {
  const fail = leftOut(name);
  return async () => fail();
};

/** Left out: it says so. */
export const nonMaxSuppression = leftOut('nonMaxSuppression');
/** Left out: it says so. */
export const nonMaxSuppressionAsync = /* @__PURE__ */ leftOutAsync('nonMaxSuppressionAsync');
/** Left out: it says so. */
export const nonMaxSuppressionWithScore = leftOut('nonMaxSuppressionWithScore');
/** Left out: it says so. */
export const nonMaxSuppressionWithScoreAsync = /* @__PURE__ */ leftOutAsync(
  'nonMaxSuppressionWithScoreAsync',
);
/** Left out: it says so. */
export const nonMaxSuppressionPadded = leftOut('nonMaxSuppressionPadded');
/** Left out: it says so. */
export const nonMaxSuppressionPaddedAsync = /* @__PURE__ */ leftOutAsync('nonMaxSuppressionPaddedAsync');
