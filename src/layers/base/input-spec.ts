// `tf.InputSpec`: what a layer of one's own says of the inputs that it takes.

import type { DType } from '../../graph/graph.ts';
import { formatShape } from '../../graph/shape.ts';
import type { ModelShape } from './symbolic.ts';
import type { WeightHolder } from './weight-holder.ts';

/** What an input must be. What is not said is open. */
export interface InputSpecOptions {
  readonly dtype?: DType | 'bool' | undefined;
  readonly shape?: ModelShape | null | undefined;
  /** How many dimensions there are; those of the shape where one is given. */
  readonly ndim?: number | undefined;
  readonly minNDim?: number | undefined;
  readonly maxNDim?: number | undefined;
  /** Sizes of some axes; −1 is the last. */
  readonly axes?: Readonly<Record<number, number | null>> | undefined;
}

/** What a layer takes as one of its inputs, for its attribute `inputSpec`. */
export class InputSpec implements InputSpecOptions {
  readonly dtype: DType | 'bool' | undefined;
  readonly shape: ModelShape | undefined;
  readonly ndim: number | undefined;
  readonly minNDim: number | undefined;
  readonly maxNDim: number | undefined;
  readonly axes: Readonly<Record<number, number | null>>;

  constructor(options: InputSpecOptions = {}) {
    this.dtype = options.dtype;
    this.shape = options.shape ?? undefined;
    this.ndim = this.shape?.length ?? options.ndim;
    this.minNDim = options.minNDim;
    this.maxNDim = options.maxNDim;
    this.axes = options.axes ?? {};
  }
}

/** What a layer says of its inputs: one for each; null for any. */
export type InputSpecs = readonly (InputSpecOptions | null)[] | InputSpecOptions | null;

/** What comes in, as far as a specification looks at it. */
interface Input {
  readonly shape: ModelShape;
  readonly dtype: DType;
}

/** @throws LanegradError unless inputs are what a layer's `inputSpec` says. */
export function checkInputSpec(
  layer: WeightHolder & { readonly inputSpec: InputSpecs },
  inputs: readonly Input[],
): void {
  const specs = [layer.inputSpec ?? []].flat() as readonly (InputSpecOptions | null)[];
  if (specs.length === 0) return;
  if (specs.length !== inputs.length) {
    throw layer.error(
      `Layer ${layer.name} expects ${specs.length} inputs, but it received ${inputs.length} input tensors.`,
    );
  }
  for (const [i, spec] of specs.entries()) {
    const wrong = spec && whatIsWrong(spec, inputs[i]);
    if (!wrong) continue;
    throw layer.error(`Input ${i} is incompatible with layer ${layer.name}: ${wrong}.`);
  }
}

function whatIsWrong(spec: InputSpecOptions, { shape, dtype }: Input): string | undefined {
  const found = `found ndim=${shape.length}, shape ${formatShape(shape)}`;
  const { ndim, minNDim = 0, maxNDim = Number.POSITIVE_INFINITY } = spec;
  if (ndim !== undefined && ndim !== null && shape.length !== ndim) return `expected ndim=${ndim}, ${found}`;
  if (shape.length > maxNDim) return `expected max_ndim=${maxNDim}, ${found}`;
  if (shape.length < minNDim) return `expected min_ndim=${minNDim}, ${found}`;
  if (spec.dtype && dtype !== spec.dtype) return `expected dtype=${spec.dtype}, found dtype=${dtype}`;
  const isOther = (size: number | null | undefined, wanted: number | null) =>
    wanted !== null && size !== null && size !== wanted;
  for (const [axis, wanted] of Object.entries(spec.axes ?? {})) {
    if (isOther(shape.at(Number(axis)), wanted))
      return `expected axis ${axis} of input shape to have value ${wanted} but got shape ${formatShape(shape)}`;
  }
  if (spec.shape?.some((wanted, i) => isOther(shape[i], wanted)))
    return `expected shape=${formatShape(spec.shape)}, found shape=${formatShape(shape)}`;
  return undefined;
}

/** Says so where a layer gets another input than its own `inputShape`. */
export function warnOfOtherShape(
  { name, batchInputShape }: { readonly name: string; readonly batchInputShape: ModelShape | undefined },
  shape: ModelShape,
): void {
  if (!batchInputShape) return;
  const [got, expected] = [shape, batchInputShape].map(formatShape);
  if (shape.length !== batchInputShape.length) {
    console.warn(
      `${name}: the rank of the input tensor, of shape ${got}, does not match that of its inputShape, ${expected}.`,
    );
  } else if (batchInputShape.some((size, i) => size !== null && shape[i] !== null && shape[i] !== size)) {
    console.warn(
      `${name}: the shape of the input tensor is ${got}; it does not match its inputShape, ${expected}.`,
    );
  }
}
