// Convolutions of one to three dimensions, forward and transposed, and what else filters do to images.

import type { Value } from '../graph/graph.ts';
import * as spatial from '../graph/ops/spatial.ts';
import * as taps from '../graph/ops/taps.ts';
import * as volumes from '../graph/ops/volumes.ts';
import { formatShape, type Shape } from '../graph/shape.ts';
import { requireRank } from './arguments.ts';
import { liftAlike } from './lift.ts';
import { moved, type Pad, type PerAxis, type Rounding, requireWindow, rounding } from './windows.ts';

const filtered = ['x:float32', 'filter:float32'];
const images = ['dataFormat?:NHWC|NCHW', 'dilations?:perAxis'];

type Format = 'NHWC' | 'NCHW';

/** @throws LanegradError unless filters have a rank, and read as many channels as there are. */
function requireFilter(where: string, filter: Value, rank: number, axis: number, channels: number): void {
  requireRank(`Error in ${where}: filter must be rank ${rank}`, filter, rank);
  if (filter.shape[axis] === channels) return;
  throw filter.graph.error(
    `Error in ${where}: depth of input (${channels}) must match input depth for filter ${filter.shape[axis]}.`,
  );
}

/** @throws LanegradError unless an output has as many axes as what it is made of. */
function requireAxes(where: string, outputShape: Shape, { graph, rank }: Value): void {
  if (outputShape.length === rank) return;
  throw graph.error(`${where}: outputShape must have ${rank} sizes, as x; got ${formatShape(outputShape)}.`);
}

const channelsOf = ({ shape, rank }: Value, isFirst: boolean) => shape[isFirst ? rank - 3 : rank - 1];

/**
 * Rows [batch, length, channels], or one of a batch, convolved with filters [length, channels, outputs].
 * @param pad nothing ('valid'), so much that the output has ⌈length / stride⌉ elements ('same'), or so many on both sides
 */
export const conv1d = liftAlike(
  'conv1d',
  [...filtered, 'stride:number', 'pad:pad', 'dataFormat?:NWC|NCW', 'dilation?:number', rounding],
  (
    x: Value,
    filter: Value,
    stride: number,
    pad: Pad,
    dataFormat: 'NWC' | 'NCW' = 'NWC',
    dilation = 1,
    dimRoundingMode?: Rounding,
  ) => {
    requireRank('Error in conv1d: input must be rank 3, or 2 for one of a batch', x, 2, 3);
    requireFilter('conv1d', filter, 3, 1, x.shape[dataFormat === 'NCW' ? x.rank - 2 : x.rank - 1]);
    requireWindow('conv1d', x, { strides: stride, dilations: dilation, pad, dimRoundingMode });
    // TensorFlow.js takes the padding of images of one row.
    const sides = Array.isArray(pad) && pad.length === 4 ? [pad[0], pad[2], pad[3]] : pad;
    return spatial.conv1d(x, filter, stride, sides, dataFormat, dilation, dimRoundingMode);
  },
);

// @__NO_SIDE_EFFECTS__
function imagesConvolved(name: string, convolve: typeof spatial.conv2d) {
  return liftAlike(
    name,
    [...filtered, ...moved, ...images, rounding],
    (
      x: Value,
      filter: Value,
      strides: PerAxis,
      pad: Pad,
      dataFormat?: Format,
      dilations?: PerAxis,
      dimRoundingMode?: Rounding,
    ) => {
      requireRank(`Error in ${name}: input must be rank 4, or 3 for one of a batch`, x, 3, 4);
      requireFilter(name, filter, 4, 2, channelsOf(x, dataFormat === 'NCHW'));
      requireWindow(name, x, { strides, dilations, pad, dimRoundingMode });
      return convolve(x, filter, strides, pad, dataFormat, dilations, dimRoundingMode);
    },
  );
}

/**
 * Images [batch, height, width, channels], or one of a batch, convolved with filters [height, width, channels, outputs].
 * @param strides one number, or one for height and one for width
 * @param pad 'valid', 'same', a number of pixels on every side, or [before, after] for each axis of x
 * @param dataFormat default: 'NHWC'
 * @param dilations default: 1
 * @param dimRoundingMode how a size that is no whole number of strides is rounded; default: down
 */
export const conv2d = imagesConvolved('conv2d', spatial.conv2d);
/** Every channel convolved with filters of its own: [height, width, channels, multiplier]. Options as for `conv2d`. */
export const depthwiseConv2d = imagesConvolved('depthwiseConv2d', spatial.depthwiseConv2d);

/** The reverse of `conv2d`: images of `outputShape` whose convolution would have x's shape. */
export const conv2dTranspose = liftAlike(
  'conv2dTranspose',
  [...filtered, 'outputShape:shape', ...moved, rounding],
  (x: Value, filter: Value, outputShape: Shape, strides: PerAxis, pad: Pad, dimRoundingMode?: Rounding) => {
    requireRank('Error in conv2dTranspose: input must be rank 4, or 3 for one of a batch', x, 3, 4);
    requireFilter('conv2dTranspose', filter, 4, 3, x.shape[x.rank - 1]);
    requireWindow('conv2dTranspose', x, { strides, pad, dimRoundingMode });
    requireAxes('conv2dTranspose', outputShape, x);
    return spatial.conv2dTranspose(x, filter, outputShape, strides, pad, dimRoundingMode);
  },
);

/** A depthwise convolution, then one of single pixels: filters [1, 1, channels·multiplier, outputs]. */
export const separableConv2d = liftAlike(
  'separableConv2d',
  [
    'x:float32',
    'depthwiseFilter:float32',
    'pointwiseFilter:float32',
    ...moved,
    'dilation?:perAxis',
    'dataFormat?:NHWC|NCHW',
  ],
  (
    x: Value,
    depthwiseFilter: Value,
    pointwiseFilter: Value,
    strides: PerAxis,
    pad: Pad,
    dilation: PerAxis = 1,
    dataFormat: Format = 'NHWC',
  ) => {
    const where = 'Error in separableConv2d:';
    if (dataFormat === 'NCHW') {
      throw x.graph.error(
        'separableConv2d currently does not support dataFormat NCHW; only NHWC is supported.',
      );
    }
    requireRank(`${where} input must be rank 4, or 3 for one of a batch`, x, 3, 4);
    requireRank(`${where} depthwise filter must be rank 4`, depthwiseFilter, 4);
    requireRank(`${where} pointwise filter must be rank 4`, pointwiseFilter, 4);
    const [, , channels, multiplier] = depthwiseFilter.shape;
    for (const [axis, size] of [1, 1, channels * multiplier].entries()) {
      if (pointwiseFilter.shape[axis] === size) continue;
      throw x.graph.error(
        `${where} dimension ${axis} of pointwise filter must be ${size}, but got ${pointwiseFilter.shape[axis]}.`,
      );
    }
    return spatial.separableConv2d(x, depthwiseFilter, pointwiseFilter, strides, pad, dilation, dataFormat);
  },
);

/** Volumes [batch, depth, height, width, channels] convolved with filters [depth, height, width, channels, outputs]. */
export const conv3d = liftAlike(
  'conv3d',
  [...filtered, ...moved, 'dataFormat?:NDHWC|NCDHW', 'dilations?:perAxis'],
  (
    x: Value,
    filter: Value,
    strides: PerAxis,
    pad: Pad,
    dataFormat: 'NDHWC' | 'NCDHW' = 'NDHWC',
    dilations: PerAxis = 1,
  ) => {
    requireWindow('conv3d', x, { strides, dilations });
    return volumes.conv3d(x, filter, strides, pad, dataFormat, dilations);
  },
);

/** The reverse of `conv3d`: volumes of `outputShape` whose convolution would have x's shape. */
export const conv3dTranspose = liftAlike(
  'conv3dTranspose',
  [...filtered, 'outputShape:shape', ...moved],
  (x: Value, filter: Value, outputShape: Shape, strides: PerAxis, pad: Pad) => {
    requireAxes('conv3dTranspose', outputShape, x);
    return volumes.conv3dTranspose(x, filter, outputShape, strides, pad);
  },
);

/** Grey dilation: the largest of pixels plus filters [height, width, channels] that each window sees. */
export const dilation2d = liftAlike(
  'dilation2d',
  ['x', 'filter', ...moved, 'dilations?:perAxis', 'dataFormat?:text'],
  (
    x: Value,
    filter: Value,
    strides: PerAxis,
    pad: Pad,
    dilations: PerAxis = 1,
    dataFormat: 'NHWC' = 'NHWC',
  ) => {
    if (dataFormat !== 'NHWC') {
      throw x.graph.error(
        `dilation2d: Only NHWC is currently supported, but got dataFormat of ${dataFormat}.`,
      );
    }
    return taps.dilation2d(x, filter, strides, pad, dilations);
  },
);
