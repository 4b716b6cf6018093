// `trainTestSplit`: samples to train with, and samples to test with.

import { isPlain, LanegradError, shown } from '../errors.ts';
import { shareOf } from '../numeric/shares.ts';
import { anything, flag, integer, positive } from '../options/kinds.ts';
import { type OptionsOf, optional } from '../options/option.ts';
import { readOptions } from '../options/read-options.ts';
import { RandomStream } from '../random/random-stream.ts';
import { nextSeed } from '../random/seed.ts';
import { allocate } from '../tensor/data-type.ts';
import { isNumericArray, type NumericArray } from '../tensor/nested-array.ts';
import { Tensor } from '../tensor/tensor.ts';

/** Samples along the first axis: a tensor, a typed array of a number each, or a list of anything. */
export type Splittable = Tensor | NumericArray | readonly unknown[];

const trainTestSplitOptions = {
  /** Share of the samples to test with, below 1, or how many; a quarter by default, or what trainSize leaves. */
  testSize: optional(positive),
  /** Share of the samples to train with, below 1, or how many; by default all that are not tested with. */
  trainSize: optional(positive),
  /** Fixes which samples go where. By default the next of `setSeed`'s sequence. */
  seed: optional(integer),
  /** Whether samples are shuffled before; true by default. Otherwise the last are those to test with. */
  shuffle: optional(flag, true),
  /** Classes, one for each sample: both parts then have each in the proportion that all have. */
  stratify: optional(anything<Splittable>('a class for each sample')),
};

export interface TrainTestSplitOptions extends OptionsOf<typeof trainTestSplitOptions> {}

/** A training part and a test part for each of several. */
type Parts<Given extends readonly unknown[]> = Given extends readonly [infer First, ...infer Others]
  ? [First, First, ...Parts<Others>]
  : [];

const where = 'trainTestSplit';
const stream = 0x73706c69;

/**
 * Splits tensors and arrays of as many samples, all in the same way, as scikit-learn's `train_test_split` does:
 * `const [xTrain, xTest, yTrain, yTest] = tf.trainTestSplit(x, y, { testSize: 0.2, stratify: y, seed: 42 })`.
 * @returns of each its training part and its test part, of its own kind
 * @throws LanegradError for other numbers of samples, for parts that would be empty, and for classes too small to stand
 * in both.
 */
export function trainTestSplit<Given extends readonly Splittable[]>(
  ...given: [...arrays: Given, options: TrainTestSplitOptions]
): Parts<Given>;
export function trainTestSplit<Given extends readonly Splittable[]>(...arrays: Given): Parts<Given>;
export function trainTestSplit(...given: readonly unknown[]): unknown[] {
  const last = given[given.length - 1];
  const hasOptions = isPlain(last);
  const arrays = (hasOptions ? given.slice(0, -1) : given).map(requireSplittable);
  const options = readOptions(where, trainTestSplitOptions, hasOptions ? last : {});
  if (arrays.length === 0) throw new LanegradError(`${where}: takes tensors or arrays; got none.`);
  const counts = arrays.map(samplesOf);
  const [samples] = counts;
  if (counts.some((count) => count !== samples)) {
    throw new LanegradError(`${where}: arrays have different numbers of samples: ${counts.join(', ')}.`);
  }
  const [train, test] = sizesOf(samples, options.trainSize, options.testSize);
  const random = new RandomStream(options.seed ?? nextSeed(), stream);
  const [trainAt, testAt] = options.stratify
    ? stratified(options, samples, train, test, random)
    : inOrder(options.shuffle, samples, train, test, random);
  return arrays.flatMap((array) => [pick(array, trainAt), pick(array, testAt)]);
}

function requireSplittable(given: unknown): Splittable {
  if (given instanceof Tensor ? given.rank > 0 : Array.isArray(given) || isNumericArray(given)) {
    return given as Splittable;
  }
  throw new LanegradError(`${where}: takes tensors and arrays of samples; got ${shown(given)}.`);
}

const samplesOf = (array: Splittable): number => (array instanceof Tensor ? array.shape[0] : array.length);

/** How many samples either part has. */
function sizesOf(
  samples: number,
  trainSize: number | undefined,
  testSize: number | undefined,
): [number, number] {
  const countOf = (name: string, size: number): number => {
    if (size < 1 || Number.isInteger(size)) return size < 1 ? size * samples : size;
    throw new LanegradError(`${where}: ${name} must be a share below 1 or a whole number; got ${size}.`);
  };
  const wanted = trainSize === undefined ? undefined : Math.floor(countOf('trainSize', trainSize) + 1e-9);
  const test =
    testSize === undefined && wanted !== undefined
      ? samples - wanted
      : shareOf(1, countOf('testSize', testSize ?? 0.25));
  const train = wanted ?? samples - test;
  if (train > 0 && test > 0 && train + test <= samples) return [train, test];
  throw new LanegradError(
    `${where}: ${samples} samples cannot be split into ${train} to train with and ${test} to test with.`,
  );
}

type Places = readonly [train: ArrayLike<number>, test: ArrayLike<number>];

function inOrder(
  shuffle: boolean,
  samples: number,
  train: number,
  test: number,
  random: RandomStream,
): Places {
  const order = Uint32Array.from({ length: samples }, (_, i) => i);
  if (!shuffle) return [order.subarray(0, train), order.subarray(train, train + test)];
  random.shuffle(order);
  return [order.subarray(test, test + train), order.subarray(0, test)];
}

/** Of each class so many samples for either part as its share of all is. */
function stratified(
  { shuffle, stratify }: { readonly shuffle: boolean; readonly stratify: Splittable | undefined },
  samples: number,
  train: number,
  test: number,
  random: RandomStream,
): Places {
  if (!shuffle) throw new LanegradError(`${where}: stratify needs shuffle, which is false.`);
  const members = membersByClass(stratify!, samples);
  const counts = members.map(({ length }) => length);
  if (counts.includes(1)) {
    throw new LanegradError(
      `${where}: a class has 1 sample, and cannot stand in both parts. Leave its sample out, or do without stratify.`,
    );
  }
  if (Math.min(train, test) < counts.length) {
    throw new LanegradError(
      `${where}: ${train} to train with and ${test} to test with are too few for ${counts.length} classes.`,
    );
  }
  const toTrain = shared(counts, train, random);
  const toTest = shared(
    counts.map((count, i) => count - toTrain[i]),
    test,
    random,
  );
  for (const places of members) random.shuffle(places);
  const parts = [
    members.map((places, i) => places.subarray(0, toTrain[i])),
    members.map((places, i) => places.subarray(toTrain[i], toTrain[i] + toTest[i])),
  ].map((classes) => Uint32Array.from(classes.flatMap((places) => Array.from(places))));
  for (const part of parts) random.shuffle(part);
  return [parts[0], parts[1]];
}

/** Which samples are of each class. */
function membersByClass(classes: Splittable, samples: number): Uint32Array[] {
  const keys: readonly unknown[] = Array.from(
    classes instanceof Tensor ? (classes.arraySync() as unknown[]) : (classes as ArrayLike<unknown>),
    (each) => (typeof each === 'object' ? JSON.stringify(each) : each),
  );
  if (keys.length !== samples) {
    throw new LanegradError(
      `${where}: stratify must be a class for each of ${samples} samples; got ${keys.length}.`,
    );
  }
  const members = new Map<unknown, number[]>();
  for (const [i, key] of keys.entries()) {
    const places = members.get(key);
    if (places) places.push(i);
    else members.set(key, [i]);
  }
  return [...members.values()].map((places) => Uint32Array.from(places));
}

/** `wanted` shared in proportion to counts: what is left after rounding down goes where most was cut off. */
function shared(counts: readonly number[], wanted: number, random: RandomStream): number[] {
  const all = counts.reduce((a, b) => a + b);
  const exact = counts.map((count) => (count * wanted) / all);
  const result = exact.map(Math.floor);
  const order = Uint32Array.from(counts, (_, i) => i);
  random.shuffle(order);
  const cut = (i: number) => exact[i] - result[i];
  const byRest = Array.from(order).sort((a, b) => cut(b) - cut(a));
  const left = wanted - result.reduce((a, b) => a + b);
  for (const i of byRest.slice(0, left)) result[i]++;
  return result;
}

/** The samples at some places. */
function pick(array: Splittable, places: ArrayLike<number>): Splittable {
  if (array instanceof Tensor) {
    const { shape, dtype } = array;
    const size = array.size / Math.max(1, shape[0]);
    const source = array.computed();
    const data = allocate(dtype, places.length * size);
    for (let i = 0; i < places.length; i++) {
      data.set(source.subarray(places[i] * size, (places[i] + 1) * size), i * size);
    }
    return new Tensor(data, [places.length, ...shape.slice(1)], dtype);
  }
  if (Array.isArray(array)) return Array.from(places, (place) => array[place]);
  const typed = array as NumericArray;
  const result = new (typed.constructor as new (length: number) => NumericArray)(places.length);
  for (let i = 0; i < places.length; i++) result[i] = typed[places[i]];
  return result;
}
