// The batches of one epoch after the other: each goes through the dataset anew, or, where an epoch is so many batches,
// on in it where the epoch before stopped.

import { isObject, LanegradError, shown } from '../errors.ts';
import { release } from '../tensor/scopes.ts';
import type { DataList } from './feed.ts';

/** Data to validate with: inputs, targets and perhaps a weight for each sample. */
export type ValidationData = readonly [DataList, DataList] | readonly [DataList, DataList, DataList];

/** A batch: inputs, targets and perhaps a weight for each sample; or the first two as an object. */
export type Batch = ValidationData | { readonly xs: DataList; readonly ys: DataList };

/** Which of how many processes somebody is: 0 of 1 without a cluster. */
export interface Rank {
  readonly rank: number;
  readonly size: number;
}

/** What a training goes through, once per epoch. */
export type Dataset = Batches | LazyBatches | ((rank: Rank) => Batches | LazyBatches);

/**
 * Batches: a dataset of `tf.data`, or anything else that can be gone through, once per epoch; a function is asked for
 * them at the start of each, and told which rank of a cluster asks. `_Element` is what scripts say that a dataset of
 * TensorFlow.js's package of data has.
 */
export type DatasetOf<_Element = unknown> = Dataset;

type Batches = Iterable<Batch> | AsyncIterable<Batch>;

/** A dataset as TensorFlow.js knows it. */
interface LazyBatches {
  iterator(): LazyIterator | Promise<LazyIterator>;
}

interface LazyIterator {
  /** An element's type says too little where a dataset was mapped: batches are looked at when they come. */
  next(): Promise<IteratorResult<unknown>>;
  return?(): Promise<unknown>;
}

type BatchIterator = Iterator<Batch> | AsyncIterator<Batch>;

export class BatchSource {
  readonly #dataset: Dataset;
  readonly #perEpoch: number | undefined;
  #iterator: BatchIterator | undefined;
  /** The batch after the last epoch, where somebody looked whether there is one. */
  #next: IteratorResult<Batch> | undefined;
  /** Batches of the next epoch that another training has done. */
  #done = 0;

  /** @param perEpoch batches of an epoch; all by default */
  constructor(dataset: Dataset, perEpoch: number | undefined) {
    this.#dataset = dataset;
    this.#perEpoch = perEpoch;
  }

  /** How many batches an epoch has, where that is known. */
  get steps(): number | undefined {
    const { size } = (this.#dataset ?? {}) as { readonly size?: unknown };
    return this.#perEpoch ?? (typeof size === 'number' && Number.isFinite(size) ? size : undefined);
  }

  /** Passes over an epoch that an earlier training has gone through. */
  async passOver(): Promise<void> {
    if (this.#perEpoch === undefined) await passOver(this.#dataset);
    else await this.begin(this.#perEpoch);
    this.#done = 0;
  }

  /** Begins an epoch of which an earlier training has gone through so many batches; `epoch` then gives the others. */
  async begin(batches: number): Promise<void> {
    this.#iterator ??= beginPass(this.#dataset);
    for (let left = batches; left > 0; left--) release((await this.#iterator.next()).value);
    this.#done = batches;
  }

  /** The batches of the next epoch. */
  async *epoch(): AsyncGenerator<Batch> {
    const first = this.#done;
    this.#done = 0;
    if (this.#perEpoch === undefined) {
      const begun = this.#iterator;
      this.#iterator = undefined;
      yield* begun ? batchesIn(begun) : iterate('fitDataset', this.#dataset);
      return;
    }
    for (let batch = first; batch < this.#perEpoch; batch++) {
      const { done, value } = await this.#read();
      if (done) return;
      yield value;
    }
  }

  /** Whether the next epoch has a batch. */
  async hasNext(): Promise<boolean> {
    if (this.#perEpoch === undefined) return true;
    this.#next ??= await this.#read();
    return !this.#next.done;
  }

  /** Ends the pass that goes through all epochs, so that its files are closed. */
  async close(): Promise<void> {
    await this.#iterator?.return?.();
  }

  async #read(): Promise<IteratorResult<Batch>> {
    const next = this.#next;
    this.#next = undefined;
    if (next) return next;
    this.#iterator ??= beginPass(this.#dataset);
    return this.#iterator.next();
  }
}

/** Begins a pass that an earlier training has gone through, and reads one batch: a dataset may count its passes. */
export async function passOver(dataset: Dataset): Promise<void> {
  const pass = beginPass(dataset);
  release((await pass.next()).value);
  await pass.return?.();
}

const beginPass = (dataset: Dataset): BatchIterator => iteratorOf(iterate('fitDataset', dataset));

/** @throws LanegradError for what cannot be gone through. */
export function iterate(where: string, dataset: Dataset): Batches {
  const given: unknown = typeof dataset === 'function' ? dataset({ rank: 0, size: 1 }) : dataset;
  if (isObject(given)) {
    if (typeof (given as Partial<LazyBatches>).iterator === 'function')
      return batchesOf(given as LazyBatches);
    if (Symbol.asyncIterator in given || Symbol.iterator in given) return given as Batches;
  }
  throw new LanegradError(
    `${where}: takes a dataset, something else to iterate over, or a function that returns such; got ${shown(given)}.`,
  );
}

/** As in TensorFlow.js, where an iterator may say with its last batch that it is the last. */
async function* batchesOf(dataset: LazyBatches): AsyncGenerator<Batch> {
  const iterator = await dataset.iterator();
  if (typeof iterator?.next !== 'function') {
    throw new LanegradError(`dataset: iterator must give an iterator, with next; got ${shown(iterator)}.`);
  }
  try {
    for (let isDone = false; !isDone; ) {
      const result: IteratorResult<unknown> | null | undefined = await iterator.next();
      if (!isObject(result) || !('value' in result || 'done' in result)) {
        throw new LanegradError(`dataset: next must give { value, done }; got ${shown(result)}.`);
      }
      if (result.value !== undefined && result.value !== null) yield result.value as Batch;
      isDone = result.done ?? false;
    }
  } finally {
    await iterator.return?.();
  }
}

const batchesIn = (iterator: BatchIterator): Batches =>
  ({ [Symbol.asyncIterator]: () => iterator }) as AsyncIterable<Batch>;

const iteratorOf = (batches: Batches): BatchIterator =>
  Symbol.asyncIterator in batches ? batches[Symbol.asyncIterator]() : batches[Symbol.iterator]();
