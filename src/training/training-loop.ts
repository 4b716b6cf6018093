// What all training shares: epochs, callbacks, turns of the event loop.

import { Profile } from '../compiler/profile.ts';
import { engine } from '../engine/engine.ts';
import { anything, flag, integer, nonNegativeInteger, stopSignal, verbosity } from '../options/kinds.ts';
import { describe, type Kind, optional, type SettingsOf } from '../options/option.ts';
import { platform } from '../platform/platform.ts';
import { stopIfAborted } from '../platform/stop-signal.ts';
import { FeedBatch, type Feeds } from './batch.ts';
import { type Callback, type CallbackHooks, CallbackList, type Logs, toCallbacks } from './callback.ts';
import { History } from './history.ts';
import { stepOptions } from './parted-step.ts';
import { ProgressBar } from './progress-bar.ts';
import type { Totals } from './totals.ts';
import type { FittedModel } from './trainable.ts';
import type { Trainer } from './trainer.ts';

const turns = ['auto', 'batch', 'epoch', 'never'] as const;
type Turn = (typeof turns)[number];

/** When the event loop gets a turn. Milliseconds, which TensorFlow.js takes too, are as good as 'auto'. */
const turn: Kind<Turn | number, Turn> = {
  expected: "'auto', 'batch', 'epoch' or 'never'",
  read: (given) => (typeof given === 'number' ? 'auto' : turns.find((known) => known === given)),
};

/** Options of all training. */
export const trainingOptions = /* @__PURE__ */ describe(stepOptions, {
  /** Number of the last epoch; 1 by default. */
  epochs: optional(nonNegativeInteger, 1),
  /** Number of epochs already done; 0 by default. */
  initialEpoch: optional(nonNegativeInteger, 0),
  /** 1: a progress bar; 2: a line per epoch; 0: nothing. 1 by default. */
  verbose: optional(verbosity, 1),
  /** A callback, an object with some of its methods, or a list of them. */
  callbacks: optional(
    anything<Callback | CallbackHooks | readonly (Callback | CallbackHooks)[]>('callbacks'),
  ),
  /** Fixes shuffling and dropout. By default the next of `setSeed`'s sequence. */
  seed: optional(integer),
  /** Aborting it makes `fit` reject after the current step; the weights stay as they are then. */
  signal: optional(stopSignal),
  /** Whether to time each step of the program: `history.profile` then tells where the time went. False by default. */
  profile: optional(flag, false),
  /**
   * When the event loop gets a turn: after some milliseconds, those of callbacks included ('auto', the default), each
   * batch, each epoch, or never.
   */
  yieldEvery: optional(turn, 'auto'),
});

export type TrainingSettings = SettingsOf<typeof trainingOptions>;

/** Work between two turns of the event loop: some milliseconds of it. */
const workPerTurn = 1e8;
/** What a step costs beside its program, in the same unit. */
const workPerStep = 20_000;
/** Milliseconds between two turns where callbacks, whose work nobody can estimate, take some of them: half a frame of a page. */
const timePerTurn = 8;

/** A training, epoch by epoch; what an epoch's batches are is up to the caller. */
export class TrainingLoop {
  readonly #model: FittedModel;
  readonly #trainer: Trainer;
  readonly #method: string;
  readonly #options: TrainingSettings;
  readonly #callbacks: CallbackList;
  readonly #history = new History();
  readonly #totals: Totals;
  readonly #hasCallbacks: boolean;
  #epoch = 0;
  #batch = 0;
  /** Estimated, since the last turn of the event loop. */
  #work = 0;
  /** When the last turn ended. */
  #turned = platform.now();

  constructor(
    model: FittedModel,
    trainer: Trainer,
    method: string,
    options: TrainingSettings,
    seed: number,
    steps: number | undefined,
    samples?: number,
  ) {
    this.#model = model;
    this.#trainer = trainer;
    this.#method = method;
    this.#options = options;
    this.#totals = trainer.totals();
    const { epochs, initialEpoch, verbose } = options;
    const own = toCallbacks(options.callbacks);
    const progress = verbose ? [new ProgressBar()] : [];
    this.#callbacks = new CallbackList([this.#history, ...own, ...progress]);
    this.#callbacks.setModel(model);
    const metrics = [...trainer.names];
    this.#callbacks.setParams({ epochs, initialEpoch, steps, samples, verbose: Number(verbose), metrics });
    this.#hasCallbacks = own.length + progress.length > 0;
    trainer.seed(seed);
    trainer.profile = options.profile ? new Profile() : undefined;
  }

  run(epochOf: (epoch: number) => Promise<Totals | undefined | false>): Promise<History> {
    return engine().during(() => this.#run(epochOf));
  }

  async #run(epochOf: (epoch: number) => Promise<Totals | undefined | false>): Promise<History> {
    const { epochs, initialEpoch, yieldEvery } = this.#options;
    this.#model.stopTraining = false;
    await this.#callbacks.onTrainBegin();
    for (let epoch = initialEpoch; epoch < epochs && !this.#model.stopTraining; epoch++) {
      this.#epoch = epoch;
      this.#batch = 0;
      this.#totals.reset();
      await this.#callbacks.onEpochBegin(epoch);
      if (this.#model.stopTraining) break;
      const validation = await epochOf(epoch);
      const logs: Logs = { ...this.#totals.logs(), ...(validation ? validation.logs('val_') : {}) };
      await this.#callbacks.onEpochEnd(epoch, logs);
      if (yieldEvery === 'epoch') await platform.turn();
    }
    this.#history.profile = this.#trainer.profile?.entries();
    await this.#callbacks.onTrainEnd();
    return this.#history;
  }

  /** Losses and metrics over all samples; the event loop gets its turns meanwhile. */
  async validate(feeds: Feeds, batchSize: number): Promise<Totals> {
    const totals = this.#trainer.totals();
    const batch = new FeedBatch(feeds, batchSize);
    while (batch.next()) {
      this.#trainer.test(batch, totals);
      this.#work += this.#trainer.program('evaluate', batch).program.work + workPerStep;
      if (this.#options.yieldEvery === 'auto' && this.#isTimeFor(0)) await this.#turn();
    }
    return totals;
  }

  /** One step. Returns a promise only where there is something to wait for. */
  batch(batch: FeedBatch): Promise<void> | undefined {
    stopIfAborted(this.#method, this.#options.signal);
    if (this.#hasCallbacks || this.#isTurnDue(batch)) return this.#batchWithHooks(batch);
    this.#step(batch);
    return undefined;
  }

  async #batchWithHooks(batch: FeedBatch): Promise<void> {
    const number = this.#batch;
    const size = batch.count;
    const begun = this.#callbacks.onBatchBegin(number, { batch: number, size });
    if (begun) await begun;
    this.#step(batch);
    const ended = this.#callbacks.onBatchEnd(number, { batch: number, size, ...this.#totals.batchLogs() });
    if (ended) await ended;
    if (this.#isTurnDue(batch)) await this.#turn();
  }

  async #turn(): Promise<void> {
    await platform.turn();
    this.#work = 0;
    this.#turned = platform.now();
  }

  #step(batch: FeedBatch): void {
    this.#trainer.step(batch, this.#totals, this.#where, this.#options);
    this.#work += this.#workOf(batch) + workPerStep;
    this.#batch++;
  }

  #workOf(batch: FeedBatch): number {
    return this.#trainer.workOf(batch, this.#options);
  }

  readonly #where = () => `${this.#method}: step ${this.#batch + 1} of epoch ${this.#epoch + 1}`;

  #isTurnDue(batch: FeedBatch): boolean {
    const { yieldEvery } = this.#options;
    if (yieldEvery !== 'auto') return yieldEvery === 'batch';
    return this.#isTimeFor(this.#workOf(batch));
  }

  /** Whether a turn is due before more work is done. What passes is looked at only where callbacks take time. */
  #isTimeFor(work: number): boolean {
    if (this.#work + work > workPerTurn) return true;
    return this.#hasCallbacks && platform.now() - this.#turned > timePerTurn;
  }
}
