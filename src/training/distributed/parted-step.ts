// A step whose batch is several parts: each computes what it contributes, the sum moves the weights.

import type { Profile } from '../../compiler/profile.ts';
import type { Program, Watcher } from '../../compiler/program.ts';
import { engine } from '../../engine/engine.ts';
import { LanegradError } from '../../errors.ts';
import { startOfShare } from '../../numeric/shares.ts';
import { flag, positiveInteger } from '../../options/kinds.ts';
import { describe, optional, type SettingsOf } from '../../options/option.ts';
import { inPlace, type Neighbours } from '../../state/range.ts';
import { Weights } from '../../state/weights.ts';
import { FeedBatch, type Feeds } from '../batch.ts';
import type { MetricArray, ModelProgram } from '../model-program.ts';
import { ProgramCache } from '../programs.ts';
import type { Traced } from '../trace-batch.ts';
import { type Cluster, clusterOptions, gather, timeExchange } from './cluster.ts';
import { ClusterSum, totalVector } from './cluster-sum.ts';
import type { Contributions } from './contributions.ts';
import { PartKind, traceConstraints, traceCounts, tracePart, traceUpdate } from './part-program.ts';
import { type PartAction, type PartPlan, planParts, startOfSamples } from './parts.ts';
import { Shard } from './shard.ts';

/** Options of how a step is computed. */
export const stepOptions = {
  /**
   * Parts that a step's batch is computed in, one after the other: it takes the memory of one part. Gradients, losses and
   * metrics are of the whole batch; batch normalisation has each part's own statistics. By default the batch is
   * computed at once; on a cluster there is a part for each rank.
   */
  microBatches: optional(positiveInteger),
};

/** Options of how a step's parts are computed by several processes. */
export const sharingOptions = /* @__PURE__ */ describe(clusterOptions, {
  /**
   * Whether what the ranks of a cluster contribute is added in an order that depends on the number of parts alone, so
   * that every cluster has the same bits; true by default. False leaves the order to MPI.
   */
  deterministic: optional(flag, true),
  /**
   * Whether each rank of a cluster keeps its share alone of what the optimizer remembers, and updates the weights of that;
   * false by default. The bits are the same.
   */
  shardOptimizer: optional(flag, false),
});

export type StepSettings = Partial<SettingsOf<typeof stepOptions & typeof sharingOptions>>;

/** Numbers that a metric collects of a step's samples, in their order. */
class Collected implements MetricArray {
  size = 0;
  #perSample = 0;
  #values = new Float32Array();

  at(i: number): number {
    return this.#values[i];
  }

  readInto(target: Float32Array, offset: number): void {
    target.set(this.#values.subarray(0, this.size), offset);
  }

  /** Makes room for a batch. @param ofPart what a part of `count` samples gives */
  begin(ofPart: MetricArray, count: number, batch: FeedBatch): void {
    this.#perSample = ofPart.size / count;
    this.size = this.#perSample * batch.count;
    if (this.#values.length < this.size) this.#values = new Float32Array(this.size);
  }

  /** Takes the numbers of a part of a batch. */
  take(array: MetricArray, part: FeedBatch, batch: FeedBatch): void {
    array.readInto(this.#values, (part.start - batch.start) * this.#perSample);
  }

  /** Has all ranks have all. @param startOf the first sample of a rank, of the batch */
  gather(cluster: Cluster, startOf: (rank: number) => number): void {
    gather(cluster, this.#values, (rank) => startOf(rank) * this.#perSample);
  }
}

/** What a step came to: losses and metrics of all its samples, and what was computed of it here. */
export type StepResult = Pick<ModelProgram, 'losses' | 'metrics' | 'work'>;

/** What belongs to batches of one kind. */
interface Kind {
  readonly parts: PartKind;
  /** By the vector in which the sum is. */
  readonly updates: Map<number, ModelProgram>;
  readonly collected: Collected[];
  /** Sums over all ranks, by what is added and the number of parts. */
  readonly sums: Map<string, ClusterSum>;
}

/** A batch, and the parts that it is computed in. */
interface Division {
  readonly batch: FeedBatch;
  readonly parts: number;
  readonly plan: PartPlan;
  readonly kind: Kind;
  readonly settings: StepSettings;
  readonly profile: Profile | undefined;
}

/** How what the optimizer remembers is split. */
interface Sharding {
  readonly kind: Kind;
  readonly shard: Shard;
  readonly moved: readonly Weights[];
  readonly constraints: Program | undefined;
}

/** Makes who is told how far the program of a part is. */
type Watch = (program: ModelProgram) => Watcher;

/** Computes a part into vector 0. */
type Compute = (part: number, watch: Watch | undefined) => void;

export class PartedStep {
  readonly #traced: Traced;
  readonly #slotsMoved: () => void;
  readonly #programs: ProgramCache;
  readonly #kinds = new Map<string, Kind>();
  readonly #numbers: Float32Array;
  #part: FeedBatch | undefined;
  #sharding: Sharding | undefined;
  #plan:
    | { readonly parts: number; readonly cluster: Cluster | undefined; readonly plan: PartPlan }
    | undefined;

  /** @param slotsMoved called where what the optimizer remembers has gone to other places */
  constructor(traced: Traced, slotsMoved: () => void) {
    this.#traced = traced;
    this.#slotsMoved = slotsMoved;
    this.#numbers = new Float32Array(1 + traced.model.outputs.length);
    this.#programs = new ProgramCache(traced, (all, purpose, count, feeds) => {
      const { parts } = this.#kindOf(feeds);
      return (purpose === 'part' ? tracePart : traceCounts)(all, parts, count, feeds);
    });
  }

  /**
   * Runs a step; where its loss is not finite, it changes nothing.
   * @param step its number, from 0: what its random numbers are made of
   */
  run(batch: FeedBatch, step: number, settings: StepSettings, profile?: Profile): StepResult {
    const parts = partsOf(batch, settings);
    const kind = this.#kindOf(batch.feeds);
    const plan = this.#planOf(parts, settings.cluster);
    const division = { batch, parts, plan, kind, settings, profile };
    const { work } = this.#beginParts(division);
    if (kind.parts.masked.length > 0) this.#count(division);
    const vector = this.#sum('parts', kind.parts.contents.vectors, division, (part, watch) => {
      this.#computePart(part, step, division, watch);
    });
    this.#gatherCollected(division);
    const update = this.#updateOf(kind, vector, settings);
    update.beginStep(step);
    update.run(batch, profile);
    this.#gatherShards(profile);
    const own = Math.ceil(parts / (settings.cluster?.size ?? 1));
    return { losses: update.losses, metrics: this.#metricsOf(kind, update), work: own * work };
  }

  /** Gives its memory back at once. */
  dispose(): void {
    this.#programs.dispose();
    for (const { parts, updates, sums } of this.#kinds.values()) {
      parts.dispose();
      for (const { program } of updates.values()) program.dispose();
      for (const sum of sums.values()) sum.dispose();
    }
    this.#kinds.clear();
  }

  /** Has the first part's program, which tells which outputs are masked and what metrics collect. */
  #beginParts({ batch, parts, kind }: Division): ModelProgram {
    const first = this.#select(batch, parts, 0);
    const program = this.#programs.get('part', first);
    for (const [i, { array }] of program.metrics.entries()) {
      kind.collected[i] ??= new Collected();
      kind.collected[i].begin(array, first.count, batch);
    }
    return program;
  }

  #computePart(
    part: number,
    step: number,
    { batch, parts, kind, profile }: Division,
    watch: Watch | undefined,
  ): void {
    const chosen = this.#select(batch, parts, part);
    const program = this.#programs.get('part', chosen);
    this.#numbers[0] = chosen.count / batch.count;
    kind.parts.numbers.write(this.#numbers);
    program.beginStep(step, part);
    program.run(chosen, profile, watch?.(program));
    for (const [i, { array }] of program.metrics.entries()) kind.collected[i].take(array, chosen, batch);
  }

  /** Counts, of all parts, the steps that outputs' masks let count. */
  #count(division: Division): void {
    const { batch, parts, kind, profile } = division;
    // Made with the first part's program.
    this.#programs.get('count', this.#select(batch, parts, 0));
    const counts = kind.parts.counts!;
    const vector = this.#sum('counts', counts, division, (part, watch) => {
      const chosen = this.#select(batch, parts, part);
      const program = this.#programs.get('count', chosen);
      program.run(chosen, profile, watch?.(program));
    });
    for (const [i, output] of kind.parts.masked.entries())
      this.#numbers[1 + output] = counts.array(i, vector).read()[0];
  }

  /** Has parts compute vectors into vector 0, and adds them, over all ranks too. @returns the vector with the sum */
  #sum(name: string, vectors: Contributions, division: Division, compute: Compute): number {
    const { plan, settings, profile } = division;
    const { actions, rest, subtotals } = plan;
    const { cluster } = settings;
    const act = (action: PartAction, watch?: Watch) => {
      if (action.kind === 'compute') compute(action.part, watch);
      else if (action.kind === 'keep') vectors.keep(action.to, 0);
      else vectors.add(action.to, action.from);
    };
    if (!cluster || cluster.size === 1) {
      for (const action of [...actions, ...rest]) act(action);
      return subtotals[0].vector;
    }
    const sum = this.#clusterSum(name, vectors, division, cluster);
    const time = (work: () => void, runs?: number) => timeExchange(profile, vectors.floats, name, work, runs);
    for (const action of actions.slice(0, -1)) act(action);
    engine().together(() => {
      const watch: Watch = ({ completions }) => sum.watcher(completions, (work) => time(work, 0));
      for (const action of actions.slice(-1)) act(action, watch);
      time(() => sum.finish());
    });
    return totalVector;
  }

  #clusterSum(
    name: string,
    vectors: Contributions,
    { parts, plan, kind, settings }: Division,
    cluster: Cluster,
  ): ClusterSum {
    const isDeterministic = settings.deterministic !== false;
    const key = `${name} ${parts} ${isDeterministic}`;
    const sum = kind.sums.get(key) ?? new ClusterSum({ cluster, vectors, parts, plan, isDeterministic });
    kind.sums.set(key, sum);
    return sum;
  }

  #gatherCollected({ batch, parts, kind, settings: { cluster }, profile }: Division): void {
    if (!cluster) return;
    const startOf = (rank: number) => startOfSamples(batch.count, parts, cluster.size, rank);
    for (const collected of kind.collected)
      timeExchange(profile, collected.size, 'metrics', () => collected.gather(cluster, startOf));
  }

  /** Metrics in the order in which they were asked for: their sums are in the update's program. */
  #metricsOf({ collected }: Kind, update: ModelProgram): StepResult['metrics'] {
    const sums = update.metrics.values();
    const lists = collected.values();
    return this.#traced.training!.compiled.outputs.flatMap(({ metrics }) =>
      metrics.map((metric) => (metric.sums ? sums.next().value! : { metric, array: lists.next().value! })),
    );
  }

  #updateOf(kind: Kind, vector: number, { cluster, shardOptimizer }: StepSettings): ModelProgram {
    if (this.#sharding && this.#sharding.kind !== kind) {
      throw new LanegradError(
        'fit: with shardOptimizer what is trained, and the kind of data, cannot change before fit ends.',
      );
    }
    const isSplit = shardOptimizer && cluster && cluster.size > 1;
    if (isSplit && !this.#sharding) this.#forgetUpdates();
    const known = kind.updates.get(vector);
    if (known) return known;
    const split = (moved: readonly Weights[]) => this.#shard(kind, cluster!, moved);
    const update = traceUpdate(this.#traced, kind.parts, vector, isSplit ? split : undefined);
    kind.updates.set(vector, update);
    return update;
  }

  /** Splits what the optimizer remembers. @returns what this rank updates */
  #shard(kind: Kind, cluster: Cluster, moved: readonly Weights[]): readonly Neighbours<Weights>[] {
    const { model, training } = this.#traced;
    if (!this.#sharding) {
      const shard = new Shard(cluster, training!.compiled.optimizer, inPlace(model.variables), moved);
      this.#sharding = { kind, shard, moved, constraints: traceConstraints(moved) };
    }
    return this.#sharding.shard.own;
  }

  /** Has every rank have all weights, where each has updated some. */
  #gatherShards(profile: Profile | undefined): void {
    if (!this.#sharding) return;
    const { shard, moved, constraints } = this.#sharding;
    Weights.announceChange(moved);
    const floats = moved.reduce((sum, { footprint }) => sum + footprint, 0);
    timeExchange(profile, floats, 'weights', () => shard.gatherWeights());
    constraints?.run();
  }

  /** Runs what the first rank alone does with everything that the optimizer remembers, where that is split. */
  async lent(work: () => Promise<void>): Promise<void> {
    const shard = this.#sharding?.shard;
    shard?.lend(false);
    await work();
    shard?.endLending();
  }

  /** Has every rank remember everything again. */
  unite(): void {
    if (!this.#sharding) return;
    this.#sharding.shard.end();
    this.#sharding.constraints?.dispose();
    this.#sharding = undefined;
    this.#forgetUpdates();
  }

  /** Gives up programs that read what the optimizer remembers where it was. */
  #forgetUpdates(): void {
    this.#slotsMoved();
    for (const { updates } of this.#kinds.values()) {
      for (const { program } of updates.values()) program.dispose();
      updates.clear();
    }
  }

  #kindOf(feeds: Feeds): Kind {
    let kind = this.#kinds.get(feeds.kind);
    if (!kind) {
      const parts = new PartKind(this.#traced.model.outputs.length);
      kind = { parts, updates: new Map(), collected: [], sums: new Map() };
      this.#kinds.set(feeds.kind, kind);
    }
    return kind;
  }

  #planOf(parts: number, cluster: Cluster | undefined): PartPlan {
    if (this.#plan?.parts !== parts || this.#plan.cluster !== cluster) {
      const { rank, size } = cluster ?? { rank: 0, size: 1 };
      const [from, to] = [rank, rank + 1].map((of) => startOfShare(parts, size, of));
      this.#plan = { parts, cluster, plan: planParts(parts, from, to) };
    }
    return this.#plan.plan;
  }

  /** A part of a batch: one object for all. */
  #select(batch: FeedBatch, parts: number, part: number): FeedBatch {
    const { feeds, order, count } = batch;
    if (this.#part?.feeds !== feeds || this.#part.order !== order)
      this.#part = new FeedBatch(feeds, feeds.samples, order);
    const start = startOfShare(count, parts, part);
    this.#part.select(batch.start + start, startOfShare(count, parts, part + 1) - start);
    return this.#part;
  }
}

/** Parts of a batch; one of fewer samples has as many parts as samples. */
const partsOf = ({ count }: FeedBatch, { microBatches, cluster }: StepSettings): number =>
  Math.min(microBatches ?? cluster?.size ?? 1, count);
