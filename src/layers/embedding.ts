// `embedding`: a learned vector for each integer.

import { constraint } from '../constraints/constraints.ts';
import type { Value } from '../graph/graph.ts';
import { asFloat } from '../graph/ops/conversion.ts';
import { equal, sub } from '../graph/ops/elementwise.ts';
import { gather } from '../graph/ops/gather.ts';
import { formatShape } from '../graph/shape.ts';
import { initializer } from '../initializers/initializers.ts';
import { flag, oneOrList, positiveInteger } from '../options/kinds.ts';
import {
  describe,
  type Kind,
  type OptionsOf,
  optional,
  required,
  type SettingsOf,
} from '../options/option.ts';
import { regularizer } from '../regularizers/regularizers.ts';
import type { Weights } from '../state/weights.ts';
import { Layer, type Masks } from './base/layer.ts';
import { layerOptions } from './base/layer-options.ts';
import type { Foreseen, ModelShape } from './base/symbolic.ts';
import { optionsOfWeight } from './base/weight-options.ts';
import { requireCategories } from './preprocessing/encoding.ts';

/** Indices are floats in the kernels, which hold integers up to this. */
const maxRows = 2 ** 24;

const inputLength: Kind<number | null> = {
  expected: 'a positive integer or null',
  read: (given) => (given === null ? null : positiveInteger.read(given)),
};

const embeddingOptions = /* @__PURE__ */ describe(layerOptions, {
  /** How many numbers there are: inputs are integers from 0 to inputDim − 1. */
  inputDim: required(positiveInteger),
  /** Size of the vector that stands for each. */
  outputDim: required(positiveInteger),
  /** How the vectors start; 'randomUniform' by default. */
  embeddingsInitializer: optional(initializer, 'randomUniform'),
  /** What the vectors cost. */
  embeddingsRegularizer: optional(regularizer),
  /** Where the vectors may go. */
  embeddingsConstraint: optional(constraint),
  /** What the output costs. */
  activityRegularizer: optional(regularizer),
  /** Whether 0 means 'nothing here': layers that know masks leave these steps out. False by default. */
  maskZero: optional(flag, false),
  /** Length of the input, where the layer is the first of a model and has no inputShape; open by default. */
  inputLength: optional(oneOrList(inputLength, 'a positive integer, null, or a list of them')),
});

export interface EmbeddingOptions extends OptionsOf<typeof embeddingOptions> {}

/** A vector, learned, for each integer: [batch, …] → [batch, …, outputDim]. */
export class Embedding extends Layer<SettingsOf<typeof embeddingOptions>, EmbeddingOptions> {
  static readonly className = 'Embedding';
  static override readonly options = embeddingOptions;
  #embeddings!: Weights;

  constructor(options: EmbeddingOptions) {
    super(options);
    const { inputDim } = this.options;
    if (inputDim > maxRows) throw this.error(`inputDim must be at most ${maxRows}; got ${inputDim}.`);
    this.activityRegularizer = this.options.activityRegularizer;
  }

  override get batchInputShape(): ModelShape {
    const { inputLength, batchSize = null } = this.options;
    return super.batchInputShape ?? [batchSize, ...[inputLength ?? null].flat()];
  }

  /** The lengths that it was given; none where it was given none. */
  get #lengths(): readonly (number | null)[] {
    return [this.options.inputLength ?? []].flat();
  }

  /** @internal Where the input says no length, its own counts. */
  protected override foresee([input]: readonly Foreseen[]): readonly Foreseen[] {
    const { dtype, shape, maskRank } = input;
    const known = shape.map((size, i) => size ?? this.#lengths[i - 1] ?? null);
    return super.foresee([{ dtype, shape: known, maskRank }]);
  }

  /** @internal */
  override buildFor(inputShape: ModelShape): void {
    const { inputDim, outputDim, inputLength } = this.options;
    const lengths = this.#lengths;
    const fits = (length: number | null, i: number) =>
      [length, null].includes(inputShape[i + 1]) || length === null;
    if (lengths.length > 0 && !(lengths.length === inputShape.length - 1 && lengths.every(fits))) {
      throw this.error(`inputLength is ${inputLength}; got input of shape ${formatShape(inputShape)}.`);
    }
    const options = optionsOfWeight(this.options, 'embeddings');
    this.#embeddings = this.makeWeight('embeddings', [inputDim, outputDim], options);
  }

  override checkData(data: ArrayLike<number>): void {
    requireCategories(this, data, this.options.inputDim);
  }

  override compute(x: Value): Value {
    return gather(this.#embeddings.read(), x);
  }

  /** 1 where the input is not 0, with maskZero. */
  protected override outputMasks(_masks: Masks, [x]: readonly Value[]): Masks {
    return this.options.maskZero ? [sub(1, equal(asFloat(x), 0))] : [];
  }
}
