// A step whose batch is several parts: each computes what it contributes, the sum moves the weights.

import type { Profile } from '../compiler/profile.ts';
import { positiveInteger } from '../options/kinds.ts';
import { optional, type SettingsOf } from '../options/option.ts';
import { FeedBatch, type Feeds } from './batch.ts';
import type { Contributions } from './contributions.ts';
import type { MetricArray, ModelProgram } from './model-program.ts';
import { PartKind, traceCounts, tracePart, traceUpdate } from './part-program.ts';
import { type PartPlan, planParts, startOfPart } from './parts.ts';
import { ProgramCache } from './programs.ts';
import type { Traced } from './trace-batch.ts';

/** Options of how a step is computed. */
export const stepOptions = {
  /**
   * Parts that a step's batch is computed in, one after the other: memory is that of one part. Gradients, losses and
   * metrics are those of the whole batch; batch normalisation has each part's own statistics. By default the batch is
   * computed at once.
   */
  microBatches: optional(positiveInteger),
};

export type StepSettings = Partial<SettingsOf<typeof stepOptions>>;

/** Numbers that a metric collects of a step's samples, in their order. */
class Collected implements MetricArray {
  size = 0;
  #values = new Float32Array(0);

  at(i: number): number {
    return this.#values[i];
  }

  readInto(target: Float32Array, offset: number): void {
    target.set(this.#values.subarray(0, this.size), offset);
  }

  /** Takes those of a part of a batch. */
  take(array: MetricArray, part: FeedBatch, batch: FeedBatch): void {
    const perSample = array.size / part.count;
    this.size = perSample * batch.count;
    if (this.#values.length < this.size) this.#values = new Float32Array(this.size);
    array.readInto(this.#values, (part.start - batch.start) * perSample);
  }
}

/** What a step came to: losses and metrics of all its samples. */
export type StepResult = Pick<ModelProgram, 'losses' | 'metrics'>;

/** What belongs to batches of one kind. */
interface Kind {
  readonly parts: PartKind;
  /** By the slot in which the sum is. */
  readonly updates: Map<number, ModelProgram>;
  readonly collected: Collected[];
}

/** A batch, and the parts that it is computed in. */
interface Division {
  readonly batch: FeedBatch;
  readonly parts: number;
  readonly plan: PartPlan;
  readonly kind: Kind;
}

export class PartedStep {
  readonly #traced: Traced;
  readonly #programs: ProgramCache;
  readonly #kinds = new Map<string, Kind>();
  readonly #numbers: Float32Array;
  #part: FeedBatch | undefined;
  #plan: { readonly parts: number; readonly plan: PartPlan } | undefined;

  constructor(traced: Traced) {
    this.#traced = traced;
    this.#numbers = new Float32Array(1 + traced.model.outputs.length);
    this.#programs = new ProgramCache(traced, (all, purpose, count, feeds) => {
      const { parts } = this.#kindOf(feeds);
      return (purpose === 'part' ? tracePart : traceCounts)(all, parts, count, feeds);
    });
  }

  /** What the parts of a step cost, in multiply-adds. */
  workOf(batch: FeedBatch, microBatches: number): number {
    const parts = Math.min(microBatches, batch.count);
    return parts * this.#programs.get('part', this.#select(batch, parts, 0)).program.work;
  }

  /**
   * Runs a step; where its loss is not finite, it changes nothing.
   * @param step its number, from 0: what its random numbers are made of
   * @param microBatches parts of a batch; one of fewer samples has as many parts as samples
   */
  run(batch: FeedBatch, step: number, microBatches: number, profile?: Profile): StepResult {
    const parts = Math.min(microBatches, batch.count);
    const kind = this.#kindOf(batch.feeds);
    const division = { batch, parts, plan: this.#planOf(parts), kind };
    // Tracing it tells which outputs are masked.
    this.#programs.get('part', this.#select(batch, parts, 0));
    if (kind.parts.masked.length > 0) this.#count(division, profile);
    const slot = this.#sum(kind.parts.contents.vectors, division, (part) => {
      this.#computePart(part, step, division, profile);
    });
    const update = this.#updateOf(kind, slot);
    update.run(batch, profile);
    return { losses: update.losses, metrics: this.#metricsOf(kind, update) };
  }

  /** Gives its memory back at once. */
  dispose(): void {
    this.#programs.dispose();
    for (const { parts, updates } of this.#kinds.values()) {
      parts.dispose();
      for (const { program } of updates.values()) program.dispose();
    }
    this.#kinds.clear();
  }

  #computePart(part: number, step: number, { batch, parts, kind }: Division, profile?: Profile): void {
    const chosen = this.#select(batch, parts, part);
    const program = this.#programs.get('part', chosen);
    this.#numbers[0] = chosen.count / batch.count;
    kind.parts.numbers.write(this.#numbers);
    this.#traced.randomState.beginStep(step, part);
    program.run(chosen, profile);
    for (const [i, { array }] of program.metrics.entries()) {
      kind.collected[i] ??= new Collected();
      kind.collected[i].take(array, chosen, batch);
    }
  }

  /** Counts, of all parts, the steps that outputs' masks let count. */
  #count(division: Division, profile?: Profile): void {
    const { batch, parts, kind } = division;
    // Made with the first part's program.
    this.#programs.get('count', this.#select(batch, parts, 0));
    const counts = kind.parts.counts!;
    const slot = this.#sum(counts, division, (part) => {
      const chosen = this.#select(batch, parts, part);
      this.#programs.get('count', chosen).run(chosen, profile);
    });
    for (const [i, output] of kind.parts.masked.entries())
      this.#numbers[1 + output] = counts.array(i, slot).read()[0];
  }

  /** Has parts compute vectors into slot 0, and adds them. @returns the slot with the sum */
  #sum(vectors: Contributions, { plan }: Division, compute: (part: number) => void): number {
    for (const step of plan.steps) {
      if (step.kind === 'compute') compute(step.part);
      else if (step.kind === 'keep') vectors.keep(step.to, 0);
      else vectors.add(step.to, step.from);
    }
    return plan.subtotals[0].slot;
  }

  /** Metrics in the order in which they were asked for: sums are those of the update's program. */
  #metricsOf({ collected }: Kind, update: ModelProgram): StepResult['metrics'] {
    const sums = update.metrics.values();
    const lists = collected.values();
    return this.#traced.training!.compiled.outputs.flatMap(({ metrics }) =>
      metrics.map((metric) => (metric.sums ? sums.next().value! : { metric, array: lists.next().value! })),
    );
  }

  #updateOf({ parts, updates }: Kind, slot: number): ModelProgram {
    const update = updates.get(slot) ?? traceUpdate(this.#traced, parts, slot);
    updates.set(slot, update);
    return update;
  }

  #kindOf(feeds: Feeds): Kind {
    let kind = this.#kinds.get(feeds.kind);
    if (!kind) {
      const parts = new PartKind(this.#traced.model.outputs.length);
      kind = { parts, updates: new Map(), collected: [] };
      this.#kinds.set(feeds.kind, kind);
    }
    return kind;
  }

  #planOf(parts: number): PartPlan {
    if (this.#plan?.parts !== parts) this.#plan = { parts, plan: planParts(parts) };
    return this.#plan.plan;
  }

  /** A part of a batch: one object for all. */
  #select(batch: FeedBatch, parts: number, part: number): FeedBatch {
    const { feeds, order, count } = batch;
    if (this.#part?.feeds !== feeds || this.#part.order !== order)
      this.#part = new FeedBatch(feeds, feeds.samples, order);
    const start = startOfPart(count, parts, part);
    this.#part.select(batch.start + start, startOfPart(count, parts, part + 1) - start);
    return this.#part;
  }
}
