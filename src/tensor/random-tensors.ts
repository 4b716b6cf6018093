// Tensors of random numbers: data, and weights made by hand. Seeded, with the same bits on every engine.

import { LanegradError } from '../errors.ts';
import { randomUniform as randomUniformOf } from '../graph/ops/random-uniform.ts';
import { log, pow } from '../numeric/elementary.ts';
import { lastFloatBetween } from '../numeric/floats.ts';
import { requireArgument } from '../options/arguments.ts';
import { number, positive, readAs } from '../options/kinds.ts';
import { RandomStream } from '../random/random-stream.ts';
import { nextSeed, seedWord } from '../random/seed.ts';
import { wordsOfKey } from '../state/random-state.ts';
import { checkDataType, convertMade, type DataType, numbersAt } from './data-type.ts';
import type { Rank } from './rank.ts';
import { count } from './scopes.ts';
import { checkShape, sizeOf } from './shape.ts';
import { Tensor } from './tensor.ts';

/** Keeps them apart from all else that one seed fixes: the letters 'tens'. */
const tensorStream = 0x74656e73;

export { belowTwoSigma } from '../random/normal-quantiles.ts';

/** What a sequence begins with. */
export type Seed = number | string | null;

/** The seed; undefined where none is given. */
export function checkedSeed(seed: Seed | undefined): number | string | undefined {
  if (seed !== undefined && seed !== null) requireArgument('seed', 'numberOrText', seed);
  return seed ?? undefined;
}

/**
 * Uniform numbers in [0, 1) that the program draws which needs them. Which they are is settled now.
 * @param stream other numbers of the same seed
 */
export function uniformLater(
  seed: Seed | undefined,
  shape: readonly number[],
  stream: number = tensorStream,
): Tensor {
  const key = seedWord(checkedSeed(seed) ?? nextSeed());
  const state = new Tensor(wordsOfKey(key, stream), [4], 'int32');
  return randomUniformOf(state, { shape, stream: 0, seed: -1 }) as Tensor;
}

function drawn<R extends Rank>(
  where: string,
  shape: readonly number[],
  dtype: DataType | null | undefined,
  seed: Seed | undefined,
  draw: (random: RandomStream) => number,
): Tensor<R> {
  const type = dtype ?? 'float32';
  checkShape(where, shape);
  checkDataType(where, type);
  const random = new RandomStream(checkedSeed(seed) ?? nextSeed(), tensorStream);
  const values = numbersAt(sizeOf(shape), () => draw(random));
  return count(new Tensor(convertMade(where, values, type), shape, type));
}

/** @throws LanegradError unless a distribution of floats and integers is asked for as such. */
export function requireNoBools(where: string, dtype: DataType | null | undefined): void {
  if (dtype !== 'bool') return;
  throw new LanegradError(`${where}: Unsupported data type ${dtype}; take float32 or int32.`);
}

/** A number as a type holds it: for integers the nearest one. */
const fit = (dtype: DataType | null | undefined): ((value: number) => number) =>
  (dtype ?? 'float32') === 'float32' ? (value) => value : Math.round;

/**
 * Uniform numbers from `minval` to below `maxval`.
 * @param dtype default: float32; for integers and bools fractions are dropped
 * @param seed default: the next of `setSeed`'s sequence
 */
export function randomUniform<R extends Rank = Rank>(
  shape: readonly number[],
  minval: number,
  maxval: number,
  dtype?: DataType | null,
  seed?: Seed,
): Tensor<R> {
  const isFloat = (dtype ?? 'float32') === 'float32';
  const last = lastFloatBetween(minval, maxval);
  return drawn('randomUniform', shape, dtype, seed, (random) => {
    const value = minval + (maxval - minval) * random.uniform();
    // Rounded to single precision, a number may be maxval.
    return isFloat && maxval > minval ? Math.min(Math.fround(value), last) : value;
  });
}

/** A function of normal numbers. @param draw one of mean 0 and standard deviation 1 */
const normals =
  (where: string, draw: (random: RandomStream) => number) =>
  <R extends Rank = Rank>(
    shape: readonly number[],
    mean: number,
    stdDev: number,
    dtype?: DataType | null,
    seed?: Seed,
  ): Tensor<R> => {
    const fitting = fit(dtype);
    return drawn(where, shape, dtype, seed, (random) => fitting(mean + stdDev * draw(random)));
  };

/**
 * Normal numbers.
 * @param stdDev standard deviation
 * @param dtype default: float32; integers are the nearest
 * @param seed default: the next of `setSeed`'s sequence
 */
export const randomNormal = /* @__PURE__ */ normals('randomNormal', (random) => random.normal());

/** As `randomNormal`, without what is more than two standard deviations from the mean. */
export const truncatedNormal = /* @__PURE__ */ normals('truncatedNormal', (random) =>
  random.truncatedNormal(),
);

/**
 * Numbers of the gamma distribution of shape `alpha` and rate `beta`: their mean is alpha / beta.
 * G. Marsaglia and W. W. Tsang, "A simple method for generating gamma variables", 2000.
 * @param beta default: 1
 * @param dtype default: float32; integers are the nearest
 */
export function randomGamma<R extends Rank = Rank>(
  shape: readonly number[],
  alpha: number,
  beta?: number | null,
  dtype?: DataType | null,
  seed?: Seed,
): Tensor<R> {
  requireNoBools('randomGamma', dtype);
  readAs(positive, 'randomGamma: alpha', alpha);
  const rate = readAs(positive, 'randomGamma: beta', beta ?? 1);
  const fitting = fit(dtype);
  return drawn('randomGamma', shape, dtype, seed, (random) => fitting(gamma(random, alpha) / rate));
}

/** A number of the gamma distribution of rate 1. */
function gamma(random: RandomStream, alpha: number): number {
  // A shape below 1 is that of one more, times U^(1/alpha).
  if (alpha < 1) return gamma(random, alpha + 1) * pow(1 - random.uniform(), 1 / alpha);
  const d = alpha - 1 / 3;
  for (;;) {
    const x = random.normal();
    const root = 1 + x / Math.sqrt(9 * d);
    const v = root * root * root;
    if (v > 0 && log(1 - random.uniform()) < x * x * 0.5 + d * (1 - v + log(v))) return d * v;
  }
}

/**
 * A tensor of what a function gives, called once for each element.
 * @param dtype default: float32
 */
export function rand<R extends Rank = Rank>(
  shape: readonly number[],
  randFunction: () => number,
  dtype?: DataType | null,
): Tensor<R> {
  const type = dtype ?? 'float32';
  checkShape('rand', shape);
  checkDataType('rand', type);
  requireArgument('rand: randFunction', 'function', randFunction);
  const values = numbersAt(sizeOf(shape), () =>
    readAs(number, 'rand: what randFunction gives', randFunction()),
  );
  return count(new Tensor(convertMade('rand', values, type), shape, type));
}
