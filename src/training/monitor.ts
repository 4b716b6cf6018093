import { LanegradError } from '../errors.ts';
import type { Logs } from './callback.ts';

export interface MonitorOptions {
  /** The log to watch; 'val_loss' by default. */
  readonly monitor?: string;
  /** Changes up to this do not count; 0 by default. */
  readonly minDelta?: number;
  /** Whether less or more is better; by default more for accuracies and similar metrics, less for all else. */
  readonly mode?: 'auto' | 'min' | 'max';
}

const higherIsBetter = /acc|auc|precision|recall|r2/i;

/** Watches one log and tells whether it got better. */
export class Monitor {
  readonly name: string;
  best: number;
  readonly #sign: 1 | -1;
  readonly #minDelta: number;
  readonly #owner: string;

  /** @param baseline what the first value must be better than; by default anything is */
  constructor(
    owner: string,
    { monitor = 'val_loss', minDelta = 0, mode = 'auto' }: MonitorOptions,
    baseline?: number,
  ) {
    if (!['auto', 'min', 'max'].includes(mode)) {
      throw new LanegradError(`${owner}: mode must be auto, min or max; got ${JSON.stringify(mode)}.`);
    }
    this.#owner = owner;
    this.name = monitor;
    this.#minDelta = Math.abs(minDelta);
    this.#sign = mode === 'max' || (mode === 'auto' && higherIsBetter.test(monitor)) ? 1 : -1;
    this.best = baseline ?? -this.#sign * Number.POSITIVE_INFINITY;
  }

  /**
   * Takes the epoch's value; returns whether it is the best so far.
   * @throws LanegradError when there is no such log.
   */
  improves(logs: Logs): boolean {
    const value = logs[this.name];
    if (value === undefined) {
      const hint = this.name.startsWith('val_') ? ' Give fit validationData or validationSplit.' : '';
      throw new LanegradError(
        `${this.#owner}: there is no ${this.name} to monitor, only ${Object.keys(logs).join(', ')}.${hint}`,
      );
    }
    if (this.#sign * (value - this.best) <= this.#minDelta) return false;
    this.best = value;
    return true;
  }
}
