// Pools: the largest or the mean of what windows see.

import type { Value } from '../graph/graph.ts';
import { ofItsType } from '../graph/ops/conversion.ts';
import * as spatial from '../graph/ops/spatial.ts';
import * as taps from '../graph/ops/taps.ts';
import * as volumes from '../graph/ops/volumes.ts';
import { requireRank } from './arguments.ts';
import { lift, liftAlike } from './lift.ts';
import { moved, type Pad, type PerAxis, type Rounding, requireWindow, rounding } from './windows.ts';

const windows = ['filterSize:perAxis', ...moved];

// @__NO_SIDE_EFFECTS__
function imagesPooled(name: string, argument: string, fold: typeof spatial.maxPool) {
  return liftAlike(
    name,
    [argument, ...windows, rounding],
    (x: Value, filterSize: PerAxis, strides: PerAxis, pad: Pad, dimRoundingMode?: Rounding) => {
      requireRank(`Error in ${name}: x must be rank 4, or 3 for one of a batch`, x, 3, 4);
      requireWindow(name, x, { strides, pad, dimRoundingMode });
      return ofItsType(x, fold(x, filterSize, strides, pad, dimRoundingMode));
    },
  );
}

// @__NO_SIDE_EFFECTS__
function volumesPooled(name: string, argument: string, fold: typeof volumes.maxPool3d) {
  return liftAlike(
    name,
    [argument, ...windows, rounding, 'dataFormat?:NDHWC|NCDHW'],
    (
      x: Value,
      filterSize: PerAxis,
      strides: PerAxis,
      pad: Pad,
      dimRoundingMode?: Rounding,
      dataFormat: 'NDHWC' | 'NCDHW' = 'NDHWC',
    ) => {
      requireRank(`Error in ${name}: x must be rank 5, or 4 for one of a batch`, x, 4, 5);
      requireWindow(name, x, { strides, pad, dimRoundingMode });
      return ofItsType(x, fold(x, filterSize, strides, pad, dimRoundingMode, dataFormat));
    },
  );
}

/**
 * The mean of the pixels that each window over images [batch, height, width, channels], or one of a batch, sees, channel
 * by channel; padding is not counted. Options as for `conv2d`.
 */
export const avgPool = imagesPooled('avgPool', 'x:float32', spatial.avgPool);
/** The same over volumes [batch, depth, height, width, channels]. */
export const avgPool3d = volumesPooled('avgPool3d', 'x:float32', volumes.avgPool3d);
/** The largest pixel that each window over images sees, channel by channel. Options as for `conv2d`. */
export const maxPool = imagesPooled('maxPool', 'x', spatial.maxPool);
/** The same over volumes [batch, depth, height, width, channels]. */
export const maxPool3d = volumesPooled('maxPool3d', 'x', volumes.maxPool3d);

/** The largest pixel of each window, and where it is: its place in the flat image, or in the whole batch. */
export const maxPoolWithArgmax = lift(
  'maxPoolWithArgmax',
  ['x', ...windows, 'includeBatchInIndex?:flag'],
  taps.maxPoolWithArgmax,
);

/** `maxPool` or `avgPool`, as `poolingType` says; windows may have holes. Strides and dilations are 1 by default. */
export const pool = liftAlike(
  'pool',
  [
    'x',
    'windowShape:perAxis',
    'poolingType:max|avg',
    'pad:pad',
    'dilations?:perAxis',
    'strides?:perAxis',
    rounding,
  ],
  (
    x: Value,
    windowShape: PerAxis,
    poolingType: 'max' | 'avg',
    pad: Pad,
    dilations?: PerAxis,
    strides?: PerAxis,
    dimRoundingMode?: Rounding,
  ) => {
    requireWindow('pool', x, { strides, dilations, pad, dimRoundingMode });
    return spatial.pool(x, windowShape, poolingType, pad, dilations, strides, dimRoundingMode);
  },
);
