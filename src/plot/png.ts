// Pixels as a PNG (ISO/IEC 15948) in a data: address. Not compressed: the pictures are small.

import { crc32, joined, toBase64 } from '../bytes.ts';
import type { Rgb } from './colors.ts';

function adler32(bytes: Uint8Array): number {
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return ((high << 16) | low) >>> 0;
}

const bigEndian = (value: number): number[] => [
  value >>> 24,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
];

function chunk(type: string, content: Uint8Array): Uint8Array {
  const named = Uint8Array.from([...Array.from(type, (letter) => letter.charCodeAt(0)), ...content]);
  return Uint8Array.from([...bigEndian(content.length), ...named, ...bigEndian(crc32(named))]);
}

/** The most that a block which is not compressed holds. */
const blockBytes = 65535;

/** A stream of zlib (RFC 1950) that stores the bytes as they are. */
function stored(bytes: Uint8Array): Uint8Array {
  const blocks = Math.max(1, Math.ceil(bytes.length / blockBytes));
  const stream = new Uint8Array(2 + 5 * blocks + bytes.length + 4);
  stream.set([0x78, 0x01]);
  let at = 2;
  for (let i = 0; i < blocks; i++) {
    const part = bytes.subarray(i * blockBytes, (i + 1) * blockBytes);
    const { length } = part;
    const isLast = i === blocks - 1 ? 1 : 0;
    stream.set([isLast, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255], at);
    stream.set(part, at + 5);
    at += 5 + length;
  }
  stream.set(bigEndian(adler32(bytes)), at);
  return stream;
}

/** The picture's file. @param colorAt the colour of the pixel in a column and a row */
export function png(
  width: number,
  height: number,
  colorAt: (column: number, row: number) => Rgb,
): Uint8Array<ArrayBuffer> {
  const stride = 1 + 3 * width;
  const rows = new Uint8Array(height * stride);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      rows.set(colorAt(column, row), row * stride + 1 + 3 * column);
    }
  }
  // Eight bits for each of red, green and blue; one method of compression and of filtering; rows in order.
  const header = Uint8Array.from([...bigEndian(width), ...bigEndian(height), 8, 2, 0, 0, 0]);
  return joined([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    chunk('IDAT', stored(rows)),
    chunk('IEND', new Uint8Array()),
  ]);
}

/** A file as an address that holds it. */
export const dataAddress = (type: string, file: Uint8Array): string =>
  `data:${type};base64,${toBase64(file)}`;
