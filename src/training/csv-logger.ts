import { LanegradError } from '../errors.ts';
import { platform } from '../platform/platform.ts';
import { Callback, type Logs } from './callback.ts';

export interface CsvLoggerOptions {
  /** ',' by default. */
  readonly separator?: string;
  /** Whether to go on in a file that exists; false by default. */
  readonly append?: boolean;
}

/** Writes a line per epoch: the epoch and its logs. The file is whole after every epoch. */
export class CsvLogger extends Callback {
  readonly #path: string;
  readonly #options: CsvLoggerOptions;
  #text = '';

  constructor(path: string, options: CsvLoggerOptions = {}) {
    super();
    this.#path = path;
    this.#options = options;
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
      if ((error as { code?: string }).code !== 'ENOENT') throw error;
    }
  }

  override async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const { separator = ',' } = this.#options;
    const names = Object.keys(logs).sort();
    if (this.#text === '') this.#text = `${['epoch', ...names].join(separator)}\n`;
    this.#text += `${[epoch, ...names.map((name) => logs[name])].join(separator)}\n`;
    await platform.writeFile!(this.#path, new TextEncoder().encode(this.#text));
  }
}
