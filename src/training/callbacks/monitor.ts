// Whether a log got better.

import { LanegradError, shown } from '../../errors.ts';
import { finite, oneOf, text } from '../../options/kinds.ts';
import { optional, type SettingsOf } from '../../options/option.ts';
import type { Logs } from './callback.ts';

export const monitorOptions = {
  /** The log to watch; 'val_loss' by default. */
  monitor: optional(text, 'val_loss'),
  /** Changes up to this do not count; 0 by default. */
  minDelta: optional(finite, 0),
  /** Whether less or more is better; by default more for accuracies and similar metrics, less for all else. */
  mode: optional(oneOf('auto', 'min', 'max'), 'auto'),
};

type MonitorSettings = SettingsOf<typeof monitorOptions>;

/** Names that end with one of these, as words: 'val_acc', 'fastAccuracy', 'label_recall_1', but not 'acceleration_loss'. */
const higherIsBetter =
  /(^|_)(acc|accuracy|auc|f1|f1score|precision|recall|r2)(_\d+)?$|[a-z0-9](Accuracy|Precision|Recall)(_\d+)?$/;

const isHigherBetter = (name: string): boolean =>
  higherIsBetter.test(name) || higherIsBetter.test(name.toLowerCase());

/** Watches one log and tells whether it got better. */
export class Monitor {
  readonly name: string;
  best = 0;
  /** By how much a value must be beyond the best; less than 0 where less is better. */
  readonly minDelta: number;
  readonly #sign: 1 | -1;
  readonly #owner: string;

  constructor(owner: string, { monitor, minDelta, mode }: MonitorSettings) {
    this.#owner = owner;
    this.name = monitor;
    this.#sign = mode === 'max' || (mode === 'auto' && isHigherBetter(monitor)) ? 1 : -1;
    this.minDelta = this.#sign * Math.abs(minDelta);
    this.reset();
  }

  /** Begins anew. */
  reset(): void {
    this.best = -this.#sign * Number.POSITIVE_INFINITY;
  }

  /** The epoch's value. @throws LanegradError when there is no such log. */
  valueIn(logs: Logs = {}): number {
    const value = logs[this.name];
    if (typeof value === 'number') return value;
    if (value !== undefined) {
      throw new LanegradError(`${this.#owner}: ${this.name} must be a number; got ${shown(value)}.`);
    }
    const hint = this.name.startsWith('val_') ? ' Give fit validationData or validationSplit.' : '';
    throw new LanegradError(
      `${this.#owner}: there is no ${this.name} to monitor, only ${Object.keys(logs).join(', ')}.${hint}`,
    );
  }

  /**
   * Takes the epoch's value; returns whether it is the best so far. NaN never is.
   * @throws LanegradError when there is no such log.
   */
  improves(logs: Logs): boolean {
    const value = this.valueIn(logs);
    if (!this.isBetter(value, this.best)) return false;
    this.best = value;
    return true;
  }

  /** Whether a value is better than another, by more than `minDelta`. */
  isBetter(value: number, than: number): boolean {
    return this.isBeyond(value - than, this.minDelta);
  }

  /** Whether a value is better than another, by however little. */
  isBeyond(value: number, than: number): boolean {
    return this.#sign * value > this.#sign * than;
  }
}
