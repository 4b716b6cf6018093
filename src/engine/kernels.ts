// Where the kernels come from: the copy that the bundle carries. The builds for runtimes that compile no bytes
// take kernels-edge.ts in place of this file.

import {
  byteLengths,
  common,
  escapes,
  letters,
  sharedFlagAt,
  stripeBytes,
  text,
} from './generated/kernels.ts';
import type { Variant } from './variant.ts';

/** In the type of an imported memory: it has a maximum and is shared. */
const sharedFlag = 3;

/**
 * The WebAssembly of a variant, put together from its stripes.
 * @param isShared whether its memory is shared among threads: one byte of the code
 */
export function kernelSource(variant: Variant, isShared = false): Uint8Array<ArrayBuffer> {
  const all = readBytes();
  const bytes = new Uint8Array(byteLengths[variant]);
  let position = 0;
  for (let start = 0; position < all.length; start += stripeBytes) {
    for (const each of Object.keys(byteLengths) as Variant[]) {
      const length = Math.min(stripeBytes, Math.max(byteLengths[each] - start, 0));
      if (each === variant && length > 0) bytes.set(all.subarray(position, position + length), start);
      position += length;
    }
  }
  if (isShared) bytes[sharedFlagAt] = sharedFlag;
  return bytes;
}

/** Reads what scripts/bytes-as-text.mjs wrote: a letter is a common byte, an escape and a letter any other. */
function readBytes(): Uint8Array {
  const commonBytes: number[] = [];
  const rareBytes: number[] = [];
  for (let byte = 0; byte < 256; byte++) {
    const isCommon = (Number.parseInt(common[byte >> 2], 16) << (byte & 3)) & 8;
    (isCommon ? commonBytes : rareBytes).push(byte);
  }
  const bytes = new Uint8Array(Object.values(byteLengths).reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const row = escapes.indexOf(text[i]);
    if (row >= 0) bytes[at++] = rareBytes[row * letters.length + letters.indexOf(text[++i])];
    else bytes[at++] = commonBytes[letters.indexOf(text[i])];
  }
  return bytes;
}
