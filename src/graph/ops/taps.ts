// Folds over the taps of a window that have no kernel of their own: maxPoolWithArgmax, dilation2d.

import type { Value } from '../graph.ts';
import { formatShape } from '../shape.ts';
import { asFloat, integerConstant, ofItsType, wholeNumbers } from './conversion.ts';
import { add, greater, maximum, select } from './elementwise.ts';
import { pad as padWith, slice } from './movement.ts';
import { reshape } from './sources.ts';
import { asBatch, type Pad, type PerAxis, type Placement, perAxis, place, windowOf } from './spatial.ts';
import { strided } from './strides.ts';
import { checkImages, windowOutput } from './window.ts';

/** What one tap of a window meets: for each output the pixel, −∞ outside of the image. */
interface Tap {
  readonly row: number;
  readonly column: number;
  readonly pixels: Value;
}

/** The taps of a window over images, row by row. @throws LanegradError where the window does not fit. */
function tapsOf(name: string, images: Value, kernel: readonly number[], placement: Placement): Tap[] {
  const { strides, dilation, padding } = placement;
  const [height, width] = kernel;
  const [batch, , , channels] = images.shape;
  const outputs = windowOutput(name, images, kernel, windowOf(placement));
  const whole = padWith(asFloat(images), [[0, 0], padding[0], padding[1], [0, 0]], Number.NEGATIVE_INFINITY);
  return Array.from({ length: height * width }, (_, tap) => {
    const [row, column] = [Math.floor(tap / width), tap % width];
    const begin = [0, row * dilation[0], column * dilation[1], 0];
    const shape = [batch, ...outputs, channels];
    return { row, column, pixels: strided(whole, begin, [1, strides[0], strides[1], 1], shape) };
  });
}

/**
 * The largest pixel of each window over images [batch, height, width, channels], and where it is: its place in the flat
 * image, or in the whole batch where `includeBatchInIndex`; the first of equals.
 */
export function maxPoolWithArgmax(
  x: Value,
  filterSize: PerAxis,
  strides: PerAxis,
  pad: Pad,
  includeBatchInIndex = false,
): { result: Value; indexes: Value } {
  checkImages('maxPoolWithArgmax', x);
  const size = perAxis(filterSize, 2);
  const [batch, height, width, channels] = x.shape;
  const placement = place('maxPoolWithArgmax', x, [height, width], size, { strides, pad });
  const taps = tapsOf('maxPoolWithArgmax', x, size, placement);
  const [, rows, columns] = taps[0].pixels.shape;
  const steps = (shape: readonly number[], step: number) =>
    wholeNumbers('maxPoolWithArgmax', x.graph, shape, 'int32', step);
  // The flat places of the pixels from which windows begin without padding.
  const begins = [
    steps([batch, 1, 1, 1], includeBatchInIndex ? height * width * channels : 0),
    steps([rows, 1, 1], placement.strides[0] * width * channels),
    steps([columns, 1], placement.strides[1] * channels),
    steps([channels], 1),
  ].reduce((a, b) => add(a, b));
  const [top, left] = placement.padding.map(([before]) => before);
  const found = taps.map(({ row, column, pixels }) => ({
    pixels,
    places: add(begins, integerConstant(x.graph, ((row - top) * width + column - left) * channels)),
  }));
  const { pixels, places } = found.reduce((best, next) => ({
    pixels: maximum(best.pixels, next.pixels),
    places: select(greater(next.pixels, best.pixels), next.places, best.places),
  }));
  return { result: ofItsType(x, pixels), indexes: places };
}

/** Grey dilation: the largest of pixels plus filters [height, width, channels] that each window over images sees. */
export const dilation2d = (
  x: Value,
  filter: Value,
  strides: PerAxis,
  pad: Pad,
  dilations: PerAxis = 1,
): Value =>
  asBatch('dilation2d', x, 4, (images) => {
    const [height, width, channels] = filter.shape;
    if (filter.rank !== 3 || channels !== images.shape[3]) {
      throw x.graph.error(
        `dilation2d: a filter ${formatShape(filter.shape)} does not fit images ${formatShape(images.shape)}; it is ` +
          '[height, width, channels].',
      );
    }
    const placement = place('dilation2d', x, images.shape.slice(1, 3), [height, width], {
      strides,
      pad,
      dilations,
    });
    const sums = tapsOf('dilation2d', images, [height, width], placement).map(({ row, column, pixels }) =>
      add(pixels, reshape(slice(asFloat(filter), [row, column, 0], [1, 1, channels]), [channels])),
    );
    return ofItsType(
      x,
      sums.reduce((a, b) => maximum(a, b)),
    );
  });
