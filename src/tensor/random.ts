// Tensors of random numbers: data, and weights made by hand. Seeded, with the same bits on every engine.

import { RandomStream } from '../random/random.ts';
import { nextSeed } from '../random/seed.ts';
import { checkDataType, convert, type DataType } from './data-type.ts';
import { count } from './scopes.ts';
import { checkShape, sizeOf } from './shape.ts';
import { Tensor } from './tensor.ts';

/** Keeps them apart from all else that one seed fixes: the letters 'tens'. */
const tensorStream = 0x74656e73;

function drawn(
  where: string,
  shape: readonly number[],
  dtype: DataType,
  seed: number | undefined,
  draw: (random: RandomStream) => number,
): Tensor {
  checkShape(where, shape);
  checkDataType(where, dtype);
  const random = new RandomStream(seed ?? nextSeed(), tensorStream);
  const values = Float64Array.from({ length: sizeOf(shape) }, () => draw(random));
  return count(new Tensor(convert(where, values, dtype), shape, dtype));
}

/**
 * Uniform numbers from `minval` to below `maxval`.
 * @param minval default: 0
 * @param maxval default: 1
 * @param dtype default: float32; for integers fractions are dropped
 * @param seed default: the next of `setSeed`'s sequence
 */
export function randomUniform(
  shape: readonly number[],
  minval = 0,
  maxval = 1,
  dtype: DataType = 'float32',
  seed?: number,
): Tensor {
  return drawn('randomUniform', shape, dtype, seed, (random) => {
    let value: number;
    // Rounded to single precision, a number may be maxval.
    do value = minval + (maxval - minval) * random.uniform();
    while (dtype === 'float32' && maxval > minval && Math.fround(value) >= maxval);
    return value;
  });
}

/**
 * Normal numbers.
 * @param mean default: 0
 * @param stdDev standard deviation. Default: 1
 * @param dtype default: float32; for integers fractions are dropped
 * @param seed default: the next of `setSeed`'s sequence
 */
export function randomNormal(
  shape: readonly number[],
  mean = 0,
  stdDev = 1,
  dtype: DataType = 'float32',
  seed?: number,
): Tensor {
  return drawn('randomNormal', shape, dtype, seed, (random) => mean + stdDev * random.normal());
}

/** As `randomNormal`, without what is more than two standard deviations from the mean. */
export function truncatedNormal(
  shape: readonly number[],
  mean = 0,
  stdDev = 1,
  dtype: DataType = 'float32',
  seed?: number,
): Tensor {
  return drawn('truncatedNormal', shape, dtype, seed, (random) => mean + stdDev * random.truncatedNormal());
}
