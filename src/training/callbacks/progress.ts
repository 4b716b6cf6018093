// `callbacks.progress`: logs and their curves in one line.

import { listOf, positiveInteger, text } from '../../options/kinds.ts';
import { type OptionsOf, optional, type SettingsOf } from '../../options/option.ts';
import { readOptions } from '../../options/read-options.ts';
import { platform } from '../../platform/platform.ts';
import { sparkline } from '../../plot/sparkline.ts';
import { Callback, type Logs } from './callback.ts';
import { shownLog } from './progress-bar.ts';

const progressOptions = {
  /** The logs whose curves are drawn; by default the loss and that of the validation. */
  logs: optional(listOf(text, 'a list of names'), ['loss', 'val_loss']),
  /** Letters of a curve; 24 by default. */
  width: optional(positiveInteger, 24),
  /** Where lines stay, as in files, a training is told in at most so many; 20 by default. */
  lines: optional(positiveInteger, 20),
};

export interface ProgressOptions extends OptionsOf<typeof progressOptions> {}

/**
 * The epoch's logs, and the curves of some since training began, in one line: in a terminal it is written over; elsewhere a
 * line is written now and then. It takes the place of `fit`'s own progress bar.
 */
export class Progress extends Callback {
  override readonly showsProgress = true;
  readonly #options: SettingsOf<typeof progressOptions>;
  #curves = new Map<string, number[]>();
  #length = 0;
  #began = 0;

  constructor(options: ProgressOptions = {}) {
    super();
    this.#options = readOptions('progress', progressOptions, options);
  }

  override onTrainBegin(): void {
    this.#curves = new Map(this.#options.logs.map((name) => [name, []]));
    this.#length = 0;
    this.#began = platform.now();
  }

  override onEpochEnd(epoch: number, logs: Logs): void {
    for (const [name, curve] of this.#curves) if (name in logs) curve.push(logs[name]);
    const { epochs, initialEpoch } = this.params;
    const every = Math.ceil((epochs - initialEpoch) / this.#options.lines);
    const isLast = epoch + 1 === epochs;
    if (platform.isInteractive) this.#write(`\r${this.#line(epoch, logs).padEnd(this.#length)}`);
    else if (isLast || (epoch + 1 - initialEpoch) % every === 0) this.#write(`${this.#line(epoch, logs)}\n`);
  }

  override onTrainEnd(): void {
    if (platform.isInteractive && this.#length > 0) platform.write('\n');
  }

  #write(line: string): void {
    this.#length = line.trimEnd().length;
    platform.write(line);
  }

  #line(epoch: number, logs: Logs): string {
    const { epochs } = this.params;
    const parts = Object.entries(logs).map(([name, value]) => {
      const curve = this.#curves.get(name);
      return `${name} ${shownLog(value)}${curve ? ` ${sparkline(curve, this.#options.width)}` : ''}`;
    });
    const seconds = (platform.now() - this.#began) / 1000;
    const number = String(epoch + 1).padStart(String(epochs).length);
    return [`Epoch ${number}/${epochs}`, ...parts, `${seconds.toFixed(1)} s`].join('  ');
  }
}
