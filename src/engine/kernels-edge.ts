// Where the kernels come from in runtimes that compile no bytes while they run (Cloudflare Workers, Vercel's
// edge): modules that were compiled when the script was deployed. Stands in for kernels.ts in their builds.

import relaxed from '../../build/lanegrad.relaxed.wasm';
import simd from '../../build/lanegrad.simd.wasm';
import type { Variant } from './variant.ts';

const modules: Readonly<Record<Variant, WebAssembly.Module>> = { simd, relaxed };

export const kernelSource = (variant: Variant): WebAssembly.Module => modules[variant];
