// `fit`'s own progress bar.

import { platform } from '../../platform/platform.ts';
import { Callback, type Logs } from './callback.ts';

/** Characters of the bar. */
const width = 20;
/** A terminal's line is written anew this often in an epoch. */
const updates = 100;

/** A line per epoch. In a terminal it grows with the epoch; elsewhere it is written at the end. */
export class ProgressBar extends Callback {
  #epoch = 0;
  #began = 0;
  #samples = 0;
  /** Losses and metrics of the epoch so far, times its samples. */
  #sums: Logs = {};
  #length = 0;

  override onEpochBegin(epoch: number): void {
    this.#epoch = epoch;
    this.#samples = 0;
    this.#sums = {};
    this.#began = platform.now();
  }

  override onBatchEnd(batch: number, logs: Logs): void {
    const { batch: _, size, ...values } = logs;
    this.#samples += size;
    for (const [name, value] of Object.entries(values))
      this.#sums[name] = (this.#sums[name] ?? 0) + value * size;
    const { steps, verbose } = this.params;
    if (!platform.isInteractive || verbose !== 1 || !steps) return;
    const every = Math.max(1, Math.floor(steps / updates));
    if ((batch + 1) % every !== 0) return;
    const done = Math.min(1, (batch + 1) / steps);
    const filled = Math.floor(done * width);
    const bar = `${'='.repeat(filled)}${filled < width ? '>' : ''}`.padEnd(width);
    const means = Object.entries(this.#sums).map(([name, sum]) => [name, sum / this.#samples]);
    const numbers = this.#numbers(Object.fromEntries(means));
    this.#write(`[${bar}] ${String(Math.floor(done * 100)).padStart(3)} %  ${numbers}`, '');
  }

  override onEpochEnd(_epoch: number, logs: Logs): void {
    this.#write(this.#numbers(logs), '\n');
  }

  /** Writes the epoch's line over what stands there. */
  #write(text: string, end: string): void {
    const line = `Epoch ${this.#epoch + 1}/${this.params.epochs}  ${text}`;
    platform.write((platform.isInteractive ? `\r${line.padEnd(this.#length)}` : line) + end);
    this.#length = end ? 0 : line.length;
  }

  #numbers(logs: Logs): string {
    const seconds = (platform.now() - this.#began) / 1000;
    const rate = seconds > 0 ? [`${Math.round(this.#samples / seconds)} samples/s`] : [];
    return [...Object.entries(logs).map(([name, value]) => `${name} ${shownLog(value)}`), ...rate].join('  ');
  }
}

/** Four decimals, or an exponent where they would show nothing; what callbacks add may be no number. */
export function shownLog(value: number): string {
  if (typeof value !== 'number') return String(value);
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(2) : value.toFixed(4);
}
