// Two pictures compared: what a person would see of their difference, and not how letters are smoothed.

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each pixel, by rows. */
  readonly pixels: Uint8Array;
}

/** Steps of a colour that are told apart: 32 of them compress to half of what 256 do. */
const step = 8;

/** A picture a factor smaller: each pixel is the mean of a square, to the nearest step. */
export function reduced({ width, height, pixels }: Picture, factor: number): Picture {
  const [columns, rows] = [Math.ceil(width / factor), Math.ceil(height / factor)];
  const sums = new Float64Array(columns * rows * 3);
  const counts = new Uint32Array(columns * rows);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / factor) * columns;
    for (let x = 0; x < width; x++) {
      const to = row + Math.floor(x / factor);
      const from = 3 * (y * width + x);
      counts[to]++;
      for (let i = 0; i < 3; i++) sums[3 * to + i] += pixels[from + i];
    }
  }
  const means = Uint8Array.from(sums, (sum, i) =>
    Math.min(255, step * Math.round(sum / counts[Math.floor(i / 3)] / step)),
  );
  return { width: columns, height: rows, pixels: means };
}

interface Comparison {
  /** Pixels that differ; all, where sizes do. */
  readonly count: number;
  /** What is expected, what there is, and in red where they differ, side by side. */
  readonly picture: Picture;
}

/** @param tolerance the difference of a colour, of 255, that is none */
export function compared(expected: Picture, got: Picture, tolerance: number): Comparison {
  const [width, height] = [Math.max(expected.width, got.width), Math.max(expected.height, got.height)];
  const pixels = new Uint8Array(3 * width * height * 3).fill(255);
  let count = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [a, b] = [expected, got].map((each) => colourAt(each, x, y));
      const isOther = !a || !b || a.some((value, i) => Math.abs(value - b[i]) > tolerance);
      if (isOther) count++;
      const shown = [a ?? white, b ?? white, isOther ? red : (a ?? white).map((value) => 192 + value / 4)];
      for (const [i, colour] of shown.entries()) pixels.set(colour, 3 * (y * 3 * width + i * width + x));
    }
  }
  return { count, picture: { width: 3 * width, height, pixels } };
}

const white: readonly number[] = [255, 255, 255];
const red: readonly number[] = [220, 0, 0];

const colourAt = ({ width, height, pixels }: Picture, x: number, y: number): readonly number[] | undefined =>
  x < width && y < height ? [...pixels.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)] : undefined;
