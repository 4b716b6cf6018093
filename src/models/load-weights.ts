// Weights by their names, those that other libraries give them among these: `model.loadWeights`, and what models that
// are loaded do with those of their file.

import { LanegradError, mostShown, requireOptions } from '../errors.ts';
import { formatShape, sameShape } from '../graph/shape.ts';
import type { Layer } from '../layers/base/layer.ts';
import type { NamedTensor } from '../optimizers/optimizers.ts';
import { type TensorArgument, toTensor } from '../tensor/convert.ts';
import type { LayerVariable } from '../tensor/layer-variable.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** @throws LanegradError for other shapes and types and, where `strict`, for weights that are missing or too many. */
export function loadWeights(
  model: Layer & { readonly layers: readonly Layer[] },
  weights: Readonly<Record<string, TensorArgument>>,
  strict: boolean,
): void {
  const where = `${model.name}: loadWeights`;
  const names = Object.keys(requireOptions('loadWeights', weights));
  const isNumbered = names.every((name) => /\/\d+$/.test(name));
  const own = isNumbered ? model.layers.flatMap(numberedWeights) : named(model.variables);
  const pairs = pairedByName(where, own, names, strict);
  writeAll(
    where,
    pairs.map(([variable, i]) => [variable, toTensor('loadWeights', names[i], weights[names[i]])]),
    (variable, tensor) => variable.write(tensor),
  );
}

/**
 * Gives a model the weights of its file: by their names or, where none of these is one of the model's, in their order.
 * @param weights which are the model's from then on
 * @throws LanegradError for other shapes and types and, where `strict`, for weights that are missing or too many.
 */
export function setWeights(
  model: Layer & { readonly weights: readonly LayerVariable[] },
  weights: readonly NamedTensor[],
  strict: boolean,
): void {
  const where = 'loadLayersModel';
  const own = named(model.weights);
  const names = weights.map(({ name }) => name);
  const isOrdered =
    strict && names.length === own.length && new Set(names).size === own.length && haveOtherNames(own, names);
  const pairs = isOrdered ? pairedInOrder(where, model, weights) : pairedByName(where, own, names, strict);
  writeAll(
    where,
    pairs.map(([variable, i]) => [variable, weights[i].tensor]),
    (variable, tensor) => variable.take(tensor.computed() as Float32Array),
  );
}

type NamedVariable = readonly [name: string, variable: LayerVariable];
/** A weight, and the place of what it becomes among what was given. */
type Pair = readonly [variable: LayerVariable, place: number];

const named = (variables: readonly LayerVariable[]): NamedVariable[] =>
  variables.map((variable) => [variable.name, variable]);

const numberedWeights = (layer: Layer): NamedVariable[] =>
  layer.weights.map((variable, i) => [`${layer.name}/${i}`, variable]);

/**
 * The name that one of a file has here: TensorFlow since 2.2 puts a cell's name before those of its weights, and Keras 3
 * that of a sequential model before those of its layers; the kernel of a depthwise convolution is one of others there.
 */
function nameAmong(known: { has(name: string): boolean }, name: string): string {
  const names = [name, name.slice(name.indexOf('/') + 1)].flatMap((each) => [
    each,
    each.replace(/kernel$/, 'depthwise_kernel'),
  ]);
  names.push(...names.map((each) => each.replace(/[^/]+\/([^/]+)$/, '$1')));
  return names.find((each) => known.has(each)) ?? name;
}

function haveOtherNames(own: readonly NamedVariable[], names: readonly string[]): boolean {
  const known = new Set(own.map(([name]) => name));
  return !names.some((name) => known.has(nameAmong(known, name)));
}

/** Weights by their names. Where a model has several of one name, as in models inside of it, they go in turn. */
function pairedByName(
  where: string,
  own: readonly NamedVariable[],
  names: readonly string[],
  strict: boolean,
): Pair[] {
  const unset = new Map<string, LayerVariable[]>();
  for (const [name, variable] of own) unset.set(name, [...(unset.get(name) ?? []), variable]);
  const seen = new Set<string>();
  const others: string[] = [];
  const pairs = names.flatMap((name, i): Pair[] => {
    const variable = unset.get(nameAmong(unset, name))?.shift();
    if (!variable) others.push(seen.has(name) ? `${name}, which is there twice` : name);
    seen.add(name);
    return variable ? [[variable, i]] : [];
  });
  const missing = [...unset].flatMap(([name, variables]) => variables.map(() => name));
  const faults = [
    others.length > 0 && `Provided weight data has no target variable: ${firstOf(others, '; ')}.`,
    missing.length > 0 && `${missing.length} of ${own.length} weights are not set: ${firstOf(missing)}.`,
  ].filter(Boolean);
  if (!strict || faults.length === 0) return pairs;
  throw new LanegradError(
    `${where}: ${faults.join(' ')} With strict false those of the same name are loaded.`,
  );
}

const firstOf = (names: readonly string[], separator = ', '): string =>
  names.slice(0, mostShown).join(separator) +
  (names.length > mostShown ? ` and ${names.length - mostShown} more` : '');

/**
 * Weights whose names are all others, as Keras's may be, go by their order: that of TensorFlow.js, or that of Keras,
 * layer by layer. What names end with ('kernel', 'moving_mean') and shapes tell which.
 */
function pairedInOrder(
  where: string,
  model: { readonly weights: readonly LayerVariable[]; readonly variables: readonly LayerVariable[] },
  weights: readonly NamedTensor[],
): Pair[] {
  const last = (name: string) => name.slice(name.lastIndexOf('/') + 1);
  const isOfShape = (variable: LayerVariable, { tensor }: NamedTensor) =>
    sameShape(variable.shape, tensor.shape);
  const isOfKind = (variable: LayerVariable, weight: NamedTensor) =>
    isOfShape(variable, weight) && last(variable.name) === last(weight.name);
  for (const fits of [isOfKind, isOfShape]) {
    for (const order of [model.weights, model.variables]) {
      if (order.every((variable, i) => fits(variable, weights[i])))
        return order.map((variable, i) => [variable, i]);
    }
  }
  const wrong = model.weights.findIndex((variable, i) => !isOfShape(variable, weights[i]));
  const { name, shape } = model.weights[wrong];
  throw new LanegradError(
    `${where}: ${name} has shape ${formatShape(shape)}; in its place the file has ${weights[wrong].name} ` +
      `of ${formatShape(weights[wrong].tensor.shape)}.`,
  );
}

/** Writes all, or none where one does not fit. */
function writeAll(
  where: string,
  pairs: readonly (readonly [LayerVariable, Tensor])[],
  write: (variable: LayerVariable, tensor: Tensor) => void,
): void {
  for (const [{ name, shape, dtype }, tensor] of pairs) {
    if (!sameShape(shape, tensor.shape)) {
      const [expected, got] = [shape, tensor.shape].map(formatShape);
      throw new LanegradError(`${where}: ${name}: Shape mismatch: ${expected} vs. ${got}.`);
    }
    if (tensor.dtype !== dtype) {
      throw new LanegradError(
        `${where}: ${name}: dtype of the new value (${tensor.dtype}) and previous value (${dtype}) must match.`,
      );
    }
  }
  for (const [variable, tensor] of pairs) write(variable, tensor);
}
