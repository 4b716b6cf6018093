import { LanegradError } from '../errors.ts';
import type { DType } from '../graph/op.ts';
import { formatShape } from '../graph/shape.ts';

/** Sizes of a model's array; `null` where any size will do, as for the batch. */
export type ModelShape = readonly (number | null)[];

/** What makes symbolic tensors, as far as these know it: always a `Layer`. */
export interface SourceLayer {
  readonly name: string;
}

/** An array that a model will compute: what `input()` and `layer.apply()` return. */
export class SymbolicTensor {
  constructor(
    readonly shape: ModelShape,
    readonly dtype: DType,
    readonly name: string,
    /** How it is computed; undefined for an input. */
    readonly source?: {
      readonly layer: SourceLayer;
      readonly inputs: readonly SymbolicTensor[];
      readonly index: number;
    },
    /** How many of its axes a mask has that goes with it; 0 for none. */
    readonly maskRank = 0,
  ) {}

  get rank(): number {
    return this.shape.length;
  }
}

export interface InputOptions {
  /** Sizes without the batch's. */
  readonly shape?: ModelShape;
  /** Sizes with the batch's. */
  readonly batchShape?: ModelShape;
  readonly name?: string;
  /** 'float32' by default. Bytes stay bytes until a layer computes with them. */
  readonly dtype?: DType;
}

let inputCount = 0;

/**
 * An input of a functional model.
 * @throws LanegradError without `shape` or `batchShape`.
 */
export function input(options: InputOptions): SymbolicTensor {
  const { shape, batchShape, dtype = 'float32' } = options;
  if (!shape === !batchShape) {
    throw new LanegradError('input: give either shape (without the batch) or batchShape.');
  }
  const full = batchShape ?? [null, ...shape!];
  if (full.some((size) => size !== null && !(Number.isInteger(size) && size > 0))) {
    throw new LanegradError(`input: sizes must be positive integers or null; got ${formatShape(full)}.`);
  }
  inputCount++;
  return new SymbolicTensor(full, dtype, options.name ?? `input_${inputCount}`);
}
