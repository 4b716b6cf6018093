// Arrays that a model will compute, and the applications of layers that make them.

import type { DType } from '../../graph/graph.ts';
import { requireArgument } from '../../options/arguments.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Sizes of a model's array; `null` where any size will do, as for the batch. */
export type ModelShape = readonly (number | null)[];

/** One by itself, or a list. */
export type OneOrMore<T> = T | readonly T[];

/** What layers are applied to. */
export type Applicable = OneOrMore<SymbolicTensor> | OneOrMore<Tensor>;

/** What comes of it. */
export type Computed = SymbolicTensor | SymbolicTensor[] | Tensor | Tensor[];

/** Shapes of inputs as a list: given one by itself, or a list. */
export const shapesIn = (given: ModelShape | readonly ModelShape[]): readonly ModelShape[] =>
  (Array.isArray(given[0]) ? given : [given]) as readonly ModelShape[];

/** The same of what a user gives. @throws LanegradError unless it is that. @param what as an error names it */
export function requireShapes(
  what: string,
  given: ModelShape | readonly ModelShape[],
): readonly ModelShape[] {
  const shapes = shapesIn(requireArgument(what, 'list', given) as readonly ModelShape[]);
  for (const shape of shapes) requireArgument(what, 'openShape', shape);
  return shapes;
}

/** What makes symbolic tensors: a `Layer`, as `layer.ts` says, which knows this file. */
export interface SourceLayer {
  readonly inboundNodes: readonly LayerNode[];
}

/** What is known of an array before it is computed. */
export interface Foreseen {
  /** With the batch. */
  readonly shape: ModelShape;
  readonly dtype: DType;
  /** How many of its axes a mask has that goes with it; 0 for none. */
  readonly maskRank: number;
}

let tensorCount = 0;

/** An array that a model will compute: what `input()` and `layer.apply()` return. */
export class SymbolicTensor implements Foreseen {
  readonly id = tensorCount++;
  readonly name: string;
  /** Sizes with the batch's; null where any will do. */
  readonly shape: (number | null)[];
  /** The application that made it; undefined for one of no layer. */
  source: LayerNode | undefined;

  /**
   * @param shape with the batch
   * @param sourceLayer the layer that makes it
   * @param inputs what the layer was applied to
   * @param outputTensorIndex its place among what the layer made
   * @param maskRank how many of its axes a mask has that goes with it; 0 for none
   */
  constructor(
    readonly dtype: DType,
    shape: ModelShape,
    readonly sourceLayer: SourceLayer | null = null,
    readonly inputs: SymbolicTensor[] = [],
    readonly callArgs: object = {},
    name?: string | null,
    readonly outputTensorIndex = 0,
    readonly maskRank = 0,
  ) {
    this.shape = shape as (number | null)[];
    this.name = name ?? '';
  }

  get rank(): number {
    return this.shape.length;
  }

  /** Which application of its layer made it. */
  get nodeIndex(): number {
    return this.source ? this.source.outboundLayer.inboundNodes.indexOf(this.source) : 0;
  }

  /** Its place among what the application made. */
  get tensorIndex(): number {
    return this.outputTensorIndex;
  }
}

/** What an application to symbolic tensors was given that holds wherever it computes. */
export interface KeptArguments {
  /** Whether the layer trains, whatever its model does; as its model does where that is not said. */
  readonly training?: boolean;
  /** False where the masks of its inputs are none of its business, as Keras 3 says of recurrent layers. */
  readonly mask?: false;
}

/** Inputs as an application takes them. @param unmasked an input without its mask */
export const asTaken = <Input>(
  inputs: readonly Input[],
  { mask }: KeptArguments,
  unmasked: (input: Input) => Input,
): readonly Input[] => (mask === false ? inputs.map(unmasked) : inputs);

/** The same array without a mask. */
export const withoutMask = ({ shape, dtype }: Foreseen): Foreseen => ({ shape, dtype, maskRank: 0 });

/** What an application to symbolic tensors takes, and what of its options is kept. */
export function takenOf(
  inputs: readonly SymbolicTensor[],
  { training, mask }: { readonly training?: boolean | null; readonly mask?: unknown },
): { readonly taken: readonly Foreseen[]; readonly kept: KeptArguments } {
  const isMasked = inputs.some(({ maskRank }) => maskRank > 0);
  const kept = {
    ...((training ?? null) !== null && { training: training! }),
    ...(mask === false && isMasked && ({ mask } as const)),
  };
  return { taken: asTaken<Foreseen>(inputs, kept, withoutMask), kept };
}

/** One application of a layer to symbolic tensors. */
export class LayerNode {
  /**
   * @param outboundLayer the layer that was applied
   * @param inputTensors to what; to nothing in the case of an input
   * @param outputTensors what it made
   * @param callArgs what it was called with beside
   */
  constructor(
    readonly outboundLayer: SourceLayer,
    readonly inputTensors: SymbolicTensor[],
    readonly outputTensors: SymbolicTensor[],
    readonly callArgs: KeptArguments = {},
  ) {
    for (const tensor of outputTensors) tensor.source = this;
  }

  /** @internal What goes into the layer: of an input, which is applied to nothing, its own tensor. */
  get taken(): SymbolicTensor[] {
    return this.inputTensors.length > 0 ? this.inputTensors : this.outputTensors;
  }

  /** The layers that made what it was applied to. */
  get inboundLayers(): (SourceLayer | null)[] {
    return this.inputTensors.map(({ sourceLayer }) => sourceLayer);
  }
}
