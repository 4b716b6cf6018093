// Options of what models do beside training.

import { flag, positiveInteger, verbosity } from '../options/kinds.ts';
import { describe, type OptionsOf, optional } from '../options/option.ts';
import { clusterOptions } from '../training/distributed/cluster.ts';
import { stepOptions } from '../training/distributed/parted-step.ts';
import { weightOptions } from '../training/sample-weights.ts';

export const batchOptions = /* @__PURE__ */ describe(clusterOptions, {
  /** Samples computed at a time; by default the inputs' batch size, or 32 where it is open. */
  batchSize: optional(positiveInteger),
  /** Accepted for scripts that give it: nothing is said. */
  verbose: optional(verbosity),
});

export const evaluateOptions = /* @__PURE__ */ describe(batchOptions, weightOptions);

export const evaluateDatasetOptions = {
  /** How many batches to take; all by default. */
  batches: optional(positiveInteger),
  /** Accepted for scripts that give it: nothing is said. */
  verbose: optional(verbosity),
};

export const trainOnBatchOptions = /* @__PURE__ */ describe(weightOptions, stepOptions);

export const saveOptions = {
  /** Whether to save how the model is compiled and what the optimizer remembers, to train on later; false by default. */
  includeOptimizer: optional(flag, false),
  /** Whether to leave out the weights that are not trained; false by default. Load such a file with `strict: false`. */
  trainableOnly: optional(flag, false),
};

/** Options of `model.predict`. */
export interface PredictOptions extends OptionsOf<typeof batchOptions> {}
/** Options of `model.evaluate`. */
export interface EvaluateOptions extends OptionsOf<typeof evaluateOptions> {}
export interface EvaluateDatasetOptions extends OptionsOf<typeof evaluateDatasetOptions> {}
/** Options of `model.trainOnBatch`. */
export interface TrainOnBatchOptions extends OptionsOf<typeof trainOnBatchOptions> {}
/** Options of `model.save`. */
export interface SaveOptions extends OptionsOf<typeof saveOptions> {}
