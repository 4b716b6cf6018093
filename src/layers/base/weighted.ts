// What layers with a kernel have in common: its options, a bias, and an activation at the end.

import { constraint } from '../../constraints/constraints.ts';
import type { Value } from '../../graph/graph.ts';
import { add } from '../../graph/ops/elementwise.ts';
import { initializer } from '../../initializers/initializers.ts';
import { flag } from '../../options/kinds.ts';
import { describe, optional, type SettingsOf } from '../../options/option.ts';
import { regularizer } from '../../regularizers/regularizers.ts';
import type { Weights } from '../../state/weights.ts';
import { activation } from '../activations.ts';
import { Layer } from './layer.ts';
import { layerOptions } from './layer-options.ts';
import { optionsOfWeight } from './weight-options.ts';

/** Options of layers that end in activation(… + bias). */
export const biasOptions = /* @__PURE__ */ describe(layerOptions, {
  /** What is applied at the end: a name, or a function of a value. Linear by default. */
  activation: optional(activation, 'linear'),
  /** Whether a bias is added; true by default. */
  useBias: optional(flag, true),
  /** How the bias starts; 'zeros' by default. */
  biasInitializer: optional(initializer, 'zeros'),
  /** What the bias costs. */
  biasRegularizer: optional(regularizer),
  /** Where the bias may go. */
  biasConstraint: optional(constraint),
  /** What the output costs. */
  activityRegularizer: optional(regularizer),
});

/** Options of layers with a kernel besides. */
export const weightedOptions = /* @__PURE__ */ describe(biasOptions, {
  /** How the kernel starts; 'glorotNormal' by default, as in TensorFlow.js. */
  kernelInitializer: optional(initializer, 'glorotNormal'),
  /** What the kernel costs. */
  kernelRegularizer: optional(regularizer),
  /** Where the kernel may go. */
  kernelConstraint: optional(constraint),
});

type BiasSettings = SettingsOf<typeof biasOptions>;
type WeightedSettings = SettingsOf<typeof weightedOptions>;

/** A layer that ends in activation(… + bias). */
export abstract class Biased<Options extends BiasSettings, Given extends object> extends Layer<
  Options,
  Given
> {
  #bias: Weights | undefined;

  constructor(options: Given) {
    super(options);
    this.activityRegularizer = this.options.activityRegularizer;
  }

  /** Makes the bias, unless `useBias` is false. */
  protected addBias(size: number): void {
    if (this.options.useBias)
      this.#bias = this.makeWeight('bias', [size], optionsOfWeight(this.options, 'bias'));
  }

  /** activation(product + bias), the bias along the last axis. */
  protected finish(product: Value): Value {
    return this.options.activation(this.#bias ? add(product, this.#bias.read()) : product);
  }
}

/** A layer with a kernel that ends in activation(… + bias). */
export abstract class Weighted<Options extends WeightedSettings, Given extends object> extends Biased<
  Options,
  Given
> {
  protected addKernel(shape: readonly number[]): Weights {
    return this.makeWeight('kernel', shape, optionsOfWeight(this.options, 'kernel'));
  }
}
