// The training loops: over arrays (`fit`) and over batches as they come (`fitDataset`).

import { Profile } from '../compiler/profile.ts';
import { LanegradError, requirePositiveInteger } from '../errors.ts';
import { platform } from '../platform/platform.ts';
import { type StopSignal, stopIfAborted } from '../platform/stop-signal.ts';
import { RandomStream } from '../random/random.ts';
import { nextSeed } from '../random/seed.ts';
import {
  type Callback,
  type CallbackHooks,
  CallbackList,
  type Logs,
  toCallbacks,
} from '../training/callbacks.ts';
import { History } from '../training/history.ts';
import { ProgressBar } from '../training/progress-bar.ts';
import type { DataList } from './feed.ts';
import type { Model } from './model.ts';
import type { Feeds, ModelProgram } from './programs.ts';
import type { Totals } from './totals.ts';
import type { Trainer, WeightOptions } from './trainer.ts';

export interface TrainingOptions {
  /** Number of the last epoch; 1 by default. */
  readonly epochs?: number;
  /** Number of epochs already done; 0 by default. */
  readonly initialEpoch?: number;
  /** 1: a progress bar; 2: a line per epoch; 0: nothing. 1 by default. */
  readonly verbose?: 0 | 1 | 2 | boolean;
  readonly callbacks?: Callback | CallbackHooks | readonly (Callback | CallbackHooks)[];
  /** Fixes shuffling and dropout. By default the next of `setSeed`'s sequence. */
  readonly seed?: number;
  /** Aborting it makes `fit` reject after the current step; the weights stay as they are then. */
  readonly signal?: StopSignal;
  /** Whether to time each step of the program: `history.profile` then tells where the time went. False by default. */
  readonly profile?: boolean;
  /** When the event loop gets a turn: by an estimate of the work done ('auto', the default), each batch, each epoch, or never. */
  readonly yieldEvery?: 'auto' | 'batch' | 'epoch' | 'never';
}

/** Data to validate with: inputs, targets and perhaps a weight for each sample. */
export type ValidationData = readonly [DataList, DataList] | readonly [DataList, DataList, DataList];

/** Trains a model elsewhere. */
export interface Fitter {
  fit(model: Model, x: DataList, y: DataList, options: FitOptions): Promise<History>;
}

export interface FitOptions extends TrainingOptions, WeightOptions {
  /** Samples of a step; 32 by default. The last batch of an epoch may be smaller. */
  readonly batchSize?: number;
  /** Whether each epoch takes the samples in another order; true by default. */
  readonly shuffle?: boolean;
  /** Share of the samples, from the end, to validate with instead of training. */
  readonly validationSplit?: number;
  readonly validationData?: ValidationData;
  /** Where to train: in a worker of the browser with `new TrainingWorker()` of lanegrad/worker; here by default. */
  readonly worker?: Fitter;
}

/** A batch: inputs, targets and perhaps a weight for each sample; or the first two as an object. */
export type Batch = ValidationData | { readonly xs: DataList; readonly ys: DataList };

/** Batches, iterated once per epoch; a function is asked for them at the start of each. */
export type Dataset = Iterable<Batch> | AsyncIterable<Batch> | (() => Iterable<Batch> | AsyncIterable<Batch>);

export interface FitDatasetOptions extends TrainingOptions, Pick<WeightOptions, 'classWeight'> {
  /** Batches of an epoch; all by default. */
  readonly batchesPerEpoch?: number;
  /** Inputs and targets as an array of two, or a dataset that is no array. */
  readonly validationData?: ValidationData | Dataset;
  /** Samples of a validation batch, where validation data are arrays; 32 by default. */
  readonly validationBatchSize?: number;
}

/** Work between two turns of the event loop: some milliseconds of it. */
const workPerTurn = 1e8;
/** What a step costs beside its program, in the same unit. */
const workPerStep = 20_000;

/** Shuffles with a stream of its own for each epoch, so that an epoch's order needs no epoch before it. */
const shuffleStream = 0x73687566;

export async function fit(
  model: Model,
  trainer: Trainer,
  x: DataList,
  y: DataList,
  options: FitOptions,
): Promise<History> {
  const { batchSize = model.defaultBatchSize, shuffle = true } = options;
  requirePositiveInteger('fit', 'batchSize', batchSize);
  const [training, validation] = splitValidation(trainer, x, y, options);
  const { samples } = training.x[0];
  const seed = options.seed ?? nextSeed();
  const order = new Uint32Array(samples);
  const loop = new Loop(model, trainer, 'fit', options, seed, Math.ceil(samples / batchSize), samples);

  return loop.run(async (epoch) => {
    if (shuffle) {
      for (let i = 0; i < samples; i++) order[i] = i;
      new RandomStream(seed, shuffleStream + epoch).shuffle(order);
    }
    for (let start = 0; start < samples && !model.stopTraining; start += batchSize) {
      const count = Math.min(batchSize, samples - start);
      const done = loop.batch(training, shuffle ? order : undefined, start, count);
      if (done) await done;
    }
    return validation && loop.validate(validation, batchSize);
  });
}

export async function fitDataset(
  model: Model,
  trainer: Trainer,
  dataset: Dataset,
  options: FitDatasetOptions,
): Promise<History> {
  const { batchesPerEpoch, validationData, validationBatchSize = model.defaultBatchSize } = options;
  requirePositiveInteger('fitDataset', 'validationBatchSize', validationBatchSize);
  if (batchesPerEpoch !== undefined) {
    requirePositiveInteger('fitDataset', 'batchesPerEpoch', batchesPerEpoch);
  }
  const seed = options.seed ?? nextSeed();
  const loop = new Loop(model, trainer, 'fitDataset', options, seed, batchesPerEpoch);
  const validation =
    isValidationArrays(validationData) &&
    trainer.feeds('fitDataset: validationData', ...partsOf('fitDataset: validationData', validationData));

  return loop.run(async (epoch) => {
    let batches = 0;
    for await (const batch of iterate(dataset)) {
      const [x, y, { sampleWeight }] = partsOf('fitDataset', batch);
      const feeds = trainer.feeds('fitDataset', x, y, { ...options, sampleWeight });
      await loop.batch(feeds, undefined, 0, feeds.x[0].samples);
      batches++;
      if (batches === batchesPerEpoch || model.stopTraining) break;
    }
    if (batches === 0) {
      throw new LanegradError(
        `fitDataset: epoch ${epoch + 1} found no batch. Give an iterable that can be iterated again, ` +
          'such as a function that returns an iterator.',
      );
    }
    if (validation) return loop.validate(validation, validationBatchSize);
    return validationData && evaluateDataset(trainer, validationData as Dataset);
  });
}

/** Losses and metrics over all batches of a dataset. */
export async function evaluateDataset(trainer: Trainer, dataset: Dataset, batches?: number): Promise<Totals> {
  if (batches !== undefined) requirePositiveInteger('evaluateDataset', 'batches', batches);
  const totals = trainer.totals();
  let done = 0;
  for await (const batch of iterate(dataset)) {
    const feeds = trainer.feeds('evaluateDataset', ...partsOf('evaluateDataset', batch));
    trainer.test(feeds, 0, feeds.x[0].samples, totals);
    if (++done === batches) break;
  }
  return totals;
}

/** Epochs, callbacks, turns of the event loop: what both loops share. */
class Loop {
  readonly #model: Model;
  readonly #trainer: Trainer;
  readonly #method: string;
  readonly #options: TrainingOptions;
  readonly #callbacks: CallbackList;
  readonly #history = new History();
  readonly #totals: Totals;
  readonly #hasBatchHooks: boolean;
  /** The program for batches of `#count` samples of `#feeds`. */
  #program: ModelProgram | undefined;
  #feeds: Feeds | undefined;
  #count = 0;
  #epoch = 0;
  #batch = 0;
  #work = 0;

  constructor(
    model: Model,
    trainer: Trainer,
    method: string,
    options: TrainingOptions,
    seed: number,
    steps: number | undefined,
    samples?: number,
  ) {
    this.#model = model;
    this.#trainer = trainer;
    this.#method = method;
    this.#options = options;
    this.#totals = trainer.totals();
    const { epochs = 1, initialEpoch = 0, verbose = 1 } = options;
    for (const [name, value] of Object.entries({ epochs, initialEpoch })) {
      if (Number.isInteger(value) && value >= 0) continue;
      throw new LanegradError(`${method}: ${name} must be a non-negative integer; got ${value}.`);
    }
    if (!Number.isSafeInteger(seed))
      throw new LanegradError(`${method}: seed must be an integer; got ${seed}.`);
    const own = toCallbacks(options.callbacks);
    const progress = verbose ? [new ProgressBar()] : [];
    this.#callbacks = new CallbackList([this.#history, ...own, ...progress]);
    this.#callbacks.setModel(model);
    const metrics = [...trainer.names];
    this.#callbacks.setParams({ epochs, initialEpoch, steps, samples, verbose: Number(verbose), metrics });
    this.#hasBatchHooks = own.length + progress.length > 0;
    trainer.seed(seed);
    trainer.profile = options.profile ? new Profile() : undefined;
  }

  async run(epochOf: (epoch: number) => Promise<Totals | undefined | false>): Promise<History> {
    const { epochs = 1, initialEpoch = 0, yieldEvery } = this.#options;
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
    const { samples } = feeds.x[0];
    for (let start = 0; start < samples; start += batchSize) {
      const count = Math.min(batchSize, samples - start);
      this.#trainer.test(feeds, start, count, totals);
      this.#work += this.#trainer.program('evaluate', count, feeds).program.work + workPerStep;
      if (this.#work > workPerTurn && (this.#options.yieldEvery ?? 'auto') === 'auto') await this.#turn();
    }
    return totals;
  }

  /** One step. Returns a promise only where there is something to wait for. */
  batch(
    feeds: Feeds,
    order: Uint32Array | undefined,
    start: number,
    count: number,
  ): Promise<void> | undefined {
    stopIfAborted(this.#method, this.#options.signal);
    this.#prepare(feeds, count);
    if (this.#hasBatchHooks || this.#isTurnDue()) return this.#batchWithHooks(feeds, order, start, count);
    this.#step(feeds, order, start, count);
    return undefined;
  }

  /** Finds the program for a batch, if it is not that of the batch before. */
  #prepare(feeds: Feeds, count: number): void {
    if (feeds === this.#feeds && count === this.#count && !this.#program!.program.isDisposed) return;
    this.#feeds = feeds;
    this.#count = count;
    this.#program = this.#trainer.program('train', count, feeds);
  }

  async #batchWithHooks(
    feeds: Feeds,
    order: Uint32Array | undefined,
    start: number,
    count: number,
  ): Promise<void> {
    const batch = this.#batch;
    const begun = this.#callbacks.onBatchBegin(batch, { batch, size: count });
    if (begun) await begun;
    this.#step(feeds, order, start, count);
    const ended = this.#callbacks.onBatchEnd(batch, { batch, size: count, ...this.#totals.runningLogs() });
    if (ended) await ended;
    if (this.#isTurnDue()) await this.#turn();
  }

  async #turn(): Promise<void> {
    this.#work = 0;
    await platform.turn();
  }

  #step(feeds: Feeds, order: Uint32Array | undefined, start: number, count: number): void {
    this.#trainer.step(this.#program!, feeds, order, start, count, this.#totals, this.#where);
    this.#work += this.#program!.program.work + workPerStep;
    this.#batch++;
  }

  readonly #where = () => `${this.#method}: step ${this.#batch + 1} of epoch ${this.#epoch + 1}`;

  #isTurnDue(): boolean {
    const { yieldEvery = 'auto' } = this.#options;
    if (yieldEvery !== 'auto') return yieldEvery === 'batch';
    return this.#work + this.#program!.program.work > workPerTurn;
  }
}

/** What to train and what to validate with. Weights of classes count in training only. */
function splitValidation(
  trainer: Trainer,
  x: DataList,
  y: DataList,
  options: FitOptions,
): [Feeds, Feeds | undefined] {
  const { validationData, validationSplit = 0, sampleWeight, classWeight } = options;
  const all = trainer.feeds('fit', x, y, options);
  if (validationData) {
    return [all, trainer.feeds('fit: validationData', ...partsOf('fit: validationData', validationData))];
  }
  if (validationSplit === 0) return [all, undefined];
  if (!(validationSplit > 0 && validationSplit < 1)) {
    throw new LanegradError(`fit: validationSplit must be between 0 and 1; got ${validationSplit}.`);
  }
  const { samples } = all.x[0];
  const split = Math.floor(samples * (1 - validationSplit));
  if (split === 0 || split === samples) {
    throw new LanegradError(
      `fit: validationSplit ${validationSplit} of ${samples} samples leaves ${split} to train with.`,
    );
  }
  const part = (feeds: Feeds, start: number, end: number): Feeds => ({
    x: feeds.x.map((feed) => feed.part(start, end)),
    y: feeds.y.map((feed) => feed.part(start, end)),
    weights: feeds.weights.map((feed) => feed?.part(start, end)),
  });
  const unweighted = classWeight ? trainer.feeds('fit', x, y, { sampleWeight }) : all;
  return [part(all, 0, split), part(unweighted, split, samples)];
}

/** Inputs, targets and sample weights of a batch. @throws LanegradError for arrays of other lengths. */
function partsOf(where: string, batch: Batch): [DataList, DataList, { sampleWeight?: DataList }] {
  if ('xs' in batch) return [batch.xs, batch.ys, {}];
  const [x, y, sampleWeight] = batch;
  if (batch.length === 2 || batch.length === 3) return [x, y, { sampleWeight }];
  throw new LanegradError(
    `${where}: a batch is inputs, targets and perhaps sample weights; got ${(batch as unknown[]).length} parts.`,
  );
}

/** An array is inputs and targets: a dataset to validate with is something else that can be gone through. */
const isValidationArrays = (data: ValidationData | Dataset | undefined): data is ValidationData =>
  Array.isArray(data);

const iterate = (dataset: Dataset) => (typeof dataset === 'function' ? dataset() : dataset);
