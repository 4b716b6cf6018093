// What layers with a kernel have in common: its options, a bias, and an activation at the end.

import type { Constraint } from '../constraints/constraints.ts';
import type { Value } from '../graph/graph.ts';
import { add } from '../graph/ops/elementwise.ts';
import type { Shape } from '../graph/shape.ts';
import type { Initializer } from '../initializers/initializers.ts';
import { getRegularizer, type Regularizer } from '../regularizers/regularizers.ts';
import type { Variable } from '../state/variable.ts';
import { type ActivationIdentifier, getActivation } from './activations.ts';
import { Layer, type LayerOptions } from './layer.ts';

export interface BiasOptions extends LayerOptions {
  /** Linear by default. */
  readonly activation?: ActivationIdentifier;
  /** True by default. */
  readonly useBias?: boolean;
  /** 'zeros' by default. */
  readonly biasInitializer?: string | Initializer;
  readonly biasRegularizer?: string | Regularizer;
  readonly biasConstraint?: string | Constraint;
  readonly activityRegularizer?: string | Regularizer;
}

export interface WeightedOptions extends BiasOptions {
  /** 'glorotNormal' by default, as in TensorFlow.js. */
  readonly kernelInitializer?: string | Initializer;
  readonly kernelRegularizer?: string | Regularizer;
  readonly kernelConstraint?: string | Constraint;
}

/** A layer that ends in activation(… + bias). */
export abstract class Weighted<Options extends BiasOptions> extends Layer<Options> {
  protected readonly activation: (x: Value) => Value;
  #bias: Variable | undefined;

  constructor(options: Options) {
    super(options);
    this.activation = getActivation(options.activation);
    if (options.activityRegularizer) this.activityRegularizer = getRegularizer(options.activityRegularizer);
  }

  /** Makes a kernel with the options `{option}Initializer`, `{option}Regularizer` and `{option}Constraint`. */
  protected addKernel(
    shape: Shape,
    option = 'kernel',
    name = option,
    initializer = 'glorotNormal',
  ): Variable {
    return addWeightWithOptions(this, option, shape, { name, initializer });
  }

  /** Makes the bias, unless `useBias` is false. */
  protected addBias(size: number): void {
    if (this.options.useBias !== false) this.#bias = addWeightWithOptions(this, 'bias', [size]);
  }

  /** activation(product + bias), the bias along the last axis. */
  protected finish(product: Value): Value {
    return this.activation(this.#bias ? add(product, this.#bias.read()) : product);
  }
}

export interface WeightDefaults {
  /** By default the option's name. */
  readonly name?: string;
  /** 'zeros' by default. */
  readonly initializer?: string;
  /** True by default. */
  readonly trainable?: boolean;
}

/** Makes a weight with the layer's options `{option}Initializer`, `{option}Regularizer` and `{option}Constraint`. */
export function addWeightWithOptions(
  layer: Layer,
  option: string,
  shape: Shape,
  { name = option, initializer = 'zeros', trainable = true }: WeightDefaults = {},
): Variable {
  const o = layer.options as Readonly<Record<string, unknown>>;
  return layer.addWeight(
    name,
    shape,
    'float32',
    (o[`${option}Initializer`] as Initializer | undefined) ?? initializer,
    o[`${option}Regularizer`] as Regularizer | undefined,
    trainable,
    o[`${option}Constraint`] as Constraint | undefined,
  );
}
