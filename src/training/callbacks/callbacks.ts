// The callbacks of `tf.callbacks`.

import { Checkpoint, type CheckpointOptions } from './checkpoint.ts';
import { CsvLogger, type CsvLoggerOptions } from './csv-logger.ts';
import { EarlyStopping, type EarlyStoppingOptions } from './early-stopping.ts';
import {
  LearningRateScheduler,
  ReduceLROnPlateau,
  type ReduceOnPlateauOptions,
} from './learning-rate-callbacks.ts';
import { Progress, type ProgressOptions } from './progress.ts';
import { TensorBoard, type TensorBoardOptions } from './tensor-board.ts';

export * from './callback.ts';
export { EarlyStopping, type EarlyStoppingOptions } from './early-stopping.ts';

export const callbacks = {
  /** Ends training when a log no longer improves. */
  earlyStopping: (options?: EarlyStoppingOptions) => new EarlyStopping(options),
  /** Sets the learning rate at the start of each epoch: (epoch, rate so far) → rate. */
  learningRateScheduler: (schedule: (epoch: number, learningRate: number) => number) =>
    new LearningRateScheduler(schedule),
  /** Lowers the learning rate when a log no longer improves. */
  reduceLROnPlateau: (options?: ReduceOnPlateauOptions) => new ReduceLROnPlateau(options),
  /** Writes a line per epoch to a file. */
  csvLogger: (path: string, options?: CsvLoggerOptions) => new CsvLogger(path, options),
  /** Saves the model and where its training stands, so that `fit({ resume })` goes on from there. */
  checkpoint: (options: CheckpointOptions) => new Checkpoint(options),
  /** Shows the logs of each epoch and the curve of the loss, `█▅▃▂▁`, in place of the progress bar. */
  progress: (options?: ProgressOptions) => new Progress(options),
  /** Writes logs, and histograms of weights, to a folder that TensorBoard shows. */
  tensorBoard: (logdir?: string, options?: TensorBoardOptions) => new TensorBoard(logdir, options),
};
