// Normalization: batchNorm, localResponseNormalization, movingAverage.

import type { Value } from '../graph/graph.ts';
import { rsqrt } from '../graph/ops/arithmetic.ts';
import { add, div, mul, type Operand, pow, square, sub } from '../graph/ops/elementwise.ts';
import { pad, slice } from '../graph/ops/movement.ts';
import { constant } from '../graph/ops/sources.ts';
import { asBatch } from '../graph/ops/spatial.ts';
import { formatShape, sameShape } from '../graph/shape.ts';
import { countedAs } from '../tensor/data-type.ts';
import type { Rank } from '../tensor/rank.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { requireRank } from './arguments.ts';
import { type Giving, lift, liftAlike, type OfFirstRank } from './lift.ts';

const statistics = ['x', 'mean', 'variance', 'offset?', 'scale?', 'varianceEpsilon?:number'];

/** scale·(x − mean)/√(variance + ε) + offset */
function normalized(
  x: Value,
  mean: Value,
  variance: Value,
  offset?: Value,
  scale?: Value,
  varianceEpsilon = 0.001,
): Value {
  for (const [name, other] of Object.entries({ variance, offset, scale })) {
    if (!other || other.rank === mean.rank) continue;
    throw x.graph.error(
      `batchNorm: Batch normalization gradient requires mean and ${name} to have equal ranks; got ` +
        `${formatShape(mean.shape)} and ${formatShape(other.shape)}.`,
    );
  }
  const inverse = rsqrt(add(variance, varianceEpsilon));
  const scaled = mul(sub(x, mean), scale ? mul(inverse, scale) : inverse);
  return offset ? add(scaled, offset) : scaled;
}

/**
 * x with a mean and a variance taken off: scale·(x − mean)/√(variance + varianceEpsilon) + offset, each a vector along the
 * last axis, or of x's shape.
 * @param offset default: none
 * @param scale default: none
 * @param varianceEpsilon default: 0.001
 */
export const batchNorm = lift('batchNorm', statistics, normalized) as OfFirstRank<typeof normalized>;

// @__NO_SIDE_EFFECTS__
const batchNormOfRank = <R extends Rank>(rank: number): Giving<Tensor<R>, typeof normalized> =>
  lift('batchNorm', statistics, (...args: Parameters<typeof normalized>) => {
    const [x, mean, variance, offset, scale] = args;
    const where = `Error in batchNorm${rank}D:`;
    requireRank(`${where} x must be rank ${rank}`, x, rank);
    for (const [name, other] of Object.entries({ mean, variance, offset, scale })) {
      if (other) requireRank(`${where} ${name} must be rank ${rank} or rank 1`, other, rank, 1);
    }
    return normalized(...args);
  });

/** `batchNorm` of two axes. */
export const batchNorm2d = batchNormOfRank<Rank.R2>(2);
/** `batchNorm` of three axes. */
export const batchNorm3d = batchNormOfRank<Rank.R3>(3);
/** `batchNorm` of four axes. */
export const batchNorm4d = batchNormOfRank<Rank.R4>(4);

/**
 * Each channel of images divided by (bias + alpha·Σx²)^beta, the sum being over the channels up to `depthRadius` away.
 * A. Krizhevsky et al., 2012.
 * @param depthRadius default: 5
 * @param bias default: 1
 * @param alpha default: 1
 * @param beta default: 0.5
 */
export const localResponseNormalization = liftAlike(
  'localResponseNormalization',
  ['x', 'depthRadius?:number', 'bias?:number', 'alpha?:number', 'beta?:number'],
  (x: Value, depthRadius = 5, bias = 1, alpha = 1, beta = 0.5) => {
    requireRank('Error in localResponseNormalization: x must be rank 3 or 4', x, 3, 4);
    if (!Number.isInteger(depthRadius) || depthRadius < 0) {
      throw x.graph.error(
        `Error in localResponseNormalization: depthRadius must be an integer but got depthRadius ${depthRadius}.`,
      );
    }
    return asBatch('localResponseNormalization', x, 4, (images) => {
      const sums = neighbours(square(images), Math.min(depthRadius, images.shape[3]));
      return mul(images, pow(add(mul(sums, alpha), bias), -beta));
    });
  },
);

/** Σ over channels up to `radius` away. */
function neighbours(x: Value, radius: number): Value {
  const [batch, height, width, channels] = x.shape;
  const whole = pad(x, [
    [0, 0],
    [0, 0],
    [0, 0],
    [radius, radius],
  ]);
  const parts = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    slice(whole, [0, 0, 0, i], [batch, height, width, channels]),
  );
  return parts.reduce((a, b) => add(a, b));
}

/**
 * v moved towards x: v + (1 − decay)·(x − v); with `zeroDebias`, what is added is divided by 1 − decayˢᵗᵉᵖ.
 * @param zeroDebias default: true
 */
export const movingAverage = liftAlike(
  'movingAverage',
  ['v', 'x', 'decay', 'step?', 'zeroDebias?:flag'],
  (v: Value, x: Value, decay: Operand, step?: Operand, zeroDebias = true) => {
    if (countedAs(v.dtype) !== countedAs(x.dtype)) {
      throw v.graph.error(
        `movingAverage: The dtypes of the first(${v.dtype}) and second(${x.dtype}) input must match.`,
      );
    }
    if (!sameShape(v.shape, x.shape)) {
      throw v.graph.error(
        `movingAverage: Shape mismatch in v and x: ${formatShape(v.shape)} and ${formatShape(x.shape)}.`,
      );
    }
    const kept = typeof decay === 'number' ? constant(v.graph, [decay]) : decay;
    const change = mul(sub(x, v), sub(1, kept));
    if (!zeroDebias) return add(v, change);
    if (step === undefined) {
      throw v.graph.error('movingAverage: When using zeroDebias: true, step is required.');
    }
    return add(v, div(change, sub(1, pow(kept, step))));
  },
);
