// Options of the compiler with which programs give the same numbers.

import type { compilerOptions } from '../../src/compiler/program.ts';

/** A name, and what is other than by default. */
export const waysToCompile: readonly (readonly [string, Partial<typeof compilerOptions>])[] = [
  ['with all there is', {}],
  ['each node by itself', { fusion: false }],
  ['arrays apart', { sharing: false }],
  ['where memory was NaN', { poison: true }],
];
