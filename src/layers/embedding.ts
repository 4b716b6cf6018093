import type { Constraint } from '../constraints/constraints.ts';
import type { Value } from '../graph/graph.ts';
import { asFloat, equal, sub } from '../graph/ops/elementwise.ts';
import { gather } from '../graph/ops/gather.ts';
import { formatShape } from '../graph/shape.ts';
import type { Initializer } from '../initializers/initializers.ts';
import { getRegularizer, type Regularizer } from '../regularizers/regularizers.ts';
import type { Variable } from '../state/variable.ts';
import { Layer, type LayerOptions, type Masks } from './layer.ts';
import type { ModelShape } from './symbolic.ts';
import { addWeightWithOptions } from './weighted.ts';

export interface EmbeddingOptions extends LayerOptions {
  /** How many numbers there are: inputs are integers from 0 to inputDim − 1. */
  readonly inputDim: number;
  /** Size of the vector that stands for each. */
  readonly outputDim: number;
  /** 'randomUniform' by default. */
  readonly embeddingsInitializer?: string | Initializer;
  readonly embeddingsRegularizer?: string | Regularizer;
  readonly embeddingsConstraint?: string | Constraint;
  readonly activityRegularizer?: string | Regularizer;
  /** Whether 0 means 'nothing here': layers that know masks leave these steps out. False by default. */
  readonly maskZero?: boolean;
  /** Length of the input, where the layer is the first of a model and has no inputShape. */
  readonly inputLength?: number;
}

/** Indices are floats in the kernels, which hold integers up to this. */
const mostRows = 2 ** 24;

/** A vector, learned, for each integer: [batch, …] → [batch, …, outputDim]. */
export class Embedding extends Layer<EmbeddingOptions> {
  static readonly className = 'Embedding';
  #embeddings!: Variable;

  constructor(options: EmbeddingOptions) {
    const { inputShape, batchInputShape, inputLength } = options;
    super(inputShape || batchInputShape ? options : { ...options, inputShape: [inputLength ?? null] });
    this.positiveInteger('inputDim', options.inputDim);
    this.positiveInteger('outputDim', options.outputDim);
    if (options.inputDim > mostRows) {
      throw this.error(`inputDim must be at most ${mostRows}; got ${options.inputDim}.`);
    }
    if (options.activityRegularizer) this.activityRegularizer = getRegularizer(options.activityRegularizer);
  }

  override build(inputShape: ModelShape): void {
    const { inputDim, outputDim, inputLength } = this.options;
    if (inputLength !== undefined && inputShape[1] !== inputLength) {
      throw this.error(`inputLength is ${inputLength}; got input of shape ${formatShape(inputShape)}.`);
    }
    this.#embeddings = addWeightWithOptions(this, 'embeddings', [inputDim, outputDim], {
      initializer: 'randomUniform',
    });
  }

  override checkData(data: ArrayLike<number>): void {
    const { inputDim } = this.options;
    for (let i = 0; i < data.length; i++) {
      if (data[i] >= 0 && data[i] < inputDim && Number.isInteger(data[i])) continue;
      throw this.error(`inputs must be integers from 0 to ${inputDim - 1}; got ${data[i]} at position ${i}.`);
    }
  }

  override call(x: Value): Value {
    return gather(this.#embeddings.read(), x);
  }

  /** 1 where the input is not 0, with maskZero. */
  protected override computeMask(_masks: Masks, [x]: readonly Value[]): Masks {
    return this.options.maskZero ? [sub(1, equal(asFloat(x), 0))] : [];
  }
}
