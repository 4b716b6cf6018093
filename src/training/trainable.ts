// What can be trained, as far as training needs to know it.

import type { Value } from '../graph/graph.ts';
import type { Layer } from '../layers/base/layer.ts';
import type { FromOutside } from '../layers/base/outside.ts';
import type { ModelShape } from '../layers/base/symbolic.ts';
import type { Trained } from '../optimizers/optimizer.ts';
import type { Trace } from '../state/trace.ts';
import type { Weights } from '../state/weights.ts';
import type { Trainee } from './callbacks/callback.ts';

/** Is shown what a layer makes of a batch. */
export type LookAtLayer = (layer: Layer, results: readonly Value[]) => void;

/** Something with weights that computes outputs from inputs: a model. */
export interface Trainable extends Trained {
  /** Shapes begin with the batch's size, null where it is open. */
  readonly inputs: readonly { readonly name: string; readonly shape: ModelShape }[];
  readonly outputs: readonly { readonly shape: ModelShape }[];
  /** A name for each output, none of which is another's. */
  readonly outputNames: readonly string[];
  /** @internal Names of all that is moved: other ones, and programs are other ones. */
  readonly movedNames: readonly string[];
  /** What its layers add to the loss, whatever the batch. */
  readonly losses: readonly (() => Value)[];
  /** @internal Samples of a batch where nobody says. */
  readonly defaultBatchSize: number;
  /** @internal Gives weights and states that have none yet their place in linear memory. */
  settle(): void;
  /** Whether something goes on from batch to batch. */
  readonly stateful: boolean;
  /** What goes on. */
  readonly stateVariables: readonly Weights[];
  /** @internal The outputs for inputs of one batch, which may carry masks. @param look is shown what each layer makes */
  traceOutputs(trace: Trace, inputs: readonly Value[], look?: LookAtLayer): readonly Value[];
  /** @internal What came from outside for an input, as numbers. */
  prepare(given: FromOutside, index: number): FromOutside;
  /** @internal @throws LanegradError where an input cannot take these numbers. */
  checkInput(index: number, data: ArrayLike<number>): void;
}

/** What `fit` trains: callbacks may stop it, and read and write its weights. */
export interface FittedModel extends Trainable, Trainee {
  /** The variables that are saved, in their order. */
  readonly weights: readonly Weights[];
  /** How its layers are connected, as plain JSON. */
  toJSON(unused: undefined, asText: false): unknown;
}
