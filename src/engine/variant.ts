import { LanegradError } from '../errors.ts';
import { byteLengths, sharedFlagAt, stripeBytes, stripes } from './generated/kernels.ts';

/** The builds of the kernels: `simd` gives the same bits everywhere, `relaxed` fuses multiply and add. */
export type Variant = 'simd' | 'relaxed';

const variants = Object.keys(byteLengths) as Variant[];

// The smallest modules that use one instruction of the feature: (func (result v128) …).
// simd: i8x16.splat of 0; relaxed: i8x16.relaxed_swizzle of two splats.
const probes: Record<Variant, readonly number[]> = {
  simd: [1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11],
  relaxed: [
    1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11,
  ],
};
const header = [0, 97, 115, 109, 1, 0, 0, 0];

const isSupported = (variant: Variant) =>
  WebAssembly.validate(Uint8Array.from([...header, ...probes[variant]]));

/**
 * The variant to use: the one asked for, else the fastest that the engine supports.
 * @throws LanegradError where the engine cannot run it.
 */
export function chooseVariant(asked?: Variant): Variant {
  if (asked !== undefined && !variants.includes(asked)) {
    throw new LanegradError(`init: variant must be 'simd' or 'relaxed'; got ${JSON.stringify(asked)}.`);
  }
  const variant = asked ?? (isSupported('relaxed') ? 'relaxed' : 'simd');
  if (isSupported(variant)) return variant;
  const hint =
    variant === 'relaxed' ? "Use variant: 'simd'." : 'Update the browser or runtime: all have it since 2023.';
  throw new LanegradError(`init: this runtime has no WebAssembly ${variant} instructions. ${hint}`);
}

/** In the type of an imported memory: it has a maximum and is shared. */
const sharedFlag = 3;

/**
 * The WebAssembly of a variant, put together from its stripes.
 * @param isShared whether its memory is shared among threads: one byte of the code
 */
export function kernelBytes(variant: Variant, isShared = false): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(byteLengths[variant]);
  let position = 0;
  for (let start = 0; position < stripes.length; start += stripeBytes) {
    for (const each of variants) {
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
