// `model.loadWeights`: weights by their names.

import { requireOptions } from '../errors.ts';
import { formatShape, sameShape } from '../graph/shape.ts';
import type { Layer } from '../layers/base/layer.ts';
import { type TensorArgument, toTensor } from '../tensor/convert.ts';
import type { LayerVariable } from '../tensor/layer-variable.ts';

/** @throws LanegradError for other shapes and, where `strict`, for weights that are missing or too many. */
export function loadWeights(
  model: Layer & { readonly layers: readonly Layer[] },
  weights: Readonly<Record<string, TensorArgument>>,
  strict: boolean,
): void {
  requireOptions('loadWeights', weights);
  const isNumbered = Object.keys(weights).every((name) => /\/\d+$/.test(name));
  const unset = new Map(isNumbered ? model.layers.flatMap(numberedWeights) : namedWeights(model.variables));
  const count = unset.size;
  const found = Object.entries(weights).flatMap(([name, given]) => {
    const own = unset.has(name) ? name : withoutCell(name);
    const variable = unset.get(own);
    unset.delete(own);
    if (variable) return [{ variable, tensor: toTensor('loadWeights', name, given) }];
    if (strict) throw model.error(`loadWeights: Provided weight data has no target variable: ${name}.`);
    return [];
  });
  if (strict && unset.size > 0) {
    throw model.error(
      `loadWeights: ${unset.size} of ${count} weights are not set: ${[...unset.keys()].join(', ')}.`,
    );
  }
  for (const { variable, tensor } of found) {
    if (sameShape(variable.shape, tensor.shape)) continue;
    const [expected, got] = [variable, tensor].map(({ shape }) => formatShape(shape));
    throw model.error(`loadWeights: ${variable.name}: Shape mismatch: ${expected} vs. ${got}.`);
  }
  for (const { variable, tensor } of found) variable.write(tensor);
}

const namedWeights = (variables: readonly LayerVariable[]): (readonly [string, LayerVariable])[] =>
  variables.map((variable) => [variable.name, variable]);

const numberedWeights = (layer: Layer): (readonly [string, LayerVariable])[] =>
  layer.weights.map((variable, i) => [`${layer.name}/${i}`, variable]);

/** A name without what stands before its last part: TensorFlow since 2.2 puts a cell's name there. */
export function withoutCell(name: string): string {
  const parts = name.split('/');
  return [...parts.slice(0, -2), ...parts.slice(-1)].join('/');
}
