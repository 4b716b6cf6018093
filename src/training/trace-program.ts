// Builds a model's program: inputs, predictions, losses, metrics, and what moves the weights.

import { Program } from '../compiler/program.ts';
import { simplify } from '../compiler/simplify.ts';
import type { Value } from '../graph/graph.ts';
import { sum } from '../graph/ops/broadcasting.ts';
import { asFloat } from '../graph/ops/conversion.ts';
import { add, div, maximum, mul } from '../graph/ops/elementwise.ts';
import { guard } from '../graph/ops/guard.ts';
import { mean } from '../graph/ops/reductions.ts';
import { input, parameter } from '../graph/ops/sources.ts';
import { formatShape } from '../graph/shape.ts';
import { alongFirst, fitsMask, maskOf, requireMask, unmasked } from '../layers/mask.ts';
import type { RandomState } from '../state/random-state.ts';
import type { Slots } from '../state/slots.ts';
import { ProgramTrace } from '../state/trace.ts';
import { Variable } from '../state/variable.ts';
import { TensorGraph } from '../tensor/tensor.ts';
import type { Feeds } from './batch.ts';
import type { Compiled } from './compiled.ts';
import type { Feed } from './feed.ts';
import { minimize } from './minimize.ts';
import { ModelProgram, type Purpose } from './model-program.ts';
import type { Trainable } from './trainable.ts';

/** What programs are traced of. */
export interface Traced {
  readonly model: Trainable;
  /** Where programs find what their random numbers are made of. */
  readonly randomState: RandomState;
  /** How it is trained and measured, where it is. */
  readonly training?: {
    readonly compiled: Compiled;
    /** A slot for each weight's gradient. */
    readonly gradients: Slots;
  };
}

/** A program for batches of `count` samples of `feeds`, or of others of their kind. */
export function traceProgram(traced: Traced, purpose: Purpose, count: number, feeds: Feeds): ModelProgram {
  const { model, randomState, training } = traced;
  const isTraining = purpose === 'train';
  const trace = new ProgramTrace(new TensorGraph(), { training: isTraining, randomState });
  const { graph } = trace;
  const inputs: { value: Value; feed: (feeds: Feeds) => Feed }[] = [];
  const inputOf = (given: Feed, feed: (feeds: Feeds) => Feed): Value => {
    const value = input(graph, inputs.length, [count, ...given.sampleShape], given.dtype);
    inputs.push({ value, feed });
    return value;
  };

  return trace.run(() => {
    const x = feeds.x.map((feed, i) => inputOf(feed, (all) => all.x[i]));
    const outputs = model.traceOutputs(trace, x);
    const predictions = purpose === 'predict' ? outputs.map(unmasked).map(asFloat) : [];
    const y = feeds.y.map((feed, i) => inputOf(feed, (all) => all.y[i]));
    const weights = feeds.weights.map((feed, i) => feed && inputOf(feed, (all) => all.weights[i]!));
    const measured = training && measure(trace, model, training.compiled, { outputs, y, weights });
    const { losses = [], metrics = [] } = measured ?? {};
    const values = [...losses, ...metrics.map(({ value }) => value), ...predictions];
    const given = inputs.map(({ value }) => value);
    // Gradients are taken of what is simplified.
    const simpler = new TensorGraph();
    const standIn = simplify([...values, ...trace.effects, ...given], simpler);
    const simple = trace.rebuilt(simpler, standIn);
    if (isTraining) {
      const { optimizer } = training!.compiled;
      const loss = standIn(losses[0]);
      // Before all that a step changes.
      simple.effects.unshift(guard(loss));
      const wanted = model.movedVariables;
      const moved = simple.run(() => minimize(simple, loss, wanted, optimizer, training!.gradients));
      warnOfRest(
        model,
        wanted.filter((variable) => !moved.includes(variable)),
      );
    }
    const program = new Program(values.map(standIn), simple.effects, {
      inputs: given.map(standIn),
      pins: simple.pins,
      purpose: `a program for batches of ${count}`,
    });
    const arrayOf = (value: Value) => program.array(standIn(value));
    return new ModelProgram({
      program,
      inputs: inputs.map(({ value, feed }) => ({ feed, array: arrayOf(value) })),
      losses: losses.map(arrayOf),
      metrics: metrics.map(({ metric, value }) => ({ metric, array: arrayOf(value) })),
      predictions: predictions.map(arrayOf),
      changed: simple.changed.filter((storage) => storage instanceof Variable),
    });
  });
}

/** Models whose user was told that weights do not learn. */
const warned = new WeakSet<Trainable>();

/** Says once for each model which weights its training leaves as they are, although they are to be trained. */
function warnOfRest(model: Trainable, rest: readonly Variable[]): void {
  if (rest.length === 0 || warned.has(model)) return;
  warned.add(model);
  const names = rest.map(({ name }) => name).join(', ');
  console.warn(
    `fit: the loss has no gradient for ${names}, which will not learn: nothing leads from the loss to there, or only ` +
      'operations without a gradient, such as step, round or argMax.',
  );
}

/** What there is to be measured: outputs, which may carry masks, targets and weights of samples. */
interface Results {
  readonly outputs: readonly Value[];
  readonly y: readonly Value[];
  readonly weights: readonly (Value | undefined)[];
}

/** The loss in all, each output's own, and the metrics. */
function measure(trace: ProgramTrace, model: Trainable, compiled: Compiled, results: Results) {
  const { graph } = trace;
  const { outputs } = compiled;
  const { y, weights } = results;
  const masks = results.outputs.map(maskOf);
  const predictions = results.outputs.map(unmasked).map(asFloat);
  const ownLosses = outputs.map(({ name, loss }, i) =>
    graph.within(outputs.length > 1 ? `loss of ${name}` : 'loss', () =>
      batchLoss(loss.call(y[i], predictions[i]), weights[i], masks[i]),
    ),
  );
  const total = graph.within('loss', () => {
    const weighted = ownLosses.map((loss, i) => mul(loss, outputs[i].weight));
    const penalties = model.variables.flatMap((variable) =>
      variable.regularizer ? [variable.regularizer.apply(parameter(graph, variable))] : [],
    );
    return [...weighted, ...penalties, ...trace.penalties].reduce((a, b) => add(a, b));
  });
  const metrics = outputs.flatMap((output, i) =>
    output.metrics.map((metric) => {
      const value = graph.within(metric.name, () =>
        metric.sums
          ? metric.sums(y[i], predictions[i], masks[i])
          : metric.collect!(y[i], predictions[i], masks[i]),
      );
      return { metric, value };
    }),
  );
  return { losses: [total, ...ownLosses], metrics };
}

/**
 * A batch's loss: the mean over samples (and over all that a sample has) of what the loss function gave.
 * Where the output is masked, the mean over the time steps that count.
 */
function batchLoss(perSample: Value, weights: Value | undefined, mask: Value | undefined): Value {
  requireMask(mask, 'it', perSample);
  if (weights && !fitsMask(weights, perSample)) {
    throw perSample.graph.error(
      `it has shape ${formatShape(perSample.shape)}, and cannot be weighted by ${formatShape(weights.shape)}.`,
    );
  }
  if (perSample.rank === 0) return perSample;
  const factors = [mask, weights].filter((factor) => factor !== undefined);
  const rank = Math.max(1, ...factors.map((factor) => factor.rank));
  const axes = perSample.shape.map((_, axis) => axis).slice(rank);
  const each = axes.length > 0 ? mean(perSample, axes) : perSample;
  const [weight, ...more] = factors.map((factor) => alongFirst(factor, rank));
  const weighed = weight
    ? mul(
        each,
        more.reduce((a, b) => mul(a, b), weight),
      )
    : each;
  if (!mask) return mean(weighed);
  return div(sum(weighed), maximum(mul(sum(mask), each.size / mask.size), 1));
}
