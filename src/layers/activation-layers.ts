// Activations that are layers: those with options or weights of their own.

import type { Constraint } from '../constraints/constraints.ts';
import type { Value } from '../graph/graph.ts';
import { add, greater, minimum, mul, relu, select } from '../graph/ops/elementwise.ts';
import { transpose } from '../graph/ops/movement.ts';
import { normalizeAxis } from '../graph/shape.ts';
import type { Initializer } from '../initializers/initializers.ts';
import type { Regularizer } from '../regularizers/regularizers.ts';
import type { Variable } from '../state/variable.ts';
import { activations, maxout } from './activations.ts';
import { Layer, type LayerOptions } from './layer.ts';
import type { ModelShape } from './symbolic.ts';

export interface ReLUOptions extends LayerOptions {
  /** The largest value; none by default. */
  readonly maxValue?: number;
}

/** max(x, 0), and no more than maxValue. */
export class ReLU extends Layer<ReLUOptions> {
  static readonly className = 'ReLU';
  override readonly supportsMasking = true;

  override call(x: Value): Value {
    const { maxValue } = this.options;
    return maxValue === undefined ? relu(x) : minimum(relu(x), maxValue);
  }
}

export interface AlphaOptions extends LayerOptions {
  readonly alpha?: number;
}

/** x for x > 0, else alpha·x; alpha is 0.3 by default. */
export class LeakyReLU extends Layer<AlphaOptions> {
  static readonly className = 'LeakyReLU';
  override readonly supportsMasking = true;

  override call(x: Value): Value {
    return activations.leakyReLU(x, { alpha: this.options.alpha ?? 0.3 });
  }
}

/** x for x > 0, else alpha·(e^x − 1); alpha is 1 by default. */
export class ELU extends Layer<AlphaOptions> {
  static readonly className = 'ELU';
  override readonly supportsMasking = true;

  override call(x: Value): Value {
    return activations.elu(x, { alpha: this.options.alpha ?? 1 });
  }
}

export interface ThresholdedReLUOptions extends LayerOptions {
  /** 1 by default. */
  readonly theta?: number;
}

/** x where x > theta, else 0. */
export class ThresholdedReLU extends Layer<ThresholdedReLUOptions> {
  static readonly className = 'ThresholdedReLU';
  override readonly supportsMasking = true;

  override call(x: Value): Value {
    return select(greater(x, this.options.theta ?? 1), x, 0);
  }
}

export interface PReLUOptions extends LayerOptions {
  /** 'zeros' by default. */
  readonly alphaInitializer?: string | Initializer;
  readonly alphaRegularizer?: string | Regularizer;
  readonly alphaConstraint?: string | Constraint;
  /** Axes (the batch is 0) along which alpha is shared; none by default. */
  readonly sharedAxes?: number | readonly number[];
}

/** x for x > 0, else alpha·x with an alpha learned for each element of a sample. */
export class PReLU extends Layer<PReLUOptions> {
  static readonly className = 'PReLU';
  override readonly supportsMasking = true;
  #alpha!: Variable;

  override build(inputShape: ModelShape): void {
    const { sharedAxes, alphaInitializer, alphaRegularizer, alphaConstraint } = this.options;
    const shared = [sharedAxes ?? []].flat();
    const shape = inputShape.slice(1).map((size, i) => (shared.includes(i + 1) ? 1 : size));
    this.#alpha = this.addWeight(
      'alpha',
      shape.map((size) => size ?? 0),
      'float32',
      alphaInitializer ?? 'zeros',
      alphaRegularizer,
      true,
      alphaConstraint,
    );
  }

  override call(x: Value): Value {
    return add(relu(x), mul(minimum(x, 0), this.#alpha.read()));
  }
}

export interface SoftmaxOptions extends LayerOptions {
  /** −1 by default. */
  readonly axis?: number;
}

/** Probabilities along an axis. */
export class Softmax extends Layer<SoftmaxOptions> {
  static readonly className = 'Softmax';
  override readonly supportsMasking = true;

  override call(x: Value): Value {
    const axis = normalizeAxis(this.name, this.options.axis ?? -1, x.rank);
    if (axis === x.rank - 1) return activations.softmax(x);
    const swapped = x.shape.map((_, i) => (i === axis ? x.rank - 1 : i === x.rank - 1 ? axis : i));
    return transpose(activations.softmax(transpose(x, swapped)), swapped);
  }
}

export interface MaxoutOptions extends LayerOptions {
  /** Neighbouring features of which the largest is kept. */
  readonly pieces: number;
}

/** The largest of every `pieces` neighbouring features: [..., n] → [..., n / pieces]. */
export class Maxout extends Layer<MaxoutOptions> {
  static readonly className = 'Maxout';
  override readonly supportsMasking = true;

  override call(x: Value): Value {
    const pieces = this.positiveInteger('pieces', this.options.pieces);
    const size = x.shape[x.rank - 1];
    if (size % pieces !== 0) throw this.error(`${size} features do not divide into groups of ${pieces}.`);
    return maxout(x, pieces);
  }
}
