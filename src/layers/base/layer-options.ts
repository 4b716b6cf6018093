// What every layer takes, and the names that layers get.

import { LanegradError, shown } from '../../errors.ts';
import type { DType } from '../../graph/graph.ts';
import { flag, layerShape, oneOf, positiveInteger, text } from '../../options/kinds.ts';
import { type Kind, type OptionsOf, optional, type SettingsOf } from '../../options/option.ts';
import type { DataType } from '../../tensor/data-type.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { ModelShape } from './symbolic.ts';

/** A kind of options that files do not hold, or hold elsewhere. */
// @__NO_SIDE_EFFECTS__
export const unsaved = <Given, Value>(kind: Kind<Given, Value>): Kind<Given, Value> => ({
  ...kind,
  isUnsaved: true,
});

const tensors: Kind<readonly Tensor[]> = {
  expected: 'a list of tensors',
  read: (given) =>
    Array.isArray(given) && given.every((each) => each instanceof Tensor) ? given : undefined,
};

const types = /* @__PURE__ */ oneOf('float32', 'uint8', 'int32', 'string');
/** What else files of Keras name: it is computed in float32, as in TensorFlow.js. */
const asFloats = /* @__PURE__ */ oneOf(
  'float64',
  'float16',
  'bfloat16',
  'mixed_float16',
  'mixed_bfloat16',
  'bool',
);

/** A type, or one of Keras's policies, which has the name of one. */
const inputType: Kind<DataType | 'string', NonNullable<ReturnType<typeof types.read>>> = {
  ...types,
  isUnsaved: true,
  read(given) {
    const name: unknown = (given as { config?: { name?: unknown } }).config?.name ?? given;
    return types.read(name) ?? (asFloats.read(name) ? 'float32' : undefined);
  },
};

/** Options of every layer. */
export const layerOptions = {
  /** By default the class's name and a number, as `dense_1`. */
  name: optional(unsaved(text)),
  /** Whether `fit` moves its weights; true by default. */
  trainable: optional(flag, true),
  /** Shape of the input without the batch: for the first layer of a sequential model. */
  inputShape: optional(unsaved(layerShape)),
  /** The same with the batch. */
  batchInputShape: optional(unsaved(layerShape)),
  /** Samples of a batch, to go with inputShape; open by default. */
  batchSize: optional(unsaved(positiveInteger)),
  /** Type of the input: 'float32' by default, or 'uint8', 'int32', or 'string' for layers that make numbers of texts. */
  inputDType: optional(inputType),
  /** TensorFlow.js's other name for inputDType. */
  dtype: optional(inputType),
  /** Weights to start from, in the order of `getWeights`. */
  weights: optional(unsaved(tensors)),
  /** Accepted for scripts of TensorFlow.js that give it. It means nothing, there as here. */
  updatable: optional(unsaved(flag)),
  /** The layer's kind, which ml5 leaves among its options. It means nothing. */
  type: optional(unsaved(text)),
};

/** What every layer takes. */
export interface LayerOptions extends OptionsOf<typeof layerOptions> {}
/** What every layer has read of it. */
export type LayerSettings = SettingsOf<typeof layerOptions>;

/** The shape that options give to a layer's input, if they do. */
export function givenInputShape(settings: LayerSettings): ModelShape | undefined {
  const { inputShape, batchInputShape, batchSize = null } = settings;
  return batchInputShape ?? (inputShape && [batchSize, ...inputShape]);
}

/** The type that options give to a layer's input, if they do: texts are whole numbers once they are prepared. */
export function givenInputType({ inputDType, dtype }: LayerSettings): DType | undefined {
  const given = inputDType ?? dtype;
  return given === 'string' ? 'int32' : given;
}

const counts = new Map<string, number>();

/** `dense_1`, `dense_2`, … for a class. */
export function uniqueName(className: string): string {
  const stem = className.replace(/(?<=[a-z0-9A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
  counts.set(stem, (counts.get(stem) ?? 0) + 1);
  return `${stem}_${counts.get(stem)}`;
}

/** The name, kept from being given again to a layer without one. @throws LanegradError unless it is a string. */
export function reservedName(className: string, name: unknown): string {
  if (typeof name !== 'string' || name === '') {
    throw new LanegradError(`${className}: name must be a string; got ${shown(name)}.`);
  }
  const [, stem, number] = /^(.+)_(\d+)$/.exec(name) ?? [];
  if (stem) counts.set(stem, Math.max(counts.get(stem) ?? 0, Number(number)));
  return name;
}
