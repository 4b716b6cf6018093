// The arrays of one call of `fit` and the like, and the batches that they are gone through in.

import type { Feed, Selection } from './feed.ts';

/** Inputs, targets and, where samples are weighted, a weight per sample, or step, and output. */
export class Feeds {
  readonly x: readonly Feed[];
  readonly y: readonly Feed[];
  readonly weights: readonly (Feed | undefined)[];
  /** What a program must fit, beside the size of the batch: types, shapes, what is weighted and what is trained. */
  readonly kind: string;
  readonly #trained: readonly string[];

  /** @param trained names of what is trained while these are gone through */
  constructor(
    x: readonly Feed[],
    y: readonly Feed[] = [],
    weights: readonly (Feed | undefined)[] = [],
    trained: readonly string[] = [],
  ) {
    this.x = x;
    this.y = y;
    this.weights = weights;
    this.#trained = trained;
    const types = [...x, ...y].map(({ dtype, sampleShape }) => `${dtype}${sampleShape}`);
    this.kind = [
      types.join(' '),
      weights.map((feed) => (feed ? `[${feed.sampleShape}]` : '-')).join(''),
      trained.join(' '),
    ].join('|');
  }

  get samples(): number {
    return this.x[0].samples;
  }

  /** The samples from `start` to before `end`. They share memory with these. */
  part(start: number, end: number): Feeds {
    return new Feeds(
      this.x.map((feed) => feed.part(start, end)),
      this.y.map((feed) => feed.part(start, end)),
      this.weights.map((feed) => feed?.part(start, end)),
      this.#trained,
    );
  }
}

/** Samples that a program works on at a time. One object goes through them all, so that steps leave no garbage. */
export class FeedBatch implements Selection {
  readonly feeds: Feeds;
  /** The order in which samples are taken; undefined for their own. */
  readonly order: Uint32Array | undefined;
  readonly #size: number;
  #start = 0;
  #count = 0;

  /** A batch before the first: call `next`. */
  constructor(feeds: Feeds, size = feeds.samples, order?: Uint32Array) {
    this.feeds = feeds;
    this.order = order;
    this.#size = size;
  }

  /** Where its samples begin, in the order. */
  get start(): number {
    return this.#start;
  }

  get count(): number {
    return this.#count;
  }

  /** Has it be `count` samples from `start` on. */
  select(start: number, count: number): void {
    this.#start = start;
    this.#count = count;
  }

  /** Leaves out so many batches, before the first or after one. */
  skip(batches: number): void {
    this.#start += this.#count + batches * this.#size;
    this.#count = 0;
  }

  /** Goes on to the next samples; the last may be fewer. @returns false where there are none */
  next(): boolean {
    this.#start += this.#count;
    this.#count = Math.min(this.#size, this.feeds.samples - this.#start);
    return this.#count > 0;
  }
}

/** All samples as one batch. */
export function wholeBatch(feeds: Feeds): FeedBatch {
  const batch = new FeedBatch(feeds);
  batch.next();
  return batch;
}
