// Samples of every kind that metrics take, in uneven batches, and what metrics give for them.

import type { Value } from '../../src/graph/graph.ts';
import * as tf from '../../src/index.ts';
import type { Metric } from '../../src/metrics/metrics.ts';
import { RandomStream } from '../../src/random/random-stream.ts';
import { compute } from '../compute.ts';

/** One number for each sample, or one row. */
export type Samples = readonly number[] | readonly (readonly number[])[];

export const batchSizes = [16, 20, 1, 16];
export const count = batchSizes.reduce((a, b) => a + b);
export const random = new RandomStream(3, 3);
export const each = <T>(make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));
const normal = () => Math.fround(random.normal());

/** Scores in tenths, so that there are ties. */
export const scores = each(() => Math.fround(random.below(11) / 10));
export const column = scores.map((score) => [score]);
export const flags = each((i) => Number(scores[i] + random.uniform() > 1));
export const classes = 7;
/** In tenths, so that there are ties. */
export const rows = each(() => Array.from({ length: classes }, () => (1 + random.below(9)) / 10));
export const labels = each(() => random.below(classes));
export const oneHot = labels.map((label) => Array.from({ length: classes }, (_, j) => Number(j === label)));
export const outputs = each(() => [normal(), Math.fround(5 + 3 * normal())]);
export const targets = outputs.map((row) => row.map((value) => Math.fround(value + 0.5 * normal())));
/** Some samples count for nothing. */
export const weights = each(() => random.below(5) / 4);

export function tensorOf(samples: Samples, begin: number, size: number): tf.Tensor {
  const part = samples.slice(begin, begin + size);
  const width = Array.isArray(part[0]) ? [part[0].length] : [];
  return tf.tensor(Float32Array.from(part.flat()), [size, ...width]);
}

/** The same as sequences of two, if it is no single one. */
export function inPairs(samples: Samples, begin: number, size: number): tf.Tensor {
  const whole = tensorOf(samples, begin, size);
  const steps = size > 1 ? 2 : 1;
  return whole.reshape([size / steps, steps, ...whole.shape.slice(1)]);
}

/** What a metric gives for an epoch of batches. */
export function over(
  metric: Metric,
  truth: Samples,
  predictions: Samples,
  given?: readonly number[],
  partOf = tensorOf,
): number {
  const batches: Float32Array[] = [];
  for (let b = 0, begin = 0; b < batchSizes.length; begin += batchSizes[b++]) {
    const fed = [truth, predictions, given].flatMap((x) => (x ? [partOf(x, begin, batchSizes[b])] : []));
    const [numbers] = compute(fed, (t, y, w?: Value) => [(metric.sums ?? metric.collect)!(t, y, w)]);
    batches.push(numbers.dataSync() as Float32Array);
  }
  if (metric.collect) return metric.result(batches.flatMap((batch) => Array.from(batch)));
  return metric.result(
    Array.from(batches[0], (_, i) => batches.reduce((total, batch) => total + batch[i], 0)),
  );
}

export const firstLargest = (row: readonly number[]) => row.indexOf(Math.max(...row));
