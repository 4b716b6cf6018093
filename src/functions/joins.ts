// Tensors put together and taken apart: concat, stack, split, unstack, meshgrid.

import { LanegradError, shown } from '../errors.ts';
import type { Value } from '../graph/graph.ts';
import * as arrangement from '../graph/ops/arrangement.ts';
import * as movement from '../graph/ops/movement.ts';
import { formatShape, normalizeAxis } from '../graph/shape.ts';
import type { TensorArgument } from '../tensor/convert.ts';
import { countedAs } from '../tensor/data-type.ts';
import type { Rank } from '../tensor/rank.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { requireRank } from './arguments.ts';
import { type Giving, type KeepsRank, lift, liftAlike } from './lift.ts';

const list = ['…tensors', 'axis?:integer'];

const joined = (tensors: readonly Value[], axis = 0) => {
  if (tensors.length === 0) throw new LanegradError('concat: Pass at least one tensor to concat.');
  return movement.concat(tensors, axis);
};

/** Joins tensors along an axis, the first by default. */
export const concat = liftAlike('concat', list, joined);

// @__NO_SIDE_EFFECTS__
const concatOfRank = <R extends Rank>(rank: number): Giving<Tensor<R>, typeof joined> =>
  lift(`concat${rank}d`, list, (tensors: readonly Value[], axis = 0) => {
    for (const each of tensors) requireRank(`concat${rank}d: tensors must have rank ${rank}`, each, rank);
    return joined(tensors, axis);
  });

/** `concat` of tensors of one axis. */
export const concat1d = concatOfRank<Rank.R1>(1);
/** `concat` of tensors of two axes. */
export const concat2d = concatOfRank<Rank.R2>(2);
/** `concat` of tensors of three axes. */
export const concat3d = concatOfRank<Rank.R3>(3);
/** `concat` of tensors of four axes. */
export const concat4d = concatOfRank<Rank.R4>(4);

/** Tensors of one shape along a new axis, the first by default. */
export const stack = lift('stack', list, (tensors: readonly Value[], axis = 0) => {
  if (tensors.length === 0) throw new LanegradError('stack: Pass at least one tensor to stack.');
  const [{ rank, graph, dtype }] = tensors;
  const other = tensors.find((each) => countedAs(each.dtype) !== countedAs(dtype));
  if (other) throw graph.error(`stack: tensors must be of one type; got ${dtype} and ${other.dtype}.`);
  if (rank > 0 && axis > rank)
    throw graph.error(`stack: Axis must be <= rank of the tensor, ${rank}; got ${axis}.`);
  return arrangement.stack(tensors, axis);
});

/** The entries along an axis, the first by default, each without it. */
export const unstack = lift('unstack', ['x', 'axis?:integer'], (value: Value, axis = 0) => {
  const { rank, graph } = value;
  if (!(axis >= -rank && axis < rank)) {
    throw graph.error(`unstack: Axis = ${axis} is not in [-${rank}, ${rank}).`);
  }
  return arrangement.unstack(value, axis);
});

/** Parts along an axis, the first by default: as many of one size, or of the given sizes, of which one may be −1. */
export const split = lift(
  'split',
  ['x', 'numOrSizeSplits:axes', 'axis?:integer'],
  (value: Value, numOrSizeSplits: number | readonly number[], axis = 0) => {
    const size = value.shape[normalizeAxis('split', axis, value.rank)];
    if (typeof numOrSizeSplits === 'number') {
      if (!(numOrSizeSplits > 0) || size % numOrSizeSplits !== 0) {
        throw value.graph.error(
          `split: Number of splits must evenly divide the axis, which has ${size}; got ${numOrSizeSplits}.`,
        );
      }
    } else {
      const free = numOrSizeSplits.filter((each) => each === -1).length;
      if (free > 1) throw value.graph.error('split: There should be only one negative value in split array.');
      const known = numOrSizeSplits.reduce((sum, each) => sum + Math.max(each, 0), 0);
      if (free === 0 ? known !== size : known > size) {
        throw value.graph.error(
          `split: The sum of sizes must match the size of the axis dimension, ${size}; got ${formatShape(numOrSizeSplits)}.`,
        );
      }
    }
    return arrangement.split(value, numOrSizeSplits, axis);
  },
);

const grid = lift('meshgrid', ['x', 'y', 'indexing:text'], arrangement.meshgrid);
const column = lift('meshgrid', ['x'], (value: Value) => value);

/** What `meshgrid` may be told. */
export interface MeshgridOptions {
  /** 'xy': x along columns, y along rows; 'ij': x along rows. Default: 'xy'. */
  readonly indexing?: 'xy' | 'ij' | (string & {});
}

/**
 * The coordinates of a grid: x [n] along columns and y [m] along rows, each [m, n]; with indexing 'ij' each [n, m]. None
 * for none, and x alone where there is no y.
 */
export function meshgrid<T extends Tensor = Tensor>(
  x?: T | TensorArgument,
  y?: T | TensorArgument,
  options?: MeshgridOptions | null,
): T[] {
  const indexing: string = options?.indexing ?? 'xy';
  if (indexing !== 'xy' && indexing !== 'ij') {
    throw new LanegradError(
      `meshgrid: ${shown(indexing)} is not a valid third argument to meshgrid; take 'xy' or 'ij'.`,
    );
  }
  if (x === undefined) return [];
  if (y === undefined) return [column(x)];
  return grid<T>(x, y, indexing);
}

const listed = (others: Tensor | readonly TensorArgument[]): readonly TensorArgument[] =>
  [others].flat() as readonly TensorArgument[];

const joinedTo = (first: Tensor, others: Tensor | readonly TensorArgument[], axis?: number): Tensor =>
  concat([first, ...listed(others)], axis);

/** `concat` and `stack` as methods: of a tensor and another, or a list of others. */
export const joinsAsMethods = {
  concat: joinedTo as typeof joinedTo & KeepsRank,
  stack: (first: Tensor, others: Tensor | readonly TensorArgument[], axis?: number): Tensor =>
    stack([first, ...listed(others)], axis),
};
