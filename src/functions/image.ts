// `tf.image`: images resized, cropped, turned, and their colours.

import * as ops from '../graph/ops/images.ts';
import { lift } from './lift.ts';

const images = ['images'];
const image = ['image'];

export const flipLeftRight = lift('flipLeftRight', image, ops.flipLeftRight);
export const grayscaleToRGB = lift('grayscaleToRGB', image, ops.grayscaleToRGB);
export const rgbToGrayscale = lift('rgbToGrayscale', image, ops.rgbToGrayscale);
export const resizeBilinear = lift('resizeBilinear', images, ops.resizeBilinear);
export const resizeNearestNeighbor = lift('resizeNearestNeighbor', images, ops.resizeNearestNeighbor);
export const rotateWithOffset = lift('rotateWithOffset', image, ops.rotateWithOffset);
export const cropAndResize = lift('cropAndResize', ['image', 'boxes', 'boxInd:int32'], ops.cropAndResize);
export const threshold = lift('threshold', image, ops.threshold);
export const transform = lift('transform', ['image', 'transforms'], ops.transform);
