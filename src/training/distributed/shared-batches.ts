// Batches that the ranks of a cluster have shared out among them, and what each came to, for all to have.

import { startOfShare } from '../../numeric/shares.ts';
import { FeedBatch, type Feeds } from '../batch.ts';
import type { MetricArray, ModelProgram } from '../model-program.ts';
import { type Cluster, gather } from './cluster.ts';

/** Numbers on the heap. */
class HeapArray implements MetricArray {
  readonly #values: Float32Array;

  constructor(values: Float32Array) {
    this.#values = values;
  }

  get size(): number {
    return this.#values.length;
  }

  at(i: number): number {
    return this.#values[i];
  }

  readInto(target: Float32Array, offset: number): void {
    target.set(this.#values, offset);
  }
}

/** Batches of some samples; each rank has neighbours. */
export interface SharedBatches {
  readonly cluster: Cluster;
  readonly feeds: Feeds;
  readonly batchSize: number;
}

/** How many there are. */
export const batchesOf = ({ feeds, batchSize }: SharedBatches): number =>
  Math.ceil(feeds.samples / batchSize);

const firstBatchOf = (shared: SharedBatches, rank: number): number =>
  startOfShare(batchesOf(shared), shared.cluster.size, rank);

/** The first sample of a rank. */
const firstSampleOf = (shared: SharedBatches, rank: number): number =>
  Math.min(firstBatchOf(shared, rank) * shared.batchSize, shared.feeds.samples);

/** Goes through the batches of this rank. @param visit is given the batch and its number among all */
export function eachOwnBatch(shared: SharedBatches, visit: (batch: FeedBatch, number: number) => void): void {
  const { cluster, feeds, batchSize } = shared;
  const batch = new FeedBatch(feeds);
  for (let i = firstBatchOf(shared, cluster.rank); i < firstBatchOf(shared, cluster.rank + 1); i++)
    visit(select(batch, i, batchSize), i);
}

function select(batch: FeedBatch, number: number, batchSize: number): FeedBatch {
  const start = number * batchSize;
  batch.select(start, Math.min(batchSize, batch.feeds.samples - start));
  return batch;
}

/** The first batch of all: what its program gives tells what every batch's does. */
export const firstBatch = ({ feeds, batchSize }: SharedBatches): FeedBatch =>
  select(new FeedBatch(feeds), 0, batchSize);

/** Numbers for each sample, in order: those of own batches become everyone's. @param perSample how many each sample has */
export function gatherBySample(shared: SharedBatches, numbers: Float32Array, perSample: number): void {
  gather(shared.cluster, numbers, (rank) => firstSampleOf(shared, rank) * perSample);
}

/** Losses and metrics of batches. */
type BatchResult = Pick<ModelProgram, 'losses' | 'metrics'>;

/** An array of every batch, side by side. */
interface Column {
  readonly numbers: Float32Array;
  /** Numbers of a batch, or of a sample where `isBySample`. */
  readonly width: number;
  readonly isBySample: boolean;
}

export class SharedResults {
  readonly #shared: SharedBatches;
  readonly #like: BatchResult;
  readonly #columns: readonly Column[];

  /** @param like of the first batch: its sizes count */
  constructor(shared: SharedBatches, like: BatchResult) {
    this.#shared = shared;
    this.#like = like;
    const batches = batchesOf(shared);
    const { count } = firstBatch(shared);
    const { samples } = shared.feeds;
    this.#columns = [
      ...like.losses.map(({ size }) => columnOf(batches, size, false)),
      ...like.metrics.map(({ metric, array }) =>
        metric.sums ? columnOf(batches, array.size, false) : columnOf(samples, array.size / count, true),
      ),
    ];
  }

  /** Takes what an own batch came to. */
  take({ losses, metrics }: BatchResult, number: number): void {
    const arrays = [...losses, ...metrics.map(({ array }) => array)];
    for (const [i, array] of arrays.entries()) {
      const { numbers } = this.#columns[i];
      array.readInto(numbers, this.#placeOf(this.#columns[i], number));
    }
  }

  /** Has all ranks have all. */
  gather(): void {
    for (const { numbers, width, isBySample } of this.#columns) {
      if (isBySample) gatherBySample(this.#shared, numbers, width);
      else gather(this.#shared.cluster, numbers, (rank) => firstBatchOf(this.#shared, rank) * width);
    }
  }

  /** What each batch came to, in order. */
  *each(): Generator<{ readonly result: BatchResult; readonly count: number }> {
    const { losses, metrics } = this.#like;
    const { feeds, batchSize } = this.#shared;
    const batch = new FeedBatch(feeds);
    for (let i = 0; i < batchesOf(this.#shared); i++) {
      const { count } = select(batch, i, batchSize);
      const arrays = this.#columns.map((column) => {
        const start = this.#placeOf(column, i);
        const size = column.isBySample ? count * column.width : column.width;
        return new HeapArray(column.numbers.subarray(start, start + size));
      });
      const result = {
        losses: arrays.slice(0, losses.length),
        metrics: metrics.map(({ metric }, j) => ({ metric, array: arrays[losses.length + j] })),
      };
      yield { result, count };
    }
  }

  #placeOf({ width, isBySample }: Column, batch: number): number {
    return isBySample ? batch * this.#shared.batchSize * width : batch * width;
  }
}

const columnOf = (rows: number, width: number, isBySample: boolean): Column => ({
  numbers: new Float32Array(rows * width),
  width,
  isBySample,
});
