// `callbacks.csvLogger`: the logs of each epoch as a line of a file.

import { LanegradError } from '../../errors.ts';
import { flag, readAs, text } from '../../options/kinds.ts';
import { type OptionsOf, optional, type SettingsOf } from '../../options/option.ts';
import { readOptions } from '../../options/read-options.ts';
import { codeOf, fileError, withFile } from '../../platform/file-problem.ts';
import { platform } from '../../platform/platform.ts';
import { Callback, type Logs } from './callback.ts';

const csvLoggerOptions = {
  /** ',' by default. */
  separator: optional(text, ','),
  /** Whether to go on in a file that exists; false by default. */
  append: optional(flag, false),
};

export interface CsvLoggerOptions extends OptionsOf<typeof csvLoggerOptions> {}

/** Writes a line per epoch: the epoch and its logs. The file is whole after every epoch. */
export class CsvLogger extends Callback {
  static readonly className = 'csvLogger';
  override readonly onlyWatches = true;
  readonly #path: string;
  readonly #options: SettingsOf<typeof csvLoggerOptions>;
  #text = '';

  constructor(path: string, options: CsvLoggerOptions = {}) {
    super();
    this.#path = readAs(text, 'csvLogger: path', path);
    this.#options = readOptions('csvLogger', csvLoggerOptions, options);
  }

  override async onTrainBegin(): Promise<void> {
    if (!platform.writeFile || !platform.readFile) {
      throw new LanegradError('csvLogger: this runtime has no file system.');
    }
    this.#text = '';
    if (!this.#options.append) return;
    try {
      this.#text = new TextDecoder().decode(await platform.readFile(this.#path));
    } catch (error) {
      // No file yet: the log begins here.
      if (codeOf(error) !== 'ENOENT') throw fileError('csvLogger', this.#path, 'read', error);
    }
  }

  /** The lines so far: those that came after a checkpoint come again. */
  override getState(): unknown {
    return { text: this.#text };
  }

  override setState(state: unknown): void {
    this.#text = (state as { text: string }).text;
  }

  override async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const { separator } = this.#options;
    const names = Object.keys(logs).sort();
    if (this.#text === '') this.#text = `${['epoch', ...names].join(separator)}\n`;
    this.#text += `${[epoch, ...names.map((name) => logs[name])].join(separator)}\n`;
    const bytes = new TextEncoder().encode(this.#text);
    await withFile('csvLogger', this.#path, 'written', () => platform.writeFile!(this.#path, bytes));
  }
}
