// Features brought to mean 0 and variance 1 by what `adapt` found in the data, or by what is known of them.

import type { Value } from '../../graph/graph.ts';
import { asFloat } from '../../graph/ops/conversion.ts';
import { add, div, maximum, mul, sqrt, sub } from '../../graph/ops/elementwise.ts';
import { constant, reshape } from '../../graph/ops/sources.ts';
import { formatShape, fromFront, type Shape, sizeOf } from '../../graph/shape.ts';
import { getInitializer } from '../../initializers/initializers.ts';
import { finite, flag, integer, oneOrList } from '../../options/kinds.ts';
import { describe, type Kind, type OptionsOf, optional, type SettingsOf } from '../../options/option.ts';
import type { Weights } from '../../state/weights.ts';
import { toTensor } from '../../tensor/convert.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Layer } from '../base/layer.ts';
import { layerOptions } from '../base/layer-options.ts';
import type { ModelShape } from '../base/symbolic.ts';
import { type AdaptData, type AdaptOptions, lookAt } from './adapting.ts';

/** Numbers, nested as they may be in files. */
const numbers: Kind<number | readonly number[], readonly number[]> = {
  expected: 'a number, or a list of numbers',
  read(given) {
    const list: readonly unknown[] = [given].flat(8);
    return list.every((each) => finite.read(each) !== undefined) ? (list as number[]) : undefined;
  },
};

const axes: Kind<number | readonly number[] | null, number | readonly number[] | null> = {
  .../* @__PURE__ */ oneOrList(integer, 'an integer, a list of them, or null'),
  takesNull: true,
};

const normalizationOptions = /* @__PURE__ */ describe(layerOptions, {
  /** The axes of features, each of which has a mean and a variance of its own; −1 by default. null: one for all numbers. */
  axis: optional(axes, -1),
  /** The means, where they are known; by default `adapt` finds them. */
  mean: optional(numbers),
  /** The variances, where they are known; by default `adapt` finds them. */
  variance: optional(numbers),
  /** Whether it turns normalised numbers back; false by default. */
  invert: optional(flag, false),
});

export interface NormalizationOptions extends OptionsOf<typeof normalizationOptions> {}

/** Deviations below it count as it, as in Keras. */
const epsilon = 1e-7;

/** Counts, means and sums of squared deviations of features so far. */
interface Moments {
  count: number;
  readonly means: Float64Array;
  readonly squares: Float64Array;
}

/**
 * (x − mean) / √variance of each feature. Before `adapt`, it hands its input on. What it learned are weights that are
 * not trained: a model may be adapted at any time.
 */
export class Normalization extends Layer<SettingsOf<typeof normalizationOptions>, NormalizationOptions> {
  static readonly className = 'Normalization';
  static override readonly options = normalizationOptions;
  override supportsMasking = true;
  #axes: readonly number[] = [];
  #sizes: Shape = [];
  #mean: Weights | undefined;
  #variance: Weights | undefined;
  #count: Weights | undefined;

  constructor(options: NormalizationOptions = {}) {
    super(options);
    const { mean, variance } = this.options;
    if (mean && !variance) throw this.error('mean needs variance beside it.');
    if (variance && !mean) throw this.error('variance needs mean beside it.');
    if (mean && variance && mean.length !== variance.length) {
      throw this.error(
        `mean and variance must be as many numbers; got ${mean.length} and ${variance.length}.`,
      );
    }
  }

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    const rank = inputShape.length;
    const { axis, mean, variance } = this.options;
    this.#axes = ([axis ?? []].flat() as number[]).map((one) => fromFront(one, rank)).sort((a, b) => a - b);
    this.#sizes = this.#axes.map((one) => {
      const size = inputShape[one];
      if (one > 0 && size) return size;
      throw this.error(
        `axis must be axes of known size, other than the batch's; got ${axis} for input ${formatShape(inputShape)}.`,
      );
    });
    const features = sizeOf(this.#sizes);
    if (mean && mean.length !== 1 && mean.length !== features) {
      throw this.error(`mean must be ${features} numbers, one for each feature; got ${mean.length}.`);
    }
    if (mean && variance) return;
    const kept = (name: string, shape: Shape, initializer: string) =>
      this.makeWeight(name, shape, { initializer: getInitializer(initializer), trainable: false });
    this.#mean = kept('mean', this.#sizes, 'zeros');
    this.#variance = kept('variance', this.#sizes, 'ones');
    this.#count = kept('count', [], 'zeros');
  }

  /**
   * Learns mean and variance of each feature.
   * @throws LanegradError for a layer that was given them, without data, and for NaN.
   */
  async adapt(data: AdaptData, options?: AdaptOptions): Promise<void> {
    if (this.options.mean) throw this.error('adapt: this layer was given its mean and variance.');
    let moments: Moments | undefined;
    await lookAt(this, data, options, (batch) => {
      const x = toTensor(this.name, 'data', batch);
      // A list of numbers is one number for each sample.
      const samples = x.rank === 1 ? x.reshape([-1, 1]) : x;
      this.ensureBuilt([null, ...samples.shape.slice(1)]);
      moments ??= { count: 0, means: this.#zeros(), squares: this.#zeros() };
      this.#add(samples, moments);
    });
    const { count, means, squares } = moments!;
    if (count === 0 || !means.every(Number.isFinite))
      throw this.error('adapt: the data hold nothing, or NaN or infinities.');
    this.#mean!.write(Float32Array.from(means));
    this.#variance!.write(Float32Array.from(squares, (square) => square / count));
    this.#count!.write(Float32Array.of(count));
  }

  #zeros = (): Float64Array => new Float64Array(sizeOf(this.#sizes));

  /** Welford's update, number by number: stable where means are large (B. P. Welford, 1962). */
  #add(samples: Tensor, moments: Moments): void {
    const data = samples.computed();
    const features = sizeOf(this.#sizes);
    const featureOf = this.#featureOf(samples.shape);
    const counts = new Float64Array(features).fill(moments.count);
    for (let i = 0; i < data.length; i++) {
      const feature = featureOf(i);
      const before = data[i] - moments.means[feature];
      moments.means[feature] += before / ++counts[feature];
      moments.squares[feature] += before * (data[i] - moments.means[feature]);
    }
    moments.count = counts[0];
  }

  /** Which feature an element of a batch is of. @throws LanegradError for a batch of other features. */
  #featureOf(shape: Shape): (element: number) => number {
    if (this.#axes.some((axis, i) => shape[axis] !== this.#sizes[i])) {
      throw this.error(
        `features have sizes ${formatShape(this.#sizes)}; got data of shape ${formatShape(shape)}.`,
      );
    }
    const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
    return (element) =>
      this.#axes.reduce(
        (feature, axis) => feature * shape[axis] + (Math.floor(element / strides[axis]) % shape[axis]),
        0,
      );
  }

  override compute(x: Value): Value {
    const kept = x.shape.map((size, axis) => (this.#axes.includes(axis) ? size : 1));
    const read = (given: readonly number[] | undefined, weight: Weights | undefined): Value => {
      if (weight) return reshape(weight.read(), kept);
      return constant(x.graph, given!, given!.length === 1 ? [] : kept);
    };
    const mean = read(this.options.mean, this.#mean);
    const deviation = maximum(sqrt(read(this.options.variance, this.#variance)), epsilon);
    if (this.options.invert) return add(mul(asFloat(x), deviation), mean);
    return div(sub(asFloat(x), mean), deviation);
  }
}
