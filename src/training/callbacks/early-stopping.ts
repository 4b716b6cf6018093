// `callbacks.earlyStopping`: ends training when a log no longer improves.

import { finite, flag, nonNegativeInteger, verbosity } from '../../options/kinds.ts';
import { describe, type OptionsOf, optional, type SettingsOf } from '../../options/option.ts';
import { readOptions } from '../../options/read-options.ts';
import { platform } from '../../platform/platform.ts';
import type { Weights } from '../../state/weights.ts';
import { Callback, type Logs } from './callback.ts';
import { Monitor, monitorOptions } from './monitor.ts';

const earlyStoppingOptions = /* @__PURE__ */ describe(monitorOptions, {
  /** Epochs without improvement after which training stops; 0 by default: at the first. */
  patience: optional(nonNegativeInteger, 0),
  /** 1 says when it stops; 0 by default. */
  verbose: optional(verbosity, 0),
  /** What the log must get better than, or training stops as if it did not improve. None by default. */
  baseline: optional(finite),
  /** Whether the model gets back the weights of the best epoch; false by default. */
  restoreBestWeights: optional(flag, false),
});

/** Options of `callbacks.earlyStopping`. */
export interface EarlyStoppingOptions extends OptionsOf<typeof earlyStoppingOptions> {}

interface EarlyStoppingState {
  readonly best: number;
  readonly wait: number;
  readonly stoppedEpoch: number;
  readonly isOver: boolean;
  readonly bestWeights?: readonly Float32Array[];
}

/** Ends training when a log no longer improves. What it was given, and how far it is, may be read and set. */
export class EarlyStopping extends Callback {
  static readonly className: string = 'earlyStopping';
  declare readonly monitor: string;
  declare readonly mode: string;
  /** Less than 0 where less is better. */
  declare readonly minDelta: number;
  declare patience: number;
  declare baseline: number | undefined;
  declare verbose: number | boolean;
  /** Epochs since the last improvement. */
  wait = 0;
  /** The epoch after which training stopped; 0 where it did not. */
  stoppedEpoch = 0;
  readonly #options: SettingsOf<typeof earlyStoppingOptions>;
  readonly #monitor: Monitor;
  #isOver = false;
  /** Of each variable, because the order of weights changes where layers are frozen meanwhile. */
  #bestWeights: ReadonlyMap<Weights, Float32Array> | undefined;

  constructor(options: EarlyStoppingOptions = {}) {
    super();
    this.#options = readOptions('earlyStopping', earlyStoppingOptions, options);
    this.#monitor = new Monitor('earlyStopping', this.#options);
    Object.assign(this, this.#options, { minDelta: this.#monitor.minDelta });
  }

  /** The best value so far. */
  get best(): number {
    return this.#monitor.best;
  }

  set best(best: number) {
    this.#monitor.best = best;
  }

  /** Whether a value is better than another. */
  readonly monitorFunc = (value: number, than: number): boolean => this.#monitor.isBeyond(value, than);

  /** The value of the log that is watched. */
  protected getMonitorValue(logs: Logs): number {
    return this.#monitor.valueIn(logs);
  }

  override onTrainBegin(): void | Promise<void> {
    this.#monitor.reset();
    this.wait = 0;
    this.#isOver = false;
    this.#bestWeights = undefined;
    this.stoppedEpoch = 0;
  }

  override onEpochEnd(epoch: number, logs: Logs): void | Promise<void> {
    this.wait++;
    if (this.#monitor.improves(logs)) {
      if (this.#options.restoreBestWeights)
        this.#bestWeights = new Map(this.model.variables.map((each) => [each, each.values()]));
      // What is better than before, but not than the baseline, is worth keeping and not worth waiting for.
      if (this.baseline === undefined || this.#monitor.isBetter(this.best, this.baseline)) {
        this.wait = 0;
        return;
      }
    }
    if (this.wait < this.patience) return;
    this.stoppedEpoch = epoch;
    this.#isOver = true;
    this.model.stopTraining = true;
  }

  override getState(): unknown {
    return {
      best: this.best,
      wait: this.wait,
      stoppedEpoch: this.stoppedEpoch,
      isOver: this.#isOver,
      bestWeights: this.#bestWeights && this.model.variables.map((each) => this.#bestWeights!.get(each)),
    };
  }

  override setState(state: unknown): void {
    const { best, wait, stoppedEpoch, isOver, bestWeights } = state as EarlyStoppingState;
    this.best = best;
    this.wait = wait;
    this.stoppedEpoch = stoppedEpoch;
    this.#isOver = isOver;
    this.#bestWeights = bestWeights && new Map(this.model.variables.map((each, i) => [each, bestWeights[i]]));
    if (isOver) this.model.stopTraining = true;
  }

  override onTrainEnd(): void | Promise<void> {
    for (const [variable, values] of this.#bestWeights ?? [])
      variable.write(values as Float32Array<ArrayBuffer>);
    if (!this.#isOver || !this.verbose) return;
    platform.write(`Stopped after epoch ${this.stoppedEpoch + 1}: ${this.monitor} no longer improves.\n`);
  }
}
