// The pixels of a PNG of eight bits for each of red, green and blue, whose rows are not filtered.

import { inflateSync } from 'node:zlib';
import { expect } from 'vitest';

/** Rows of numbers: red, green, blue of each pixel. */
export function pixelsOf(file: Buffer): { width: number; height: number; rows: number[][] } {
  expect(file.subarray(1, 4).toString()).toBe('PNG');
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const start = file.indexOf('IDAT');
  const bytes = inflateSync(file.subarray(start + 4, start + 4 + file.readUInt32BE(start - 4)));
  const stride = 1 + 3 * width;
  const rows = Array.from({ length: height }, (_, row) => [
    ...bytes.subarray(row * stride + 1, (row + 1) * stride),
  ]);
  return { width, height, rows };
}
