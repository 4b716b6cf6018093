// The programs of a step in parts: what a part contributes, and what moves the weights by the sum of that.

import { differentiate } from '../../compiler/differentiate.ts';
import { Program } from '../../compiler/program.ts';
import { simplify } from '../../compiler/simplify.ts';
import { LanegradError } from '../../errors.ts';
import type { Graph, Storage, Value } from '../../graph/graph.ts';
import { sum } from '../../graph/ops/broadcasting.ts';
import { add, identity, mul, sub } from '../../graph/ops/elementwise.ts';
import { guard } from '../../graph/ops/guard.ts';
import { parameter } from '../../graph/ops/sources.ts';
import { maskOf } from '../../layers/base/mask.ts';
import type { Metric } from '../../metrics/metrics.ts';
import { constrain, isPlaceable, move } from '../../optimizers/minimize.ts';
import { type Neighbours, newRange, type Range } from '../../state/range.ts';
import { ProgramTrace } from '../../state/trace.ts';
import { Weights } from '../../state/weights.ts';
import { TensorGraph } from '../../tensor/tensor.ts';
import type { Feeds } from '../batch.ts';
import { type Extent, penaltiesOf } from '../measure.ts';
import { ModelProgram } from '../model-program.ts';
import { inputsOf, type Traced, traceBatch } from '../trace-batch.ts';
import { warnOfRest } from '../trace-program.ts';
import { Contributions } from './contributions.ts';

/** A trace that changes nothing: what layers assign is what they read from then on. */
class PartTrace extends ProgramTrace {
  /** State after the part, by its place. */
  readonly next = new Map<Storage, Value>();

  override read(storage: Storage): Value {
    return this.next.get(storage) ?? parameter(this.graph, storage);
  }

  override assign(storage: Storage, value: Value): void {
    this.next.set(storage, value);
  }
}

/** What the parts of a step contribute, by what it is for. Arrays lie in this order. */
interface Contents {
  /** Weights with a gradient. */
  readonly moved: readonly Weights[];
  /** State that layers change: how far. */
  readonly changed: readonly Weights[];
  /** The loss in all, then each output's own. */
  readonly losses: number;
  /** Metrics that are sums. */
  readonly sums: readonly Metric[];
  readonly vectors: Contributions;
}

/** Parts of batches of one kind: where their numbers are, and what their programs have in common. */
export class PartKind {
  /** What share of the step's samples the part has; then, of each output, how many steps count in the whole step. */
  readonly numbers: Range;
  /** Outputs of which only some steps count. Known once a part was traced. */
  masked: readonly number[] = [];
  counts: Contributions | undefined;
  #contents: Contents | undefined;

  constructor(outputs: number) {
    this.numbers = newRange('numbers of the part', [1 + outputs]);
  }

  /** Known once a part was traced. */
  get contents(): Contents {
    return this.#contents!;
  }

  /** Takes what a part contributes: every part has the same. */
  define(shapes: readonly (readonly number[])[], contents: Omit<Contents, 'vectors'>): void {
    if (this.#contents) this.#contents.vectors.requireShapes(shapes);
    else this.#contents = { ...contents, vectors: new Contributions(shapes) };
  }

  /** Gives its memory back at once. */
  dispose(): void {
    this.numbers.block.free();
    this.#contents?.vectors.dispose();
    this.counts?.dispose();
  }
}

/** A step, as one of its parts knows it. */
function stepOf(kind: PartKind, graph: Graph): Extent {
  const share = parameter(graph, kind.numbers.element('share', 0));
  return {
    meanOf: (mean) => mul(mean, share),
    countOf: (_, output) => parameter(graph, kind.numbers.element('count', 1 + output)),
    // They are costs of the step, not of a part.
    penaltiesOf: () => [],
  };
}

/** A program that computes what a part of `count` samples contributes, into vector 0. */
export function tracePart(traced: Traced, kind: PartKind, count: number, feeds: Feeds): ModelProgram {
  const { model, randomState } = traced;
  const graph = new TensorGraph();
  const trace = new PartTrace(graph, { training: true, randomState });
  return trace.run(() => {
    const extent = stepOf(kind, graph);
    const batch = traceBatch(traced, trace, count, feeds, extent);
    kind.masked = batch.outputs.flatMap((output, i) => (maskOf(output) ? [i] : []));
    const { losses, metrics } = batch;
    const changed = [...trace.next.keys()].filter((storage) => storage instanceof Weights);
    const changes = changed.map((variable) =>
      extent.meanOf(sub(trace.next.get(variable)!, parameter(graph, variable))),
    );
    const given = batch.inputs.map(({ value }) => value);
    const values = [...losses, ...metrics.map(({ value }) => value), ...changes];
    // Gradients are taken of what is simplified.
    const simpler = new TensorGraph();
    const standIn = simplify([...values, ...given], simpler);
    const wanted = model.movedVariables;
    const found = trace.rebuilt(simpler, standIn).run(() =>
      differentiate(
        standIn(losses[0]),
        wanted.map((variable) => parameter(simpler, variable)),
      ),
    );
    const moved = wanted.filter((_, i) => found[i]);
    requireOneMover(moved, changed);
    requireWeights(changed, model.variables);
    const sums = metrics.filter(({ metric }) => metric.sums);
    const contributed = [
      ...found.filter((gradient) => gradient !== undefined),
      ...[...changes, ...losses, ...sums.map(({ value }) => value)].map(standIn),
    ];
    kind.define(
      contributed.map(({ shape }) => shape),
      { moved, changed, losses: losses.length, sums: sums.map(({ metric }) => metric) },
    );
    const collected = metrics.filter(({ metric }) => metric.collect);
    const { program, completions } = partProgram(contributed, kind.contents.vectors, {
      wanted: collected.map(({ value }) => standIn(value)),
      inputs: given.map(standIn),
      count,
    });
    return new ModelProgram({
      program,
      inputs: inputsOf(batch, program, standIn),
      metrics: collected.map(({ metric, value }) => ({ metric, array: program.array(standIn(value)) })),
      randomState: trace.drawsRandom && randomState,
      completions,
    });
  });
}

/** A program that counts, of a part of `count` samples, the steps of masked outputs that count, into vector 0. */
export function traceCounts(traced: Traced, kind: PartKind, count: number, feeds: Feeds): ModelProgram {
  const graph = new TensorGraph();
  const trace = new PartTrace(graph, { training: true, randomState: traced.randomState });
  return trace.run(() => {
    const batch = traceBatch({ ...traced, training: undefined }, trace, count, feeds);
    const counts = kind.masked.map((output) => sum(maskOf(batch.outputs[output])!));
    kind.counts ??= new Contributions(counts.map(({ shape }) => shape));
    const inputs = batch.inputs.map(({ value }) => value);
    const { program, completions } = partProgram(counts, kind.counts, { wanted: [], inputs, count });
    return new ModelProgram({ program, inputs: inputsOf(batch, program, (value) => value), completions });
  });
}

interface PartProgramOptions {
  readonly wanted: readonly Value[];
  readonly inputs: readonly Value[];
  readonly count: number;
}

/** A program that computes values into vector 0, and what else is wanted. */
function partProgram(
  contributed: readonly Value[],
  vectors: Contributions,
  { wanted, inputs, count }: PartProgramOptions,
): { program: Program; completions: number[] } {
  const pins = new Map<Value, Storage>();
  const placed = contributed.map((value, i) => {
    const own = isPlaceable(value, pins) ? value : identity(value, i);
    pins.set(own, vectors.array(i, 0));
    return own;
  });
  const purpose = `a program for parts of ${count}`;
  const program = new Program([...wanted, ...placed], [], { inputs, pins, purpose });
  return { program, completions: placed.map((value) => program.completionOf(value)) };
}

/** @throws LanegradError where the optimizer and a layer both would change weights */
function requireOneMover(moved: readonly Weights[], changed: readonly Weights[]): void {
  const both = moved.find((variable) => changed.includes(variable));
  if (!both) return;
  throw new LanegradError(
    `microBatches: ${both.name} is moved by the optimizer and assigned by its layer too, which a step in parts cannot ` +
      'put in order. Make it not trainable.',
  );
}

/** @throws LanegradError where layers remember something from batch to batch that is no weight */
function requireWeights(changed: readonly Weights[], weights: readonly Weights[]): void {
  const state = changed.find((variable) => !weights.includes(variable));
  if (!state) return;
  throw new LanegradError(
    `microBatches: ${state.name} goes on from batch to batch, so that a batch cannot be computed in parts. ` +
      'Make the layer not stateful, or leave microBatches out.',
  );
}

/**
 * A program that ends a step: moves weights and state by the sums in a vector. Its losses and metrics are the step's.
 * @param shareOf which weights to move, of those that are to be: all by default
 */
export function traceUpdate(
  traced: Traced,
  { contents }: PartKind,
  vector: number,
  shareOf?: (moved: readonly Weights[]) => readonly Neighbours<Weights>[],
): ModelProgram {
  const { model, randomState, training } = traced;
  const { moved, changed, losses, sums, vectors } = contents;
  const trace = new ProgramTrace(new TensorGraph(), { training: true, randomState });
  const { graph } = trace;
  return trace.run(() => {
    const arrays = vectors.shapes.map((_, i) => parameter(graph, vectors.array(i, vector)));
    const take = (count: number) => arrays.splice(0, count);
    const gradients = new Map(take(moved.length).map((gradient, i) => [moved[i], gradient]));
    const changes = take(changed.length);
    const [partsLoss, ...ownLosses] = take(losses);
    const penalties = graph.within('loss', () => penaltiesOf(model));
    const loss = penalties.reduce((a, b) => add(a, b), partsLoss);
    trace.effects.push(guard(loss));
    const wanted = model.movedVariables;
    const costs = differentiateAll(penalties, wanted, graph);
    const all = wanted.flatMap((variable, i) => {
      const terms = [gradients.get(variable), costs[i]].filter((term) => term !== undefined);
      return terms.length > 0 ? [{ variable, gradient: terms.reduce((a, b) => add(a, b)) }] : [];
    });
    const variables = all.map(({ variable }) => variable);
    warnOfRest(model, wanted, variables);
    for (const [i, variable] of changed.entries())
      trace.assign(variable, add(trace.read(variable), changes[i]));
    const found = all.map(({ gradient }) => gradient);
    const { optimizer } = training!.compiled;
    move(trace, variables, found, optimizer, training!.gradients, shareOf?.(variables));
    const results = [loss, ...ownLosses, ...arrays].map((value, i) => identity(value, i));
    const program = new Program(results, trace.effects, { pins: trace.pins, purpose: 'the update' });
    const places = results.map((value) => program.array(value));
    return new ModelProgram({
      program,
      losses: places.slice(0, losses),
      metrics: sums.map((metric, i) => ({ metric, array: places[losses + i] })),
      changed: trace.changed.filter((storage) => storage instanceof Weights),
      randomState: trace.drawsRandom && randomState,
    });
  });
}

/** A program that holds weights to their constraints; undefined where none has one. */
export function traceConstraints(moved: readonly Weights[]): Program | undefined {
  if (!moved.some(({ constraint }) => constraint)) return undefined;
  const trace = new ProgramTrace(new TensorGraph());
  trace.run(() => constrain(trace, moved));
  return new Program([], trace.effects, { purpose: 'the constraints' });
}

function differentiateAll(terms: readonly Value[], variables: readonly Weights[], graph: Graph) {
  if (terms.length === 0) return [];
  const total = terms.reduce((a, b) => add(a, b));
  return differentiate(
    total,
    variables.map((variable) => parameter(graph, variable)),
  );
}
