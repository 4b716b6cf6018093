// Convolutions and pools of one and two dimensions as TensorFlow.js calls them: conv1d, conv2d, conv2dTranspose,
// depthwiseConv2d, separableConv2d, maxPool, avgPool, pool. What is computed is in convolution.ts and window-folds.ts.

import type { Value } from '../graph.ts';
import { formatShape, type Shape } from '../shape.ts';
import { conv2dInputGradient, conv2d as convolve } from './convolution.ts';
import { transpose } from './movement.ts';
import { reshape } from './sources.ts';
import { outputSize, reachOf, samePadding, type Window } from './window.ts';
import { averagePool2d, depthwiseConv2d as convolveDepthwise, maxPool2d } from './window-folds.ts';

/**
 * What surrounds an image: nothing; so much that the output has ⌈size / stride⌉ elements, the odd one at the end; so many
 * on every side; or `[before, after]` for every axis of x.
 */
export type Pad = 'valid' | 'same' | number | readonly (readonly [number, number])[];

/** How a size that is no whole number of strides is rounded: down by default. */
export type Rounding = 'floor' | 'round' | 'ceil';

/** One number for all axes, or one for each. */
export type PerAxis = number | readonly number[];

/** A window over any number of axes. */
export interface Placement {
  readonly strides: readonly number[];
  readonly dilation: readonly number[];
  /** `[before, after]` for each axis. */
  readonly padding: readonly (readonly [number, number])[];
}

export const perAxis = (value: PerAxis, rank: number): readonly number[] =>
  typeof value === 'number' ? new Array<number>(rank).fill(value) : value;

/**
 * Where a window goes over axes of the given sizes.
 * @throws LanegradError for windows, strides, dilations or a padding that there are not.
 */
export function place(
  name: string,
  { graph }: Value,
  sizes: readonly number[],
  kernel: readonly number[],
  { strides, dilations = 1, pad, rounding = 'floor' }: WindowArguments,
): Placement {
  const [steps, dilation] = [strides, dilations].map((value) => perAxis(value, sizes.length));
  if (!sizes.every((_, axis) => [kernel, steps, dilation].every((numbers) => isStep(numbers[axis])))) {
    throw graph.error(
      `${name}: windows, strides and dilations are positive integers, one for each of ${sizes.length} axes; ` +
        `got ${formatShape(kernel.slice(0, sizes.length))}, ${formatShape(steps)} and ${formatShape(dilation)}.`,
    );
  }
  const padding = sizes.map((size, axis): readonly [number, number] => {
    const reach = reachOf(kernel[axis], dilation[axis]);
    if (pad === 'valid') return [0, 0];
    if (pad === 'same') return samePadding(size, reach, steps[axis]);
    if (typeof pad === 'number' && isMargin(pad)) {
      return roundedUp([pad, pad], size, reach, steps[axis], rounding);
    }
    if (Array.isArray(pad) && pad.length === sizes.length + 2 && isPair(pad[axis + 1])) {
      return roundedUp(pad[axis + 1], size, reach, steps[axis], rounding);
    }
    throw graph.error(
      `${name}: pad must be 'valid', 'same', a number, or [before, after] for every axis; got ${JSON.stringify(pad)}.`,
    );
  });
  return { strides: steps, dilation, padding };
}

/** What is larger is no window's, and no padding's. */
const most = 2 ** 24;
const isMargin = (size: unknown) =>
  Number.isInteger(size) && (size as number) >= 0 && (size as number) < most;
const isStep = (size: unknown) => isMargin(size) && size !== 0;
const isPair = (pair: unknown) => Array.isArray(pair) && pair.length === 2 && pair.every(isMargin);

/** Padding of an axis with as much more behind it as another output needs, where the rounding asks for that. */
function roundedUp(
  [before, after]: readonly [number, number],
  size: number,
  reach: number,
  step: number,
  rounding: Rounding,
): readonly [number, number] {
  const outputs = Math[rounding]((size - reach + before + after) / step) + 1;
  return paddedFor(outputs, [before, after], size, reach, step);
}

/** Padding of an axis with so much more behind it that a window fits `outputs` times. */
function paddedFor(
  outputs: number,
  [before, after]: readonly [number, number],
  size: number,
  reach: number,
  step: number,
): readonly [number, number] {
  const missing = (outputs - 1) * step + reach - size - before - after;
  return [before, after + Math.max(missing, 0)];
}

/** What TensorFlow.js's functions of windows take. */
interface WindowArguments {
  readonly strides: PerAxis;
  readonly dilations?: PerAxis;
  readonly pad: Pad;
  readonly rounding?: Rounding;
}

/** A placement's window over two axes, the first two unless it is told which, as the ops have it. */
export const windowOf = ({ strides, dilation, padding }: Placement, axis = 0): Window => ({
  strides: [strides[axis], strides[axis + 1]],
  dilation: [dilation[axis], dilation[axis + 1]],
  padding: [...padding[axis], ...padding[axis + 1]],
});

const windowOver = (name: string, x: Value, kernel: readonly number[], args: WindowArguments): Window =>
  windowOf(place(name, x, x.shape.slice(1, 3), kernel, args));

/** Applies `compute` to a batch of `rank` axes, or to one without the batch's axis. */
export function asBatch(name: string, x: Value, rank: number, compute: (batch: Value) => Value): Value {
  if (x.rank === rank) return compute(x);
  if (x.rank !== rank - 1) {
    throw x.graph.error(
      `${name}: takes ${rank} axes, or ${rank - 1} for one of a batch; got ${formatShape(x.shape)}.`,
    );
  }
  const y = compute(reshape(x, [1, ...x.shape]));
  return reshape(y, y.shape.slice(1));
}

/** Applies `compute` to values whose channels are last, wherever x's are. */
export function channelsLast(x: Value, isFirst: boolean, compute: (x: Value) => Value): Value {
  if (!isFirst) return compute(x);
  const axes = x.shape.map((_, axis) => axis);
  const y = compute(transpose(x, [0, ...axes.slice(2), 1]));
  return transpose(y, [0, axes.length - 1, ...axes.slice(1, -1)]);
}

/** An explicit padding of x with channels first, for x with channels last. */
export const padLast = (pad: Pad, isFirst: boolean): Pad =>
  isFirst && typeof pad === 'object' ? [pad[0], ...pad.slice(2), pad[1]] : pad;

type Convolve = (images: Value, filter: Value, window: Window) => Value;

/** A convolution of images that takes arguments as TensorFlow.js does. */
// @__NO_SIDE_EFFECTS__
const convolutionBy =
  (name: string, compute: Convolve) =>
  (
    x: Value,
    filter: Value,
    strides: PerAxis,
    pad: Pad,
    dataFormat: 'NHWC' | 'NCHW' = 'NHWC',
    dilations: PerAxis = 1,
    rounding?: Rounding,
  ): Value =>
    asBatch(name, x, 4, (batch) =>
      channelsLast(batch, dataFormat === 'NCHW', (images) => {
        const args = { strides, dilations, pad: padLast(pad, dataFormat === 'NCHW'), rounding };
        return compute(images, filter, windowOver(name, images, filter.shape, args));
      }),
    );

/** Images [batch, height, width, channels] convolved with filters [height, width, channels / groups, outputs]. */
export const conv2d = /* @__PURE__ */ convolutionBy('conv2d', convolve);

/** Rows [batch, length, channels] convolved with filters [length, channels, outputs]. */
export const conv1d = (
  x: Value,
  filter: Value,
  stride: number,
  pad: Pad,
  dataFormat: 'NWC' | 'NCW' = 'NWC',
  dilation = 1,
  rounding?: Rounding,
): Value =>
  asBatch('conv1d', x, 3, (batch) =>
    channelsLast(batch, dataFormat === 'NCW', (rows) => {
      const [count, length, channels] = rows.shape;
      const images = reshape(rows, [count, 1, length, channels]);
      const own = padLast(pad, dataFormat === 'NCW');
      const flat = typeof own === 'object' ? [own[0], [0, 0] as const, ...own.slice(1)] : own;
      const sides = typeof flat === 'number' ? explicit([0, 0], [flat, flat]) : flat;
      const y = conv2d(
        images,
        reshape(filter, [1, ...filter.shape]),
        [1, stride],
        sides,
        'NHWC',
        [1, dilation],
        rounding,
      );
      return reshape(y, [count, y.shape[2], y.shape[3]]);
    }),
  );

const explicit = (...axes: readonly (readonly [number, number])[]): Pad => [[0, 0], ...axes, [0, 0]];

/**
 * Where the windows of a transposed convolution went. They may reach beyond what it makes, and what they have there is
 * left out, as TensorFlow.js does: so much more padding is behind an axis.
 * @param shape of the result, with the batch's axis as x's
 * @throws LanegradError where x is no convolution of such a result.
 */
export function placeBack(
  name: string,
  x: Value,
  shape: Shape,
  filter: Value,
  args: WindowArguments,
): Placement {
  const sizes = shape.slice(1, -1);
  const placement = place(name, x, sizes, filter.shape, args);
  const reach = sizes.map((_, axis) => reachOf(filter.shape[axis], placement.dilation[axis]));
  const outputs = sizes.map((size, axis) => {
    const [before, after] = placement.padding[axis];
    return Math.max(outputSize(before + size + after, reach[axis], placement.strides[axis]), 0);
  });
  const fits = outputs.every((count, axis) => count <= x.shape[axis + 1]);
  if (!fits || shape[0] !== x.shape[0] || shape.at(-1) !== filter.shape.at(-2)) {
    throw x.graph.error(
      `${name}: outputShape ${formatShape(shape)} does not fit: filters ${formatShape(filter.shape)} make ` +
        `${filter.shape.at(-2)} channels, and of ${formatShape(sizes)} a convolution leaves ${formatShape(outputs)}; ` +
        `x has the shape ${formatShape(x.shape)}.`,
    );
  }
  const padding = placement.padding.map((sides, axis) =>
    paddedFor(x.shape[axis + 1], sides, sizes[axis], reach[axis], placement.strides[axis]),
  );
  return { ...placement, padding };
}

/**
 * The reverse of a convolution: images [batch, height, width, inputs] with filters [height, width, outputs, inputs] make
 * images of `outputShape`, [batch, height, width, outputs], whose convolution would have x's shape.
 */
export const conv2dTranspose = (
  x: Value,
  filter: Value,
  outputShape: Shape,
  strides: PerAxis,
  pad: Pad,
  rounding?: Rounding,
): Value =>
  asBatch('conv2dTranspose', x, 4, (images) => {
    const shape = outputShape.length === 3 ? [1, ...outputShape] : outputShape;
    const placement = placeBack('conv2dTranspose', images, shape, filter, { strides, pad, rounding });
    return conv2dInputGradient(images, filter, shape, { ...windowOf(placement), groups: 1 });
  });

/** Every channel convolved with filters of its own: [height, width, channels, multiplier]. */
export const depthwiseConv2d = /* @__PURE__ */ convolutionBy('depthwiseConv2d', convolveDepthwise);

/** A depthwise convolution, then one of single pixels: filters [1, 1, channels·multiplier, outputs]. */
export const separableConv2d = (
  x: Value,
  depthwiseFilter: Value,
  pointwiseFilter: Value,
  strides: PerAxis,
  pad: Pad,
  dilation: PerAxis = 1,
  dataFormat: 'NHWC' | 'NCHW' = 'NHWC',
): Value =>
  conv2d(
    depthwiseConv2d(x, depthwiseFilter, strides, pad, dataFormat, dilation),
    pointwiseFilter,
    1,
    'valid',
    dataFormat,
  );

/** The largest ('max') or the mean ('avg') of what each window over images sees; padding is not counted. */
export const pool = (
  x: Value,
  windowShape: PerAxis,
  poolingType: 'max' | 'avg',
  pad: Pad,
  dilations: PerAxis = 1,
  strides: PerAxis = 1,
  rounding?: Rounding,
): Value =>
  asBatch('pool', x, 4, (images) => {
    const [height, width] = perAxis(windowShape, 2);
    const window = windowOver('pool', images, [height, width], { strides, dilations, pad, rounding });
    const attrs = { ...window, size: [height, width] as const };
    return poolingType === 'max' ? maxPool2d(images, attrs) : averagePool2d(images, attrs);
  });

/** The largest pixel of each window, channel by channel. */
export const maxPool = (
  x: Value,
  filterSize: PerAxis,
  strides: PerAxis,
  pad: Pad,
  rounding?: Rounding,
): Value => pool(x, filterSize, 'max', pad, 1, strides, rounding);

/** The mean of the pixels that each window sees, channel by channel; padding is not counted. */
export const avgPool = (
  x: Value,
  filterSize: PerAxis,
  strides: PerAxis,
  pad: Pad,
  rounding?: Rounding,
): Value => pool(x, filterSize, 'avg', pad, 1, strides, rounding);
