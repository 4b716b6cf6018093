// `Dataset`: elements that are made when they are asked for, and what may stand between them and a training.

import { LanegradError, shown } from '../errors.ts';
import { requireArgument } from '../options/arguments.ts';
import { mixSeed, nextSeed, seedWord } from '../random/seed.ts';
import type { Batched } from './elements.ts';
import { LazyIterator } from './lazy-iterator.ts';

/**
 * Elements in an order, and how they come about: nothing is read before somebody goes through them, and each who does
 * begins anew. Methods give a dataset in which something more happens to the elements; put `batch` last.
 */
export abstract class Dataset<T = unknown> implements AsyncIterable<T> {
  /**
   * How many elements there are: infinite where they never end, null where nobody knows beforehand, which the type leaves
   * out as TensorFlow.js's does.
   */
  readonly size: number = null as never;

  /** A new pass through the elements. */
  abstract iterator(): Promise<LazyIterator<T>>;

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    yield* await this.iterator();
  }

  /**
   * Groups elements into batches: numbers become a tensor [batch], tensors and arrays of shape [a, …] a tensor
   * [batch, a, …], and objects are gone into key by key.
   * @param smallLastBatch whether the last batch may have fewer elements, or is left out; true by default
   * @throws LanegradError when it is gone through, where elements do not have one shape or hold what is no number.
   */
  batch(batchSize: number, smallLastBatch = true): Dataset<Batched<T>> {
    requireArgument('batch: batchSize', 'positiveInteger', batchSize);
    const batches = this.size === null ? null : this.size / batchSize;
    const size = batches && (smallLastBatch ? Math.ceil(batches) : Math.floor(batches));
    return this.#through((elements) => elements.batch(batchSize, smallLastBatch), size) as Dataset<
      Batched<T>
    >;
  }

  /** These elements and then those of another dataset. */
  concatenate(dataset: Dataset<T>): Dataset<T> {
    if (!(dataset instanceof Dataset)) {
      throw new LanegradError(`concatenate: takes a dataset; got ${shown(dataset)}.`);
    }
    const sizes: (number | null)[] = [this.size, dataset.size];
    const isEndless = sizes.includes(Number.POSITIVE_INFINITY);
    const size = sizes.reduce((sum, each) => (sum === null || each === null ? null : sum + each), 0);
    return this.#through(
      (elements) => elements.concatenate(dataset),
      isEndless ? Number.POSITIVE_INFINITY : size,
    );
  }

  /** The elements for which `predicate` is true. */
  filter(predicate: (element: T) => boolean): Dataset<T> {
    requireArgument('filter: predicate', 'function', predicate);
    const isEndless = this.size === Number.POSITIVE_INFINITY;
    return this.#through((elements) => elements.filter(predicate), isEndless ? this.size : null);
  }

  /** Calls `f` with each element, in a pass of its own; where it returns a promise, the next waits for it. */
  async forEachAsync(f: (element: T) => unknown): Promise<void> {
    requireArgument('forEachAsync: f', 'function', f);
    await (await this.iterator()).forEachAsync(f);
  }

  /** `transform` of each element, in place of it. */
  map<Out>(transform: (element: T) => Out): Dataset<Out> {
    requireArgument('map: transform', 'function', transform);
    return this.#through((elements) => elements.map(transform));
  }

  /** What the promise that `transform` returns for each element comes to. */
  mapAsync<Out>(transform: (element: T) => Promise<Out>): Dataset<Out> {
    requireArgument('mapAsync: transform', 'function', transform);
    return this.#through((elements) => elements.mapAsync(transform));
  }

  /** The same elements; `bufferSize` of them are made while those before are being used. */
  prefetch(bufferSize: number): Dataset<T> {
    requireArgument('prefetch: bufferSize', 'positiveInteger', bufferSize);
    return this.#through((elements) => elements.prefetch(bufferSize));
  }

  /** The elements `count` times over; without end where it is negative or not given. */
  repeat(count?: number): Dataset<T> {
    const times = orEndless('repeat', count);
    const size = times === 0 ? 0 : this.size && this.size * times;
    const once = () => this.iterator();
    return datasetFrom(async function* () {
      for (let i = 0; i < times; i++) {
        let isEmpty = true;
        for await (const element of await once()) {
          isEmpty = false;
          yield element;
        }
        // Else nothing would be repeated for ever.
        if (isEmpty) return;
      }
    }, size);
  }

  /**
   * The same elements in another order: each is drawn from the `bufferSize` that come next. As many as there are
   * elements shuffles fully.
   * @param seed fixes the order; by default the next of `setSeed`'s sequence
   * @param reshuffleEachIteration whether each pass has an order of its own; true by default
   */
  shuffle(bufferSize: number, seed?: number | string, reshuffleEachIteration = true): Dataset<T> {
    if (!Number.isInteger(bufferSize) || bufferSize < 1) {
      const hint = this.size === null ? '' : ` The dataset has ${this.size} elements.`;
      throw new LanegradError(
        '`Dataset.shuffle()` requires bufferSize to be specified. ' +
          `shuffle: bufferSize must be a positive integer; got ${shown(bufferSize)}.${hint}`,
      );
    }
    const first =
      seed === undefined
        ? nextSeed()
        : seedWord(requireArgument('shuffle: seed', 'numberOrText', seed) as number | string);
    let passes = 0;
    return this.#through((elements) => {
      const pass = reshuffleEachIteration ? passes++ : 0;
      return elements.shuffle(bufferSize, mixSeed(first, pass));
    });
  }

  /** The elements after the first `count`; none where it is negative or not given, as in TensorFlow.js. */
  skip(count?: number): Dataset<T> {
    const skipped = orEndless('skip', count);
    const size = this.size === null ? null : skipped >= this.size ? 0 : this.size - skipped;
    return this.#through((elements) => elements.skip(skipped), size);
  }

  /** The first `count` elements; all where it is negative or not given. */
  take(count?: number): Dataset<T> {
    const taken = orEndless('take', count);
    const size = this.size === null ? null : Math.min(this.size, taken);
    return this.#through((elements) => elements.take(taken), size);
  }

  /** All elements as an array. @throws LanegradError where they never end. */
  async toArray(): Promise<T[]> {
    this.#requireEnd('toArray');
    return (await this.iterator()).toArray();
  }

  /** `toArray` with a hundred elements read ahead. */
  async toArrayForTest(): Promise<T[]> {
    this.#requireEnd('toArrayForTest');
    return (await this.iterator()).toArrayForTest();
  }

  #requireEnd(method: string): void {
    if (this.size !== Number.POSITIVE_INFINITY) return;
    throw new LanegradError(`${method}: the dataset never ends. Take some of its elements first: take(100).`);
  }

  #through<Out>(
    read: (elements: LazyIterator<T>) => LazyIterator<Out>,
    size: number | null = this.size,
  ): Dataset<Out> {
    return new MadeDataset(async () => read(await this.iterator()), size);
  }
}

/** A dataset of what a function makes for each pass. */
class MadeDataset<T> extends Dataset<T> {
  override readonly size: number;
  readonly #begin: () => Promise<LazyIterator<T>>;

  constructor(begin: () => Promise<LazyIterator<T>>, size: number | null) {
    super();
    this.#begin = begin;
    this.size = size as number;
  }

  override iterator(): Promise<LazyIterator<T>> {
    return this.#begin();
  }
}

/**
 * A dataset of what `begin` gives: called once for each pass.
 * @param size how many elements there are; null (the default) where nobody knows
 */
export function datasetFrom<T>(
  begin: () => AsyncIterator<T> | Iterator<T> | Promise<AsyncIterator<T> | Iterator<T>>,
  size: number | null = null,
): Dataset<T> {
  return new MadeDataset(async () => new LazyIterator<T>(await begin()), size);
}

/** A number of elements, or of passes: without end where it is negative or not given. */
function orEndless(method: string, count: number | undefined): number {
  if (count === undefined || count === null) return Number.POSITIVE_INFINITY;
  const number = requireArgument(`${method}: count`, 'number', count) as number;
  return number < 0 ? Number.POSITIVE_INFINITY : number;
}
