// Entries by their numbers, and arrays made of entries at given places.

import type { Value } from '../graph/graph.ts';
import { greater } from '../graph/ops/elementwise.ts';
import * as ops from '../graph/ops/gather.ts';
import { formatShape, fromFront, normalizeAxis, type Shape } from '../graph/shape.ts';
import { maxElements } from '../options/arguments.ts';
import { countedAs } from '../tensor/data-type.ts';
import { Tensor } from '../tensor/tensor.ts';
import { lift, liftAlike, liftOfRank } from './lift.ts';

/**
 * A copy of the entries along `axis` that `indices` names, in that order. The shape of `indices` takes the place of the
 * axis: rows [0, 2] of a [5, 3] are a [2, 3].
 * @param axis default: 0
 * @param batchDims how many leading axes x and indices have in common, counted from the indices' last where negative;
 *   default: 0
 * @throws LanegradError when an index is not one of the axis, where the indices' numbers are known.
 */
export const gather = liftAlike(
  'gather',
  ['x', 'indices:int32', 'axis?:integer', 'batchDims?:integer'],
  (x: Value, indices: Value, axis = 0, batchDims = 0) => {
    const along = normalizeAxis('gather', axis, x.rank);
    const common = fromFront(batchDims, indices.rank);
    requireCommonAxes(x, indices, along, common);
    requireInside(x, indices, along);
    return ops.gather(x, indices, along, common);
  },
);

/** @throws LanegradError unless x and indices have their first axes in common, and these come before `axis`. */
function requireCommonAxes(x: Value, indices: Value, axis: number, batchDims: number): void {
  const fail = (problem: string) => x.graph.error(`gather: ${problem}.`);
  if (!(batchDims >= 0 && batchDims <= indices.rank)) {
    throw fail(`Expect batchDims in the range of [0, ${indices.rank}], but got ${batchDims}`);
  }
  if (batchDims > axis) {
    throw fail(`batchDims (${batchDims}) must be less than or equal to axis (${axis})`);
  }
  for (let i = 0; i < batchDims; i++) {
    if (x.shape[i] === indices.shape[i]) continue;
    throw fail(`x.shape[${i}]: ${x.shape[i]} should be equal to indices.shape[${i}]: ${indices.shape[i]}`);
  }
}

/**
 * Of indices, as far as they are known, the first place that is not of the first axes of a shape, if there is one.
 * @param depth how many numbers make a place
 */
function firstOutside(indices: Value, shape: Shape, depth = 1): ArrayLike<number> | undefined {
  const numbers = (indices instanceof Tensor && indices.numbers) || [];
  // In a loop: calls of a function for each number took longer than to gather.
  for (let start = 0; start < numbers.length; start += depth) {
    for (let axis = 0; axis < depth; axis++) {
      const index = numbers[start + axis];
      if (index < 0 || index >= shape[axis]) return numbers.slice(start, start + depth);
    }
  }
  return undefined;
}

/** @throws LanegradError when an index, as far as it is known, is not one of the axis. */
function requireInside(x: Value, indices: Value, along: number): void {
  const size = x.shape[along];
  const wrong = firstOutside(indices, [size]);
  if (!wrong) return;
  throw x.graph.error(
    `gather: GatherV2: the index value ${wrong} is not in [0, ${size - 1}], axis ${along} of shape ${formatShape(x.shape)}.`,
  );
}

/** @throws LanegradError when a place, as far as it is known, is not of the first axes of a shape. */
function requirePlaces(name: string, indices: Value, depth: number, shape: Shape): void {
  const wrong = firstOutside(indices, shape, depth);
  if (!wrong) return;
  throw indices.graph.error(`${name}: Invalid indices: ${wrong} does not index into ${formatShape(shape)}.`);
}

/**
 * Slices of x by indices [..., k] of its first k axes: [..., rest of x].
 * @throws LanegradError when indices lie outside, where their numbers are known.
 */
export const gatherND = lift('gatherND', ['x', 'indices:int32'], (x: Value, indices: Value) => {
  const slices = ops.gatherND(x, indices);
  requirePlaces('gatherND', indices, indices.shape[indices.rank - 1], x.shape);
  return slices;
});

/** How many numbers make a place of indices [..., k], or [n]. */
const depthOf = ({ rank, shape }: Value): number => (rank === 1 ? 1 : shape[rank - 1]);

/**
 * An array of `shape` that holds the sums of updates [..., rest] at indices [..., k], zeros elsewhere; of bools, whether
 * any is true.
 * @throws LanegradError when indices lie outside, where their numbers are known.
 */
export const scatterND = liftOfRank(
  'scatterND',
  ['indices:int32', 'updates', 'shape:shape'],
  (indices: Value, updates: Value, shape: Shape) => {
    const sums = ops.scatterND(indices, updates, shape);
    requirePlaces('scatterND', indices, depthOf(indices), shape);
    return updates.dtype === 'bool' ? greater(sums, 0) : sums;
  },
);

/** x with updates [..., rest] in place of what is at indices [..., k]; the last of several for one place. */
export const tensorScatterUpdate = liftOfRank(
  'tensorScatterUpdate',
  ['tensor', 'indices:int32', 'updates'],
  (tensor: Value, indices: Value, updates: Value) => {
    if (countedAs(tensor.dtype) !== countedAs(updates.dtype)) {
      throw tensor.graph.error(
        `tensorScatterUpdate: tensor and updates must have one dtype; got ${tensor.dtype} and ${updates.dtype}.`,
      );
    }
    const updated = ops.tensorScatterUpdate(tensor, indices, updates);
    requirePlaces('tensorScatterUpdate', indices, depthOf(indices), tensor.shape);
    return updated;
  },
);

/** Slices of x summed by the segment that each belongs to: [numSegments, ...]. A segment below 0 belongs nowhere. */
export const unsortedSegmentSum = liftAlike(
  'unsortedSegmentSum',
  ['x', 'segmentIds:int32', 'numSegments:number'],
  (x: Value, segmentIds: Value, numSegments: number) => {
    if (!Number.isInteger(numSegments)) {
      throw x.graph.error(`unsortedSegmentSum: numSegments must be of dtype int; got ${numSegments}.`);
    }
    return ops.unsortedSegmentSum(x, segmentIds, numSegments);
  },
);

const requireIntegers = (name: string, x: Value): void => {
  if (countedAs(x.dtype) === 'int32') return;
  throw x.graph.error(`Error in ${name}: input dtype must be int32, but got ${x.dtype}.`);
};

const requireCounts = (name: string, x: Value): void => {
  if (!firstOutside(x, [Infinity])) return;
  throw x.graph.error(`${name}: Input x must be non-negative!`);
};

const requireSize = (name: string, x: Value, size: number): void => {
  if (size >= 0 && size <= maxElements) return;
  throw x.graph.error(`Error in ${name}: size must be non-negative, but got ${size}.`);
};

const requireWeights = (name: string, x: Value, weights: Value): void => {
  if (weights.size === x.size || weights.size === 0) return;
  throw x.graph.error(
    `Error in ${name}: weights must have the same size as input or 0-length, but got input shape: ` +
      `${formatShape(x.shape)}, weights shape: ${formatShape(weights.shape)}.`,
  );
};

/** How often each of 0 to `size` − 1 occurs in x [n]; with weights of x's shape, the sums of these. */
export const bincount = liftAlike(
  'bincount',
  ['x:int32', 'weights', 'size:integer'],
  (x: Value, weights: Value, size: number) => {
    requireIntegers('bincount', x);
    requireCounts('bincount', x);
    requireSize('bincount', x, size);
    requireWeights('bincount', x, weights);
    return ops.bincount(x, weights, size);
  },
);

/**
 * `bincount` of x [n], or of each row of x [rows, n].
 * @param binaryOutput whether a number counts once only, without weights; default: false
 */
export const denseBincount = liftAlike(
  'denseBincount',
  ['x:int32', 'weights', 'size:integer', 'binaryOutput?:flag'],
  (x: Value, weights: Value, size: number, binaryOutput = false) => {
    requireIntegers('denseBincount', x);
    requireCounts('denseBincount', x);
    if (x.rank < 1 || x.rank > 2) {
      throw x.graph.error(
        `Error in denseBincount: input must be at most rank 2, but got rank ${x.rank}; give [n] or [rows, n].`,
      );
    }
    requireSize('denseBincount', x, size);
    requireWeights('denseBincount', x, weights);
    return ops.denseBincount(x, weights, size, binaryOutput);
  },
);
