// Functions that make one number of many, along axes; and running sums and products along an axis.

import type { Value } from '../graph/graph.ts';
import type { Axes } from '../graph/ops/broadcasting.ts';
import * as broadcasting from '../graph/ops/broadcasting.ts';
import * as ops from '../graph/ops/reductions.ts';
import * as scans from '../graph/ops/scans.ts';
import * as statistics from '../graph/ops/statistics.ts';
import * as largest from '../graph/ops/top-k.ts';
import { formatShape, normalizeAxis } from '../graph/shape.ts';
import { lift, liftAlike } from './lift.ts';

const reduced = ['x', 'axis?:axes', 'keepDims?:flag'];
const scanned = ['x', 'axis?:axis', 'exclusive?:flag', 'reverse?:flag'];
const along = ['x', 'axis?:axis'];
const truths = ['x:bool', 'axis?:axes', 'keepDims?:flag'];

export const all = lift('all', truths, ops.all);
export const any = lift('any', truths, ops.any);
export const argMax = lift('argMax', along, indexAlong('argMax', ops.argMax));
export const argMin = lift('argMin', along, indexAlong('argMin', ops.argMin));
export const cumprod = lift('cumprod', scanned, scans.cumprod);
export const cumsum = lift('cumsum', scanned, scans.cumsum);
export const logSumExp = lift('logSumExp', reduced, statistics.logSumExp);
/** The root of the sum of squares over axes, all by default; these go, or stay with size 1 where `keepDims`. */
export const euclideanNorm = lift('euclideanNorm', reduced, (value: Value, axes?: Axes, keepDims = false) =>
  statistics.norm(value, 'euclidean', axes, keepDims),
);
export const max = lift('max', reduced, ops.max);
export const mean = lift('mean', reduced, ops.mean);
export const min = lift('min', reduced, ops.min);
export const moments = lift('moments', reduced, statistics.moments);
export const norm = lift('norm', ['x', 'ord?:numberOrText', 'axis?:axes', 'keepDims?:flag'], statistics.norm);
export const prod = lift('prod', reduced, ops.prod);
export const sum = lift('sum', reduced, broadcasting.sum);
export const topk = liftAlike('topk', ['x', 'k?:integer', 'sorted?:flag'], largest.topk);
export const variance = lift('variance', reduced, ops.variance);

/** An index needs something to point to. */
function indexAlong(name: string, build: typeof ops.argMax): typeof ops.argMax {
  return (value: Value, axis = 0) => {
    const along = normalizeAxis(name, axis, value.rank);
    if (value.shape[along] !== 0) return build(value, along);
    throw value.graph.error(`${name}: axis ${along} of shape ${formatShape(value.shape)} is empty.`);
  };
}
