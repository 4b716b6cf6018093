// The logs of every epoch: what `fit` resolves to. Data alone, so that workers may send it and JSON has it.

import type { ProfileEntry } from '../../compiler/profile.ts';
import { Callback, type Logs, type Trainee } from './callback.ts';

/** What `fit` resolves to: the logs of every epoch. */
export class History extends Callback {
  /** Numbers of the epochs, from 0. */
  readonly epoch: number[] = [];
  /** Each log's values, one per epoch. */
  readonly history: Record<string, number[]> = {};
  /** Where the time went, the longest first: with `fit({ profile: true })`. */
  declare profile?: readonly ProfileEntry[];

  constructor() {
    super();
    // No data, and so none of its keys.
    Object.defineProperty(this, 'onlyWatches', { value: true });
  }

  /** Has `history` answer to the long names of logs. */
  answerTo(longNames: object | undefined): void {
    if (longNames) Object.setPrototypeOf(this.history, longNames);
  }

  static readonly className: string = 'history';

  override getState(): unknown {
    return { epoch: this.epoch, history: this.history };
  }

  override setState(state: unknown): void {
    const { epoch, history } = state as Pick<History, 'epoch' | 'history'>;
    this.epoch.splice(0, this.epoch.length, ...epoch);
    for (const [name, values] of Object.entries(history)) this.history[name] = [...values];
  }

  override setModel(model: Trainee): void {
    model.history = this;
  }

  override onEpochEnd(epoch: number, logs: Logs): void {
    this.epoch.push(epoch);
    for (const [name, value] of Object.entries(logs)) {
      this.history[name] ??= [];
      this.history[name].push(value);
    }
  }
}
