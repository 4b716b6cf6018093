// Gradients held within bounds before the optimizer sees them.

import type { Value } from '../graph/graph.ts';
import { add, clip, div, maximum, mul, sqrt, square } from '../graph/ops/elementwise.ts';
import { sum } from '../graph/ops/reductions.ts';

export interface ClippingOptions {
  /** Every gradient's elements are held between −clipValue and clipValue. */
  readonly clipValue?: number;
  /** Every weight's gradient is scaled down to at most this norm. */
  readonly clipNorm?: number;
  /** All gradients together are scaled down to at most this norm. */
  readonly globalClipNorm?: number;
}

/** Clips by value, then each by its norm, then all by their norm together; each where it is asked for. */
export function clipGradients(
  gradients: readonly Value[],
  { clipValue, clipNorm, globalClipNorm }: ClippingOptions,
): Value[] {
  let clipped = [...gradients];
  if (clipValue !== undefined) clipped = clipped.map((g) => clip(g, -clipValue, clipValue));
  if (clipNorm !== undefined) clipped = clipped.map((g) => mul(g, shrink(sum(square(g)), clipNorm)));
  if (globalClipNorm !== undefined && clipped.length > 0) {
    const squares = clipped.map((g) => sum(square(g))).reduce((a, b) => add(a, b));
    const factor = shrink(squares, globalClipNorm);
    clipped = clipped.map((g) => mul(g, factor));
  }
  return clipped;
}

/** The factor that takes a vector to at most `norm`: norm / max(‖g‖, norm). */
const shrink = (sumOfSquares: Value, norm: number): Value => div(norm, maximum(sqrt(sumOfSquares), norm));
