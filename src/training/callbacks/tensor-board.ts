// `callbacks.tensorBoard`: logs and weights where TensorBoard finds them.

import { nonNegativeInteger, oneOf, readAs, text } from '../../options/kinds.ts';
import { type OptionsOf, optional, type SettingsOf } from '../../options/option.ts';
import { readOptions } from '../../options/read-options.ts';
import { type SummaryFileWriter, summaryFileWriter } from '../../tensorboard/summary-writer.ts';
import { Callback, type Logs } from './callback.ts';

const tensorBoardOptions = {
  /** 'epoch' by default; 'batch' writes the logs of each batch as well. */
  updateFreq: optional(oneOf('batch', 'epoch'), 'epoch'),
  /** Epochs from one histogram of every weight to the next; 0, none, by default. */
  histogramFreq: optional(nonNegativeInteger, 0),
};

export interface TensorBoardOptions extends OptionsOf<typeof tensorBoardOptions> {}

/** What is no measurement. */
const counters = new Set(['batch', 'size']);
const ofValidation = 'val_';

/** Writes logs and weights where TensorBoard finds them: `train` and `val` in the folder, as in TensorFlow.js. */
export class TensorBoard extends Callback {
  static readonly className = 'tensorBoard';
  override readonly onlyWatches = true;
  readonly #logdir: string;
  readonly #options: SettingsOf<typeof tensorBoardOptions>;
  #batches = 0;
  #writers = new Map<string, SummaryFileWriter>();

  constructor(logdir = './logs', options: TensorBoardOptions = {}) {
    super();
    this.#logdir = readAs(text, 'tensorBoard: logdir', logdir);
    this.#options = readOptions('tensorBoard', tensorBoardOptions, options);
  }

  override getState(): unknown {
    return { batches: this.#batches };
  }

  override setState(state: unknown): void {
    this.#batches = (state as { batches: number }).batches;
  }

  override onBatchEnd(_batch: number, logs: Logs): void {
    this.#batches++;
    if (this.#options.updateFreq === 'batch') this.#write('batch', logs, this.#batches);
  }

  override async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    this.#write('epoch', logs, epoch + 1);
    const { histogramFreq } = this.#options;
    if (histogramFreq > 0 && (epoch + 1) % histogramFreq === 0) {
      for (const { name, values } of this.#weights())
        this.#writer('train').histogram(name, values, epoch + 1);
    }
    await this.#flush();
  }

  override async onTrainEnd(): Promise<void> {
    await this.#flush();
    this.#writers = new Map();
  }

  #weights(): { name: string; values: Float32Array }[] {
    return this.model.variables.map((variable) => ({ name: variable.name, values: variable.values() }));
  }

  #write(prefix: string, logs: Logs, step: number): void {
    for (const [log, value] of Object.entries(logs)) {
      if (counters.has(log)) continue;
      const isOfValidation = log.startsWith(ofValidation);
      const name = isOfValidation ? log.slice(ofValidation.length) : log;
      this.#writer(isOfValidation ? 'val' : 'train').scalar(`${prefix}_${name}`, value, step);
    }
  }

  /** The file of a part; begun when something is written to it. */
  #writer(part: string): SummaryFileWriter {
    const writer = this.#writers.get(part) ?? summaryFileWriter(`${this.#logdir}/${part}`);
    this.#writers.set(part, writer);
    return writer;
  }

  async #flush(): Promise<void> {
    for (const writer of this.#writers.values()) await writer.flush();
  }
}
