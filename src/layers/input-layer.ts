// Inputs of models: `input()`, and the layer that makes what it returns.

import { LanegradError } from '../errors.ts';
import type { DType } from '../graph/graph.ts';
import { type ConfigDict, flag } from '../options/kinds.ts';
import { describe, type OptionsOf, optional, type SettingsOf } from '../options/option.ts';
import { Layer } from './base/layer.ts';
import { layerOptions, uniqueName } from './base/layer-options.ts';
import { type ModelShape, SymbolicTensor } from './base/symbolic.ts';

const inputLayerOptions = /* @__PURE__ */ describe(layerOptions, {
  /** Accepted for scripts that give it: there are no sparse inputs. */
  sparse: optional(flag, false),
});

export interface InputLayerOptions extends OptionsOf<typeof inputLayerOptions> {}

/** An input of a model: its shape, by `inputShape` or `batchInputShape`. In a sequential model it hands its input on. */
export class InputLayer extends Layer<SettingsOf<typeof inputLayerOptions>, InputLayerOptions> {
  static readonly className = 'InputLayer';
  static override readonly options = inputLayerOptions;
  override supportsMasking = true;

  constructor(options: InputLayerOptions) {
    super({ ...options, name: options.name ?? uniqueName('Input') });
    this.trainable = false;
    this.built = true;
    const { inputShape, batchInputShape, batchSize } = this.options;
    if (inputShape && batchInputShape) {
      throw this.error('Only provide the inputShape OR batchInputShape argument, not both at the same time.');
    }
    if (batchInputShape && batchSize) {
      throw this.error('Cannot specify batchSize if batchInputShape is specified: it has the batch.');
    }
    const shape = this.batchInputShape;
    if (!shape) {
      throw this.error(
        'An InputLayer should be passed either a `batchInputShape` or an `inputShape` (without the batch).',
      );
    }
    this.makes([], [new SymbolicTensor(this.inputDType ?? 'float32', shape, this, [], {}, this.name)]);
  }

  /** What models take: their input. */
  get tensor(): SymbolicTensor {
    return this.inboundNodes[0].outputTensors[0];
  }

  /** @throws LanegradError always: it is applied to nothing. */
  override apply(): never {
    throw this.error("Cannot pass any input to an InputLayer's apply(): it makes a model's input.");
  }

  get sparse(): boolean {
    return this.options.sparse;
  }

  override getConfig(): ConfigDict {
    const { name, batchInputShape, sparse, options } = this;
    return { batchInputShape, dtype: options.inputDType ?? options.dtype ?? 'float32', sparse, name };
  }
}

export interface InputOptions {
  /** Sizes without the batch's. */
  readonly shape?: ModelShape;
  /** Sizes with the batch's. */
  readonly batchShape?: ModelShape;
  readonly name?: string | null;
  /** 'float32' by default. Bytes stay bytes until a layer computes with them; 'string' is for layers that make numbers of texts. */
  readonly dtype?: DType | 'string' | null;
  /** Accepted for scripts that give it: there are no sparse inputs. */
  readonly sparse?: boolean | null;
}

/**
 * An input of a functional model.
 * @throws LanegradError without `shape` or `batchShape`.
 */
export function input(options: InputOptions): SymbolicTensor {
  const { shape, batchShape, ...others } = options ?? {};
  if (shape && batchShape) {
    throw new LanegradError('input: Please provide either a `shape` or `batchShape`, but not both.');
  }
  if (!shape && !batchShape) {
    throw new LanegradError(
      'input: Please provide to Input either a `shape` (without the batch) or a `batchShape`.',
    );
  }
  return new InputLayer({ ...others, inputShape: shape, batchInputShape: batchShape } as InputLayerOptions)
    .tensor;
}
