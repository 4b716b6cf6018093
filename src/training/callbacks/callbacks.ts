// The callbacks of `tf.callbacks`.

import { making } from '../../options/making.ts';
import { Checkpoint } from './checkpoint.ts';
import { CsvLogger } from './csv-logger.ts';
import { EarlyStopping } from './early-stopping.ts';
import { LearningRateScheduler, ReduceLROnPlateau } from './learning-rate-callbacks.ts';
import { Progress } from './progress.ts';
import { TensorBoard } from './tensor-board.ts';

export * from './callback.ts';
export { EarlyStopping, type EarlyStoppingOptions } from './early-stopping.ts';

export const callbacks = {
  /** Ends training when a log no longer improves. */
  earlyStopping: /* @__PURE__ */ making(EarlyStopping),
  /** Sets the learning rate at the start of each epoch: (epoch, rate so far) → rate. */
  learningRateScheduler: /* @__PURE__ */ making(LearningRateScheduler),
  /** Lowers the learning rate when a log no longer improves. */
  reduceLROnPlateau: /* @__PURE__ */ making(ReduceLROnPlateau),
  /** Writes a line per epoch to a file. */
  csvLogger: /* @__PURE__ */ making(CsvLogger),
  /** Saves the model and where its training stands, so that `fit({ resume })` goes on from there. */
  checkpoint: /* @__PURE__ */ making(Checkpoint),
  /** Shows the logs of each epoch and the curve of the loss, `█▅▃▂▁`, in place of the progress bar. */
  progress: /* @__PURE__ */ making(Progress),
  /** Writes logs, and histograms of weights, to a folder that TensorBoard shows. */
  tensorBoard: /* @__PURE__ */ making(TensorBoard),
};
