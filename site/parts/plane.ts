// A function of two numbers as a picture: a value for each point of a square grid.

import type { Palette } from './palette.ts';

export interface Plane {
  readonly values: ArrayLike<number>;
  /** Of the first value, and from a value to the next. */
  readonly offset: number;
  readonly stride: number;
  /** Points of a row and of a column. */
  readonly resolution: number;
  /** What has the strongest colour. */
  readonly scale: number;
}

/** The largest value there is, at least 1: what says less is paler. */
export function scaleOf({ values, offset, stride, resolution }: Omit<Plane, 'scale'>): number {
  let largest = 1;
  for (let i = 0; i < resolution ** 2; i++) {
    largest = Math.max(largest, Math.abs(values[offset + i * stride]));
  }
  return largest;
}

/** @param isSharp whether values have but the two colours of their signs */
export function planeImage(plane: Plane, palette: Palette, isSharp = false): ImageData {
  const { values, offset, stride, resolution, scale } = plane;
  const image = new ImageData(resolution, resolution);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) {
    const value = values[offset + i * stride] / scale;
    pixels[i] = palette.pixel(isSharp ? Math.sign(value) * 0.7 : value);
  }
  return image;
}
