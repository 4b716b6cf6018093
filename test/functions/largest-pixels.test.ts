// maxPoolWithArgmax against a search through each window.

import { expect, test } from 'vitest';
import * as tf from '../../src/index.ts';

const [batch, height, width, channels] = [2, 5, 4, 3];
const numbers = Float32Array.from({ length: batch * height * width * channels }, (_, i) => (i * 37) % 11);
const placeAt = (image: number, row: number, column: number, channel: number) =>
  ((image * height + row) * width + column) * channels + channel;

/** The first of the largest pixels in a window of 3×2 that begins at a row and a column. */
function searched(image: number, top: number, left: number, channel: number): number {
  const places = [0, 1, 2].flatMap((i) =>
    [0, 1].flatMap((j) => {
      const [row, column] = [top + i, left + j];
      const isInside = row >= 0 && row < height && column >= 0 && column < width;
      return isInside ? [placeAt(image, row, column, channel)] : [];
    }),
  );
  return places.reduce((best, place) => (numbers[place] > numbers[best] ? place : best));
}

test.each([
  ['valid', 0, 0, 2, 3],
  // Of 5 rows in steps of 2 three windows of 3 reach one row beyond on both sides; of 4 columns four of 2, one behind.
  ['same', 1, 0, 3, 4],
] as const)('padding %s', (pad, above, before, rows, columns) => {
  for (const isOfBatch of [false, true]) {
    const x = tf.tensor4d(numbers, [batch, height, width, channels]);
    const { result, indexes } = tf.maxPoolWithArgmax(x, [3, 2], [2, 1], pad, isOfBatch);
    expect(result.shape).toEqual([batch, rows, columns, channels]);
    const places = Array.from({ length: result.size }, (_, i) => {
      const [image, row] = [
        Math.floor(i / (rows * columns * channels)),
        Math.floor(i / (columns * channels)) % rows,
      ];
      return searched(image, 2 * row - above, (Math.floor(i / channels) % columns) - before, i % channels);
    });
    expect([...result.dataSync()]).toEqual(places.map((place) => numbers[place]));
    const first = (i: number) => (isOfBatch ? 0 : placeAt(Math.floor(i / (result.size / batch)), 0, 0, 0));
    expect([...indexes.dataSync()]).toEqual(places.map((place, i) => place - first(i)));
  }
});
