// Pictures side by side: samples, or what a layer's weights look like.

import { LanegradError } from '../errors.ts';
import { extent } from './chart.ts';
import { diverging, gray, type Rgb } from './colors.ts';
import { type Numbers, read } from './numbers.ts';
import { dataAddress, png } from './png.ts';
import { element, label, type PlotOptions, picture } from './svg.ts';

export interface ImagesOptions extends PlotOptions {
  /** Pictures in a row. Default: 8 */
  readonly columns?: number;
  /** Pixels of the screen for one of a picture. Default: as many as make it 56 wide, at least 1 */
  readonly scale?: number;
  /**
   * 'gray' shows one channel from black to white, 'diverging' from negative, orange, to positive, blue, as weights are.
   * Default: 'gray'
   */
  readonly colors?: 'gray' | 'diverging';
  /** Values of the darkest and the lightest pixel. Default: the least and the largest of all pictures */
  readonly range?: readonly [number, number];
  /** A word below each. */
  readonly labels?: readonly string[];
}

const gap = 6;
const labelHeight = 16;

/**
 * Pictures [count, height, width], or with 1 or 3 channels at the end, in rows. Weights [784, 128] of a dense layer are
 * 128 pictures as `weights.transpose().reshape([128, 28, 28])`.
 * @throws LanegradError for another shape.
 */
export function images(pictures: Numbers, options: ImagesOptions = {}): string {
  const { shape, values } = read('plot.images', pictures);
  const [count, rows, columns, channels = 1] = shape;
  if (shape.length < 3 || shape.length > 4 || (channels !== 1 && channels !== 3)) {
    throw new LanegradError(
      `plot.images: expected [count, height, width] or that with 1 or 3 channels, got [${shape}].`,
    );
  }
  const { columns: inRow = Math.min(8, Math.max(1, count)), labels } = options;
  const { scale = Math.max(1, Math.round(56 / columns)) } = options;
  const colorOf = colorFor(options, values);
  const [wide, tall] = [columns * scale, rows * scale];
  const step = { x: wide + gap, y: tall + gap + (labels ? labelHeight : 0) };
  const drawn = Array.from({ length: count }, (_, i) => {
    const at = (column: number, row: number) => ((i * rows + row) * columns + column) * channels;
    const file = png(columns, rows, (column, row) => {
      const start = at(column, row);
      if (channels === 1) return colorOf(values[start]);
      return [0, 1, 2].map((channel) => colorOf(values[start + channel])[0]) as unknown as Rgb;
    });
    const [x, y] = [gap + (i % inRow) * step.x, gap + Math.floor(i / inRow) * step.y];
    const place = { x, y, width: wide, height: tall, style: 'image-rendering: pixelated' };
    const image = element('image', { href: dataAddress('image/png', file), ...place });
    const word = labels?.[i];
    if (word === undefined) return image;
    return image + label(word, x + wide / 2, y + tall + 12, { 'text-anchor': 'middle' });
  });
  const width = gap + inRow * step.x;
  const height = gap + Math.ceil(count / inRow) * step.y;
  return picture(width, height, options, `${count} pictures`, ...drawn);
}

/** The colour of a value. */
function colorFor({ colors = 'gray', range }: ImagesOptions, values: ArrayLike<number>) {
  const [least, largest] = range ?? extent(Array.from(values));
  if (colors === 'diverging') {
    const reach = Math.max(Math.abs(least), Math.abs(largest)) || 1;
    return (value: number) => diverging(value / reach);
  }
  const width = largest - least || 1;
  return (value: number) => gray((value - least) / width);
}
