// `callbacks.earlyStopping`: ends training when a log no longer improves.

import { finite, flag, nonNegativeInteger, verbosity } from '../options/kinds.ts';
import { describe, type OptionsOf, optional, type SettingsOf } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import { platform } from '../platform/platform.ts';
import type { Variable } from '../state/variable.ts';
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

export interface EarlyStoppingOptions extends OptionsOf<typeof earlyStoppingOptions> {}

interface EarlyStoppingState {
  readonly best: number;
  readonly waited: number;
  readonly stoppedEpoch: number;
  readonly bestWeights?: readonly Float32Array[];
}

/** Ends training when a log no longer improves. */
export class EarlyStopping extends Callback {
  static readonly className = 'earlyStopping';
  /** The epoch after which training stopped; −1 where it did not. */
  stoppedEpoch = -1;
  readonly #options: SettingsOf<typeof earlyStoppingOptions>;
  #monitor: Monitor;
  #waited = 0;
  /** Of each variable, because the order of weights changes where layers are frozen meanwhile. */
  #bestWeights: ReadonlyMap<Variable, Float32Array> | undefined;

  constructor(options: EarlyStoppingOptions = {}) {
    super();
    this.#options = readOptions('earlyStopping', earlyStoppingOptions, options);
    this.#monitor = new Monitor('earlyStopping', this.#options);
  }

  override onTrainBegin(): void {
    this.#monitor = new Monitor('earlyStopping', this.#options);
    this.#waited = 0;
    this.#bestWeights = undefined;
    this.stoppedEpoch = -1;
  }

  override onEpochEnd(epoch: number, logs: Logs): void {
    const { patience, baseline, restoreBestWeights } = this.#options;
    this.#waited++;
    if (this.#monitor.improves(logs)) {
      if (restoreBestWeights)
        this.#bestWeights = new Map(this.model.variables.map((each) => [each, each.values()]));
      // What is better than before, but not than the baseline, is worth keeping and not worth waiting for.
      if (baseline === undefined || this.#monitor.isBetter(this.#monitor.best, baseline)) {
        this.#waited = 0;
        return;
      }
    }
    if (this.#waited < patience) return;
    this.stoppedEpoch = epoch;
    this.model.stopTraining = true;
  }

  override getState(): unknown {
    return {
      best: this.#monitor.best,
      waited: this.#waited,
      stoppedEpoch: this.stoppedEpoch,
      bestWeights: this.#bestWeights && this.model.variables.map((each) => this.#bestWeights!.get(each)),
    };
  }

  override setState(state: unknown): void {
    const { best, waited, stoppedEpoch, bestWeights } = state as EarlyStoppingState;
    this.#monitor.best = best;
    this.#waited = waited;
    this.stoppedEpoch = stoppedEpoch;
    this.#bestWeights = bestWeights && new Map(this.model.variables.map((each, i) => [each, bestWeights[i]]));
    if (stoppedEpoch >= 0) this.model.stopTraining = true;
  }

  override onTrainEnd(): void {
    for (const [variable, values] of this.#bestWeights ?? [])
      variable.write(values as Float32Array<ArrayBuffer>);
    if (this.stoppedEpoch < 0 || !this.#options.verbose) return;
    platform.write(
      `Stopped after epoch ${this.stoppedEpoch + 1}: ${this.#monitor.name} no longer improves.\n`,
    );
  }
}
