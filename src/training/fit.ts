// Training on arrays (`fit`) and on batches as they come (`fitDataset`).

import { isObject, LanegradError, shown } from '../errors.ts';
import { shareOf } from '../numeric/shares.ts';
import { anything, flag, fraction, having, positiveInteger } from '../options/kinds.ts';
import { describe, type OptionsOf, optional, type SettingsOf } from '../options/option.ts';
import { RandomStream } from '../random/random-stream.ts';
import { nextSeed } from '../random/seed.ts';
import { release } from '../tensor/scopes.ts';
import { FeedBatch, type Feeds, wholeBatch } from './batch.ts';
import {
  type Batch,
  BatchSource,
  type Dataset,
  iterate,
  passOver,
  type Rank,
  type ValidationData,
} from './batch-source.ts';
import type { History } from './callbacks/history.ts';
import { sharedValue } from './distributed/cluster.ts';
import { ownBatch } from './distributed/own-batch.ts';
import type { DataList } from './feed.ts';
import { latestCheckpoint, requireSame } from './resume.ts';
import { weightOptions } from './sample-weights.ts';
import type { Totals } from './totals.ts';
import type { FittedModel } from './trainable.ts';
import type { Trainer } from './trainer.ts';
import { type Training, TrainingLoop, type TrainingSettings, trainingOptions } from './training-loop.ts';

/** Trains a model elsewhere. */
export interface Fitter {
  fit(model: FittedModel, x: DataList, y: DataList, options: FitSettings): Promise<History>;
}

export const fitOptions = /* @__PURE__ */ describe(describe(trainingOptions, weightOptions), {
  /** Samples of a step; by default the inputs' batch size, or 32 where it is open. The last batch of an epoch may be smaller. */
  batchSize: optional(positiveInteger),
  /** Whether each epoch takes the samples in another order; true by default. */
  shuffle: optional(flag, true),
  /** Share of the samples, from the end, to validate with instead of training; 0 by default. */
  validationSplit: optional(fraction, 0),
  /** Inputs, targets and, if need be, sample weights to validate with. */
  validationData: optional(anything<ValidationData>('a list of inputs and targets')),
  /** Accepted for scripts that give it; without effect, as in TensorFlow.js. `fitDataset` has `batchesPerEpoch`. */
  stepsPerEpoch: optional(positiveInteger),
  /** Accepted for scripts that give it; without effect, as in TensorFlow.js. `fitDataset` has `validationBatches`. */
  validationSteps: optional(positiveInteger),
  /** Where to train: in a worker of the browser with `new TrainingWorker()` of lanegrad/worker; here by default. */
  worker: optional(having<Fitter>('a TrainingWorker', 'fit')),
});

export const fitDatasetOptions = /* @__PURE__ */ describe(trainingOptions, {
  classWeight: weightOptions.classWeight,
  /**
   * Batches of an epoch: the next goes on in the dataset where it stopped, so that the dataset must have as many as all
   * epochs together. By default every epoch goes through the whole dataset.
   */
  batchesPerEpoch: optional(positiveInteger),
  /**
   * Whether each rank of a cluster reads, of every batch, the samples of its own parts alone, in their order; the batch
   * is all that the ranks read. By default every rank reads whole batches, and computes its parts of them. A dataset that
   * is a function is told which rank of how many it is for.
   */
  readsOwn: optional(flag, false),
  /** Inputs and targets as an array of two, or a dataset that is no array. */
  validationData: optional(anything<ValidationData | Dataset>('a list of inputs and targets, or a dataset')),
  /** Batches of a dataset to validate with; all by default. */
  validationBatches: optional(positiveInteger),
  /** Samples of a validation batch, where validation data are arrays; 32 by default. */
  validationBatchSize: optional(positiveInteger),
});

/** Options of `model.fit`. */
export interface FitOptions extends OptionsOf<typeof fitOptions> {}
/** Options of `model.fitDataset`. `_Element` is what TensorFlow.js's scripts say that a dataset has. */
export interface FitDatasetOptions<_Element = unknown> extends OptionsOf<typeof fitDatasetOptions> {}
/** The same as TensorFlow.js declares it: it is said how many epochs there are. */
export interface ModelFitDatasetArgs<Element = unknown> extends FitDatasetOptions<Element> {
  epochs: number;
}
export type FitSettings = SettingsOf<typeof fitOptions>;
type FitDatasetSettings = SettingsOf<typeof fitDatasetOptions>;

/** Shuffles with a stream of its own for each epoch, so that an epoch's order needs no epoch before it. */
const shuffleStream = 0x73687566;

export async function fit(
  model: FittedModel,
  trainer: Trainer,
  x: DataList,
  y: DataList,
  settings: FitSettings,
): Promise<History> {
  const options = withParts(settings);
  const { batchSize = model.defaultBatchSize, shuffle } = options;
  const [training, validation] = splitValidation(trainer, x, y, options);
  const { samples } = training;
  const { seed, from } = await begin(model, { method: 'fit', samples, batchSize }, options);
  const order = shuffle ? new Uint32Array(samples) : undefined;
  const loop = new TrainingLoop({
    ...{ model, trainer, method: 'fit', options, seed, samples, batchSize, from },
    steps: Math.ceil(samples / batchSize),
    doValidation: validation !== undefined,
    alike: {
      'number of validation samples': validation?.samples ?? 0,
      'kind of data': training.kind,
      shuffle,
    },
  });

  const epoch = async (number: number) => {
    if (order) {
      for (let i = 0; i < samples; i++) order[i] = i;
      new RandomStream(seed, shuffleStream + number).shuffle(order);
    }
    const batch = new FeedBatch(training, batchSize, order);
    batch.skip(loop.batchesDone(number));
    while (batch.next() && !loop.isStopped()) {
      const done = loop.batch(batch);
      if (done) await done;
    }
    return validation && loop.validate(validation, batchSize);
  };
  return loop.run({ epoch });
}

export async function fitDataset(
  model: FittedModel,
  trainer: Trainer,
  dataset: Dataset,
  settings: FitDatasetSettings,
): Promise<History> {
  const options = withParts(settings);
  const { batchesPerEpoch, cluster, readsOwn } = options;
  const { seed, from } = await begin(model, { method: 'fitDataset' }, options);
  const source = new BatchSource(forRank(dataset, cluster), batchesPerEpoch);
  const isOwn = readsOwn && cluster !== undefined;
  const batchOf = (feeds: Feeds | undefined) => ownBatch(cluster!, feeds, options.microBatches!);
  const loop = new TrainingLoop({
    ...{ model, trainer, method: 'fitDataset', options, seed, from },
    steps: source.steps,
    doValidation: options.validationData !== undefined,
  });
  const validation = validationOf(model, trainer, options);

  const epoch = async (number: number) => {
    let batches = loop.batchesDone(number);
    for await (const batch of source.epoch()) {
      try {
        const [x, y, { sampleWeight }] = partsOf('fitDataset', batch);
        const feeds = trainer.feeds('fitDataset', x, y, { ...options, sampleWeight });
        await loop.batch(isOwn ? batchOf(feeds)! : wholeBatch(feeds));
      } finally {
        release(batch);
      }
      batches++;
      if (loop.isStopped()) break;
    }
    // All end together.
    if (isOwn && !loop.isCut) batchOf(undefined);
    if (batches === 0) throw noBatch(`fitDataset: epoch ${number + 1}`);
    return validation?.by(loop);
  };
  const hasNext = async (done: number) => {
    const isThere = await source.hasNext();
    if (!isThere) warnOfEnd(done, options);
    return isThere;
  };
  const passedOver = async (epochs: number, batches: number) => {
    for (let passed = 0; passed < epochs; passed++) {
      await source.passOver();
      await validation?.passOver();
    }
    await source.begin(batches);
  };
  try {
    return await loop.run({ epoch, hasNext, passOver: passedOver });
  } finally {
    await source.close();
  }
}

const noBatch = (where: string) =>
  new LanegradError(
    `${where} found no batch. Give an iterable that can be iterated again, ` +
      'such as a function that returns an iterator.',
  );

const warnOfEnd = (done: number, { epochs, batchesPerEpoch }: FitDatasetSettings) =>
  console.warn(
    `fitDataset: the dataset ended with epoch ${done} of ${epochs}, and so does the training. ` +
      `It needs batchesPerEpoch × epochs batches, ${batchesPerEpoch! * epochs} here: repeat() gives them.`,
  );

/** What is done with validation data in every epoch of `fitDataset`. */
interface Validation {
  by(loop: TrainingLoop): Promise<Totals>;
  /** Where an earlier training has gone through the epoch. */
  passOver(): Promise<void>;
}

function validationOf(
  model: FittedModel,
  trainer: Trainer,
  options: FitDatasetSettings,
): Validation | undefined {
  const { validationData, validationBatches, validationBatchSize = model.defaultBatchSize } = options;
  if (!validationData) return undefined;
  const where = 'fitDataset: validationData';
  if (isDataset(validationData)) {
    return {
      by: (loop) => evaluateDataset(trainer, validationData, validationBatches, where, loop),
      passOver: () => passOver(validationData),
    };
  }
  const feeds = trainer.feeds(where, ...partsOf(where, validationData));
  return { by: (loop) => loop.validate(feeds, validationBatchSize), passOver: async () => {} };
}

/** A dataset that is a function is told for whom it is. */
const forRank = (dataset: Dataset, { rank, size }: Rank = { rank: 0, size: 1 }): Dataset =>
  typeof dataset === 'function' ? () => dataset({ rank, size }) : dataset;

/** On a cluster a step has a part for each rank where nobody says how many. */
const withParts = <Settings extends TrainingSettings>(settings: Settings): Settings => ({
  ...settings,
  microBatches: settings.microBatches ?? settings.cluster?.size,
});

/** The seed of a training, and where it goes on. The weights are put to where they were then. */
async function begin(
  model: FittedModel,
  training: Pick<Training, 'method' | 'samples' | 'batchSize'>,
  { resume, seed, microBatches, cluster }: TrainingSettings,
): Promise<Pick<Training, 'seed' | 'from'>> {
  const own = seed ?? nextSeed();
  // Of the first rank's files the others may see nothing.
  if (cluster && cluster.rank > 0) return sharedValue(cluster);
  const checkpoint = resume === undefined ? undefined : await latestCheckpoint(training.method, resume);
  if (checkpoint) {
    requireSame(checkpoint, model, { ...training, microBatches, seed });
    model.setWeights(checkpoint.weights.map(({ tensor }) => tensor));
  }
  const begun = { seed: checkpoint?.state.seed ?? own, from: checkpoint?.state };
  if (cluster) sharedValue(cluster, begun);
  return begun;
}

/**
 * Losses and metrics over all batches of a dataset.
 * @param tester adds those of one batch to all
 * @throws LanegradError where it has none
 */
export async function evaluateDataset(
  trainer: Trainer,
  dataset: Dataset,
  batches?: number,
  where = 'evaluateDataset',
  tester: { test(batch: FeedBatch, totals: Totals): unknown } = trainer,
): Promise<Totals> {
  const totals = trainer.totals();
  let done = 0;
  for await (const batch of iterate(where, dataset)) {
    try {
      const feeds = trainer.feeds(where, ...partsOf(where, batch));
      await tester.test(wholeBatch(feeds), totals);
    } finally {
      release(batch);
    }
    if (++done === batches) break;
  }
  if (done === 0) throw noBatch(where);
  if (batches !== undefined && done < batches) {
    console.warn(`${where}: the dataset ended after ${done} of ${batches} batches; these were evaluated.`);
  }
  return totals;
}

/** What to train and what to validate with. Weights of classes count in training only. */
function splitValidation(
  trainer: Trainer,
  x: DataList,
  y: DataList,
  options: FitSettings,
): [Feeds, Feeds | undefined] {
  const { validationData, validationSplit, sampleWeight, classWeight } = options;
  const all = trainer.feeds('fit', x, y, options);
  if (validationData) {
    return [all, trainer.feeds('fit: validationData', ...partsOf('fit: validationData', validationData))];
  }
  if (validationSplit === 0) return [all, undefined];
  const { samples } = all;
  const split = samples - shareOf(samples, validationSplit);
  if (split === 0 || split === samples) {
    throw new LanegradError(
      `fit: validationSplit ${validationSplit} of ${samples} samples leaves ${split} to train with.`,
    );
  }
  const unweighted = classWeight ? trainer.feeds('fit', x, y, { sampleWeight }) : all;
  return [all.part(0, split), unweighted.part(split, samples)];
}

/** Inputs, targets and sample weights of a batch. @throws LanegradError for arrays of other lengths. */
function partsOf(where: string, batch: Batch): [DataList, DataList, { sampleWeight?: DataList }] {
  if (isObject(batch) && 'xs' in batch) return [batch.xs, batch.ys, {}];
  const isList = Array.isArray(batch);
  if (isList && (batch.length === 2 || batch.length === 3)) {
    const [x, y, sampleWeight] = batch as ValidationData;
    return [x, y, { sampleWeight }];
  }
  const got = isList ? `${batch.length} parts` : shown(batch);
  throw new LanegradError(
    `${where}: a batch is inputs, targets and perhaps sample weights, or { xs, ys }; got ${got}.`,
  );
}

/** An array is inputs and targets: a dataset to validate with is something else that can be gone through. */
const isDataset = (data: ValidationData | Dataset): data is Dataset => !Array.isArray(data);
