// `dropout`, and the mask that it multiplies by.

import type { Value } from '../graph/graph.ts';
import { greaterEqual, mul } from '../graph/ops/elementwise.ts';
import type { Shape } from '../graph/shape.ts';
import { fraction, positiveSizes, seed } from '../options/kinds.ts';
import { describe, type Kind, type OptionsOf, optional, type SettingsOf } from '../options/option.ts';
import { Trace } from '../state/trace.ts';
import { type CallContext, Layer } from './base/layer.ts';
import { layerOptions } from './base/layer-options.ts';

/** Sizes that noise has: null and -1 for those of the input. */
export const noiseShape: Kind<readonly (number | null)[]> = {
  ...positiveSizes,
  read: (given) =>
    positiveSizes.read(Array.isArray(given) ? given.map((size) => (size === -1 ? null : size)) : given),
};

const dropoutOptions = /* @__PURE__ */ describe(layerOptions, {
  /** Share of the inputs set to zero while training, below 1; 0 by default. */
  rate: optional(fraction, 0),
  /** Axes of size 1 here share one mask. By default every element has its own. */
  noiseShape: optional(noiseShape),
  /** Fixes the masks whatever the seed of `fit`. */
  seed: optional(seed),
});

/** Options of dropout. */
export interface DropoutOptions extends OptionsOf<typeof dropoutOptions> {}

/** While training, zeroes a share `rate` of its inputs and scales the rest by 1/(1 − rate). */
export class Dropout extends Layer<SettingsOf<typeof dropoutOptions>, DropoutOptions> {
  static readonly className = 'Dropout';
  static override readonly options = dropoutOptions;
  override supportsMasking = true;

  override compute(x: Value, { training }: CallContext): Value {
    const { rate, noiseShape, seed } = this.options;
    if (!training || rate === 0) return x;
    return mul(x, dropoutMask(shapeOfNoise(x, noiseShape), rate, seed));
  }
}

/** What shape noise on x has. */
export const shapeOfNoise = ({ shape }: Value, given?: readonly (number | null)[]): Shape =>
  shape.map((size, axis) => given?.[axis] ?? size);

/** Zero for a share `rate` of its elements, 1/(1 − rate) for the rest; drawn anew in every step. */
export const dropoutMask = (shape: Shape, rate: number, seed?: number): Value =>
  mul(greaterEqual(Trace.current.randomUniform(shape, seed), rate), 1 / (1 - rate));
