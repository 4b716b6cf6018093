// Which build of the kernels a runtime can run.

import { LanegradError } from '../errors.ts';

/** The builds of the kernels: `simd` gives the same bits everywhere, `relaxed` fuses multiply and add. */
export type Variant = 'simd' | 'relaxed';

const variants: readonly Variant[] = ['simd', 'relaxed'];

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
 * @throws LanegradError where the engine cannot run it, or there is no WebAssembly.
 */
export function chooseVariant(asked?: Variant): Variant {
  if (asked !== undefined && !variants.includes(asked)) {
    throw new LanegradError(`init: variant must be 'simd' or 'relaxed'; got ${JSON.stringify(asked)}.`);
  }
  if (typeof WebAssembly === 'undefined') {
    throw new LanegradError('init: there is no WebAssembly here.');
  }
  const variant = asked ?? (isSupported('relaxed') ? 'relaxed' : 'simd');
  if (isSupported(variant)) return variant;
  const hint =
    variant === 'relaxed' ? "Use variant: 'simd'." : 'Update the browser or runtime: all have it since 2023.';
  throw new LanegradError(`init: this runtime has no WebAssembly ${variant} instructions. ${hint}`);
}
