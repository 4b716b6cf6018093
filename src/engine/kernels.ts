// Where the kernels come from: the copy that the bundle carries. The builds for runtimes that compile no bytes
// take kernels-edge.ts in place of this file.

import { byteLengths, common, escapes, letters, sharedFlagAt, stripes } from './generated/kernels.ts';
import type { Variant } from './variant.ts';

/** In the type of an imported memory: it has a maximum and is shared. */
const sharedFlag = 3;

/**
 * The WebAssembly of a variant, put together from its stripes.
 * @param isShared whether its memory is shared among threads: one byte of the code
 */
export function kernelSource(variant: Variant, isShared = false): Uint8Array<ArrayBuffer> {
  const variants = Object.keys(byteLengths);
  const own = stripes.filter((_, i) => variants[i % variants.length] === variant);
  const bytes = readBytes(own.join(''), byteLengths[variant]);
  if (isShared) bytes[sharedFlagAt] = sharedFlag;
  return bytes;
}

/** Reads what scripts/bytes-as-text.mjs wrote: a letter is a common byte, an escape and a letter any other. */
function readBytes(text: string, length: number): Uint8Array<ArrayBuffer> {
  const isCommon = (byte: number) => (Number.parseInt(common[byte >> 2], 16) << (byte & 3)) & 8;
  const ordered = Array.from({ length: 256 }, (_, byte) => byte).sort((a, b) => isCommon(b) - isCommon(a));
  const ranks: number[] = [];
  for (const [rank, letter] of [...letters, ...escapes].entries()) ranks[letter.charCodeAt(0)] = rank;
  const bytes = new Uint8Array(length);
  let [at, row] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    const rank = ranks[text.charCodeAt(i)];
    if (rank < letters.length) {
      bytes[at++] = ordered[row * letters.length + rank];
      row = 0;
    } else row = rank - letters.length + 1;
  }
  return bytes;
}
