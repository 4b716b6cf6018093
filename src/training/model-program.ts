// What a model's program has beside its commands: where batches go, and where losses and metrics are.

import type { Profile } from '../compiler/profile.ts';
import type { Program, Watcher } from '../compiler/program.ts';
import type { ProgramArray } from '../compiler/program-array.ts';
import { formatShape } from '../graph/shape.ts';
import type { Metric } from '../metrics/metrics.ts';
import type { RandomState } from '../state/random-state.ts';
import { Weights } from '../state/weights.ts';
import type { FeedBatch, Feeds } from './batch.ts';
import type { Feed } from './feed.ts';

/** What a program does with a batch. */
export type Purpose = 'train' | 'evaluate' | 'predict' | 'part' | 'count';

/** Where a feed's batch goes. */
export interface ProgramInput {
  readonly feed: (feeds: Feeds) => Feed;
  readonly array: ProgramArray;
}

/** Numbers of losses and metrics. */
export type MetricArray = Pick<ProgramArray, 'size' | 'at' | 'readInto'>;

interface ModelProgramFields {
  readonly program: Program;
  readonly inputs?: readonly ProgramInput[];
  /** The loss in all, then each output's own. */
  readonly losses?: readonly MetricArray[];
  /** Each metric's contribution of a batch. */
  readonly metrics?: readonly { readonly metric: Metric; readonly array: MetricArray }[];
  readonly predictions?: readonly ProgramArray[];
  /** The variables that a run changes. */
  readonly changed?: readonly Weights[];
  /** The variables that a training step moves. */
  readonly moved?: readonly Weights[];
  /** What its random numbers are made of, where it draws any. */
  readonly randomState?: RandomState | false;
  /** How many commands have run when each array that a part contributes is there. */
  readonly completions?: readonly number[];
}

type Fields = Required<ModelProgramFields>;

export class ModelProgram {
  readonly program: Program;
  readonly losses: Fields['losses'];
  readonly metrics: Fields['metrics'];
  readonly predictions: Fields['predictions'];
  readonly completions: readonly number[];
  readonly moved: readonly Weights[];
  readonly #inputs: Fields['inputs'];
  readonly #changed: Fields['changed'];
  readonly #randomState: ModelProgramFields['randomState'];

  constructor(fields: ModelProgramFields) {
    this.program = fields.program;
    this.losses = fields.losses ?? [];
    this.metrics = fields.metrics ?? [];
    this.predictions = fields.predictions ?? [];
    this.completions = fields.completions ?? [];
    this.moved = fields.moved ?? [];
    this.#inputs = fields.inputs ?? [];
    this.#changed = fields.changed ?? [];
    this.#randomState = fields.randomState;
  }

  /** An estimate of what a run costs, in multiply-adds. */
  get work(): number {
    return this.program.work;
  }

  /** Has the next run draw the numbers of part `part` of step `step`, both counted from 0. */
  beginStep(step: number, part?: number): void {
    if (this.#randomState) this.#randomState.beginStep(step, part);
  }

  /**
   * Copies a batch into the program and runs it.
   * @param profile where to note what each step took
   * @param watcher told how far it is
   */
  run(batch: FeedBatch, profile?: Profile, watcher?: Watcher): void {
    this.program.ready();
    if (profile) this.#writeTimed(batch, profile);
    else this.#write(batch);
    Weights.announceChange(this.#changed);
    if (profile) this.program.runTimed(profile, watcher);
    else this.program.run(watcher);
  }

  #write(batch: FeedBatch): void {
    const inputs = this.#inputs;
    // By index: an iterator here takes 5 % of the smallest steps.
    for (let i = 0; i < inputs.length; i++) inputs[i].feed(batch.feeds).write(inputs[i].array, batch);
  }

  #writeTimed(batch: FeedBatch, profile: Profile): void {
    for (const { feed, array } of this.#inputs) {
      const given = feed(batch.feeds);
      profile.time('data', formatShape(array.shape), '', () => given.write(array, batch));
    }
  }
}
