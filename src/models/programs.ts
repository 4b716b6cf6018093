// A model's programs: traced and compiled once for each batch size and kind of data.

import type { Profile } from '../compiler/profile.ts';
import { Program } from '../compiler/program.ts';
import { engine } from '../engine/engine.ts';
import { wordOf } from '../engine/words.ts';
import type { Graph, Storage, Value } from '../graph/graph.ts';
import { add, asFloat, div, maximum, mul } from '../graph/ops/elementwise.ts';
import { mean, sum } from '../graph/ops/reductions.ts';
import { input, parameter, reshape } from '../graph/ops/sources.ts';
import { formatShape, sameShape } from '../graph/shape.ts';
import { maskOf, unmasked } from '../layers/mask.ts';
import type { RandomState } from '../state/random-state.ts';
import type { Slots } from '../state/slots.ts';
import { ProgramTrace } from '../state/trace.ts';
import { TensorGraph } from '../tensor/tensor.ts';
import type { Metric } from '../training/metrics.ts';
import { minimize } from '../training/minimize.ts';
import type { Compiled } from './compiled.ts';
import type { Feed } from './feed.ts';
import type { Model } from './model.ts';

/** The arrays of one call: inputs, targets and, where samples are weighted, a weight per sample and output. */
export interface Feeds {
  readonly x: readonly Feed[];
  readonly y: readonly Feed[];
  readonly weights: readonly (Feed | undefined)[];
}

/** What a program does with a batch. */
export type Purpose = 'train' | 'evaluate' | 'predict';

/** A metric's contribution of one batch: where it is and how many numbers it has. */
interface MetricResult {
  readonly metric: Metric;
  readonly address: number;
  readonly length: number;
}

/** A compiled program with the addresses that its users need. */
export interface ModelProgram {
  readonly program: Program;
  /** Where to write each feed's batch. */
  readonly slots: readonly { readonly feed: (feeds: Feeds) => Feed; readonly address: number }[];
  /** The loss in all, then each output's own. */
  readonly losses: readonly number[];
  readonly metrics: readonly MetricResult[];
  readonly predictions: readonly { readonly address: number; readonly shape: readonly number[] }[];
}

/**
 * Copies `count` samples from `start` on into the program's inputs and runs it.
 * @param profile where to note what each step took
 */
export function runBatch(
  { program, slots }: ModelProgram,
  feeds: Feeds,
  order: Uint32Array | undefined,
  start: number,
  count: number,
  profile?: Profile,
): void {
  for (const { feed, address } of slots) {
    const given = feed(feeds);
    if (!profile) given.write(address, order, start, count);
    else {
      const shape = formatShape([count, ...given.sampleShape]);
      profile.time('data', shape, '', () => given.write(address, order, start, count));
    }
  }
  if (profile) program.runTimed(profile);
  else program.run();
}

/** A number that a program computed. */
export const readScalar = (address: number): number => engine().f32[wordOf(address)];

/** What the programs of a cache may be before those unused for longest go. */
const mostPrograms = 256;
const mostBytes = 2 ** 28;
/** So many stay, whatever they take: those of an epoch and its validation. */
const fewestPrograms = 4;

/** What training keeps in linear memory beside weights and what the optimizer remembers of them. */
export interface TrainingMemory {
  readonly randomState: RandomState;
  /** A slot for each weight's gradient. */
  readonly gradients: Slots;
}

export class ProgramCache {
  readonly #model: Model;
  readonly #compiled: Compiled | undefined;
  readonly #memory: TrainingMemory | undefined;
  /** The one used last stands last. */
  readonly #programs = new Map<string, ModelProgram>();
  /** Programs by batch size for feeds that are in use; feeds that are not are forgotten. */
  readonly #inUse: Record<Purpose, WeakMap<Feeds, Map<number, ModelProgram>>> = {
    train: new WeakMap(),
    evaluate: new WeakMap(),
    predict: new WeakMap(),
  };

  constructor(model: Model, compiled?: Compiled, memory?: TrainingMemory) {
    this.#model = model;
    this.#compiled = compiled;
    this.#memory = memory;
  }

  /**
   * The program for batches of `batch` samples of these feeds. Within one call of `fit` the feeds stay the
   * same object, and steps find their program without work; a layer frozen meanwhile counts from the next call.
   */
  get(purpose: Purpose, batch: number, feeds: Feeds): ModelProgram {
    let byBatch = this.#inUse[purpose].get(feeds);
    if (!byBatch) {
      byBatch = new Map();
      this.#inUse[purpose].set(feeds, byBatch);
    }
    let program = byBatch.get(batch);
    if (!program || program.program.isDisposed) {
      program = this.#find(purpose, batch, feeds);
      byBatch.set(batch, program);
    }
    return program;
  }

  #find(purpose: Purpose, batch: number, feeds: Feeds): ModelProgram {
    const trained = purpose === 'train' ? this.#model.trainableParts : [];
    const kinds = [...feeds.x, ...feeds.y].map(({ dtype, sampleShape }) => `${dtype}${sampleShape}`);
    const weighted = feeds.weights.map((feed) => (feed ? 1 : 0));
    const key = [purpose, batch, kinds.join(' '), weighted.join(''), trained.join(' ')].join('|');
    const known = this.#programs.get(key);
    if (!known) this.#trim();
    const program = known ?? this.#trace(purpose, batch, feeds);
    this.#programs.delete(key);
    this.#programs.set(key, program);
    return program;
  }

  /** Makes room for one more program. */
  #trim(): void {
    let bytes = 0;
    for (const { program } of this.#programs.values()) bytes += program.bytes;
    for (const [key, { program }] of this.#programs) {
      const { size } = this.#programs;
      if (size < fewestPrograms || (size < mostPrograms && bytes < mostBytes)) return;
      bytes -= program.bytes;
      program.dispose();
      this.#programs.delete(key);
    }
  }

  #trace(purpose: Purpose, batch: number, feeds: Feeds): ModelProgram {
    const training = purpose === 'train';
    const trace = new ProgramTrace(new TensorGraph(), {
      training,
      randomState: training ? this.#memory?.randomState : undefined,
    });
    return trace.run(() =>
      new Tracer(trace, this.#model, this.#compiled, this.#memory).trace(purpose, batch, feeds),
    );
  }
}

/** Builds one program. Its methods follow each other: inputs, predictions, losses, gradients, updates. */
class Tracer {
  readonly #trace: ProgramTrace;
  readonly #graph: Graph;
  readonly #model: Model;
  readonly #compiled: Compiled | undefined;
  readonly #memory: TrainingMemory | undefined;
  readonly #inputs: { readonly value: Value; readonly feed: (feeds: Feeds) => Feed }[] = [];

  constructor(
    trace: ProgramTrace,
    model: Model,
    compiled: Compiled | undefined,
    memory: TrainingMemory | undefined,
  ) {
    this.#trace = trace;
    this.#graph = trace.graph;
    this.#model = model;
    this.#compiled = compiled;
    this.#memory = memory;
  }

  trace(purpose: Purpose, batch: number, feeds: Feeds): ModelProgram {
    const x = feeds.x.map((feed, i) => this.#input(batch, feed, (all) => all.x[i]));
    const traced = this.#model.traceOutputs(this.#trace, x);
    const predictions = traced.map(unmasked).map(asFloat);
    if (purpose === 'predict') return this.#finish([], [], predictions);

    const y = feeds.y.map((feed, i) => this.#input(batch, feed, (all) => all.y[i]));
    const weights = feeds.weights.map(
      (feed, i) => feed && this.#input(batch, feed, (all) => all.weights[i]!),
    );
    const { outputs } = this.#compiled!;
    const ownLosses = outputs.map(({ name, loss }, i) =>
      this.#graph.within(outputs.length > 1 ? `loss of ${name}` : 'loss', () =>
        batchLoss(loss.call(y[i], predictions[i]), weights[i], maskOf(traced[i])),
      ),
    );
    const loss = this.#graph.within('loss', () => this.#total(ownLosses));
    const metrics = outputs.flatMap((output, i) =>
      output.metrics.map((metric) =>
        this.#graph.within(metric.name, () => ({
          metric,
          value: metric.sums
            ? metric.sums(y[i], predictions[i], maskOf(traced[i]))
            : metric.collect!(y[i], predictions[i], maskOf(traced[i])),
        })),
      ),
    );
    const pins =
      purpose === 'train'
        ? minimize(
            this.#trace,
            loss,
            this.#model.trainableVariables,
            this.#compiled!.optimizer,
            this.#memory!.gradients,
          )
        : undefined;
    return this.#finish([loss, ...ownLosses], metrics, [], pins);
  }

  #input(batch: number, feed: Feed, find: (feeds: Feeds) => Feed): Value {
    const value = input(this.#graph, this.#inputs.length, [batch, ...feed.sampleShape], feed.dtype);
    this.#inputs.push({ value, feed: find });
    return value;
  }

  /** The weighted sum of the outputs' losses, and all penalties. */
  #total(ownLosses: readonly Value[]): Value {
    const weighted = ownLosses.map((loss, i) => mul(loss, this.#compiled!.outputs[i].weight));
    const penalties = this.#model.variables.flatMap((variable) =>
      variable.regularizer ? [variable.regularizer.apply(parameter(this.#graph, variable))] : [],
    );
    return [...weighted, ...penalties, ...this.#trace.penalties].reduce((a, b) => add(a, b));
  }

  #finish(
    losses: readonly Value[],
    metrics: readonly { metric: Metric; value: Value }[],
    predictions: readonly Value[],
    pins?: ReadonlyMap<Value, Storage>,
  ): ModelProgram {
    const values = [...losses, ...metrics.map(({ value }) => value), ...predictions];
    const program = new Program(values, this.#trace.effects, {
      inputs: this.#inputs.map(({ value }) => value),
      pins,
      purpose: `a program for batches of ${this.#inputs[0].value.shape[0]}`,
    });
    return {
      program,
      slots: this.#inputs.map(({ value, feed }) => ({ feed, address: program.addressOf(value) })),
      losses: losses.map((value) => program.addressOf(value)),
      metrics: metrics.map(({ metric, value }) => ({
        metric,
        address: program.addressOf(value),
        length: value.size,
      })),
      predictions: predictions.map((value) => ({ address: program.addressOf(value), shape: value.shape })),
    };
  }
}

/**
 * A batch's loss: the mean over samples (and over all that a sample has) of what the loss function gave.
 * Where the output is masked, the mean over the time steps that count.
 */
function batchLoss(perSample: Value, weights: Value | undefined, mask: Value | undefined): Value {
  if (perSample.rank === 0) {
    if (weights) throw perSample.graph.error('a loss that is a scalar cannot be weighted by sample.');
    return perSample;
  }
  if (mask && sameShape(mask.shape, perSample.shape)) {
    const counted = mul(perSample, weights ? mul(mask, reshape(weights, [-1, 1])) : mask);
    return div(sum(counted), maximum(sum(mask), 1));
  }
  const axes = perSample.shape.map((_, axis) => axis).slice(1);
  const each = mean(perSample, axes);
  return mean(weights ? mul(each, weights) : each);
}
