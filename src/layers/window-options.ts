// Options of layers that move a window over rows or images, as TensorFlow.js has them, and the images they
// mean: rows [batch, length, channels] are images of height 1.

import type { Value } from '../graph/graph.ts';
import { reshape } from '../graph/ops/sources.ts';
import type { Window } from '../graph/ops/window.ts';
import { formatShape } from '../graph/shape.ts';
import type { Layer, LayerOptions } from './layer.ts';
import type { ModelShape } from './symbolic.ts';

/** How many axes the window moves along. */
export type WindowRank = 1 | 2;
type Pair = readonly [height: number, width: number];

export interface WindowOptions extends LayerOptions {
  /**
   * 'valid' by default: no padding. 'same': zeros around the input so that the output has ⌈size / stride⌉
   * elements, the odd one at the end. 'causal', for rows: zeros before the start only.
   */
  readonly padding?: 'valid' | 'same' | 'causal';
  /** 'channelsLast', the only one there is. */
  readonly dataFormat?: 'channelsLast';
}

/** One positive integer for all axes, or one for each; for images of height 1, [1, value]. */
export function perAxis(
  layer: Layer,
  option: string,
  value: number | readonly number[],
  rank: WindowRank,
): Pair {
  const list = typeof value === 'number' ? new Array<number>(rank).fill(value) : value;
  if (list?.length !== rank || !list.every((size) => Number.isInteger(size) && size > 0)) {
    const many = rank === 1 ? 'a positive integer' : 'a positive integer, or two of them';
    throw layer.error(
      `${option} must be ${many}; got ${typeof value === 'object' ? formatShape(value) : value}.`,
    );
  }
  return rank === 1 ? [1, list[0]] : [list[0], list[1]];
}

/** Checks the options that are words. */
export function checkWindowOptions(layer: Layer<WindowOptions>, rank: WindowRank): void {
  const { padding = 'valid', dataFormat } = layer.options;
  const modes = ['valid', 'same', ...(rank === 1 ? ['causal'] : [])];
  if (!modes.includes(padding)) {
    throw layer.error(`padding must be ${modes.map((mode) => `'${mode}'`).join(' or ')}; got '${padding}'.`);
  }
  checkDataFormat(layer, dataFormat);
}

export function checkDataFormat(layer: Layer, dataFormat = 'channelsLast'): void {
  if (['channelsLast', 'channels_last'].includes(dataFormat)) return;
  throw layer.error(`dataFormat must be 'channelsLast'; got '${dataFormat}'. Transpose the data instead.`);
}

/** Zeros around an image for a padding's name. */
export function paddingOf(
  mode: WindowOptions['padding'],
  image: readonly number[],
  kernel: Pair,
  strides: Pair,
  dilation: Pair = [1, 1],
): Window['padding'] {
  const [top, bottom, left, right] = [0, 1].flatMap((axis) => {
    const reach = (kernel[axis] - 1) * dilation[axis];
    if (mode === 'causal') return [reach, 0];
    if (mode !== 'same') return [0, 0];
    const outputs = Math.ceil(image[axis] / strides[axis]);
    const total = Math.max((outputs - 1) * strides[axis] + reach + 1 - image[axis], 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  });
  return [top, bottom, left, right];
}

/** The number of channels of a layer's input. @throws LanegradError unless all but the batch is known. */
export function channelsOf(layer: Layer, shape: ModelShape, rank: WindowRank): number {
  const sizes = shape.slice(1);
  if (sizes.length !== rank + 1 || sizes.includes(null)) {
    const wanted = rank === 1 ? '[null,length,channels]' : '[null,height,width,channels]';
    throw layer.error(`takes input of known size, ${wanted}; got ${formatShape(shape)}.`);
  }
  return sizes[rank] as number;
}

/** Rows [batch, length, channels] as images of height 1; images as they are. */
export const asImages = (x: Value): Value =>
  x.rank === 3 ? reshape(x, [x.shape[0], 1, x.shape[1], x.shape[2]]) : x;

/** The reverse of `asImages`. */
export const fromImages = (y: Value, rank: WindowRank): Value =>
  rank === 1 ? reshape(y, [y.shape[0], y.shape[2], y.shape[3]]) : y;
