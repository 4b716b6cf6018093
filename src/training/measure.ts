// What a batch's outputs are measured by: the loss in all, each output's own, and the metrics.

import type { Value } from '../graph/graph.ts';
import { sum } from '../graph/ops/broadcasting.ts';
import { asFloat } from '../graph/ops/conversion.ts';
import { add, div, maximum, mul } from '../graph/ops/elementwise.ts';
import { mean } from '../graph/ops/reductions.ts';
import { formatShape } from '../graph/shape.ts';
import { alongFirst, fitsMask, maskOf, requireMask, unmasked } from '../layers/base/mask.ts';
import type { Loss } from '../losses/losses.ts';
import type { Metric } from '../metrics/metrics.ts';
import type { ProgramTrace } from '../state/trace.ts';
import type { Compiled } from './compiled.ts';
import type { Trainable } from './trainable.ts';

/** What there is to be measured: outputs, which may carry masks, targets and weights of samples. */
export interface Results {
  readonly outputs: readonly Value[];
  readonly y: readonly Value[];
  readonly weights: readonly (Value | undefined)[];
}

/** What means are taken over: a batch, or the step that it is a part of. */
export interface Extent {
  /** A mean over the samples that there are as its part of the mean over all. */
  meanOf(mean: Value): Value;
  /** How many steps count in all, by an output's mask. */
  countOf(mask: Value, output: number): Value;
  /** What layers add to the loss, whatever the batch. */
  penaltiesOf(model: Trainable): readonly Value[];
}

/** A batch that is a step. */
const wholeStep: Extent = {
  meanOf: (mean) => mean,
  countOf: (mask) => sum(mask),
  penaltiesOf,
};

export interface Measured {
  /** The loss in all, then each output's own. */
  readonly losses: readonly Value[];
  readonly metrics: readonly { readonly metric: Metric; readonly value: Value }[];
}

/** What a model's layers add to the loss, whatever the batch: costs of their weights. */
export function penaltiesOf(model: Trainable): readonly Value[] {
  return model.losses.map((loss) => loss());
}

function costOf({ name, isOfShares, call }: Loss, yTrue: Value, yPred: Value): Value {
  if (isOfShares && yPred.shape.at(-1) === 1)
    throw yPred.graph.error(`${name} of one output is 0; use binaryCrossentropy.`);
  return call(yTrue, yPred);
}

/** The loss in all, each output's own, and the metrics. */
export function measure(
  trace: ProgramTrace,
  model: Trainable,
  compiled: Compiled,
  results: Results,
  extent = wholeStep,
): Measured {
  const { graph } = trace;
  const { outputs } = compiled;
  const { y, weights } = results;
  const masks = results.outputs.map(maskOf);
  const predictions = results.outputs.map(unmasked).map(asFloat);
  const ownLosses = outputs.map(({ name, loss }, i) =>
    graph.within(outputs.length > 1 ? `loss of ${name}` : 'loss', () =>
      batchLoss(costOf(loss, y[i], predictions[i]), weights[i], masks[i], extent, i),
    ),
  );
  const total = graph.within('loss', () => {
    const weighted = ownLosses.map((loss, i) => mul(loss, outputs[i].weight));
    const penalties = [...extent.penaltiesOf(model), ...trace.penalties.map(extent.meanOf)];
    return [...weighted, ...penalties].reduce((a, b) => add(a, b));
  });
  const metrics = outputs.flatMap((output, i) =>
    output.metrics.map((metric) => {
      const value = graph.within(metric.name, () =>
        metric.sums
          ? metric.sums(y[i], predictions[i], masks[i])
          : metric.collect!(y[i], predictions[i], masks[i]),
      );
      return { metric, value };
    }),
  );
  return { losses: [total, ...ownLosses], metrics };
}

/**
 * A batch's loss: the mean over samples (and over all that a sample has) of what the loss function gave.
 * Where the output is masked, the mean over the time steps that count.
 */
function batchLoss(
  perSample: Value,
  weights: Value | undefined,
  mask: Value | undefined,
  extent: Extent,
  output: number,
): Value {
  requireMask(mask, 'it', perSample);
  if (weights && !fitsMask(weights, perSample)) {
    throw perSample.graph.error(
      `it has shape ${formatShape(perSample.shape)}, and cannot be weighted by ${formatShape(weights.shape)}.`,
    );
  }
  if (perSample.rank === 0) return extent.meanOf(perSample);
  const factors = [mask, weights].filter((factor) => factor !== undefined);
  const rank = Math.max(1, ...factors.map((factor) => factor.rank));
  const axes = perSample.shape.map((_, axis) => axis).slice(rank);
  const each = axes.length > 0 ? mean(perSample, axes) : perSample;
  const [weight, ...more] = factors.map((factor) => alongFirst(factor, rank));
  const weighed = weight
    ? mul(
        each,
        more.reduce((a, b) => mul(a, b), weight),
      )
    : each;
  if (!mask) return extent.meanOf(mean(weighed));
  return div(sum(weighed), maximum(mul(extent.countOf(mask, output), each.size / mask.size), 1));
}
