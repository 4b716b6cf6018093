// Layers that give their inputs mean 0 and variance 1: over the batch, or over each sample.

import { constraint } from '../constraints/constraints.ts';
import type { Value } from '../graph/graph.ts';
import { add, div, mul, sqrt, sub } from '../graph/ops/elementwise.ts';
import { mean, variance } from '../graph/ops/reductions.ts';
import { reshape } from '../graph/ops/sources.ts';
import { formatShape, fromFront, type Shape } from '../graph/shape.ts';
import { type Initializer, initializer } from '../initializers/initializers.ts';
import { flag, integer, nonNegative, oneAxis, oneOrList, share } from '../options/kinds.ts';
import { describe, type OptionsOf, optional, type SettingsOf } from '../options/option.ts';
import { regularizer } from '../regularizers/regularizers.ts';
import { Trace } from '../state/trace.ts';
import type { Weights } from '../state/weights.ts';
import { type CallContext, Layer } from './base/layer.ts';
import { layerOptions } from './base/layer-options.ts';
import type { ModelShape } from './base/symbolic.ts';
import { optionsOfWeight } from './base/weight-options.ts';

const normalizationOptions = /* @__PURE__ */ describe(layerOptions, {
  /** Added to the variance, so that nothing is divided by zero; 0.001 by default. */
  epsilon: optional(nonNegative, 1e-3),
  /** Whether beta is added; true by default. */
  center: optional(flag, true),
  /** Whether gamma multiplies; true by default. */
  scale: optional(flag, true),
  /** How beta starts; 'zeros' by default. */
  betaInitializer: optional(initializer, 'zeros'),
  /** How gamma starts; 'ones' by default. */
  gammaInitializer: optional(initializer, 'ones'),
  /** What beta costs. */
  betaRegularizer: optional(regularizer),
  /** What gamma costs. */
  gammaRegularizer: optional(regularizer),
  /** Where beta may go. */
  betaConstraint: optional(constraint),
  /** Where gamma may go. */
  gammaConstraint: optional(constraint),
});

type NormalizationSettings = SettingsOf<typeof normalizationOptions>;

/** What both layers share: gamma and beta along some axes, and (x − μ)/√(σ² + ε)·γ + β. */
abstract class Normalization<Options extends NormalizationSettings, Given extends object> extends Layer<
  Options,
  Given
> {
  override supportsMasking = true;
  #gamma: Weights | undefined;
  #beta: Weights | undefined;

  protected addGammaAndBeta(shape: Shape): void {
    const { scale, center } = this.options;
    if (scale) this.#gamma = this.makeWeight('gamma', shape, optionsOfWeight(this.options, 'gamma'));
    if (center) this.#beta = this.makeWeight('beta', shape, optionsOfWeight(this.options, 'beta'));
  }

  /** @param toInput gives weights the rank of the input */
  protected normalize(centered: Value, spread: Value, toInput: (weights: Value) => Value): Value {
    const deviation = sqrt(add(spread, this.options.epsilon));
    const factor = this.#gamma ? div(toInput(this.#gamma.read()), deviation) : div(1, deviation);
    const scaled = mul(centered, factor);
    return this.#beta ? add(scaled, toInput(this.#beta.read())) : scaled;
  }

  /** Axes of an input as indices from 0, sorted. */
  protected axesOf(axis: number | readonly number[], inputShape: ModelShape): number[] {
    const rank = inputShape.length;
    const axes = [axis].flat().map((one) => fromFront(one as number, rank));
    for (const one of axes) {
      if (!(Number.isInteger(one) && one > 0 && one < rank)) {
        throw this.error(
          `axis must be from 1 to ${rank - 1} for input ${formatShape(inputShape)}; got ${axis}.`,
        );
      }
      if (inputShape[one] === null) {
        throw this.error(`takes input with a known size along axis ${one}; got ${formatShape(inputShape)}.`);
      }
    }
    return axes.sort((a, b) => a - b);
  }
}

const batchNormalizationOptions = /* @__PURE__ */ describe(normalizationOptions, {
  /** The axis of features, each normalised by itself; −1 by default. */
  axis: optional(oneAxis, -1),
  /** Share that the moving statistics keep at each step; 0.99 by default. */
  momentum: optional(share, 0.99),
  /** How the moving mean starts; 'zeros' by default. */
  movingMeanInitializer: optional(initializer, 'zeros'),
  /** How the moving variance starts; 'ones' by default. */
  movingVarianceInitializer: optional(initializer, 'ones'),
});

export interface BatchNormalizationOptions extends OptionsOf<typeof batchNormalizationOptions> {}

/**
 * y = γ·(x − μ)/√(σ² + ε) + β for each feature. While training, μ and σ² are those of the batch, and moving
 * averages of them are kept; otherwise, and where the layer or what it is inside of is not trainable, μ and σ² are these averages.
 *
 * S. Ioffe and C. Szegedy, "Batch normalization", 2015.
 */
export class BatchNormalization extends Normalization<
  SettingsOf<typeof batchNormalizationOptions>,
  BatchNormalizationOptions
> {
  static readonly className = 'BatchNormalization';
  static override readonly options = batchNormalizationOptions;
  #axis = -1;
  #movingMean!: Weights;
  #movingVariance!: Weights;

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    const { axis, movingMeanInitializer, movingVarianceInitializer } = this.options;
    [this.#axis] = this.axesOf(axis, inputShape);
    const shape = [inputShape[this.#axis] as number];
    const moving = (name: string, initializer: Initializer) =>
      this.makeWeight(name, shape, { initializer, trainable: false });
    this.addGammaAndBeta(shape);
    this.#movingMean = moving('moving_mean', movingMeanInitializer);
    this.#movingVariance = moving('moving_variance', movingVarianceInitializer);
  }

  override compute(x: Value, { training, isFrozen }: CallContext): Value {
    const kept = x.shape.map((size, axis) => (axis === this.#axis ? size : 1));
    const toInput = (weights: Value) => reshape(weights, kept);
    if (!training || isFrozen) {
      const centered = sub(x, toInput(this.#movingMean.read()));
      return this.normalize(centered, toInput(this.#movingVariance.read()), toInput);
    }
    const others = x.shape.map((_, axis) => axis).filter((axis) => axis !== this.#axis);
    const batchMean = mean(x, others, true);
    const centered = sub(x, batchMean);
    const batchVariance = variance(x, others, true);
    this.#follow(this.#movingMean, batchMean);
    this.#follow(this.#movingVariance, batchVariance);
    return this.normalize(centered, batchVariance, toInput);
  }

  /** moving ← momentum·moving + (1 − momentum)·statistic. */
  #follow(moving: Weights, statistic: Value): void {
    const { momentum } = this.options;
    const kept = mul(moving.read(), momentum);
    const next = add(kept, mul(reshape(statistic, moving.shape), 1 - momentum));
    Trace.current.assign(moving, next);
  }
}

const layerNormalizationOptions = /* @__PURE__ */ describe(normalizationOptions, {
  /** The axes that are normalised together; −1 by default. */
  axis: optional(oneOrList(integer, 'an integer, or a list of them'), -1),
});

export interface LayerNormalizationOptions extends OptionsOf<typeof layerNormalizationOptions> {}

/**
 * y = γ·(x − μ)/√(σ² + ε) + β, where μ and σ² are those of each sample along `axis`.
 *
 * J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer normalization", 2016.
 */
export class LayerNormalization extends Normalization<
  SettingsOf<typeof layerNormalizationOptions>,
  LayerNormalizationOptions
> {
  static readonly className = 'LayerNormalization';
  static override readonly options = layerNormalizationOptions;
  #axes: readonly number[] = [];

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    this.#axes = this.axesOf(this.options.axis, inputShape);
    this.addGammaAndBeta(this.#axes.map((axis) => inputShape[axis] as number));
  }

  override compute(x: Value): Value {
    const kept = x.shape.map((size, axis) => (this.#axes.includes(axis) ? size : 1));
    const centered = sub(x, mean(x, this.#axes, true));
    return this.normalize(centered, variance(x, this.#axes, true), (w) => reshape(w, kept));
  }
}
