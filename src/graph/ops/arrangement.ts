// Arrays put together, taken apart and rearranged, of what movement.ts and strides.ts have: stack, unstack, split, tile,
// mirrorPad, spaceToBatchND, batchToSpaceND, depthToSpace, meshgrid, diag, bandPart, oneHot.

import type { DType, Value } from '../graph.ts';
import { formatShape, normalizeAxis, sameShape, sizeOf } from '../shape.ts';
import { broadcastTo } from './broadcasting.ts';
import { asInt32, asWords, integerConstant, isInteger, wholeNumbers } from './conversion.ts';
import { cast, equal, greaterEqual, select, sub } from './elementwise.ts';
import { logicalAnd } from './logic.ts';
import { concat, pad, slice, transpose } from './movement.ts';
import { constant, reshape } from './sources.ts';
import { reverse, spread } from './strides.ts';

/** Values of one shape along a new axis, the first by default. */
export function stack(values: readonly Value[], axis = 0): Value {
  const [first] = values;
  const along = normalizeAxis('stack', axis, first.rank + 1);
  const other = values.find(({ shape }) => !sameShape(shape, first.shape));
  if (other) {
    throw first.graph.error(
      `stack: shapes ${formatShape(first.shape)} and ${formatShape(other.shape)} differ; expected one shape.`,
    );
  }
  const shape = [...first.shape.slice(0, along), 1, ...first.shape.slice(along)];
  return concat(
    values.map((value) => reshape(value, shape)),
    along,
  );
}

/** The entries along an axis, the first by default, each without it. */
export function unstack(x: Value, axis = 0): Value[] {
  const along = normalizeAxis('unstack', axis, x.rank);
  const shape = x.shape.filter((_, i) => i !== along);
  return split(x, x.shape[along], along).map((part) => reshape(part, shape));
}

/**
 * Parts along an axis, the first by default: as many of one size, or of the given sizes, of which one may be −1 and
 * takes what is left.
 * @throws LanegradError where they do not make up the axis.
 */
export function split(x: Value, parts: number | readonly number[], axis = 0): Value[] {
  const along = normalizeAxis('split', axis, x.rank);
  const whole = x.shape[along];
  const given = typeof parts === 'number' ? new Array<number>(parts).fill(whole / parts) : parts;
  const known = given.reduce((total, size) => total + Math.max(size, 0), 0);
  const sizes = given.map((size) => (size === -1 ? whole - known : size));
  if (
    sizes.some((size) => !Number.isInteger(size) || size < 0) ||
    sizes.reduce((a, b) => a + b, 0) !== whole
  ) {
    throw x.graph.error(`split: an axis of ${whole} cannot be split into ${JSON.stringify(parts)}.`);
  }
  let offset = 0;
  return sizes.map((size) => {
    const begin = x.shape.map((_, i) => (i === along ? offset : 0));
    offset += size;
    return slice(
      x,
      begin,
      x.shape.map((all, i) => (i === along ? size : all)),
    );
  });
}

/** x repeated along each axis. */
export function tile(x: Value, repeats: readonly number[]): Value {
  if (repeats.length !== x.rank || !repeats.every((count) => Number.isInteger(count) && count >= 0)) {
    throw x.graph.error(
      `tile: takes a count for each axis of ${formatShape(x.shape)}; got ${JSON.stringify(repeats)}.`,
    );
  }
  const own = x.shape.flatMap((size) => [1, size]);
  const full = x.shape.flatMap((size, axis) => [repeats[axis], size]);
  const repeated = broadcastTo(reshape(asWords(x), own), full);
  return reshape(
    repeated,
    x.shape.map((size, axis) => size * repeats[axis]),
  );
}

/**
 * Surrounds x with its mirror image: `[before, after]` for each axis. 'reflect' leaves out the edge, 'symmetric' repeats
 * it.
 */
export function mirrorPad(
  x: Value,
  paddings: readonly (readonly [number, number])[],
  mode: 'reflect' | 'symmetric',
): Value {
  const edge = mode === 'reflect' ? 1 : 0;
  return paddings.reduce((inner, [before, after], axis) => {
    const size = inner.shape[axis];
    if (Math.max(before, after) > size - edge) {
      throw x.graph.error(`mirrorPad: an axis of ${size} cannot be mirrored by ${before} and ${after}.`);
    }
    const part = (begin: number, count: number) =>
      reverse(
        slice(
          inner,
          inner.shape.map((_, i) => (i === axis ? begin : 0)),
          inner.shape.map((all, i) => (i === axis ? count : all)),
        ),
        axis,
      );
    const parts = [before > 0 && part(edge, before), inner, after > 0 && part(size - edge - after, after)];
    return concat(
      parts.filter((each) => each !== false),
      axis,
    );
  }, x);
}

/** Blocks of x's axes 1, 2, … moved to the batch, after zeros around them: each block's place is a batch of its own. */
export function spaceToBatchND(
  x: Value,
  blockShape: readonly number[],
  paddings: readonly (readonly [number, number])[],
): Value {
  const rest = x.rank - 1 - blockShape.length;
  const whole = pad(x, [[0, 0], ...paddings, ...new Array<[number, number]>(Math.max(rest, 0)).fill([0, 0])]);
  const [batch, ...sizes] = whole.shape;
  const blocks = blockShape.map((block, i) => sizes[i] / block);
  if (rest < 0 || !blocks.every(Number.isInteger)) {
    throw x.graph.error(
      `spaceToBatchND: ${formatShape(whole.shape)}, padded, has no whole blocks of ${formatShape(blockShape)}.`,
    );
  }
  const others = sizes.slice(blockShape.length);
  const parted = reshape(whole, [batch, ...blockShape.flatMap((block, i) => [blocks[i], block]), ...others]);
  const inner = blockShape.map((_, i) => 2 * i + 2);
  const outer = blockShape.map((_, i) => 2 * i + 1);
  const last = others.map((_, i) => 2 * blockShape.length + 1 + i);
  const moved = transpose(parted, [...inner, 0, ...outer, ...last]);
  return reshape(moved, [batch * sizeOf(blockShape), ...blocks, ...others]);
}

/** The reverse of `spaceToBatchND`: blocks of the batch become places of x's axes 1, 2, …, which are then cropped. */
export function batchToSpaceND(
  x: Value,
  blockShape: readonly number[],
  crops: readonly (readonly [number, number])[],
): Value {
  const count = blockShape.length;
  const [all, ...sizes] = x.shape;
  const batch = all / sizeOf(blockShape);
  if (count > sizes.length || !Number.isInteger(batch)) {
    throw x.graph.error(
      `batchToSpaceND: ${formatShape(x.shape)} has no batches for blocks of ${formatShape(blockShape)}.`,
    );
  }
  const others = sizes.slice(count);
  const parted = reshape(x, [...blockShape, batch, ...sizes]);
  const places = blockShape.flatMap((_, i) => [count + 1 + i, i]);
  const moved = transpose(parted, [count, ...places, ...others.map((_, i) => 2 * count + 1 + i)]);
  const whole = reshape(moved, [batch, ...blockShape.map((block, i) => block * sizes[i]), ...others]);
  return slice(
    whole,
    [0, ...crops.map(([before]) => before)],
    [batch, ...crops.map(([before, after], i) => whole.shape[i + 1] - before - after)],
  );
}

/** Channels of images as blocks of pixels: [batch, h, w, c·b²] becomes [batch, h·b, w·b, c]. */
export function depthToSpace(x: Value, blockSize: number, dataFormat: 'NHWC' | 'NCHW' = 'NHWC'): Value {
  if (dataFormat === 'NCHW') {
    return transpose(depthToSpace(transpose(x, [0, 2, 3, 1]), blockSize), [0, 3, 1, 2]);
  }
  const [batch, height, width, depth] = x.shape;
  const channels = depth / blockSize ** 2;
  if (x.rank !== 4 || !Number.isInteger(channels)) {
    throw x.graph.error(
      `depthToSpace: the channels of ${formatShape(x.shape)} are no multiple of ${blockSize}².`,
    );
  }
  const parted = reshape(x, [batch, height, width, blockSize, blockSize, channels]);
  const moved = transpose(parted, [0, 1, 3, 2, 4, 5]);
  return reshape(moved, [batch, height * blockSize, width * blockSize, channels]);
}

/** x [n] along columns and y [m] along rows, each [m, n]; with indexing 'ij' each [n, m]. */
export function meshgrid(x: Value, y: Value, indexing: 'xy' | 'ij' = 'xy'): [Value, Value] {
  const isXY = indexing === 'xy';
  const shape = isXY ? [y.size, x.size] : [x.size, y.size];
  const across = (value: Value) => broadcastTo(reshape(asWords(value), [1, value.size]), shape);
  const down = (value: Value) => broadcastTo(reshape(asWords(value), [value.size, 1]), shape);
  return isXY ? [across(x), down(y)] : [down(x), across(y)];
}

/** An array of shape [...s, ...s] with x, of shape s, on its diagonal. */
export const diag = (x: Value): Value =>
  reshape(spread(reshape(x, [x.size]), [0], [x.size + 1], [x.size ** 2]), [...x.shape, ...x.shape]);

/** Matrices without what is more than `numLower` below the diagonal or `numUpper` above; a negative number keeps all. */
export function bandPart(x: Value, numLower: number, numUpper: number): Value {
  const [rows, columns] = x.shape.slice(-2);
  if (x.rank < 2) throw x.graph.error(`bandPart: takes matrices; got ${formatShape(x.shape)}.`);
  const below = sub(
    wholeNumbers('bandPart', x.graph, [rows, 1]),
    wholeNumbers('bandPart', x.graph, [1, columns]),
  );
  const limit = (count: number, all: number) => integerConstant(x.graph, count < 0 ? all : count);
  const above = sub(integerConstant(x.graph, 0), below);
  const isInBand = logicalAnd(
    greaterEqual(limit(numLower, rows), below),
    greaterEqual(limit(numUpper, columns), above),
  );
  const zero = isInteger(x) ? cast(integerConstant(x.graph, 0), x.dtype === 'bool' ? 'bool' : 'int32') : 0;
  return select(isInBand, asWords(x), zero);
}

/** `onValue` at each index of a new last axis of size `depth`, `offValue` elsewhere. */
export function oneHot(
  indices: Value,
  depth: number,
  onValue = 1,
  offValue = 0,
  dtype: Exclude<DType, 'uint8'> = 'int32',
): Value {
  const { graph } = indices;
  const isHot = equal(
    reshape(asInt32(indices), [...indices.shape, 1]),
    wholeNumbers('oneHot', graph, [depth]),
  );
  if (dtype === 'bool' && onValue === 1 && offValue === 0) return isHot;
  const [on, off] = [onValue, offValue].map((value) => constant(graph, [value], [], dtype));
  return select(isHot, on, off);
}
