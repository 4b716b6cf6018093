// Convolutions and pools of three dimensions, over volumes [batch, depth, height, width, channels]: conv3d,
// conv3dTranspose, maxPool3d, avgPool3d. They are made of the ops on images, applied to frames: the slices at one depth.

import type { Value } from '../graph.ts';
import { formatShape, type Shape } from '../shape.ts';
import { asFloat } from './conversion.ts';
import { conv2d, conv2dInputGradient } from './convolution.ts';
import { add, maximum, mul } from './elementwise.ts';
import { concat, pad as padWith, slice, transpose } from './movement.ts';
import { constant, reshape } from './sources.ts';
import {
  asBatch,
  channelsLast,
  type Pad,
  type PerAxis,
  type Placement,
  padLast,
  perAxis,
  place,
  placeBack,
  type Rounding,
  windowOf,
} from './spatial.ts';
import { spread, strided } from './strides.ts';
import { outputSize, reachOf, type Window } from './window.ts';
import { averagePool2d, maxPool2d } from './window-folds.ts';

const around = (axis: number, rank: number, padding: readonly [number, number]) =>
  Array.from({ length: rank }, (_, i) => (i === axis ? padding : ([0, 0] as const)));

/** For each depth of the kernel, the frames that it meets: [batch, outputs, height, width, channels]. */
function framesOf(
  x: Value,
  kernelDepth: number,
  { strides, dilation, padding }: Placement,
  outside: number,
): Value[] {
  const whole = padWith(asFloat(x), around(1, 5, padding[0]), outside);
  const outputs = outputSize(whole.shape[1], reachOf(kernelDepth, dilation[0]), strides[0]);
  if (outputs < 1) {
    throw x.graph.error(
      `a window of depth ${kernelDepth} does not fit into ${formatShape(whole.shape.slice(1, 4))}.`,
    );
  }
  return Array.from({ length: kernelDepth }, (_, tap) =>
    strided(
      whole,
      [0, tap * dilation[0], 0, 0, 0],
      [1, strides[0], 1, 1, 1],
      [x.shape[0], outputs, ...x.shape.slice(2)],
    ),
  );
}

/** Frames of all volumes as one batch of images. */
const asImages = (frames: Value): Value =>
  reshape(frames, [frames.shape[0] * frames.shape[1], ...frames.shape.slice(2)]);

/** Images as frames of volumes, as many as `frames` were. */
const asVolumes = (images: Value, { shape: [batch, outputs] }: Value): Value =>
  reshape(images, [batch, outputs, ...images.shape.slice(1)]);

/** The window over a volume's height and width. */
const frameWindow = (placement: Placement): Window => windowOf(placement, 1);

/** Filters [depth, height, width, channels, outputs] as filters of images whose channels are the channels of all depths. */
function flatFilters(filter: Value): Value {
  const [depth, height, width, channels, outputs] = filter.shape;
  return reshape(transpose(filter, [1, 2, 0, 3, 4]), [height, width, depth * channels, outputs]);
}

function checkFilter(name: string, filter: Value, channels: number, axis: 3 | 4): void {
  if (filter.rank === 5 && filter.shape[axis] === channels) return;
  throw filter.graph.error(
    `${name}: filters ${formatShape(filter.shape)} do not fit ${channels} channels, which must be their axis ${axis} of 5.`,
  );
}

/** Volumes convolved with filters [depth, height, width, channels, outputs]. */
export const conv3d = (
  x: Value,
  filter: Value,
  strides: PerAxis,
  pad: Pad,
  dataFormat: 'NDHWC' | 'NCDHW' = 'NDHWC',
  dilations: PerAxis = 1,
): Value =>
  asBatch('conv3d', x, 5, (batch) =>
    channelsLast(batch, dataFormat === 'NCDHW', (volumes) => {
      checkFilter('conv3d', filter, volumes.shape[4], 3);
      const args = { strides, dilations, pad: padLast(pad, dataFormat === 'NCDHW') };
      const placement = place('conv3d', x, volumes.shape.slice(1, 4), filter.shape, args);
      const frames = concat(framesOf(volumes, filter.shape[0], placement, 0), 4);
      return asVolumes(conv2d(asImages(frames), flatFilters(filter), frameWindow(placement)), frames);
    }),
  );

/**
 * The reverse of `conv3d`: volumes [..., inputs] with filters [depth, height, width, outputs, inputs] make volumes of
 * `outputShape`, whose convolution would have x's shape.
 */
export const conv3dTranspose = (
  x: Value,
  filter: Value,
  outputShape: Shape,
  strides: PerAxis,
  pad: Pad,
): Value =>
  asBatch('conv3dTranspose', x, 5, (volumes) => {
    checkFilter('conv3dTranspose', filter, volumes.shape[4], 4);
    const result = outputShape.length === 4 ? [1, ...outputShape] : outputShape;
    const [batch, depth, height, width, channels] = result;
    const placement = placeBack('conv3dTranspose', volumes, result, filter, { strides, pad });
    const taps = filter.shape[0];
    const shape = [batch * volumes.shape[1], height, width, taps * channels];
    const images = conv2dInputGradient(asImages(asFloat(volumes)), flatFilters(filter), shape, {
      ...frameWindow(placement),
      groups: 1,
    });
    const frames = reshape(images, [batch, volumes.shape[1], height, width, taps, channels]);
    const [before, after] = placement.padding[0];
    const whole = [batch, depth + before + after, height, width, channels];
    const parts = Array.from({ length: taps }, (_, tap) => {
      const part = slice(frames, [0, 0, 0, 0, tap, 0], [-1, -1, -1, -1, 1, -1]);
      const own = reshape(part, [batch, volumes.shape[1], height, width, channels]);
      const begin = [0, tap * placement.dilation[0], 0, 0, 0];
      return spread(own, begin, [1, placement.strides[0], 1, 1, 1], whole);
    });
    const sum = parts.reduce((a, b) => add(a, b));
    return slice(sum, [0, before, 0, 0, 0], result);
  });

type Pool3d = (
  x: Value,
  filterSize: PerAxis,
  strides: PerAxis,
  pad: Pad,
  rounding?: Rounding,
  dataFormat?: 'NDHWC' | 'NCDHW',
) => Value;

const pool3d =
  (name: string, fold: (volumes: Value, size: readonly number[], placement: Placement) => Value): Pool3d =>
  (x, filterSize, strides, pad, rounding, dataFormat = 'NDHWC') =>
    asBatch(name, x, 5, (batch) =>
      channelsLast(batch, dataFormat === 'NCDHW', (volumes) => {
        const size = perAxis(filterSize, 3);
        const args = { strides, pad: padLast(pad, dataFormat === 'NCDHW'), rounding };
        return fold(volumes, size, place(name, x, volumes.shape.slice(1, 4), size, args));
      }),
    );

const poolOf = (size: readonly number[], placement: Placement) => ({
  ...frameWindow(placement),
  size: [size[1], size[2]] as const,
});

/** The largest element of each window, channel by channel. */
export const maxPool3d = pool3d('maxPool3d', (volumes, size, placement) =>
  framesOf(volumes, size[0], placement, Number.NEGATIVE_INFINITY)
    .map((frames) => asVolumes(maxPool2d(asImages(frames), poolOf(size, placement)), frames))
    .reduce((a, b) => maximum(a, b)),
);

/** The mean of the elements that each window sees, channel by channel; padding is not counted, and the mean of none is 0. */
export const avgPool3d = pool3d('avgPool3d', (volumes, size, placement) => {
  const sum = framesOf(volumes, size[0], placement, 0).reduce((a, b) => add(a, b));
  const mean = asVolumes(averagePool2d(asImages(sum), poolOf(size, placement)), sum);
  const depth = volumes.shape[1];
  const shares = Array.from({ length: mean.shape[1] }, (_, output) => {
    const first = output * placement.strides[0] - placement.padding[0][0];
    return 1 / Math.max(Math.min(first + size[0], depth) - Math.max(first, 0), 1);
  });
  return mul(mean, constant(volumes.graph, shares, [shares.length, 1, 1, 1]));
});
