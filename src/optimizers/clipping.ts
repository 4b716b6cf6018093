// Gradients held within bounds before the optimizer sees them.

import type { Value } from '../graph/graph.ts';
import { sum } from '../graph/ops/broadcasting.ts';
import { add, clip, div, maximum, mul, sqrt, square } from '../graph/ops/elementwise.ts';
import { positive } from '../options/kinds.ts';
import { byName, type OptionsOf, optional } from '../options/option.ts';

export const clippingOptions = {
  /** Every gradient's elements are held between −clipValue and clipValue. */
  clipValue: byName(optional(positive)),
  /** Every weight's gradient is scaled down to at most this norm. */
  clipNorm: byName(optional(positive)),
  /** All gradients together are scaled down to at most this norm. */
  globalClipNorm: byName(optional(positive)),
};

/** How gradients are held in bounds: options of every optimizer. */
export interface ClippingOptions extends OptionsOf<typeof clippingOptions> {}

/** Clips by value, then each by its norm, then all by their norm together; each where it is asked for. */
export function clipGradients(
  gradients: readonly Value[],
  { clipValue, clipNorm, globalClipNorm }: ClippingOptions,
): Value[] {
  let clipped = [...gradients];
  if (clipValue) clipped = clipped.map((g) => clip(g, -clipValue, clipValue));
  if (clipNorm) clipped = clipped.map((g) => mul(g, shrink(sum(square(g)), clipNorm)));
  if (globalClipNorm && clipped.length > 0) {
    const squares = clipped.map((g) => sum(square(g))).reduce((a, b) => add(a, b));
    const factor = shrink(squares, globalClipNorm);
    clipped = clipped.map((g) => mul(g, factor));
  }
  return clipped;
}

/** The factor that takes a vector to at most `norm`: norm / max(‖g‖, norm). */
const shrink = (sumOfSquares: Value, norm: number): Value => div(norm, maximum(sqrt(sumOfSquares), norm));
