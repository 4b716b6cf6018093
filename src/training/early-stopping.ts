import { platform } from '../platform/platform.ts';
import type { Variable } from '../state/variable.ts';
import { Callback, type Logs } from './callback.ts';
import { Monitor, type MonitorOptions } from './monitor.ts';

export interface EarlyStoppingOptions extends MonitorOptions {
  /** Epochs without improvement after which training stops; 0 by default: at the first. */
  readonly patience?: number;
  /** 1 says when it stops; 0 by default. */
  readonly verbose?: number;
  /** What the log must improve on; by default its own best. */
  readonly baseline?: number;
  /** Whether the model gets back the weights of the best epoch; false by default. */
  readonly restoreBestWeights?: boolean;
}

/** Ends training when a log no longer improves. */
export class EarlyStopping extends Callback {
  /** The epoch after which training stopped; −1 where it did not. */
  stoppedEpoch = -1;
  readonly #options: EarlyStoppingOptions;
  #monitor: Monitor;
  #waited = 0;
  /** Of each variable, because the order of weights changes where layers are frozen meanwhile. */
  #bestWeights: ReadonlyMap<Variable, Float32Array> | undefined;

  constructor(options: EarlyStoppingOptions = {}) {
    super();
    this.#options = options;
    this.#monitor = new Monitor('earlyStopping', options, options.baseline);
  }

  override onTrainBegin(): void {
    this.#monitor = new Monitor('earlyStopping', this.#options, this.#options.baseline);
    this.#waited = 0;
    this.#bestWeights = undefined;
    this.stoppedEpoch = -1;
  }

  override onEpochEnd(epoch: number, logs: Logs): void {
    const { patience = 0, restoreBestWeights = false } = this.#options;
    if (this.#monitor.improves(logs)) {
      this.#waited = 0;
      if (restoreBestWeights)
        this.#bestWeights = new Map(this.model.variables.map((each) => [each, each.values()]));
      return;
    }
    this.#waited++;
    if (this.#waited < patience) return;
    this.stoppedEpoch = epoch;
    this.model.stopTraining = true;
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
