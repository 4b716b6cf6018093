// Losses and metrics over the batches of an epoch.

import type { Metric } from '../metrics/metrics.ts';
import type { Logs } from './callbacks/callback.ts';
import type { ModelProgram } from './model-program.ts';
import type { TotalsState } from './training-state.ts';

/** One metric's sums, or its collected values, so far. */
interface Tally {
  readonly name: string;
  readonly metric: Metric;
  readonly sums: Float64Array;
  collected: Float32Array;
  length: number;
}

/** What a step has computed. */
type Computed = Pick<ModelProgram, 'losses' | 'metrics'>;

/** Losses and metrics over the batches of an epoch: exact, whatever the batches' sizes. */
export class Totals {
  readonly #names: readonly string[];
  readonly #metrics: readonly Metric[];
  readonly #lossCount: number;
  readonly #losses: Float64Array;
  readonly #tallies: Tally[] = [];
  #samples = 0;
  /** What was added last. */
  #last: Computed | undefined;

  /**
   * @param names of the losses, then of the metrics
   * @param metrics the metrics, as programs have them
   */
  constructor(names: readonly string[], metrics: readonly Metric[]) {
    this.#names = names;
    this.#metrics = metrics;
    this.#lossCount = names.length - metrics.length;
    this.#losses = new Float64Array(this.#lossCount);
  }

  /** Adds what the program has just computed for `count` samples. */
  add(result: Computed, count: number): void {
    this.#samples += count;
    this.#last = result;
    for (let i = 0; i < this.#lossCount; i++) this.#losses[i] += result.losses[i].at(0) * count;
    for (let i = 0; i < result.metrics.length; i++) this.#addMetric(i, result);
  }

  #addMetric(index: number, result: Pick<ModelProgram, 'metrics'>): void {
    const { array } = result.metrics[index];
    const { size: length } = array;
    const { sums } = this.#metrics[index];
    this.#tallies[index] ??= this.#newTally(index, new Float64Array(sums ? length : 0));
    const tally = this.#tallies[index];
    if (sums) {
      for (let i = 0; i < length; i++) tally.sums[i] += array.at(i);
      return;
    }
    if (tally.length + length > tally.collected.length) {
      const larger = new Float32Array(2 * (tally.length + length));
      larger.set(tally.collected);
      tally.collected = larger;
    }
    array.readInto(tally.collected, tally.length);
    tally.length += length;
  }

  #newTally(index: number, sums: Float64Array, collected = new Float32Array(0)): Tally {
    return {
      name: this.#names[this.#lossCount + index],
      metric: this.#metrics[index],
      sums,
      collected,
      length: collected.length,
    };
  }

  /** Forgets all batches, for the next epoch. Keeps its memory. */
  reset(): void {
    this.#samples = 0;
    this.#losses.fill(0);
    for (const tally of this.#tallies) {
      tally.sums.fill(0);
      tally.length = 0;
    }
  }

  /** What they are so far. */
  getState(): TotalsState {
    return {
      samples: this.#samples,
      losses: Array.from(this.#losses),
      tallies: this.#tallies.map(({ sums, collected, length }) => ({
        sums: Array.from(sums),
        collected: collected.slice(0, length),
      })),
    };
  }

  /** Goes on from what others were. */
  setState({ samples, losses, tallies }: TotalsState): void {
    this.#samples = samples;
    this.#losses.set(losses);
    for (const [i, { sums, collected }] of tallies.entries()) {
      this.#tallies[i] = this.#newTally(i, Float64Array.from(sums), collected.slice());
    }
  }

  /** Losses and metrics by name, each name after `prefix`. */
  logs(prefix = ''): Logs {
    const logs: Logs = {};
    for (let i = 0; i < this.#lossCount; i++) logs[prefix + this.#names[i]] = this.#losses[i] / this.#samples;
    for (const tally of this.#tallies) logs[prefix + tally.name] = resultOf(tally);
    return logs;
  }

  /** The same of the batch that was added last, without metrics that only all samples together have. */
  batchLogs(): Logs {
    const { losses, metrics } = this.#last!;
    const logs: Logs = {};
    for (let i = 0; i < this.#lossCount; i++) logs[this.#names[i]] = losses[i].at(0);
    for (const [i, { metric, array }] of metrics.entries()) {
      if (metric.sums)
        logs[this.#tallies[i].name] = metric.result(
          Float64Array.from({ length: array.size }, (_, at) => array.at(at)),
        );
    }
    return logs;
  }

  /** Losses, then metrics. */
  values(): number[] {
    return [...Array.from(this.#losses, (sum) => sum / this.#samples), ...this.#tallies.map(resultOf)];
  }
}

const resultOf = ({ metric, sums, collected, length }: Tally): number =>
  metric.result(metric.sums ? sums : collected.subarray(0, length));
