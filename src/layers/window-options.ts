// Options of layers that move a window over rows or images, as TensorFlow.js has them, and the images they
// mean: rows [batch, length, channels] are images of height 1.

import type { Value } from '../graph/graph.ts';
import { transpose } from '../graph/ops/movement.ts';
import { reshape } from '../graph/ops/sources.ts';
import { reachOf, samePadding, type Window } from '../graph/ops/window.ts';
import { formatShape } from '../graph/shape.ts';
import { oneOf, positiveInteger } from '../options/kinds.ts';
import { describe, type Kind, optional } from '../options/option.ts';
import type { Layer } from './base/layer.ts';
import { layerOptions } from './base/layer-options.ts';
import type { ModelShape } from './base/symbolic.ts';

/** How many axes a window on rows or images moves along. */
export type WindowRank = 1 | 2;
/** The same, of windows on volumes too. */
export type AnyRank = WindowRank | 3;
type Pair = readonly [height: number, width: number];
type Triple = readonly [depth: number, height: number, width: number];

/** Where an array's channels are. */
export const dataFormat = /* @__PURE__ */ oneOf('channelsLast', 'channelsFirst');
export type DataFormat = 'channelsLast' | 'channelsFirst';

/** Options of layers that see channels. */
export const imageOptions = /* @__PURE__ */ describe(layerOptions, {
  /** Where the channels are: 'channelsLast', the default, or 'channelsFirst'. */
  dataFormat: optional(dataFormat, 'channelsLast'),
});

/** Padding of images. */
export const padding = /* @__PURE__ */ oneOf('valid', 'same');
/** Padding of rows. */
export const rowPadding = /* @__PURE__ */ oneOf('valid', 'same', 'causal');
export type Padding = 'valid' | 'same' | 'causal';

/** One positive integer for all axes, or one for each; of rows, which are images of height 1, [1, value]. */
// @__NO_SIDE_EFFECTS__
function perAxis<Sizes extends Pair | Triple>(rank: AnyRank): Kind<number | readonly number[], Sizes> {
  return {
    expected: `a positive integer${['', ', or two of them', ', or three of them'][rank - 1]}`,
    read(given) {
      const list: readonly unknown[] = Array.isArray(given) ? given : new Array(rank).fill(given);
      if (list.length !== rank || !list.every((size) => positiveInteger.read(size))) return undefined;
      return (rank === 1 ? [1, ...list] : list) as unknown as Sizes;
    },
    save: (sizes) => sizes.slice(-rank),
  };
}

/** Sizes along the axis of rows. */
export const perRow = /* @__PURE__ */ perAxis<Pair>(1);
/** Sizes along the axes of images. */
export const perImage = /* @__PURE__ */ perAxis<Pair>(2);
/** Sizes along the axes of volumes. */
export const perVolume = /* @__PURE__ */ perAxis<Triple>(3);

/** @throws LanegradError where a window has strides and gaps at once. */
export function checkWindow(
  layer: Layer,
  { strides, dilationRate }: Readonly<Record<'strides' | 'dilationRate', readonly number[]>>,
  rank: AnyRank,
): void {
  if (Math.max(...strides) === 1 || Math.max(...dilationRate) === 1) return;
  const [step, gap] = [strides, dilationRate].map((sizes) => formatShape(sizes.slice(-rank)));
  throw layer.error(`strides and dilationRate cannot both be more than 1; got ${step} and ${gap}.`);
}

/** Zeros around an image for a padding's name. */
export function paddingOf(
  mode: Padding,
  image: readonly number[],
  kernel: Pair,
  strides: Pair,
  dilation: Pair = [1, 1],
): Window['padding'] {
  const [top, bottom, left, right] = [0, 1].flatMap((axis) => {
    const reach = reachOf(kernel[axis], dilation[axis]);
    if (mode === 'causal') return [reach - 1, 0];
    return mode === 'same' ? samePadding(image[axis], reach, strides[axis]) : [0, 0];
  });
  return [top, bottom, left, right];
}

/** The number of channels of a layer's input. @throws LanegradError unless it is known and the rank is right. */
export function channelsOf(
  layer: Layer,
  shape: ModelShape,
  rank: AnyRank,
  format: DataFormat = 'channelsLast',
): number {
  checkRank(layer, shape, rank, format);
  const channels = shape[format === 'channelsLast' ? rank + 1 : 1];
  if (channels !== null) return channels;
  throw layer.error(`${misfit(shape, rank, format)} The channel dimension of the inputs should be defined.`);
}

/** @throws LanegradError unless a layer's input has a batch, `rank` axes and channels, which may all be open. */
export function checkRank(
  layer: Layer,
  shape: ModelShape,
  rank: AnyRank,
  format: DataFormat = 'channelsLast',
): void {
  if (shape.length === rank + 2) return;
  throw layer.error(
    `${misfit(shape, rank, format)} ` +
      `Inputs to ${layer.className} should have rank ${rank + 2}. Received input shape ${formatShape(shape)}.`,
  );
}

function misfit(shape: ModelShape, rank: AnyRank, format: DataFormat): string {
  const sizes = rank === 1 ? ['length'] : ['depth', 'height', 'width'].slice(-rank);
  const wanted = format === 'channelsLast' ? [...sizes, 'channels'] : ['channels', ...sizes];
  return `takes input with known channels, [null,${wanted.join(',')}]; got ${formatShape(shape)}.`;
}

/** Images or rows with their channels last. */
export function withChannelsLast(x: Value, format: DataFormat): Value {
  if (format === 'channelsLast') return x;
  const [batch, channels, ...others] = x.shape.map((_, axis) => axis);
  return transpose(x, [batch, ...others, channels]);
}

/** The reverse of `withChannelsLast`. */
export function fromChannelsLast(y: Value, format: DataFormat): Value {
  if (format === 'channelsLast') return y;
  const last = y.rank - 1;
  return transpose(
    y,
    y.shape.map((_, axis) => (axis === 0 ? 0 : axis === 1 ? last : axis - 1)),
  );
}

/** Rows [batch, length, channels] as images of height 1; images as they are. */
export const asImages = (x: Value): Value =>
  x.rank === 3 ? reshape(x, [x.shape[0], 1, x.shape[1], x.shape[2]]) : x;

/** The reverse of `asImages`. */
export const fromImages = (y: Value, rank: WindowRank): Value =>
  rank === 1 ? reshape(y, [y.shape[0], y.shape[2], y.shape[3]]) : y;
