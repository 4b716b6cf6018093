// Writes event files, as `tf.node.summaryFileWriter` of TensorFlow.js does.

import { joined } from '../bytes.ts';
import { LanegradError } from '../errors.ts';
import { withFile } from '../platform/file-problem.ts';
import { platform } from '../platform/platform.ts';
import type { Tensorlike } from '../plot/numbers.ts';
import { png } from '../plot/png.ts';
import { histogramField, imageField, record, scalarField, summaryEvent, versionEvent } from './events.ts';

/** How many event files this process has begun: two of one second must not have one name. */
let filesBegun = 0;

const now = () => Date.now() / 1000;

/** A file in a folder of logs: `tensorboard --logdir folder` shows it. */
export class SummaryFileWriter {
  readonly #path: string;
  readonly #maxQueue: number;
  #queue: Uint8Array[];
  /** The writing so far, which fails once a part of it did. */
  #written: Promise<void> = Promise.resolve();

  /** @throws LanegradError where the runtime has no file system. */
  constructor(logdir: string, maxQueue: number, suffix: string) {
    if (!platform.appendFile) {
      throw new LanegradError('summaryFileWriter: this runtime has no file system.');
    }
    const seconds = Math.floor(now());
    this.#path = `${logdir}/events.out.tfevents.${seconds}.lanegrad.${filesBegun++}${suffix}`;
    this.#maxQueue = maxQueue;
    this.#queue = [record(versionEvent(now()))];
  }

  /** A number at a step. @param description what it is, as Markdown */
  scalar(name: string, value: number | Tensorlike, step: number, description?: string): void {
    const number = typeof value === 'number' ? value : value.dataSync()[0];
    this.#add(name, step, scalarField(number), description);
  }

  /** How values are distributed at a step. @param buckets intervals of equal width. Default: 30 */
  histogram(
    name: string,
    data: ArrayLike<number> | Tensorlike,
    step: number,
    buckets = 30,
    description?: string,
  ): void {
    const values = 'dataSync' in data ? data.dataSync() : data;
    this.#add(name, step, histogramField(values, buckets), description);
  }

  /**
   * A picture [height, width, channels] of 1 or 3 channels at a step, black at 0 and white at 1; of integers, at 255.
   * @throws LanegradError for another shape.
   */
  image(
    name: string,
    pixels: Tensorlike & { readonly dtype: string },
    step: number,
    description?: string,
  ): void {
    const [height, width, channels] = pixels.shape;
    if (pixels.shape.length !== 3 || (channels !== 1 && channels !== 3)) {
      throw new LanegradError(
        `image: expected [height, width, channels] of 1 or 3 channels, got [${pixels.shape}].`,
      );
    }
    const values = pixels.dataSync();
    const white = pixels.dtype === 'float32' ? 1 : 255;
    const file = png(width, height, (column, row) => {
      const level = (channel: number) => {
        const value = values[(row * width + column) * channels + (channels === 1 ? 0 : channel)];
        return Math.round(Math.min(1, Math.max(0, value / white)) * 255);
      };
      return [level(0), level(1), level(2)];
    });
    this.#add(name, step, imageField(width, height, file), description);
  }

  /** Writes all that was given, at once. @returns a promise that rejects when it could not be written. */
  flush(): Promise<void> {
    if (this.#queue.length > 0) {
      const bytes = joined(this.#queue);
      this.#queue = [];
      const writing = withFile('summaryFileWriter', this.#path, 'written', async () =>
        platform.appendFile!(this.#path, bytes),
      );
      this.#written = Promise.all([this.#written, writing]).then(() => {});
      // Whoever awaits a flush is told; nobody needs to.
      this.#written.catch(() => {});
    }
    return this.#written;
  }

  #add(name: string, step: number, content: Uint8Array, description: string | undefined): void {
    this.#queue.push(record(summaryEvent(now(), step, name, content, description)));
    if (this.#queue.length > this.#maxQueue) this.flush();
  }
}

/**
 * A writer of what TensorBoard shows: scalars, histograms, images.
 * @param logdir a folder; it is made
 * @param maxQueue so many summaries wait for each other. Default: 10
 * @param _flushMillis for scripts that give it: what waits is written with the next summaries, or by `flush`
 * @param filenameSuffix the end of the file's name. Default: '.v2'
 */
export const summaryFileWriter = (
  logdir: string,
  maxQueue = 10,
  _flushMillis?: number,
  filenameSuffix = '.v2',
): SummaryFileWriter => new SummaryFileWriter(logdir, maxQueue, filenameSuffix);
