import { LanegradError } from '../errors.ts';
import { Callback, type Logs } from './callback.ts';
import { Monitor, type MonitorOptions } from './monitor.ts';

/** Sets the learning rate at the start of each epoch. */
export class LearningRateScheduler extends Callback {
  readonly #schedule: (epoch: number, learningRate: number) => number;

  constructor(schedule: (epoch: number, learningRate: number) => number) {
    super();
    this.#schedule = schedule;
  }

  override onEpochBegin(epoch: number): void {
    this.model.optimizer.learningRate = this.#schedule(epoch, this.model.optimizer.learningRate);
  }
}

export interface ReduceOnPlateauOptions extends MonitorOptions {
  /** What the rate is multiplied by, below 1; 0.1 by default. */
  readonly factor?: number;
  /** Epochs without improvement before it is; 10 by default. */
  readonly patience?: number;
  /** Epochs to wait after a reduction before counting again; 0 by default. */
  readonly cooldown?: number;
  /** The lowest rate; 0 by default. */
  readonly minLR?: number;
}

/** Lowers the learning rate when a log no longer improves. */
export class ReduceLROnPlateau extends Callback {
  readonly #options: ReduceOnPlateauOptions;
  #monitor: Monitor;
  #waited = 0;
  #cooling = 0;

  constructor(options: ReduceOnPlateauOptions = {}) {
    super();
    const { factor = 0.1 } = options;
    if (!(factor > 0 && factor < 1)) {
      throw new LanegradError(`reduceLROnPlateau: factor must be between 0 and 1; got ${factor}.`);
    }
    this.#options = { minDelta: 1e-4, ...options };
    this.#monitor = new Monitor('reduceLROnPlateau', this.#options);
  }

  override onTrainBegin(): void {
    this.#monitor = new Monitor('reduceLROnPlateau', this.#options);
    this.#waited = 0;
    this.#cooling = 0;
  }

  override onEpochEnd(_epoch: number, logs: Logs): void {
    const { factor = 0.1, patience = 10, cooldown = 0, minLR = 0 } = this.#options;
    const improved = this.#monitor.improves(logs);
    if (this.#cooling > 0) {
      this.#cooling--;
      this.#waited = 0;
    }
    if (improved) this.#waited = 0;
    if (improved || this.#cooling > 0 || ++this.#waited < patience) return;
    const { optimizer } = this.model;
    optimizer.learningRate = Math.max(optimizer.learningRate * factor, minLR);
    this.#cooling = cooldown;
    this.#waited = 0;
  }
}
