// Builds a model's program: a batch's way through it, and what moves the weights.

import { Program } from '../compiler/program.ts';
import type { StandIns } from '../compiler/rewrite.ts';
import { simplify } from '../compiler/simplify.ts';
import type { Value } from '../graph/graph.ts';
import { guard } from '../graph/ops/guard.ts';
import { minimize } from '../optimizers/minimize.ts';
import { ProgramTrace } from '../state/trace.ts';
import { Variable } from '../state/variable.ts';
import { TensorGraph } from '../tensor/tensor.ts';
import type { Feeds } from './batch.ts';
import { ModelProgram, type Purpose } from './model-program.ts';
import { inputsOf, predictionsOf, type Traced, traceBatch } from './trace-batch.ts';
import type { Trainable } from './trainable.ts';

/** A program for batches of `count` samples of `feeds`, or of others of their kind. */
export function traceProgram(traced: Traced, purpose: Purpose, count: number, feeds: Feeds): ModelProgram {
  const { model, randomState, training } = traced;
  const isTraining = purpose === 'train';
  const trace = new ProgramTrace(new TensorGraph(), { training: isTraining, randomState });
  return trace.run(() => {
    const batch = traceBatch(traced, trace, count, feeds);
    const predictions = purpose === 'predict' ? predictionsOf(batch) : [];
    const { losses, metrics } = batch;
    const values = [...losses, ...metrics.map(({ value }) => value), ...predictions];
    const given = batch.inputs.map(({ value }) => value);
    let standIn: StandIns = (value) => value;
    let simple = trace;
    let moved: readonly Variable[] = [];
    if (isTraining) {
      // Gradients are taken of what is simplified.
      const simpler = new TensorGraph();
      standIn = simplify([...values, ...trace.effects, ...given], simpler);
      simple = trace.rebuilt(simpler, standIn);
      const { optimizer } = training!.compiled;
      const loss = standIn(losses[0]);
      // Before all that a step changes.
      simple.effects.unshift(guard(loss));
      const wanted = model.movedVariables;
      moved = simple.run(() => minimize(simple, loss, wanted, optimizer, training!.gradients));
      warnOfRest(model, wanted, moved);
    }
    const program = new Program(values.map(standIn), simple.effects, {
      inputs: given.map(standIn),
      pins: simple.pins,
      purpose: `a program for batches of ${count}`,
    });
    const arrayOf = (value: Value) => program.array(standIn(value));
    return new ModelProgram({
      program,
      inputs: inputsOf(batch, program, standIn),
      losses: losses.map(arrayOf),
      metrics: metrics.map(({ metric, value }) => ({ metric, array: arrayOf(value) })),
      predictions: predictions.map(arrayOf),
      changed: simple.changed.filter((storage) => storage instanceof Variable),
      moved,
      randomState: simple.drawsRandom && randomState,
    });
  });
}

/** Models whose user was told that weights do not learn. */
const warned = new WeakSet<Trainable>();

/** Says once for each model which weights its training leaves as they are, although they are to be trained. */
export function warnOfRest(model: Trainable, wanted: readonly Variable[], moved: readonly Variable[]): void {
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
