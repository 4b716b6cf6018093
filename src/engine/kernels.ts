// Where the kernels come from: the copy that the bundle carries. The builds for runtimes that compile no bytes
// take kernels-edge.ts in place of this file.

import { byteLengths, sharedFlagAt, stripeBytes, stripes } from './generated/kernels.ts';
import type { Variant } from './variant.ts';

/** In the type of an imported memory: it has a maximum and is shared. */
const sharedFlag = 3;

/**
 * The WebAssembly of a variant, put together from its stripes.
 * @param isShared whether its memory is shared among threads: one byte of the code
 */
export function kernelSource(variant: Variant, isShared = false): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(byteLengths[variant]);
  let position = 0;
  for (let start = 0; position < stripes.length; start += stripeBytes) {
    for (const each of Object.keys(byteLengths) as Variant[]) {
      const length = Math.min(stripeBytes, Math.max(byteLengths[each] - start, 0));
      if (each === variant) readHex(bytes, start, length, position);
      position += 2 * length;
    }
  }
  if (isShared) bytes[sharedFlagAt] = sharedFlag;
  return bytes;
}

function readHex(target: Uint8Array, start: number, length: number, position: number): void {
  for (let i = 0; i < length; i++) {
    target[start + i] = Number.parseInt(stripes.slice(position + 2 * i, position + 2 * i + 2), 16);
  }
}
