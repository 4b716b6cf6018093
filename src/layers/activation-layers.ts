// Activations that are layers: those with options or weights of their own.

import { constraint } from '../constraints/constraints.ts';
import type { Value } from '../graph/graph.ts';
import { add, lessEqual, minimum, mul, relu, select, sub } from '../graph/ops/elementwise.ts';
import { transpose } from '../graph/ops/movement.ts';
import { normalizeAxis } from '../graph/shape.ts';
import { initializer } from '../initializers/initializers.ts';
import { finite, nonNegative, oneAxis, oneOrList, positiveInteger } from '../options/kinds.ts';
import { describe, type OptionsOf, optional, required, type SettingsOf } from '../options/option.ts';
import { regularizer } from '../regularizers/regularizers.ts';
import type { Weights } from '../state/weights.ts';
import { activations, maxout } from './activations.ts';
import { Layer } from './base/layer.ts';
import { layerOptions } from './base/layer-options.ts';
import type { ModelShape } from './base/symbolic.ts';
import { optionsOfWeight } from './base/weight-options.ts';

const reluOptions = /* @__PURE__ */ describe(layerOptions, {
  /** The largest value; none by default. */
  maxValue: optional(nonNegative),
  /** Slope up to the threshold; 0 by default. */
  negativeSlope: optional(finite, 0),
  /** What x is to be above to pass; 0 by default. */
  threshold: optional(finite, 0),
});

export interface ReLUOptions extends OptionsOf<typeof reluOptions> {}

/** x above the threshold, else negativeSlope·(x − threshold), and no more than maxValue. */
export class ReLU extends Layer<SettingsOf<typeof reluOptions>, ReLUOptions> {
  static readonly className = 'ReLU';
  static override readonly options = reluOptions;
  override supportsMasking = true;

  override compute(x: Value): Value {
    const { maxValue, negativeSlope, threshold } = this.options;
    const isBent = negativeSlope || threshold;
    const y = isBent ? select(lessEqual(x, threshold), mul(sub(x, threshold), negativeSlope), x) : relu(x);
    return maxValue === undefined ? y : minimum(y, maxValue);
  }
}

const leakyReLUOptions = /* @__PURE__ */ describe(layerOptions, {
  /** Slope for x < 0; 0.3 by default. */
  alpha: optional(finite, 0.3),
});

export interface LeakyReLUOptions extends OptionsOf<typeof leakyReLUOptions> {}

/** x for x > 0, else alpha·x; alpha is 0.3 by default. */
export class LeakyReLU extends Layer<SettingsOf<typeof leakyReLUOptions>, LeakyReLUOptions> {
  static readonly className = 'LeakyReLU';
  static override readonly options = leakyReLUOptions;
  override supportsMasking = true;

  override compute(x: Value): Value {
    return activations.leakyReLU(x, { alpha: this.options.alpha });
  }
}

const eluOptions = /* @__PURE__ */ describe(layerOptions, {
  /** Scale for x < 0; 1 by default. */
  alpha: optional(finite, 1),
});

export interface ELUOptions extends OptionsOf<typeof eluOptions> {}

/** x for x > 0, else alpha·(e^x − 1); alpha is 1 by default. */
export class ELU extends Layer<SettingsOf<typeof eluOptions>, ELUOptions> {
  static readonly className = 'ELU';
  static override readonly options = eluOptions;
  override supportsMasking = true;

  override compute(x: Value): Value {
    return activations.elu(x, { alpha: this.options.alpha });
  }
}

const thresholdedReLUOptions = /* @__PURE__ */ describe(layerOptions, {
  /** 1 by default. */
  theta: optional(finite, 1),
});

export interface ThresholdedReLUOptions extends OptionsOf<typeof thresholdedReLUOptions> {}

/** x where x > theta, else 0; NaN stays NaN. */
export class ThresholdedReLU extends Layer<
  SettingsOf<typeof thresholdedReLUOptions>,
  ThresholdedReLUOptions
> {
  static readonly className = 'ThresholdedReLU';
  static override readonly options = thresholdedReLUOptions;
  override supportsMasking = true;

  override compute(x: Value): Value {
    return select(lessEqual(x, this.options.theta), 0, x);
  }
}

const preluOptions = /* @__PURE__ */ describe(layerOptions, {
  /** How alpha starts; 'zeros' by default. */
  alphaInitializer: optional(initializer, 'zeros'),
  /** What alpha costs. */
  alphaRegularizer: optional(regularizer),
  /** Where alpha may go. */
  alphaConstraint: optional(constraint),
  /** Axes (the batch is 0) along which alpha is shared; none by default. */
  sharedAxes: optional(oneOrList(positiveInteger, 'an axis from 1 up, or a list of them'), []),
});

export interface PReLUOptions extends OptionsOf<typeof preluOptions> {}

/** x for x > 0, else alpha·x with an alpha learned for each element of a sample. */
export class PReLU extends Layer<SettingsOf<typeof preluOptions>, PReLUOptions> {
  static readonly className = 'PReLU';
  static override readonly options = preluOptions;
  override supportsMasking = true;
  #alpha!: Weights;

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    const shared = [this.options.sharedAxes].flat();
    const shape = inputShape.slice(1).map((size, i) => (shared.includes(i + 1) ? 1 : (size ?? 0)));
    this.#alpha = this.makeWeight('alpha', shape, optionsOfWeight(this.options, 'alpha'));
  }

  override compute(x: Value): Value {
    return add(relu(x), mul(minimum(x, 0), this.#alpha.read()));
  }
}

const softmaxOptions = /* @__PURE__ */ describe(layerOptions, {
  /** −1 by default. */
  axis: optional(oneAxis, -1),
});

export interface SoftmaxOptions extends OptionsOf<typeof softmaxOptions> {}

/** Probabilities along an axis. */
export class Softmax extends Layer<SettingsOf<typeof softmaxOptions>, SoftmaxOptions> {
  static readonly className = 'Softmax';
  static override readonly options = softmaxOptions;
  override supportsMasking = true;

  override compute(x: Value): Value {
    const axis = normalizeAxis(this.name, this.options.axis, x.rank);
    if (axis === x.rank - 1) return activations.softmax(x);
    const swapped = x.shape.map((_, i) => (i === axis ? x.rank - 1 : i === x.rank - 1 ? axis : i));
    return transpose(activations.softmax(transpose(x, swapped)), swapped);
  }
}

const maxoutOptions = /* @__PURE__ */ describe(layerOptions, {
  /** Neighbouring features of which the largest is kept. */
  pieces: required(positiveInteger),
});

export interface MaxoutOptions extends OptionsOf<typeof maxoutOptions> {}

/** The largest of every `pieces` neighbouring features: [..., n] → [..., n / pieces]. */
export class Maxout extends Layer<SettingsOf<typeof maxoutOptions>, MaxoutOptions> {
  static readonly className = 'Maxout';
  static override readonly options = maxoutOptions;
  override supportsMasking = true;

  override compute(x: Value): Value {
    const { pieces } = this.options;
    const size = x.shape[x.rank - 1];
    if (size % pieces !== 0) throw this.error(`${size} features do not divide into groups of ${pieces}.`);
    return maxout(x, pieces);
  }
}
