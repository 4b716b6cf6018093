// Numbers put into bins by their size.

import type { Value } from '../../graph/graph.ts';
import { sum } from '../../graph/ops/broadcasting.ts';
import { asFloat, asInt32 } from '../../graph/ops/conversion.ts';
import { greaterEqual } from '../../graph/ops/elementwise.ts';
import { constant, reshape } from '../../graph/ops/sources.ts';
import {
  betweenZeroAndOne,
  type ConfigDict,
  finite,
  flag,
  listOf,
  positiveInteger,
} from '../../options/kinds.ts';
import { describe, type OptionsOf, optional, type SettingsOf } from '../../options/option.ts';
import { toTensor } from '../../tensor/convert.ts';
import { Layer } from '../base/layer.ts';
import { layerOptions } from '../base/layer-options.ts';
import { type AdaptData, type AdaptOptions, lookAt, requireUnused } from './adapting.ts';
import { encode, kerasWord } from './encoding.ts';

const discretizationOptions = /* @__PURE__ */ describe(layerOptions, {
  /** Where bins begin, rising: a number belongs to the bin that begins at it or below. By default `adapt` finds them. */
  binBoundaries: optional(listOf(finite, 'a list of numbers')),
  /** How many bins `adapt` makes. */
  numBins: optional(positiveInteger),
  /** Accepted for configurations that have it: boundaries are exact, where Keras's are within this share. */
  epsilon: optional(betweenZeroAndOne, 0.01),
  /**
   * 'int', the default: the bins' numbers. 'oneHot': [..., bins] for each, in place of a last axis of 1. 'multiHot',
   * 'count': [..., bins] of a row's bins together.
   */
  outputMode: optional(kerasWord('int', 'oneHot', 'multiHot', 'count'), 'int'),
  /** Accepted for configurations that have it: there are no sparse tensors. */
  sparse: optional(flag, false),
});

export interface DiscretizationOptions extends OptionsOf<typeof discretizationOptions> {}

/** Numbers as the bins that they lie in: [batch, n] → [batch, n] of int32, or vectors. */
export class Discretization extends Layer<SettingsOf<typeof discretizationOptions>, DiscretizationOptions> {
  static readonly className = 'Discretization';
  static override readonly options = discretizationOptions;
  #boundaries: readonly number[] | undefined;

  constructor(options: DiscretizationOptions) {
    super(options);
    this.built = true;
    const { binBoundaries, numBins } = this.options;
    if (!binBoundaries && !numBins)
      throw this.error('numBins must be given for adapt, or binBoundaries; got undefined.');
    if (binBoundaries?.some((boundary, i) => i > 0 && boundary < binBoundaries[i - 1])) {
      throw this.error(`binBoundaries must rise; got ${binBoundaries.join(', ')}.`);
    }
    this.#boundaries = binBoundaries;
  }

  /**
   * Learns boundaries so that bins hold as many numbers each.
   * @throws LanegradError without numBins or numbers, and once the layer stands in a model.
   */
  async adapt(data: AdaptData, options?: AdaptOptions): Promise<void> {
    const { numBins } = this.options;
    if (!numBins) throw this.error('adapt needs numBins; this layer was given binBoundaries.');
    const batches: ArrayLike<number>[] = [];
    await lookAt(this, data, options, (batch) => {
      batches.push(toTensor(this.name, 'data', batch).computed());
    });
    requireUnused(this, 'boundaries');
    const values = Float32Array.from(batches.flatMap((batch) => Array.from(batch))).sort();
    const unknown = values.length > 0 ? values.find((value) => !Number.isFinite(value)) : 'none';
    if (unknown !== undefined) throw this.error(`adapt takes finite numbers; got ${unknown}.`);
    this.#boundaries = Array.from({ length: numBins - 1 }, (_, i) => quantile(values, (i + 1) / numBins));
  }

  override compute(x: Value): Value {
    const boundaries = this.#boundaries;
    if (!boundaries)
      throw this.error('has no boundaries yet. Give it binBoundaries, or call adapt with data.');
    const count = boundaries.length;
    const starts = count > 0 ? constant(x.graph, boundaries, [count]) : Number.POSITIVE_INFINITY;
    const isPast = greaterEqual(reshape(asFloat(x), [...x.shape, 1]), starts);
    const bins = asInt32(sum(asFloat(isPast), -1));
    const { outputMode } = this.options;
    return outputMode === 'int' ? bins : encode(bins, outputMode, count + 1);
  }

  /** What it learned is among its options. */
  override getConfig(): ConfigDict {
    return { ...super.getConfig(), ...(this.#boundaries && { binBoundaries: this.#boundaries }) };
  }
}

/** The value up to which a share below 1 of sorted values lies, (i + 1)/n lying up to value i; between two by interpolation. */
function quantile(sorted: Float32Array, share: number): number {
  const place = share * sorted.length - 1;
  if (place <= 0) return sorted[0];
  const below = Math.floor(place);
  return Math.fround(sorted[below] + (sorted[below + 1] - sorted[below]) * (place - below));
}
