// A batch's way through a model as nodes of a graph: inputs, predictions, losses and metrics.

import type { Program } from '../compiler/program.ts';
import type { StandIns } from '../compiler/rewrite.ts';
import type { Value } from '../graph/graph.ts';
import { asFloat } from '../graph/ops/conversion.ts';
import { input } from '../graph/ops/sources.ts';
import { unmasked } from '../layers/base/mask.ts';
import type { RandomState } from '../state/random-state.ts';
import type { Slots } from '../state/slots.ts';
import type { ProgramTrace } from '../state/trace.ts';
import type { Feeds } from './batch.ts';
import type { Compiled } from './compiled.ts';
import type { Feed } from './feed.ts';
import { type Extent, type Measured, measure } from './measure.ts';
import type { ProgramInput } from './model-program.ts';
import type { LookAtLayer, Trainable } from './trainable.ts';

/** What programs are traced of. */
export interface Traced {
  readonly model: Trainable;
  /** Where programs find what their random numbers are made of. */
  readonly randomState: RandomState;
  /** How it is trained and measured, where it is. */
  readonly training?: LossesAndGradients;
  readonly look?: LookAtLayer;
}

export interface LossesAndGradients {
  readonly compiled: Compiled;
  /** A slot for each weight's gradient. */
  readonly gradients: Slots;
}

interface TracedBatch extends Measured {
  readonly outputs: readonly Value[];
  readonly inputs: readonly { readonly value: Value; readonly feed: (feeds: Feeds) => Feed }[];
}

/**
 * Builds what a batch of `count` samples of `feeds`, or of others of their kind, goes through. The trace is current.
 * @param extent what means are taken over; the batch by default
 */
export function traceBatch(
  { model, training, look }: Traced,
  trace: ProgramTrace,
  count: number,
  feeds: Feeds,
  extent?: Extent,
): TracedBatch {
  const { graph } = trace;
  const inputs: { value: Value; feed: (feeds: Feeds) => Feed }[] = [];
  const inputOf = (given: Feed, feed: (feeds: Feeds) => Feed): Value => {
    const value = input(graph, inputs.length, [count, ...given.sampleShape], given.dtype);
    inputs.push({ value, feed });
    return value;
  };
  const x = feeds.x.map((feed, i) => inputOf(feed, (all) => all.x[i]));
  const outputs = model.traceOutputs(trace, x, look);
  const y = feeds.y.map((feed, i) => inputOf(feed, (all) => all.y[i]));
  const weights = feeds.weights.map((feed, i) => feed && inputOf(feed, (all) => all.weights[i]!));
  const measured = training && measure(trace, model, training.compiled, { outputs, y, weights }, extent);
  return { outputs, inputs, losses: [], metrics: [], ...measured };
}

/** What the model says of each output, as floats. */
export const predictionsOf = ({ outputs }: TracedBatch): Value[] => outputs.map(unmasked).map(asFloat);

/** Where a program takes its batch. */
export const inputsOf = ({ inputs }: TracedBatch, program: Program, standIn: StandIns): ProgramInput[] =>
  inputs.map(({ value, feed }) => ({ feed, array: program.array(standIn(value)) }));
