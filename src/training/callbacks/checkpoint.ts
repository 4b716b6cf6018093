// `callbacks.checkpoint`: saves the model and where its training stands, every so often.

import { joined } from '../../bytes.ts';
import { LanegradError } from '../../errors.ts';
import { saveHandlerFor } from '../../io/addresses.ts';
import type { SavedArtifacts, SaveTarget } from '../../io/artifacts.ts';
import type { JsonObject } from '../../io/json.ts';
import { type WeightEntry, wholeData } from '../../io/weight-data.ts';
import { flag, positiveInteger, text } from '../../options/kinds.ts';
import {
  describe,
  type Kind,
  type OptionsOf,
  optional,
  required,
  type SettingsOf,
} from '../../options/option.ts';
import { readOptions } from '../../options/read-options.ts';
import { addressOf, checkpointName } from '../resume.ts';
import { packed, type Resumable } from '../training-state.ts';
import { Callback, type Logs } from './callback.ts';
import { Monitor, monitorOptions } from './monitor.ts';

const epochOrSteps: Kind<'epoch' | number> = {
  expected: "'epoch' or a number of steps, a positive integer",
  read: (given) => (given === 'epoch' ? given : positiveInteger.read(given)),
};

const checkpointOptions = /* @__PURE__ */ describe(monitorOptions, {
  /** Where to: a folder, as 'runs/1' or 'file://runs/1', or another address that models can be saved to and loaded from. */
  path: required(text),
  /** How often: at the end of each epoch ('epoch', the default), or every so many steps. */
  every: optional(epochOrSteps, 'epoch'),
  /** How many of the latest are kept; 1 by default. */
  keep: optional(positiveInteger, 1),
  /** Whether the one of the best epoch so far, by the log `monitor`, is kept too, as `best`; false by default. */
  best: optional(flag, false),
});

export interface CheckpointOptions extends OptionsOf<typeof checkpointOptions> {}

/**
 * Saves the model and where its training stands, so that `fit({ resume: path })` goes on from there to the bits that an
 * uninterrupted training has. Each is a saved model too: `loadLayersModel` reads `path/best/model.json` and the like.
 */
export class Checkpoint extends Callback {
  static readonly className = 'checkpoint';
  override readonly onlyWatches = true;
  /** Others have taken note of a step, or an epoch, before it is kept. */
  override readonly isLast = true;
  readonly #options: SettingsOf<typeof checkpointOptions>;
  readonly #address: string;
  #training: Resumable | undefined;
  readonly #monitor: Monitor;
  #steps = 0;
  #saved = 0;
  #isCut = false;

  /** @throws LanegradError where nothing can be saved at the path. */
  constructor(options: CheckpointOptions) {
    super();
    this.#options = readOptions('checkpoint', checkpointOptions, options);
    this.#address = addressOf(this.#options.path);
    saveHandlerFor('checkpoint', this.#address);
    this.#monitor = new Monitor('checkpoint', this.#options);
  }

  override setTraining(training: Resumable): void {
    this.#training = training;
  }

  override onTrainBegin(): void {
    if (!this.#training) {
      throw new LanegradError(
        'checkpoint: can be made only where training runs, by fit or fitDataset; not of training in a worker.',
      );
    }
    this.#monitor.reset();
    this.#steps = 0;
    this.#saved = 0;
    this.#isCut = false;
  }

  override onBatchEnd(): Promise<void> | undefined {
    this.#steps++;
    const { every } = this.#options;
    return every !== 'epoch' && this.#steps % every === 0 ? this.#saveLatest() : undefined;
  }

  /** Whoever stopped within an epoch goes on within it. */
  override onEpochCut(): Promise<void> {
    this.#isCut = true;
    return this.#saveLatest();
  }

  override async onEpochEnd(_epoch: number, logs: Logs): Promise<void> {
    if (this.#isCut) return;
    const isBest = this.#options.best && this.#monitor.improves(logs);
    if (this.#options.every === 'epoch') await this.#saveLatest();
    if (isBest) await this.#save('best');
  }

  override getState(): unknown {
    return { steps: this.#steps, saved: this.#saved, best: this.#monitor.best };
  }

  override setState(state: unknown): void {
    const { steps, saved, best } = state as { steps: number; saved: number; best: number };
    this.#steps = steps;
    this.#saved = saved;
    this.#monitor.best = best;
  }

  #saveLatest(): Promise<void> {
    return this.#save(checkpointName(this.#saved++ % this.#options.keep));
  }

  async #save(name: string): Promise<void> {
    const { json, arrays } = packed(await this.#training!.state());
    const handler = saveHandlerFor('checkpoint', `${this.#address}/${name}`);
    await this.model.save(withState(handler, json as JsonObject, arrays));
  }
}

/** A handler that saves the state of a training with what it is given. TensorFlow.js takes it for an optimizer's. */
function withState(
  handler: SaveTarget,
  trainingState: JsonObject,
  arrays: readonly Float32Array[],
): SaveTarget {
  const entries = arrays.map<WeightEntry>(({ length }, i) => ({
    ...{ name: `training/${i}`, shape: [length], dtype: 'float32', group: 'optimizer' },
  }));
  return {
    save: (artifacts: SavedArtifacts) =>
      handler.save({
        ...artifacts,
        trainingState,
        weightSpecs: [...artifacts.weightSpecs, ...entries],
        weightData: joined([wholeData('checkpoint', artifacts.weightData), ...arrays]).buffer,
      }),
  };
}
