// What layers learn of data before a training: going through arrays and datasets.

import { isObject, shown } from '../../errors.ts';
import { positiveInteger } from '../../options/kinds.ts';
import { type OptionsOf, optional } from '../../options/option.ts';
import { readOptions } from '../../options/read-options.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { Layer } from '../base/layer.ts';
import type { FromOutside } from '../base/outside.ts';

const adaptOptions = {
  /** Batches of a dataset to look at; all by default. */
  steps: optional(positiveInteger),
  /** Accepted for scripts that give it: arrays are gone through as a whole. */
  batchSize: optional(positiveInteger),
};

export interface AdaptOptions extends OptionsOf<typeof adaptOptions> {}

/** An array or a tensor of samples, or batches of them, as a dataset of `tf.data` has; of `{ xs, ys }` the first. */
export type AdaptData =
  | FromOutside
  | AsyncIterable<unknown>
  | { [Symbol.iterator](): Iterator<unknown>; readonly length?: never };

/**
 * Calls `look` with an array at once, or with one batch of a dataset after the other.
 * @throws LanegradError for what is neither, and for a dataset without batches.
 */
export async function lookAt(
  layer: Layer,
  data: AdaptData,
  options: AdaptOptions | undefined,
  look: (batch: FromOutside) => void,
): Promise<void> {
  const { steps } = readOptions(`${layer.name}: adapt`, adaptOptions, options);
  if (data instanceof Tensor || Array.isArray(data) || ArrayBuffer.isView(data)) {
    look(data as FromOutside);
    return;
  }
  if (!isIterable(data)) {
    throw layer.error(`adapt takes an array, a tensor or a dataset of batches; got ${shown(data)}.`);
  }
  let batches = 0;
  for await (const batch of data) {
    look(inputsOf(batch));
    if (++batches === steps) break;
  }
  if (batches === 0) throw layer.error('adapt: the dataset has no batches.');
}

/** @throws LanegradError where a layer stands in a model, which was made for what it knew. @param what it knew */
export function requireUnused(layer: Layer, what: string): void {
  if (layer.inboundNodes.length === 0) return;
  throw layer.error(`stands in a model already, which was made for the ${what} it had. Adapt it before.`);
}

const isIterable = (data: unknown): data is AsyncIterable<unknown> =>
  isObject(data) && (Symbol.asyncIterator in data || Symbol.iterator in data);

const inputsOf = (batch: unknown): FromOutside =>
  (isObject(batch) && 'xs' in batch ? batch.xs : batch) as FromOutside;
