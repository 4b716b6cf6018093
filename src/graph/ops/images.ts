// Images read between their pixels, and their colours: resizeBilinear, resizeNearestNeighbor, cropAndResize,
// rotateWithOffset, transform, flipLeftRight, grayscaleToRGB, rgbToGrayscale, threshold. Images are
// [batch, height, width, channels].

import { FillMode } from '../../../assembly/opcodes.ts';
import type { Graph, Value } from '../graph.ts';
import { sameShape } from '../shape.ts';
import { tile } from './arrangement.ts';
import { sum } from './broadcasting.ts';
import {
  asFloat,
  asInt32,
  asWords,
  integerConstant,
  ofItsType,
  placesAlong,
  wholeNumbers,
} from './conversion.ts';
import {
  add,
  cast,
  clip,
  div,
  floor,
  greater,
  greaterEqual,
  less,
  lessEqual,
  maximum,
  minimum,
  mul,
  type Operand,
  select,
  sub,
} from './elementwise.ts';
import { bincount } from './gather.ts';
import { logicalAnd } from './logic.ts';
import { slice } from './movement.ts';
import { argMax } from './reductions.ts';
import { round, trunc } from './rounding.ts';
import {
  type FillModeName,
  filledWith,
  type InterpolationName,
  type RowsAndColumns,
  sample,
  sampleTaps,
} from './sample.ts';
import { cumsum } from './scans.ts';
import { constant, reshape } from './sources.ts';
import { asBatch } from './spatial.ts';
import { reverse } from './strides.ts';
import { cos, sin } from './trigonometry.ts';
import { checkImages } from './window.ts';

type Size = readonly [height: number, width: number];

/**
 * Images of another size, read at places along their rows and along their columns.
 * @param seenFrom from where a new pixel lies among the old ones to the place that it is read at
 */
function resize(
  images: Value,
  size: Size,
  alignCorners: boolean,
  halfPixelCenters: boolean,
  seenFrom: (place: number) => number,
): Value {
  if (sameShape(size, images.shape.slice(1, 3))) return images;
  const [rows, columns] = size.map((count, axis) => {
    const length = images.shape[axis + 1];
    const scale = alignCorners && count > 1 ? (length - 1) / (count - 1) : length / count;
    return placesAlong('resize', images.graph, count, (i) =>
      Math.min(length - 1, Math.max(0, seenFrom(scale * (halfPixelCenters ? i + 0.5 : i)))),
    );
  });
  const made = (part: (place: number) => number, dtype?: 'int32'): RowsAndColumns => [
    constant(images.graph, rows.map(part), [1, rows.length, 1], dtype),
    constant(images.graph, columns.map(part), [1, 1, columns.length], dtype),
  ];
  const isBetween = ![...rows, ...columns].every(Number.isInteger);
  const shares = isBetween ? made((place) => place - Math.floor(place)) : [];
  return sampleTaps(images, made(Math.floor, 'int32'), shares);
}

/**
 * Images of another size, each pixel interpolated between the four around its place.
 * @param alignCorners whether the corners' pixels stay in the corners
 * @param halfPixelCenters whether places are those of the pixels' centers
 */
export const resizeBilinear = (
  images: Value,
  size: Size,
  alignCorners = false,
  halfPixelCenters = false,
): Value =>
  asBatch('resizeBilinear', images, 4, (batch) =>
    resize(asFloat(batch), size, alignCorners, halfPixelCenters, (place) =>
      halfPixelCenters ? place - 0.5 : place,
    ),
  );

/** Images of another size, each pixel the one at its place; for the options see `resizeBilinear`. */
export const resizeNearestNeighbor = (
  images: Value,
  size: Size,
  alignCorners = false,
  halfPixelCenters = false,
): Value =>
  asBatch('resizeNearestNeighbor', images, 4, (batch) =>
    resize(asWords(batch), size, alignCorners, halfPixelCenters, alignCorners ? Math.round : Math.floor),
  );

/** Images of another size, by the name of what is between their pixels. */
export const resizeBy: Readonly<Record<InterpolationName, typeof resizeBilinear>> = {
  bilinear: resizeBilinear,
  nearest: resizeNearestNeighbor,
};

/** Rows and columns of images of a size. */
const gridOf = (graph: Graph, [height, width]: Size): RowsAndColumns => [
  wholeNumbers('image', graph, [1, height, 1], 'float32'),
  wholeNumbers('image', graph, [1, 1, width], 'float32'),
];

/**
 * Boxes [boxes, 4] of images, resized: y₁, x₁, y₂, x₂ as parts of height and width, and each box's number of its image.
 * @param cropSize height and width of the result
 * @param extrapolationValue what is seen outside of an image, and of an image that there is not
 */
export function cropAndResize(
  images: Value,
  boxes: Value,
  boxInd: Value,
  cropSize: Size,
  method: InterpolationName = 'bilinear',
  extrapolationValue = 0,
): Value {
  checkImages('cropAndResize', images);
  const { graph } = images;
  const [rows, columns] = gridOf(graph, cropSize).map((steps, axis) => {
    const last = images.shape[axis + 1] - 1;
    const corner = (i: number) =>
      mul(reshape(slice(asFloat(boxes), [0, i], [-1, 1]), [boxes.shape[0], 1, 1]), last);
    const place = between(corner(axis), corner(axis + 2), steps, cropSize[axis]);
    // What is outside but for a fraction is outside as a whole.
    return select(logicalAnd(greaterEqual(place, 0), lessEqual(place, last)), place, -1);
  });
  const outside = filledWith(extrapolationValue);
  return sample(asFloat(images), [rows, columns], method, outside, asInt32(boxInd));
}

/** Places from the first to the last, in so many steps; their middle for one. */
function between(first: Value, last: Value, steps: Value, count: number): Value {
  if (count === 1) return mul(add(first, last), 0.5);
  const place = div(add(mul(first, sub(count - 1, steps)), mul(last, steps)), count - 1);
  // Rounding must not take the last place out of the image.
  return minimum(place, maximum(first, last));
}

/** Images turned about their center by an angle, pixel by pixel; `fillValue` is for all channels or for the first three. */
export function rotateWithOffset(
  images: Value,
  radians: Operand,
  fillValue: number | readonly number[] = 0,
  center: number | readonly [x: number, y: number] = 0.5,
): Value {
  checkImages('rotateWithOffset', images);
  const { graph } = images;
  const [, height, width, channels] = images.shape;
  const [partX, partY = partX] = [center].flat() as number[];
  const [centerX, centerY] = [width * partX, height * partY];
  const angle = typeof radians === 'number' ? constant(graph, [radians]) : asFloat(radians);
  const [rows, columns] = gridOf(graph, [height, width]);
  const [y, x] = [sub(rows, centerY), sub(columns, centerX)];
  const seenX = add(sub(mul(x, cos(angle)), mul(y, sin(angle))), centerX);
  const seenY = add(add(mul(x, sin(angle)), mul(y, cos(angle))), centerY);
  const fill =
    typeof fillValue === 'number'
      ? [fillValue]
      : Array.from({ length: channels }, (_, i) => (i === 3 ? 255 : fillValue[i]));
  const turned = sample(asFloat(images), [seenY, seenX], 'nearest', filledWith(...fill));
  return ofItsType(images, turned);
}

/** Places outside of an axis as places inside, as TensorFlow.js maps them. */
function mapped(place: Value, size: number, mode: FillModeName): Value {
  if (mode === 'constant') return place;
  if (mode === 'nearest' || size === 1) return clip(place, 0, size - 1);
  const isBefore = less(place, 0);
  const isPast = greater(place, size - 1);
  if (mode === 'wrap') {
    const turns = (x: Operand) => trunc(div(x, size - 1) as Value);
    const before = add(place, mul(add(turns(sub(0, place)), 1), size));
    const past = sub(place, mul(turns(place), size));
    return clip(select(isBefore, before, select(isPast, past, place)), 0, size - 1);
  }
  // d c b a | a b c d | d c b a
  const period = 2 * size;
  const within = sub(place, mul(floor(div(place, period)), period));
  return clip(select(less(within, size), within, sub(period - 1, within)), 0, size - 1);
}

/** a·x + b·y + c of columns x and rows y; what is 0 times these is left out. */
function linear([y, x]: RowsAndColumns, [a, b, c]: readonly Operand[]): Value {
  const terms = [[a, x] as const, [b, y] as const].filter(([factor]) => factor !== 0);
  return [...terms.map(([factor, place]) => mul(factor, place)), c].reduce((sum, term) =>
    add(sum, term),
  ) as Value;
}

/**
 * Images seen through projections [batch or 1, 8]: a₀, a₁, a₂, b₀, b₁, b₂, c₀, c₁ read pixel (x, y) of the result at
 * (a₀·x + a₁·y + a₂, b₀·x + b₁·y + b₂) / (c₀·x + c₁·y + 1).
 */
export function transform(
  images: Value,
  transforms: Value,
  interpolation: InterpolationName = 'nearest',
  fillMode: FillModeName = 'constant',
  fillValue = 0,
  outputShape?: Size,
): Value {
  checkImages('transform', images);
  const [, height, width] = images.shape;
  const grid = gridOf(images.graph, outputShape ?? [height, width]);
  const number = (i: number) =>
    reshape(slice(asFloat(transforms), [0, i], [-1, 1]), [transforms.shape[0], 1, 1]);
  const depth = linear(grid, [number(6), number(7), 1]);
  const place = (first: number, size: number) =>
    mapped(
      div(
        linear(
          grid,
          [0, 1, 2].map((i) => number(first + i)),
        ),
        depth,
      ),
      size,
      fillMode,
    );
  const seen = sample(
    asFloat(images),
    [place(3, height), place(0, width)],
    interpolation,
    filledWith(fillValue),
  );
  return ofItsType(images, seen);
}

/** The numbers of an affine map: each one for all images, or [batch]. */
export type AffineMap = readonly [a: Operand, b: Operand, c: Operand, d: Operand, e: Operand, f: Operand];

/**
 * Images [batch, height, width, channels] as seen through a map each: pixel (x, y) of the result is the image's at
 * (a·x + b·y + c, d·x + e·y + f).
 */
export function transformImages(
  images: Value,
  map: AffineMap,
  interpolation: InterpolationName,
  fillMode: FillModeName,
  fill: number,
): Value {
  const [batch, height, width] = images.shape;
  const grid = gridOf(images.graph, [height, width]);
  const numbers = map.map((each) => (typeof each === 'number' ? each : reshape(each, [batch, 1, 1])));
  const [columns, rows] = [0, 3].map((first) => linear(grid, numbers.slice(first, first + 3)));
  return sample(asFloat(images), [rows, columns], interpolation, {
    fillMode: FillMode[fillMode],
    fill: [fill],
  });
}

/** Images with left and right exchanged. */
export function flipLeftRight(images: Value): Value {
  checkImages('flipLeftRight', images);
  return reverse(images, 2);
}

/** @throws LanegradError unless images have so many channels, the last axis. */
function checkChannels(name: string, kind: string, { graph, rank, shape }: Value, channels: number): void {
  if (rank < 2) {
    throw graph.error(`Error in ${name}: images must be at least rank 2, but got rank ${rank}.`);
  }
  if (shape[rank - 1] === channels) return;
  throw graph.error(
    `Error in ${name}: last dimension of ${kind} image should be size ${channels}, but got size ${shape[rank - 1]}.`,
  );
}

/** Images of one channel as images of three equal ones. */
export function grayscaleToRGB(images: Value): Value {
  checkChannels('grayscaleToRGB', 'a grayscale', images, 1);
  return tile(images, [...new Array<number>(images.rank - 1).fill(1), 3]);
}

/** How bright the eye finds red, green and blue: ITU-R BT.601. */
const luma = [0.2989, 0.587, 0.114];

/** Images of three channels as images of one, their brightness. */
export function rgbToGrayscale(images: Value): Value {
  checkChannels('rgbToGrayscale', 'an RGB', images, 3);
  const gray = sum(mul(asFloat(images), constant(images.graph, luma, [3])), -1, true);
  return ofItsType(images, gray);
}

/**
 * An image [height, width, channels] in black and white: 255 where it is brighter than the threshold, a part of 255, or
 * than the one that parts its pixels best ('otsu').
 * @param inverted whether what is darker is 255
 */
export function threshold(
  image: Value,
  method: 'binary' | 'otsu' = 'binary',
  inverted = false,
  threshValue = 0.5,
): Value {
  const gray = image.shape[image.rank - 1] === 3 ? rgbToGrayscale(asFloat(image)) : asFloat(image);
  const limit = method === 'otsu' ? bestThreshold(gray) : threshValue * 255;
  const isWhite = inverted ? lessEqual(gray, limit) : greater(gray, limit);
  return mul(cast(isWhite, 'int32'), integerConstant(image.graph, 255));
}

/** The brightness, 0 to 255, that parts pixels into two classes farthest from each other. N. Otsu, 1979. */
function bestThreshold(gray: Value): Value {
  const levels = 256;
  const counts = bincount(reshape(asInt32(round(gray)), [gray.size]), undefined, levels);
  const weighted = mul(counts, wholeNumbers('threshold', gray.graph, [levels], 'float32'));
  const [below, belowSum] = [cumsum(counts), cumsum(weighted)];
  const above = sub(gray.size, below);
  const aboveSum = sub(sum(weighted), belowSum);
  const distance = sub(div(belowSum, below), div(aboveSum, above));
  const between = mul(mul(below, above), mul(distance, distance));
  // Where one class is empty there is no distance.
  const isParted = logicalAnd(greater(below, 0), greater(above, 0));
  return asFloat(argMax(select(isParted, between, -1)));
}
