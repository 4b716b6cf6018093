// `masking`: time steps that the layers behind it leave out.

import type { Value } from '../graph/graph.ts';
import { equal, mul, sub } from '../graph/ops/elementwise.ts';
import { max } from '../graph/ops/reductions.ts';
import { reshape } from '../graph/ops/sources.ts';
import { finite } from '../options/kinds.ts';
import { describe, type OptionsOf, optional, type SettingsOf } from '../options/option.ts';
import { Layer, type Masks } from './base/layer.ts';
import { layerOptions } from './base/layer-options.ts';

const maskingOptions = /* @__PURE__ */ describe(layerOptions, {
  /** What all features are where a time step does not count; 0 by default. */
  maskValue: optional(finite, 0),
});

export interface MaskingOptions extends OptionsOf<typeof maskingOptions> {}

/** Masks the time steps whose features all are `maskValue`: the layers that follow leave them out. */
export class Masking extends Layer<SettingsOf<typeof maskingOptions>, MaskingOptions> {
  static readonly className = 'Masking';
  static override readonly options = maskingOptions;

  override compute(x: Value): Value {
    const mask = this.#counts(x);
    return mul(x, reshape(mask, [...mask.shape, 1]));
  }

  protected override outputMasks(_masks: Masks, [x]: readonly Value[]): Masks {
    return [this.#counts(x)];
  }

  /** 1 where any feature is another: [batch, time, features] → [batch, time]. */
  #counts(x: Value): Value {
    return max(sub(1, equal(x, this.options.maskValue)), -1);
  }
}
