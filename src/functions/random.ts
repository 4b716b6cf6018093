// Random numbers: tensors of them at once or, in the call of a model that is being traced, drawn anew in every step.

import { LanegradError } from '../errors.ts';
import { Graph, type Value } from '../graph/graph.ts';
import { sum } from '../graph/ops/broadcasting.ts';
import { asFloat, asInt32, integerConstant } from '../graph/ops/conversion.ts';
import {
  add,
  cast,
  greaterEqual,
  maximum,
  minimum,
  mul,
  type Operand,
  sub,
} from '../graph/ops/elementwise.ts';
import { normalQuantile } from '../graph/ops/normal-quantile.ts';
import { round, trunc } from '../graph/ops/rounding.ts';
import { cumsum } from '../graph/ops/scans.ts';
import { softmax } from '../graph/ops/softmax.ts';
import { reshape } from '../graph/ops/sources.ts';
import { type Shape, sizeOf } from '../graph/shape.ts';
import { lastFloatBetween } from '../numeric/floats.ts';
import { requireNumbers } from '../options/arguments.ts';
import { Trace } from '../state/trace.ts';
import { checkDataType, type DataType } from '../tensor/data-type.ts';
import * as drawn from '../tensor/random-tensors.ts';
import type { Rank, ShapeFor } from '../tensor/rank.ts';
import { count } from '../tensor/scopes.ts';
import { checkShape } from '../tensor/shape.ts';
import { modelTrace, Tensor } from '../tensor/tensor.ts';
import { lift } from './lift.ts';

type Seed = drawn.Seed;

/** Uniform numbers in [0, 1) as a value of a graph. */
function uniformIn(graph: Graph, shape: Shape, seed: Seed | undefined): Value {
  const trace = Trace.running;
  if (trace && trace.graph === graph) return trace.randomUniform(shape, drawn.checkedSeed(seed));
  return drawn.uniformLater(seed, shape);
}

/** Random numbers that are asked for. */
interface Draw {
  readonly where: string;
  readonly shape: Shape;
  readonly dtype: DataType | null | undefined;
  readonly seed: Seed | undefined;
  /** None of them is larger in size. */
  readonly bound: number;
  /** Makes them of uniform numbers in [0, 1). */
  of(uniform: Value): Value;
  /** Makes them whole numbers, where the type is of such. */
  whole(x: Value): Value;
  /** Draws them one by one. */
  atOnce(): Tensor;
}

/** Fewer numbers than this are drawn at once: that takes no longer than finding the program that needs them. */
const leastForProgram = 1024;
/** Programs draw floats; those so large have few bits behind the point, by which some whole numbers come more often than others. */
const largestWhole = 2 ** 14;

function asWanted(wanted: Draw, type: Exclude<DataType, 'uint8'>, uniform: Value): Value {
  const numbers = wanted.of(uniform);
  return cast(type === 'float32' ? numbers : wanted.whole(numbers), type);
}

/** A model's program draws them anew in every step. */
function draw<R extends Rank>(wanted: Draw): Tensor<R> {
  const { where, seed } = wanted;
  const shape = checkShape(where, wanted.shape);
  const trace = modelTrace();
  const type = wanted.dtype ?? 'float32';
  if (trace) {
    checkDataType(where, type);
    if (type === 'uint8')
      throw new LanegradError(`${where}: Unsupported data type ${type} while a model is traced.`);
    return asWanted(wanted, type, trace.randomUniform(shape, drawn.checkedSeed(seed))) as Tensor<R>;
  }
  const isOfFloats = type === 'float32' || (type === 'int32' && wanted.bound <= largestWhole);
  if (!isOfFloats || sizeOf(shape) < leastForProgram) return wanted.atOnce() as Tensor<R>;
  return count(asWanted(wanted, type, drawn.uniformLater(seed, shape)) as Tensor<R>);
}

/** A number in a graph. In a script's it is a tensor: programs are found again whatever it is. */
const numberIn = (graph: Graph, value: number): Operand =>
  graph.isOfScript ? new Tensor(Float32Array.of(value), [], 'float32') : value;

function scaled(x: Value, scale: number, shift: number): Value {
  if (scale === 1 && shift === 0) return x;
  return add(mul(x, numberIn(x.graph, scale)), numberIn(x.graph, shift));
}

/** Uniform numbers between bounds: what is rounded to the upper one is the float before it. */
function between(uniform: Value, min: number, max: number): Value {
  const { graph } = uniform;
  const last = lastFloatBetween(min, max);
  // The width of bounds far apart is no float.
  const numbers = Number.isFinite(Math.fround(max - min))
    ? scaled(uniform, max - min, min)
    : add(mul(sub(1, uniform), numberIn(graph, min)), mul(uniform, numberIn(graph, last)));
  if (numbers === uniform || min >= max) return numbers;
  return minimum(numbers, numberIn(graph, last));
}

/**
 * Uniform numbers in [0, 1) as a value of a graph, drawn anew in every step: `randomUniform(x.graph, x.shape)` in a
 * layer's `call`.
 * @param seed takes the place of the seed of `fit`
 * @throws LanegradError outside of a layer's call.
 */
export function randomUniform(graph: Graph, shape: readonly number[], seed?: number): Value;
/**
 * A tensor of uniform numbers from `minval` (default: 0) to below `maxval` (default: 1); for integers and bools
 * fractions are dropped.
 * @param seed default: the next of `setSeed`'s sequence
 */
export function randomUniform<R extends Rank = Rank>(
  shape: ShapeFor<R>,
  minval?: number | null,
  maxval?: number | null,
  dtype?: DataType | null,
  seed?: Seed,
): Tensor<R>;
export function randomUniform(
  first: Graph | readonly number[],
  second?: readonly number[] | number | null,
  third?: number | null,
  dtype?: DataType | null,
  seed?: Seed,
): Value | Tensor {
  if (first instanceof Graph)
    return Trace.current.randomUniform(second as readonly number[], third ?? undefined);
  const [minval, maxval] = [(second as number | null | undefined) ?? 0, third ?? 1];
  requireNumbers('randomUniform', { minval, maxval });
  return draw({
    ...{ where: 'randomUniform', shape: first, dtype, seed, whole: trunc },
    bound: Math.max(Math.abs(minval), Math.abs(maxval)),
    of: (uniform) => between(uniform, minval, maxval),
    atOnce: () => drawn.randomUniform(first, minval, maxval, dtype, seed),
  });
}

/** `randomUniform` of whole numbers, from `minval` to below `maxval`. */
export const randomUniformInt = <R extends Rank = Rank>(
  shape: ShapeFor<R>,
  minval: number,
  maxval: number,
  seed?: Seed,
): Tensor<R> => randomUniform(shape, minval, maxval, 'int32', seed);

interface Normals {
  readonly shape: Shape;
  readonly mean: number | null | undefined;
  readonly stdDev: number | null | undefined;
  readonly dtype: DataType | null | undefined;
  readonly seed: Seed | undefined;
}

/** @param quantile makes numbers of mean 0 and standard deviation 1 of uniform ones */
function normals<R extends Rank>(
  where: string,
  given: Normals,
  quantile: (uniform: Value) => Value,
  oneByOne: typeof drawn.randomNormal,
): Tensor<R> {
  const { shape, dtype, seed } = given;
  const [mean, stdDev] = [given.mean ?? 0, given.stdDev ?? 1];
  requireNumbers(where, { mean, stdDev });
  drawn.requireNoBools(where, dtype);
  return draw({
    ...{ where, shape, dtype, seed, whole: round },
    bound: Math.abs(mean) + 6.5 * Math.abs(stdDev),
    of: (uniform) => scaled(quantile(uniform), stdDev, mean),
    atOnce: () => oneByOne(shape, mean, stdDev, dtype, seed),
  });
}

/** The quantile of what lies within two standard deviations: rounded, the ends may be beyond. */
const truncatedQuantile = (uniform: Value): Value =>
  maximum(
    minimum(normalQuantile(add(mul(uniform, 1 - 2 * drawn.belowTwoSigma), drawn.belowTwoSigma)), 2),
    -2,
  );

/**
 * Normal numbers.
 * @param mean default: 0
 * @param stdDev standard deviation. Default: 1
 * @param dtype default: float32; integers are the nearest
 * @param seed default: the next of `setSeed`'s sequence
 */
export function randomNormal<R extends Rank = Rank>(
  shape: ShapeFor<R>,
  mean?: number | null,
  stdDev?: number | null,
  dtype?: DataType | null,
  seed?: Seed,
): Tensor<R> {
  return normals('randomNormal', { shape, mean, stdDev, dtype, seed }, normalQuantile, drawn.randomNormal);
}

/** `randomNormal` of mean 0 and standard deviation 1. */
export const randomStandardNormal = <R extends Rank = Rank>(
  shape: ShapeFor<R>,
  dtype?: DataType | null,
  seed?: Seed,
): Tensor<R> => randomNormal(shape, 0, 1, dtype, seed);

/** As `randomNormal`, without what is more than two standard deviations from the mean. */
export function truncatedNormal<R extends Rank = Rank>(
  shape: ShapeFor<R>,
  mean?: number | null,
  stdDev?: number | null,
  dtype?: DataType | null,
  seed?: Seed,
): Tensor<R> {
  const given = { shape, mean, stdDev, dtype, seed };
  return normals('truncatedNormal', given, truncatedQuantile, drawn.truncatedNormal);
}

/**
 * Numbers of the gamma distribution of shape `alpha` and rate `beta` (default: 1): their mean is alpha / beta.
 * @throws LanegradError while a model is traced: they are drawn by trial and error.
 */
export function randomGamma<R extends Rank = Rank>(
  shape: ShapeFor<R>,
  alpha: number,
  beta?: number | null,
  dtype?: DataType | null,
  seed?: Seed,
): Tensor<R> {
  if (!modelTrace()) return drawn.randomGamma(shape, alpha, beta, dtype, seed);
  throw new LanegradError(
    'randomGamma: cannot be drawn in every step of a traced model; draw outside and give the numbers as an input.',
  );
}

export { rand } from '../tensor/random-tensors.ts';

/**
 * Numbers of outcomes drawn at random: int32 [numSamples], or [batch, numSamples] for each row.
 * @param logits [outcomes] or [batch, outcomes]: logarithms of what is proportional to the probabilities
 * @param normalized whether these are probabilities themselves; default: false
 */
export const multinomial = lift(
  'multinomial',
  ['logits', 'numSamples:size', 'seed?:numberOrText', 'normalized?:flag'],
  (logits: Value, numSamples: number, seed?: Seed, normalized = false) => {
    const { graph, rank, size, shape } = logits;
    if (size < 2) {
      throw graph.error(`Error in multinomial: you need at least 2 outcomes, but got ${size}.`);
    }
    if (rank > 2) {
      throw graph.error(`multinomial: Rank of probabilities must be 1 or 2, but is ${rank}.`);
    }
    const rows = reshape(asFloat(logits), [-1, shape[rank - 1]]);
    const [batch, outcomes] = rows.shape;
    const upTo = cumsum(normalized ? rows : softmax(rows), 1);
    const uniform = uniformIn(graph, [batch, numSamples], seed);
    const isPast = greaterEqual(
      reshape(uniform, [batch, numSamples, 1]),
      reshape(upTo, [batch, 1, outcomes]),
    );
    // Rounded, the last sum may be below 1.
    const found = minimum(sum(asInt32(isPast), 2), integerConstant(graph, outcomes - 1));
    return rank === 1 ? reshape(found, [numSamples]) : found;
  },
);

/**
 * x with a share `rate` of its elements set to 0 and the others divided by 1 − rate.
 * @param noiseShape axes of size 1 share one draw; default: x's shape
 */
export const dropout = lift(
  'dropout',
  ['x', 'rate:number', 'noiseShape?:openShape', 'seed?:numberOrText'],
  (x: Value, rate: number, noiseShape?: readonly (number | null)[], seed?: Seed) => {
    if (x.dtype !== 'float32') {
      throw x.graph.error(
        `dropout: x has to be a floating point tensor since it's going to be scaled, but got a ${x.dtype} tensor instead.`,
      );
    }
    if (!(rate >= 0 && rate < 1)) {
      throw x.graph.error(`dropout: rate must be a float in the range [0, 1), but got ${rate}.`);
    }
    if (rate === 0) return x;
    const shape = checkShape('dropout', maskShape(x, noiseShape));
    const isKept = greaterEqual(uniformIn(x.graph, shape, seed), rate);
    return mul(x, mul(asFloat(isKept), 1 / (1 - rate)));
  },
);

/** Open sizes of a mask are x's. */
function maskShape(x: Value, noiseShape: readonly (number | null)[] | undefined): Shape {
  if (!noiseShape) return x.shape;
  if (noiseShape.length !== x.rank) return noiseShape.map((size) => size ?? 1);
  return noiseShape.map((size, axis) => size ?? x.shape[axis]);
}
