// The layers that most networks are made of.

import type { Value } from '../graph/graph.ts';
import { add, asFloat, mul } from '../graph/ops/elementwise.ts';
import { matMul } from '../graph/ops/matmul.ts';
import { reshape } from '../graph/ops/sources.ts';
import { formatShape, sizeOf } from '../graph/shape.ts';
import type { Variable } from '../state/variable.ts';
import { type ActivationIdentifier, getActivation } from './activations.ts';
import { Layer, type LayerOptions } from './layer.ts';
import type { ModelShape } from './symbolic.ts';
import { Weighted, type WeightedOptions } from './weighted.ts';

export interface DenseOptions extends WeightedOptions {
  /** Size of the output. */
  readonly units: number;
}

/** y = activation(x·W + b) along the last axis: [..., n] → [..., units]. */
export class Dense extends Weighted<DenseOptions> {
  static readonly className = 'Dense';
  override readonly supportsMasking = true;
  readonly #units: number;
  #kernel!: Variable;

  constructor(options: DenseOptions) {
    super(options);
    this.#units = this.positiveInteger('units', options.units);
  }

  override build(inputShape: ModelShape): void {
    const size = inputShape[inputShape.length - 1];
    if (inputShape.length < 2 || size === null) {
      throw this.error(`takes input with a known last size, as [null,n]; got ${formatShape(inputShape)}.`);
    }
    this.#kernel = this.addKernel([size, this.#units]);
    this.addBias(this.#units);
  }

  override call(x: Value): Value {
    const rows = x.rank === 2 ? x : reshape(x, [-1, x.shape[x.rank - 1]]);
    return reshape(this.finish(matMul(rows, this.#kernel.read())), [...x.shape.slice(0, -1), this.#units]);
  }
}

export interface ActivationOptions extends LayerOptions {
  readonly activation: ActivationIdentifier;
}

/** An activation as a layer of its own. */
export class Activation extends Layer<ActivationOptions> {
  static readonly className = 'Activation';
  override readonly supportsMasking = true;
  readonly #activation: (x: Value) => Value;

  constructor(options: ActivationOptions) {
    super(options);
    this.#activation = getActivation(options.activation);
  }

  override call(x: Value): Value {
    return this.#activation(x);
  }
}

/** [batch, a, b, …] → [batch, a·b·…]. */
export class Flatten extends Layer {
  static readonly className = 'Flatten';

  override call(x: Value): Value {
    return reshape(x, [x.shape[0], sizeOf(x.shape.slice(1))]);
  }
}

export interface ReshapeOptions extends LayerOptions {
  /** Without the batch; one size may be −1. */
  readonly targetShape: readonly number[];
}

/** The same elements of each sample under another shape. */
export class Reshape extends Layer<ReshapeOptions> {
  static readonly className = 'Reshape';

  override call(x: Value): Value {
    const { targetShape } = this.options;
    const known = sizeOf(targetShape.filter((size) => size !== -1));
    const size = sizeOf(x.shape.slice(1));
    const target = targetShape.map((axis) => (axis === -1 ? size / known : axis));
    if (sizeOf(target) !== size) {
      throw this.error(
        `a sample of shape ${formatShape(x.shape.slice(1))} cannot become ${formatShape(targetShape)}.`,
      );
    }
    return reshape(x, [x.shape[0], ...target]);
  }
}

export interface RescalingOptions extends LayerOptions {
  /** Factor; 1/255 turns bytes into numbers from 0 to 1. */
  readonly scale: number;
  /** Added after the factor; 0 by default. */
  readonly offset?: number;
}

/** x·scale + offset. Bytes are converted here, in the kernel. */
export class Rescaling extends Layer<RescalingOptions> {
  static readonly className = 'Rescaling';
  override readonly supportsMasking = true;

  override call(x: Value): Value {
    return add(mul(asFloat(x), this.options.scale), this.options.offset ?? 0);
  }
}
