// What all training shares: epochs, callbacks, turns of the event loop.

import { Profile } from '../compiler/profile.ts';
import { engine } from '../engine/engine.ts';
import { LanegradError } from '../errors.ts';
import { damaged } from '../io/model-json.ts';
import { anything, flag, integer, nonNegativeInteger, text, verbosity } from '../options/kinds.ts';
import { describe, type Kind, optional, type SettingsOf } from '../options/option.ts';
import { stopIfAborted, stopSignal } from '../options/stop-signal.ts';
import { platform } from '../platform/platform.ts';
import { seedPosition, setSeedPosition } from '../random/seed.ts';
import { FeedBatch, type Feeds } from './batch.ts';
import {
  Callback,
  type CallbackHooks,
  CallbackList,
  type Logs,
  registeredCallbacks,
  type TrainingParams,
  toCallbacks,
} from './callbacks/callback.ts';
import { History } from './callbacks/history.ts';
import { ProgressBar } from './callbacks/progress-bar.ts';
import type { Agreement } from './distributed/cluster.ts';
import { sharingOptions, stepOptions } from './distributed/parted-step.ts';
import { Ranks } from './distributed/ranks.ts';
import { answering, longNames } from './log-names.ts';
import type { Totals } from './totals.ts';
import type { FittedModel } from './trainable.ts';
import type { Trainer } from './trainer.ts';
import { type Resumable, stateOfTraining, type TrainingState } from './training-state.ts';

const turns = ['auto', 'batch', 'epoch', 'never'] as const;
type Turn = (typeof turns)[number];

/** When the event loop gets a turn. Milliseconds, which TensorFlow.js takes too, are as good as 'auto'. */
const turn: Kind<Turn | number, Turn> = {
  expected: "'auto', 'batch', 'epoch' or 'never'",
  read: (given) => (typeof given === 'number' ? 'auto' : turns.find((known) => known === given)),
};

/** Options of all training. */
export const trainingOptions = /* @__PURE__ */ describe(describe(stepOptions, sharingOptions), {
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
  /**
   * The path of `callbacks.checkpoint`: training goes on from the latest checkpoint there, to the bits of one that was
   * never interrupted; from the beginning where there is none yet. Model, data, options and callbacks must be the same.
   */
  resume: optional(text),
  /** Fixes shuffling and dropout. By default the next of `setSeed`'s sequence. */
  seed: optional(integer),
  /** Aborting it makes `fit` reject after the current step, of validation too; the weights stay as they are then. */
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

/** Who trains what, and how. */
export interface Training {
  readonly model: FittedModel;
  readonly trainer: Trainer;
  readonly method: string;
  readonly options: TrainingSettings;
  readonly seed: number;
  /** Of an epoch, where they are known. */
  readonly steps: number | undefined;
  readonly samples?: number;
  readonly batchSize?: number;
  readonly doValidation: boolean;
  /** What the ranks of a cluster must have alike beside, by what errors call it. */
  readonly alike?: Agreement;
  /** Where it goes on. */
  readonly from: TrainingState | undefined;
}

/** What a training goes through. */
interface TrainingData {
  /** Goes through an epoch; returns what was validated. */
  epoch(epoch: number): Promise<Totals | undefined>;
  /** Whether there is an epoch after those that were gone through; there always is where this is missing. */
  hasNext?(epoch: number): Promise<boolean>;
  /** Passes over what an earlier training has gone through: so many epochs, and batches of the next. */
  passOver?(epochs: number, batches: number): Promise<void>;
}

/** The callbacks that were given, and those that every training has. @throws LanegradError for one that is never called */
function callbacksOf({ method, options }: Training): readonly Callback[] {
  const { verbose, callbacks, yieldEvery } = options;
  const own = [...registeredCallbacks(Number(verbose)), ...toCallbacks(callbacks)];
  if (yieldEvery === 'never' && own.some(({ onYield }) => onYield !== Callback.prototype.onYield)) {
    throw new LanegradError(
      `${method}: yieldEvery is 'never', but there is a callback with onYield. Leave out one of them.`,
    );
  }
  return own;
}

/** What callbacks are told of a training. */
function paramsOf(training: Training, initialEpoch: number): TrainingParams {
  const { trainer, options, steps, samples, batchSize, doValidation } = training;
  const { epochs, verbose } = options;
  const names = [...trainer.names];
  const metrics = doValidation ? [...names, ...names.map((name) => `val_${name}`)] : names;
  return { epochs, initialEpoch, steps, samples, batchSize, verbose: Number(verbose), doValidation, metrics };
}

/** A training, epoch by epoch; what an epoch's batches are is up to the caller. */
export class TrainingLoop implements Resumable {
  readonly #model: FittedModel;
  readonly #trainer: Trainer;
  readonly #method: string;
  readonly #options: TrainingSettings;
  readonly #training: Training;
  readonly #callbacks: CallbackList;
  readonly #history = new History();
  readonly #totals: Totals;
  readonly #hasCallbacks: boolean;
  readonly #longNames: object | undefined;
  readonly #ranks: Ranks;
  /** Epochs done. */
  #epoch = 0;
  /** Steps done of the epoch after those. */
  #batch = 0;
  /** Whether the epoch was stopped before its end. */
  #isCut = false;
  #savedAt = 0;
  /** Estimated, since the last turn of the event loop. */
  #work = 0;
  /** When the last turn ended. */
  #turned = platform.now();

  constructor(training: Training) {
    const { model, trainer, method, options } = training;
    this.#model = model;
    this.#trainer = trainer;
    this.#method = method;
    this.#options = options;
    this.#training = training;
    this.#totals = trainer.totals();
    this.#longNames = longNames(trainer.names);
    this.#history.answerTo(this.#longNames);
    this.#ranks = new Ranks(options.cluster, model, trainer);
    const own = this.#ranks.isFirst ? callbacksOf(training) : [];
    const isShown = !this.#ranks.isFirst || own.some(({ showsProgress }) => showsProgress);
    const progress = options.verbose && !isShown ? [new ProgressBar()] : [];
    // The history has what callbacks add to an epoch's logs.
    this.#callbacks = new CallbackList([...own, this.#history, ...progress]);
    this.#callbacks.setModel(model);
    this.#callbacks.setTraining(this);
    this.#callbacks.setParams(paramsOf(training, this.#firstEpoch));
    this.#ranks.requireAlike(training);
    // All ranks stop where those of the first may have changed something.
    this.#hasCallbacks = this.#ranks.ofFirst(own.length + progress.length) > 0;
    trainer.seed(training.seed);
  }

  async run(data: TrainingData): Promise<History> {
    this.#trainer.profile = this.#options.profile ? new Profile() : undefined;
    try {
      return await engine().during(() => this.#run(data));
    } finally {
      this.#trainer.profile = undefined;
    }
  }

  async #run(data: TrainingData): Promise<History> {
    const { epochs, yieldEvery } = this.#options;
    const { from } = this.#training;
    this.#model.stopTraining = false;
    await this.#callbacks.onTrainBegin();
    if (from) await this.#restore(from);
    this.#ranks.share(true);
    const first = this.#firstEpoch;
    for (let epoch = first; epoch < epochs && !this.#model.stopTraining; epoch++) {
      const goesOn = from?.epoch === epoch;
      // A checkpoint of the end of an epoch knows nothing yet of the next one.
      const isBetween = goesOn && from.batch === 0;
      if (isBetween) await this.#passOver(data, from);
      if ((isBetween || epoch > first) && data.hasNext && !(await data.hasNext(epoch))) break;
      this.#epoch = epoch;
      this.#batch = 0;
      this.#isCut = false;
      this.#totals.reset();
      await this.#callbacks.onEpochBegin(epoch);
      if (this.#ranks.agree()) break;
      if (goesOn && !isBetween) {
        // What an epoch's begin does was done before the checkpoint, once.
        await this.#restore(from);
        await this.#passOver(data, from);
      }
      const validation = await data.epoch(epoch);
      if (this.#isCut) await this.#trainer.lent(() => this.#callbacks.onEpochCut());
      else this.#epoch++;
      const validated = validation ? validation.logs('val_') : {};
      const logs: Logs = answering(this.#longNames, this.#totals.logs(), validated);
      if (!this.#isCut) this.#batch = 0;
      await this.#trainer.lent(() => this.#callbacks.onEpochEnd(epoch, logs));
      this.#ranks.share();
      if (yieldEvery === 'epoch') await platform.turn();
    }
    this.#history.profile = this.#trainer.profile?.entries();
    this.#trainer.unite();
    await this.#callbacks.onTrainEnd();
    this.#ranks.share();
    return this.#history;
  }

  async #passOver(data: TrainingData, from: TrainingState): Promise<void> {
    await data.passOver?.(from.epoch, from.batch);
    setSeedPosition(from.seeds);
  }

  get #firstEpoch(): number {
    return this.#training.from?.epoch ?? this.#options.initialEpoch;
  }

  /** How many of an epoch's batches a checkpoint knows. */
  batchesDone(epoch: number): number {
    const { from } = this.#training;
    return from?.epoch === epoch ? from.batch : 0;
  }

  /** Whether training was stopped, on a cluster by the first rank; the epoch ends here then. */
  isStopped(): boolean {
    if (this.#ranks.agree()) this.#isCut = true;
    return this.#isCut;
  }

  /** Whether the epoch was stopped before its end. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Where training stands, between two steps or two epochs. */
  async state(): Promise<TrainingState> {
    const { seed, samples, batchSize } = this.#training;
    this.#savedAt = Math.max(this.#savedAt + 1, Date.now());
    return {
      savedAt: this.#savedAt,
      method: this.#method,
      ...{ seed, samples, batchSize, microBatches: this.#options.microBatches },
      seeds: seedPosition(),
      epoch: this.#epoch,
      batch: this.#batch,
      totals: this.#totals.getState(),
      trainer: await this.#trainer.getState(),
      callbacks: this.#callbacks.states(),
    };
  }

  /** Puts everything but the weights to where a checkpoint had it. */
  async #restore(from: TrainingState): Promise<void> {
    this.#batch = from.batch;
    this.#savedAt = from.savedAt;
    setSeedPosition(from.seeds);
    try {
      this.#totals.setState(from.totals);
      await this.#trainer.setState(from.trainer);
      const { isFirst } = this.#ranks;
      const known = from.callbacks.map((each) => (isFirst ? each : { ...each, isNeeded: false }));
      this.#callbacks.setStates(this.#method, known);
    } catch (cause) {
      throw cause instanceof LanegradError
        ? cause
        : damaged(stateOfTraining, (cause as Error).message, cause);
    }
  }

  /** Losses and metrics over all samples. */
  async validate(feeds: Feeds, batchSize: number): Promise<Totals> {
    const { cluster } = this.#options;
    if (cluster) return this.#trainer.evaluate(feeds, batchSize, cluster);
    const totals = this.#trainer.totals();
    const batch = new FeedBatch(feeds, batchSize);
    while (batch.next()) {
      const done = this.test(batch, totals);
      if (done) await done;
    }
    return totals;
  }

  /** Adds the losses and metrics of one batch to validate with. Returns a promise only where there is something to wait for. */
  test(batch: FeedBatch, totals: Totals): Promise<void> | undefined {
    stopIfAborted(this.#method, this.#options.signal);
    this.#work += this.#trainer.test(batch, totals) + workPerStep;
    return this.#options.yieldEvery === 'auto' && this.#isTimeFor(0) ? this.#turn() : undefined;
  }

  /** One step. Returns a promise only where there is something to wait for. */
  batch(batch: FeedBatch): Promise<void> | undefined {
    stopIfAborted(this.#method, this.#options.signal);
    if (this.#hasCallbacks) return this.#batchWithHooks(batch);
    const work = this.#step(batch);
    return this.#isTurnDue(work) ? this.#turn() : undefined;
  }

  async #batchWithHooks(batch: FeedBatch): Promise<void> {
    const number = this.#batch;
    const size = batch.count;
    const begun = this.#callbacks.onBatchBegin(number, { batch: number, size });
    if (begun) await begun;
    this.#ranks.agree();
    const work = this.#step(batch);
    const logs = answering(this.#longNames, { batch: number, size }, this.#totals.batchLogs());
    const ended = this.#callbacks.onBatchEnd(number, logs);
    if (ended) await ended;
    if (!this.#isTurnDue(work)) return;
    await this.#callbacks.onYield(this.#epoch, number, logs);
    await this.#turn();
  }

  async #turn(): Promise<void> {
    await platform.turn();
    this.#work = 0;
    this.#turned = platform.now();
  }

  /** @returns what it cost */
  #step(batch: FeedBatch): number {
    const work = this.#trainer.step(batch, this.#totals, this.#where, this.#options);
    this.#work += work + workPerStep;
    this.#batch++;
    return work;
  }

  readonly #where = () => `${this.#method}: step ${this.#batch + 1} of epoch ${this.#epoch + 1}`;

  #isTurnDue(work: number): boolean {
    const { yieldEvery } = this.#options;
    if (yieldEvery !== 'auto') return yieldEvery === 'batch';
    return this.#isTimeFor(work);
  }

  /** Whether a turn is due before more work is done. What passes is looked at only where callbacks take time. */
  #isTimeFor(work: number): boolean {
    if (this.#work + work > workPerTurn) return true;
    return this.#hasCallbacks && platform.now() - this.#turned > timePerTurn;
  }
}
