// Builds a model's program: a batch's way through it, and what moves the weights.

import { Program } from '../compiler/program.ts';
import type { StandIns } from '../compiler/rewrite.ts';
import { simplify } from '../compiler/simplify.ts';
import type { Value } from '../graph/graph.ts';
import { guard } from '../graph/ops/guard.ts';
import { minimize } from '../optimizers/minimize.ts';
import { ProgramTrace } from '../state/trace.ts';
import { Weights } from '../state/weights.ts';
import { TensorGraph } from '../tensor/tensor.ts';
import type { Feeds } from './batch.ts';
import { ModelProgram, type Purpose } from './model-program.ts';
import { inputsOf, predictionsOf, type Traced, traceBatch } from './trace-batch.ts';
import type { Trainable } from './trainable.ts';

/** A program for batches of `count` samples of `feeds`, or of others of their kind. */
export function traceProgram(traced: Traced, purpose: Purpose, count: number, feeds: Feeds): ModelProgram {
  const { randomState } = traced;
  const isTraining = purpose === 'train';
  const trace = new ProgramTrace(new TensorGraph(), { training: isTraining, randomState });
  return trace.run(() => {
    const batch = traceBatch(traced, trace, count, feeds);
    const predictions = purpose === 'predict' ? predictionsOf(batch) : [];
    const { losses, metrics } = batch;
    const values = [...losses, ...metrics.map(({ value }) => value), ...predictions];
    const given = batch.inputs.map(({ value }) => value);
    const { step, standIn, moved } = isTraining
      ? withMoves(traced, trace, losses[0], [...values, ...trace.effects, ...given])
      : { step: trace, standIn: (value: Value) => value, moved: [] };
    const program = new Program(values.map(standIn), step.effects, {
      inputs: given.map(standIn),
      pins: step.pins,
      purpose: `a program for batches of ${count}`,
    });
    const arrayOf = (value: Value) => program.array(standIn(value));
    return new ModelProgram({
      program,
      inputs: inputsOf(batch, program, standIn),
      losses: losses.map(arrayOf),
      metrics: metrics.map(({ metric, value }) => ({ metric, array: arrayOf(value) })),
      predictions: predictions.map(arrayOf),
      changed: step.changed.filter((storage) => storage instanceof Weights),
      moved,
      randomState: step.drawsRandom && randomState,
    });
  });
}

interface Moves {
  /** The batch once more, simplified, and what is done then. */
  readonly step: ProgramTrace;
  /** What stands in the step for a value of the batch. */
  readonly standIn: StandIns;
  readonly moved: readonly Weights[];
}

/**
 * Has a batch that was traced move the model's variables against the gradients of its loss.
 * @param roots all of the batch that is needed
 */
function withMoves(
  { model, training }: Traced,
  batch: ProgramTrace,
  loss: Value,
  roots: readonly Value[],
): Moves {
  // Gradients are taken of what is simplified.
  const simpler = new TensorGraph();
  const standIn = simplify(roots, simpler);
  const step = batch.rebuilt(simpler, standIn);
  const { compiled, gradients } = training!;
  const cost = standIn(loss);
  // Before all that a step changes.
  step.effects.unshift(guard(cost));
  const wanted = model.movedVariables;
  const moved = step.run(() => minimize(step, cost, wanted, compiled.optimizer, gradients));
  warnOfRest(model, wanted, moved);
  return { step, standIn, moved };
}

/** Models whose user was told that weights do not learn. */
const warned = new WeakSet<Trainable>();

/** Says once for each model which weights its training leaves as they are, although they are to be trained. */
export function warnOfRest(model: Trainable, wanted: readonly Weights[], moved: readonly Weights[]): void {
  const rest = wanted.filter((variable) => !moved.includes(variable));
  const isFrozen = wanted.length === 0 && model.variables.length > 0;
  if ((rest.length === 0 && !isFrozen) || warned.has(model)) return;
  warned.add(model);
  if (isFrozen) {
    console.warn('fit: no weight of the model is trainable, so that nothing will learn.');
    return;
  }
  const names = rest.map(({ name }) => name).join(', ');
  console.warn(
    `fit: the loss has no gradient for ${names}, which will not learn: nothing leads from the loss to there, or only ` +
      'operations without a gradient, such as step, round or argMax.',
  );
}
