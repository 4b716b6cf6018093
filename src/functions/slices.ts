// Parts of tensors: boxes, and every so many elements of an axis.

import type { Value } from '../graph/graph.ts';
import * as movement from '../graph/ops/movement.ts';
import { stridedSlice as strided } from '../graph/ops/strides.ts';
import { formatShape } from '../graph/shape.ts';
import type { Rank } from '../tensor/rank.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { requireRank } from './arguments.ts';
import { type Giving, lift, liftAlike } from './lift.ts';

type PerAxis = number | readonly number[];

const boxed = ['x', 'begin:axes', 'size?:axes'];
const masks = ['begin', 'end', 'ellipsis', 'newAxis', 'shrinkAxis'].map((what) => `${what}Mask?:integer`);

function box(value: Value, begin: PerAxis, size: PerAxis = []): Value {
  const { graph, rank, shape } = value;
  const [begins, sizes] = [[begin].flat(), [size].flat()];
  if (rank === 0) throw graph.error('slice: Slicing scalar is not possible.');
  if (Math.max(begins.length, sizes.length) > rank) {
    throw graph.error(
      `slice: begin and size have ${begins.length} and ${sizes.length} entries; shape ${formatShape(shape)} has ${rank}.`,
    );
  }
  const negative = sizes.findIndex((each) => each < -1);
  if (negative >= 0) {
    throw graph.error(
      `slice: Negative size values should be exactly -1 but got ${sizes[negative]} for the slice() size at index ${negative}.`,
    );
  }
  if (begins.some((first) => first < 0)) {
    throw graph.error(
      `slice: slice() does not support negative begin indexing. Got ${formatShape(begins)} for shape ${formatShape(shape)}.`,
    );
  }
  return movement.slice(value, begins, sizes);
}

/**
 * The box of `size` that begins at `begin`; numbers, and axes that are missing at the end, mean the first axes and all of
 * the others. A size of −1 goes to the end.
 */
export const slice = liftAlike('slice', boxed, box);

// @__NO_SIDE_EFFECTS__
const sliceOfRank = <R extends Rank>(rank: number): Giving<Tensor<R>, typeof box> =>
  lift(`slice${rank}d`, boxed, (value: Value, begin: PerAxis, size?: PerAxis) => {
    requireRank(`slice${rank}d expects a rank-${rank} tensor`, value, rank);
    return box(value, begin, size);
  });

/** `slice` of one axis. */
export const slice1d = sliceOfRank<Rank.R1>(1);
/** `slice` of two axes. */
export const slice2d = sliceOfRank<Rank.R2>(2);
/** `slice` of three axes. */
export const slice3d = sliceOfRank<Rank.R3>(3);
/** `slice` of four axes. */
export const slice4d = sliceOfRank<Rank.R4>(4);

/**
 * Elements from `begin` to before `end` of each axis, every `strides`-th, 1 by default; negative places count from the
 * end, negative strides go backwards. In a mask, bit i is about entry i of begin, end and strides.
 * @param beginMask entries whose beginning is the axis's own
 * @param endMask entries whose end is the axis's own
 * @param ellipsisMask the one entry that stands for as many whole axes as are left
 * @param newAxisMask entries that are new axes of size 1
 * @param shrinkAxisMask entries that take one element and whose axis goes
 */
export const stridedSlice = lift(
  'stridedSlice',
  ['x', 'begin:integers', 'end:integers', 'strides?:integers', ...masks],
  (
    value: Value,
    begin: readonly number[],
    end: readonly number[],
    strides?: readonly number[],
    beginMask = 0,
    endMask = 0,
    ellipsisMask = 0,
    newAxisMask = 0,
    shrinkAxisMask = 0,
  ) => {
    if ((ellipsisMask & (ellipsisMask - 1)) !== 0) {
      throw value.graph.error('stridedSlice: Multiple ellipses in slice is not allowed.');
    }
    return strided(value, begin, end, strides, {
      beginMask,
      endMask,
      ellipsisMask,
      newAxisMask,
      shrinkAxisMask,
    });
  },
);
