// Callbacks that set the learning rate: by the epoch, or when a log no longer improves.

import {
  betweenZeroAndOne,
  finite,
  functionOf,
  nonNegative,
  nonNegativeInteger,
  readAs,
} from '../../options/kinds.ts';
import { describe, type OptionsOf, optional, type SettingsOf } from '../../options/option.ts';
import { readOptions } from '../../options/read-options.ts';
import { Callback, type Logs } from './callback.ts';
import { Monitor, monitorOptions } from './monitor.ts';

type EpochSchedule = (epoch: number, learningRate: number) => number;

/** Sets the learning rate at the start of each epoch. */
export class LearningRateScheduler extends Callback {
  readonly #schedule: EpochSchedule;

  constructor(schedule: EpochSchedule) {
    super();
    this.#schedule = readAs(functionOf<EpochSchedule>(), 'learningRateScheduler: schedule', schedule);
  }

  override onEpochBegin(epoch: number): void {
    const { optimizer } = this.model;
    const rate = this.#schedule(epoch, optimizer.learningRate);
    optimizer.learningRate = readAs(nonNegative, `learningRateScheduler: the rate of epoch ${epoch}`, rate);
  }
}

const reduceOnPlateauOptions = /* @__PURE__ */ describe(monitorOptions, {
  /** Changes up to this do not count; 1e-4 by default. */
  minDelta: optional(finite, 1e-4),
  /** What the rate is multiplied by, below 1; 0.1 by default. */
  factor: optional(betweenZeroAndOne, 0.1),
  /** Epochs without improvement before it is; 10 by default. */
  patience: optional(nonNegativeInteger, 10),
  /** Epochs to wait after a reduction before counting again; 0 by default. */
  cooldown: optional(nonNegativeInteger, 0),
  /** The lowest rate, below which none is lowered; 0 by default. */
  minLR: optional(nonNegative, 0),
});

export interface ReduceOnPlateauOptions extends OptionsOf<typeof reduceOnPlateauOptions> {}

/** Lowers the learning rate when a log no longer improves. */
export class ReduceLROnPlateau extends Callback {
  static readonly className = 'reduceLROnPlateau';
  readonly #options: SettingsOf<typeof reduceOnPlateauOptions>;
  readonly #monitor: Monitor;
  #waited = 0;
  #cooling = 0;

  constructor(options: ReduceOnPlateauOptions = {}) {
    super();
    this.#options = readOptions('reduceLROnPlateau', reduceOnPlateauOptions, options);
    this.#monitor = new Monitor('reduceLROnPlateau', this.#options);
  }

  override onTrainBegin(): void {
    this.#monitor.reset();
    this.#waited = 0;
    this.#cooling = 0;
  }

  override getState(): unknown {
    return { best: this.#monitor.best, waited: this.#waited, cooling: this.#cooling };
  }

  override setState(state: unknown): void {
    const { best, waited, cooling } = state as { best: number; waited: number; cooling: number };
    this.#monitor.best = best;
    this.#waited = waited;
    this.#cooling = cooling;
  }

  override onEpochEnd(_epoch: number, logs: Logs): void {
    const { factor, patience, cooldown, minLR } = this.#options;
    const improved = this.#monitor.improves(logs);
    if (this.#cooling > 0) this.#cooling--;
    if (improved) this.#waited = 0;
    if (improved || this.#cooling > 0 || ++this.#waited < patience) return;
    const { optimizer } = this.model;
    const { learningRate } = optimizer;
    optimizer.learningRate = Math.max(learningRate * factor, Math.min(learningRate, minLR));
    this.#cooling = cooldown;
    this.#waited = 0;
  }
}
