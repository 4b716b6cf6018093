// A stream of elements, read one by one when somebody asks: what a dataset is gone through with.

import { requireArgument } from '../options/arguments.ts';
import { RandomStream } from '../random/random-stream.ts';
import { release } from '../tensor/scopes.ts';
import { tidy } from '../tensor/tidy.ts';
import { batchOf, columns } from './elements.ts';

/** Shuffles with a stream of its own. */
const shuffleStream = 0x64617461;

/** What comes behind the last element, as TensorFlow.js has it. */
const ended = (): IteratorReturnResult<null> => ({ done: true, value: null });

/** A stream of elements. Each method that gives a stream reads this one: read no further from it then. */
export class LazyIterator<T> implements AsyncIterableIterator<T> {
  readonly #source: AsyncIterator<T>;

  constructor(source: AsyncIterator<T> | Iterator<T>) {
    this.#source = source as AsyncIterator<T>;
  }

  /** The next element, or `done` and null. It may be called again before the last is there. */
  async next(): Promise<IteratorResult<T>> {
    const result = await this.#source.next();
    // One of TensorFlow.js may say with its last element that it is the last.
    return result.done ? { done: true, value: result.value ?? null } : result;
  }

  /** Ends the stream before its end: files and connections are closed. */
  async return(): Promise<IteratorResult<T>> {
    await this.#source.return?.();
    return ended();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** What is left, as an array. */
  async toArray(): Promise<T[]> {
    const elements: T[] = [];
    for await (const element of this) elements.push(element);
    return elements;
  }

  /** `toArray` with a hundred elements read ahead. */
  toArrayForTest(): Promise<T[]> {
    return this.prefetch(100).toArray();
  }

  /** Reads to the end. */
  async resolveFully(): Promise<void> {
    for await (const _ of this);
  }

  /** Reads until an element does not fulfil `predicate`; what is behind that one can be read on. */
  async resolveWhile(predicate: (element: T) => boolean): Promise<void> {
    requireArgument('resolveWhile: predicate', 'function', predicate);
    let read = await this.next();
    while (!read.done && predicate(read.value)) read = await this.next();
  }

  /** Calls `f` with each element; where it returns a promise, the next waits for it. */
  async forEachAsync(f: (element: T) => unknown): Promise<void> {
    requireArgument('forEachAsync: f', 'function', f);
    for await (const element of this) release(element, await f(element));
  }

  /** `f` of each element, in place of it. */
  map<Out>(f: (element: T) => Out): LazyIterator<Out> {
    return this.#mapped((element) => tidy(() => f(element)));
  }

  /** What the promise that `f` returns for each element comes to. With `prefetch` behind it, several run at once. */
  mapAsync<Out>(f: (element: T) => Promise<Out>): LazyIterator<Out> {
    return this.#mapped(f);
  }

  /** `mapAsync`, one element after the other. */
  serialMapAsync<Out>(f: (element: T) => Promise<Out>): LazyIterator<Out> {
    return this.mapAsync(f).serial();
  }

  /** Not a generator, because that would wait for one element before it begins with the next. */
  #mapped<Out>(f: (element: T) => Out | Promise<Out>): LazyIterator<Out> {
    return new LazyIterator<Out>({
      next: async () => {
        const result = await this.next();
        if (result.done) return result;
        const value = await f(result.value);
        release(result.value, value);
        return { done: false, value };
      },
      return: async () => {
        await this.return();
        return ended();
      },
    });
  }

  /** The elements that fulfil `predicate`. */
  filter(predicate: (element: T) => boolean): LazyIterator<T> {
    return this.#through(async function* (upstream) {
      for await (const element of upstream) {
        if (tidy(() => predicate(element))) yield element;
        else release(element);
      }
    });
  }

  /** The elements of the arrays that `f` returns. */
  flatmap<Out>(f: (element: T) => readonly Out[]): LazyIterator<Out> {
    return this.#through(async function* (upstream) {
      for await (const element of upstream) yield* f(element);
    });
  }

  /** These elements and then those of another stream. */
  concatenate(other: AsyncIterable<T>): LazyIterator<T> {
    return this.#through(async function* (upstream) {
      yield* upstream;
      yield* other;
    });
  }

  /** The first `count` elements; all where it is negative or not given. */
  take(count?: number): LazyIterator<T> {
    if (count === undefined || count === null || count < 0) return this;
    return this.#through(async function* (upstream) {
      let taken = 0;
      if (taken >= count) return;
      for await (const element of upstream) {
        yield element;
        if (++taken >= count) return;
      }
    });
  }

  /** The elements after the first `count`; all where it is negative or not given. */
  skip(count?: number): LazyIterator<T> {
    if (count === undefined || count === null || count < 0) return this;
    return this.#through(async function* (upstream) {
      let skipped = 0;
      for await (const element of upstream) {
        if (skipped++ >= count) yield element;
        else release(element);
      }
    });
  }

  /** The same elements, each asked for `bufferSize` elements before its turn. */
  prefetch(bufferSize: number): LazyIterator<T> {
    requireArgument('prefetch: bufferSize', 'positiveInteger', bufferSize);
    return this.#through(async function* (upstream) {
      const pending: Promise<IteratorResult<T>>[] = [];
      for (;;) {
        while (pending.length < bufferSize) {
          const next = upstream.next();
          // An error is for whoever reads that element; until then nobody has heard of it.
          next.catch(() => {});
          pending.push(next);
        }
        const result = await pending.shift()!;
        if (result.done) return;
        yield result.value;
      }
    });
  }

  /**
   * The same elements in another order: each is drawn from the `bufferSize` that come next.
   * @param seed the same for the same order
   */
  shuffle(bufferSize: number, seed: number): LazyIterator<T> {
    requireArgument('shuffle: bufferSize', 'positiveInteger', bufferSize);
    return this.#through(async function* (upstream) {
      const random = new RandomStream(seed, shuffleStream);
      const buffer: T[] = [];
      for await (const element of upstream) {
        buffer.push(element);
        if (buffer.length === bufferSize) yield draw(buffer, random);
      }
      while (buffer.length > 0) yield draw(buffer, random);
    });
  }

  /** Arrays of `batchSize` elements. @param smallLastBatch whether the last may have fewer, or is left out */
  rowMajorBatch(batchSize: number, smallLastBatch = true): LazyIterator<T[]> {
    requireArgument('batch: batchSize', 'positiveInteger', batchSize);
    return this.#through(async function* (upstream) {
      let rows: T[] = [];
      for await (const element of upstream) {
        rows.push(element);
        if (rows.length < batchSize) continue;
        yield rows;
        rows = [];
      }
      if (smallLastBatch && rows.length > 0) yield rows;
    });
  }

  /**
   * `rowMajorBatch` turned on its side: the structure of one element, with lists of what the elements have there.
   * @param zip what makes a batch of rows; `columns` by default
   */
  columnMajorBatch(
    batchSize: number,
    smallLastBatch = true,
    zip: (rows: readonly T[]) => unknown = columns,
  ): LazyIterator<unknown> {
    return this.rowMajorBatch(batchSize, smallLastBatch).map(zip);
  }

  /** Batches of tensors: see `Dataset.batch`. */
  batch(batchSize: number, smallLastBatch = true): LazyIterator<unknown> {
    return this.columnMajorBatch(batchSize, smallLastBatch, (rows) => batchOf(rows));
  }

  /** Goes on after an error for which `handler` returns true, and ends quietly after another. */
  handleErrors(handler: (error: Error) => boolean): LazyIterator<T> {
    return this.#through(async function* (upstream) {
      for (;;) {
        try {
          const result = await upstream.next();
          if (result.done) return;
          yield result.value;
        } catch (error) {
          if (!handler(error as Error)) return;
        }
      }
    });
  }

  /** The same elements; none is asked for before the one before it is there. */
  serial(): LazyIterator<T> {
    return this.#through((upstream) => upstream);
  }

  /** A generator that reads this stream; when it is ended before it began, this one is ended too. */
  #through<Out>(read: (upstream: LazyIterator<T>) => AsyncIterable<Out>): LazyIterator<Out> {
    const source = read(this)[Symbol.asyncIterator]();
    return new LazyIterator<Out>({
      next: () => source.next(),
      return: async () => {
        await source.return?.();
        await this.return();
        return ended();
      },
    });
  }
}

/** Takes one element out of a buffer, at random; the last takes its place. */
function draw<T>(buffer: T[], random: RandomStream): T {
  const index = random.below(buffer.length);
  const drawn = buffer[index];
  const last = buffer.pop()!;
  if (index < buffer.length) buffer[index] = last;
  return drawn;
}
