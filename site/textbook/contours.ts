// Heights as a picture: bands that grow darker uphill, with a line where one ends.

import type { Palette, Rgb } from '../parts/palette.ts';

/**
 * @param heights rows from the top, none below 0
 * @param bands how many there are of 0 to the highest; those of low places are narrower
 */
export function contourImage(
  heights: readonly number[],
  columns: number,
  bands: number,
  palette: Palette,
): ImageData {
  const highest = Math.max(...heights);
  const bandOf = (height: number) => Math.min(bands - 1, Math.floor(bands * Math.sqrt(height / highest)));
  const band = heights.map(bandOf);
  const image = new ImageData(columns, heights.length / columns);
  for (let i = 0; i < heights.length; i++) {
    const isEdge =
      band[i] !== band[i + 1 - Number(i % columns === columns - 1)] ||
      band[i] !== (band[i + columns] ?? band[i]);
    const share = (0.5 * band[i]) / bands + (isEdge ? 0.22 : 0);
    image.data.set([...between(palette.zero, palette.positive, share), 255], 4 * i);
  }
  return image;
}

const between = (from: Rgb, to: Rgb, share: number): Rgb =>
  from.map((value, i) => value + (to[i] - value) * share) as unknown as Rgb;
