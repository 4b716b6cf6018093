import type { Value } from '../graph/graph.ts';
import { equal, mul, sub } from '../graph/ops/elementwise.ts';
import { max } from '../graph/ops/reductions.ts';
import { reshape } from '../graph/ops/sources.ts';
import { Layer, type LayerOptions, type Masks } from './layer.ts';

export interface MaskingOptions extends LayerOptions {
  /** 0 by default. */
  readonly maskValue?: number;
}

/** Masks the time steps whose features all are `maskValue`: the layers that follow leave them out. */
export class Masking extends Layer<MaskingOptions> {
  static readonly className = 'Masking';

  override call(x: Value): Value {
    const mask = this.#counts(x);
    return mul(x, reshape(mask, [...mask.shape, 1]));
  }

  protected override computeMask(_masks: Masks, [x]: readonly Value[]): Masks {
    return [this.#counts(x)];
  }

  /** 1 where any feature is another: [batch, time, features] → [batch, time]. */
  #counts(x: Value): Value {
    return max(sub(1, equal(x, this.options.maskValue ?? 0)), -1);
  }
}
