// Layers that give their inputs mean 0 and variance 1: over the batch, or over each sample.

import type { Constraint } from '../constraints/constraints.ts';
import type { Value } from '../graph/graph.ts';
import { add, div, mul, sqrt, square, sub } from '../graph/ops/elementwise.ts';
import { mean } from '../graph/ops/reductions.ts';
import { reshape } from '../graph/ops/sources.ts';
import { formatShape, type Shape } from '../graph/shape.ts';
import type { Initializer } from '../initializers/initializers.ts';
import type { Regularizer } from '../regularizers/regularizers.ts';
import { Trace } from '../state/trace.ts';
import type { Variable } from '../state/variable.ts';
import { type CallContext, Layer, type LayerOptions } from './layer.ts';
import type { ModelShape } from './symbolic.ts';
import { addWeightWithOptions } from './weighted.ts';

export interface NormalizationOptions extends LayerOptions {
  /** Added to the variance, so that nothing is divided by zero; 0.001 by default. */
  readonly epsilon?: number;
  /** Whether beta is added; true by default. */
  readonly center?: boolean;
  /** Whether gamma multiplies; true by default. */
  readonly scale?: boolean;
  /** 'zeros' by default. */
  readonly betaInitializer?: string | Initializer;
  /** 'ones' by default. */
  readonly gammaInitializer?: string | Initializer;
  readonly betaRegularizer?: string | Regularizer;
  readonly gammaRegularizer?: string | Regularizer;
  readonly betaConstraint?: string | Constraint;
  readonly gammaConstraint?: string | Constraint;
}

/** What both layers share: gamma and beta along some axes, and (x − μ)/√(σ² + ε)·γ + β. */
abstract class Normalization<Options extends NormalizationOptions> extends Layer<Options> {
  override readonly supportsMasking = true;
  #gamma: Variable | undefined;
  #beta: Variable | undefined;

  protected addGammaAndBeta(shape: Shape): void {
    const { scale = true, center = true } = this.options;
    if (scale) this.#gamma = addWeightWithOptions(this, 'gamma', shape, { initializer: 'ones' });
    if (center) this.#beta = addWeightWithOptions(this, 'beta', shape);
  }

  /** @param toInput gives weights the rank of the input */
  protected normalize(centered: Value, variance: Value, toInput: (weights: Value) => Value): Value {
    const deviation = sqrt(add(variance, this.options.epsilon ?? 1e-3));
    const factor = this.#gamma ? div(toInput(this.#gamma.read()), deviation) : div(1, deviation);
    const scaled = mul(centered, factor);
    return this.#beta ? add(scaled, toInput(this.#beta.read())) : scaled;
  }

  /** Axes of an input as indices from 0, sorted. */
  protected axesOf(axis: number | readonly number[], inputShape: ModelShape): number[] {
    const rank = inputShape.length;
    const axes = [axis].flat().map((one) => (one < 0 ? one + rank : one)) as number[];
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

export interface BatchNormalizationOptions extends NormalizationOptions {
  /** The axis of features, each normalised by itself; −1 by default. */
  readonly axis?: number;
  /** Share that the moving statistics keep at each step; 0.99 by default. */
  readonly momentum?: number;
  /** 'zeros' by default. */
  readonly movingMeanInitializer?: string | Initializer;
  /** 'ones' by default. */
  readonly movingVarianceInitializer?: string | Initializer;
}

/**
 * y = γ·(x − μ)/√(σ² + ε) + β for each feature. While training, μ and σ² are those of the batch, and moving
 * averages of them are kept; otherwise, and where the layer or what it is inside of is not trainable, μ and σ² are these averages.
 *
 * S. Ioffe and C. Szegedy, "Batch normalization", 2015.
 */
export class BatchNormalization extends Normalization<BatchNormalizationOptions> {
  static readonly className = 'BatchNormalization';
  #axis = -1;
  #movingMean!: Variable;
  #movingVariance!: Variable;

  constructor(options: BatchNormalizationOptions = {}) {
    super(options);
    const { momentum = 0.99 } = options;
    if (!(momentum >= 0 && momentum <= 1)) throw this.error(`momentum must be from 0 to 1; got ${momentum}.`);
  }

  override build(inputShape: ModelShape): void {
    [this.#axis] = this.axesOf(this.options.axis ?? -1, inputShape);
    const shape = [inputShape[this.#axis] as number];
    const fixed = { trainable: false };
    this.addGammaAndBeta(shape);
    this.#movingMean = addWeightWithOptions(this, 'movingMean', shape, { ...fixed, name: 'moving_mean' });
    this.#movingVariance = addWeightWithOptions(this, 'movingVariance', shape, {
      ...fixed,
      name: 'moving_variance',
      initializer: 'ones',
    });
  }

  override call(x: Value, { training, isFrozen }: CallContext): Value {
    const kept = x.shape.map((size, axis) => (axis === this.#axis ? size : 1));
    const toInput = (weights: Value) => reshape(weights, kept);
    if (!training || isFrozen) {
      const centered = sub(x, toInput(this.#movingMean.read()));
      return this.normalize(centered, toInput(this.#movingVariance.read()), toInput);
    }
    const others = x.shape.map((_, axis) => axis).filter((axis) => axis !== this.#axis);
    const batchMean = mean(x, others, true);
    const centered = sub(x, batchMean);
    const batchVariance = mean(square(centered), others, true);
    this.#follow(this.#movingMean, batchMean);
    this.#follow(this.#movingVariance, batchVariance);
    return this.normalize(centered, batchVariance, toInput);
  }

  /** moving ← momentum·moving + (1 − momentum)·statistic. */
  #follow(moving: Variable, statistic: Value): void {
    const { momentum = 0.99 } = this.options;
    const kept = mul(moving.read(), momentum);
    const next = add(kept, mul(reshape(statistic, moving.shape), 1 - momentum));
    Trace.current.assign(moving, next);
  }
}

export interface LayerNormalizationOptions extends NormalizationOptions {
  /** The axes that are normalised together; −1 by default. */
  readonly axis?: number | readonly number[];
}

/**
 * y = γ·(x − μ)/√(σ² + ε) + β, where μ and σ² are those of each sample along `axis`.
 *
 * J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer normalization", 2016.
 */
export class LayerNormalization extends Normalization<LayerNormalizationOptions> {
  static readonly className = 'LayerNormalization';
  #axes: readonly number[] = [];

  override build(inputShape: ModelShape): void {
    this.#axes = this.axesOf(this.options.axis ?? -1, inputShape);
    this.addGammaAndBeta(this.#axes.map((axis) => inputShape[axis] as number));
  }

  override call(x: Value): Value {
    const kept = x.shape.map((size, axis) => (this.#axes.includes(axis) ? size : 1));
    const centered = sub(x, mean(x, this.#axes, true));
    return this.normalize(centered, mean(square(centered), this.#axes, true), (w) => reshape(w, kept));
  }
}
