// Layers that disturb their inputs while training, and pass them on otherwise.

import type { Value } from '../graph/graph.ts';
import { seluAlpha, seluScale } from '../graph/ops/activations.ts';
import { add, greaterEqual, mul, sub } from '../graph/ops/elementwise.ts';
import { normalQuantile } from '../graph/ops/normal-quantile.ts';
import { formatShape, type Shape } from '../graph/shape.ts';
import { fraction, nonNegative, seed } from '../options/kinds.ts';
import { describe, type OptionsOf, optional, required, type SettingsOf } from '../options/option.ts';
import { Trace } from '../state/trace.ts';
import { type CallContext, Layer } from './base/layer.ts';
import { type LayerSettings, layerOptions } from './base/layer-options.ts';
import type { ModelShape } from './base/symbolic.ts';
import { dropoutMask, noiseShape, shapeOfNoise } from './dropout.ts';

const noiseOptions = /* @__PURE__ */ describe(layerOptions, {
  /** Fixes the random numbers whatever the seed of `fit`. */
  seed: optional(seed),
});

const gaussianNoiseOptions = /* @__PURE__ */ describe(noiseOptions, {
  /** Standard deviation of what is added. */
  stddev: required(nonNegative),
});

const rateOptions = /* @__PURE__ */ describe(noiseOptions, {
  /** How much is disturbed, from 0 to below 1. */
  rate: required(fraction),
});

const alphaOptions = /* @__PURE__ */ describe(rateOptions, {
  /** Axes of size 1 here share one mask. By default every element has its own. */
  noiseShape: optional(noiseShape),
});

export interface GaussianNoiseOptions extends OptionsOf<typeof gaussianNoiseOptions> {}
export interface RateOptions extends OptionsOf<typeof rateOptions> {}
export interface AlphaDropoutOptions extends OptionsOf<typeof alphaOptions> {}

abstract class Noise<Options extends LayerSettings, Given extends object> extends Layer<Options, Given> {
  override supportsMasking = true;

  protected abstract disturb(x: Value): Value;

  override compute(x: Value, { training }: CallContext): Value {
    return training ? this.disturb(x) : x;
  }
}

/** Normal numbers with mean 0 and the given deviation, drawn anew in every step. */
const randomNormal = (shape: Shape, deviation: number, seed?: number): Value =>
  mul(normalQuantile(Trace.current.randomUniform(shape, seed)), deviation);

/** While training, adds normal noise. */
export class GaussianNoise extends Noise<SettingsOf<typeof gaussianNoiseOptions>, GaussianNoiseOptions> {
  static readonly className = 'GaussianNoise';
  static override readonly options = gaussianNoiseOptions;

  protected override disturb(x: Value): Value {
    const { stddev, seed } = this.options;
    return add(x, randomNormal(x.shape, stddev, seed));
  }
}

/** A layer whose noise grows with `rate`, and is none at 0. */
abstract class RatedNoise<
  Options extends SettingsOf<typeof rateOptions> = SettingsOf<typeof rateOptions>,
  Given extends object = RateOptions,
> extends Noise<Options, Given> {
  override compute(x: Value, context: CallContext): Value {
    return this.options.rate === 0 ? x : super.compute(x, context);
  }
}

/** While training, multiplies by normal noise of mean 1 and deviation √(rate / (1 − rate)), which is the deviation of dropout. */
export class GaussianDropout extends RatedNoise {
  static readonly className = 'GaussianDropout';
  static override readonly options = rateOptions;

  protected override disturb(x: Value): Value {
    const { rate, seed } = this.options;
    return mul(x, add(1, randomNormal(x.shape, Math.sqrt(rate / (1 - rate)), seed)));
  }
}

/** What selu tends to for large negative inputs: −scale·alpha. */
const seluFloor = -seluScale * seluAlpha;

/**
 * While training, sets a share `rate` of its inputs to selu's floor and moves and scales the result so that mean 0
 * and variance 1 stay: dropout for networks with selu.
 *
 * G. Klambauer et al., "Self-normalizing neural networks", 2017.
 */
export class AlphaDropout extends RatedNoise<SettingsOf<typeof alphaOptions>, AlphaDropoutOptions> {
  static readonly className = 'AlphaDropout';
  static override readonly options = alphaOptions;

  protected override disturb(x: Value): Value {
    const { rate, seed, noiseShape } = this.options;
    const kept = greaterEqual(Trace.current.randomUniform(shapeOfNoise(x, noiseShape), seed), rate);
    const scale = 1 / Math.sqrt((1 - rate) * (1 + rate * seluFloor * seluFloor));
    const mixed = add(mul(x, kept), mul(seluFloor, sub(1, kept)));
    return add(mul(mixed, scale), -scale * rate * seluFloor);
  }
}

/** While training, zeroes a share `rate` of the channels and scales the rest by 1/(1 − rate). */
abstract class SpatialDropout extends RatedNoise {
  protected abstract readonly rank: number;

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    if (inputShape.length === this.rank) return;
    throw this.error(
      `takes input of rank ${this.rank}; got ${formatShape(inputShape)}. That is: expected ndim=${this.rank}, found ndim=${inputShape.length}.`,
    );
  }

  protected override disturb(x: Value): Value {
    const { rate, seed } = this.options;
    const mask = x.shape.map((size, axis) => (axis === 0 || axis === x.rank - 1 ? size : 1));
    return mul(x, dropoutMask(mask, rate, seed));
  }
}

/** Dropout of whole channels of [batch, time, channels]. */
export class SpatialDropout1D extends SpatialDropout {
  static readonly className = 'SpatialDropout1D';
  static override readonly options = rateOptions;
  protected readonly rank = 3;
}

/** Dropout of whole channels of [batch, height, width, channels]. */
export class SpatialDropout2D extends SpatialDropout {
  static readonly className = 'SpatialDropout2D';
  static override readonly options = rateOptions;
  protected readonly rank = 4;
}
