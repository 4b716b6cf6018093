/* Small data sets in MNIST's layout. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** An IDX file of unsigned bytes that count up from 0, or of the content given. */
export function idxOf(shape: readonly number[], content?: readonly number[]): Uint8Array<ArrayBuffer> {
  const size = shape.reduce((a, b) => a * b, 1);
  const bytes = new Uint8Array(4 + 4 * shape.length + size);
  bytes.set([0, 0, 8, shape.length]);
  const view = new DataView(bytes.buffer);
  for (const [i, length] of shape.entries()) view.setUint32(4 + 4 * i, length);
  bytes.set(content ?? Array.from({ length: size }, (_, i) => i % 256), 4 + 4 * shape.length);
  return bytes;
}

/** Six images of 3 × 2 to train on, four to test with: names and bytes. */
export function smallSet(): Record<string, Uint8Array<ArrayBuffer>> {
  return {
    'train-images-idx3-ubyte': idxOf([6, 3, 2]),
    'train-labels-idx1-ubyte': idxOf([6], [5, 0, 4, 1, 9, 2]),
    't10k-images-idx3-ubyte': idxOf([4, 3, 2]),
    't10k-labels-idx1-ubyte': idxOf([4], [7, 2, 1, 0]),
  };
}

export function packed(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(bytes));
}

/** The small set packed, under the names servers give. */
export function packedSet(): Record<string, Uint8Array<ArrayBuffer>> {
  return Object.fromEntries(Object.entries(smallSet()).map(([name, bytes]) => [`${name}.gz`, packed(bytes)]));
}

export async function writeSet(folder: string, files: Record<string, Uint8Array>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
}
