// Images read between their pixels, and their colours: resizeBilinear, resizeNearestNeighbor, cropAndResize,
// rotateWithOffset, transform, flipLeftRight, grayscaleToRGB, rgbToGrayscale, threshold. Images are
// [batch, height, width, channels].

import type { Graph, Value } from '../graph.ts';
import { formatShape, type Shape } from '../shape.ts';
import { tile } from './arrangement.ts';
import { broadcastTo, sum } from './broadcasting.ts';
import { asFloat, asInt32, asWords, integerConstant, ofItsType } from './conversion.ts';
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
import { bincount, gather } from './gather.ts';
import { logicalAnd } from './logic.ts';
import { slice } from './movement.ts';
import { argMax } from './reductions.ts';
import { round, trunc } from './rounding.ts';
import { cumsum } from './scans.ts';
import { constant, reshape } from './sources.ts';
import { asBatch } from './spatial.ts';
import { reverse } from './strides.ts';
import { cos, sin } from './trigonometry.ts';
import { checkImages } from './window.ts';

type Size = readonly [height: number, width: number];

/** Places along an axis of `size` that `count` new pixels are read at. */
function sources(size: number, count: number, alignCorners: boolean, halfPixelCenters: boolean): number[] {
  const scale = alignCorners && count > 1 ? (size - 1) / (count - 1) : size / count;
  return Array.from({ length: count }, (_, i) => (halfPixelCenters ? scale * (i + 0.5) : scale * i));
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
    // Along rows first: TensorFlow.js's order of rounding.
    [2, 1].reduce((x, axis) => {
      const length = x.shape[axis];
      const places = sources(length, size[axis - 1], alignCorners, halfPixelCenters).map((place) =>
        halfPixelCenters ? place - 0.5 : place,
      );
      const low = places.map((place) => Math.max(0, Math.floor(place)));
      const high = places.map((place) => Math.min(length - 1, Math.max(0, Math.ceil(place))));
      const [before, after] = [low, high].map((numbers) => entries(x, numbers, axis));
      const share = places.map((place, i) => place - low[i]);
      const shape = [share.length, ...new Array<number>(3 - axis).fill(1)];
      return add(before, mul(sub(after, before), constant(x.graph, share, shape)));
    }, asFloat(batch)),
  );

/** Images of another size, each pixel the one at its place; for the options see `resizeBilinear`. */
export const resizeNearestNeighbor = (
  images: Value,
  size: Size,
  alignCorners = false,
  halfPixelCenters = false,
): Value =>
  asBatch('resizeNearestNeighbor', images, 4, (batch) =>
    [1, 2].reduce((x, axis) => {
      const length = x.shape[axis];
      const places = sources(length, size[axis - 1], alignCorners, halfPixelCenters);
      const nearest = places.map((place) =>
        Math.min(length - 1, alignCorners ? Math.round(place) : Math.floor(place)),
      );
      return entries(x, nearest, axis);
    }, asWords(batch)),
  );

const entries = (x: Value, numbers: readonly number[], axis: number): Value =>
  numbers.length === x.shape[axis] && numbers.every((number, i) => number === i)
    ? x
    : gather(x, integerConstant(x.graph, numbers, [numbers.length]), axis);

const numbersTo = (graph: Graph, count: number, shape: Shape): Value =>
  constant(
    graph,
    Array.from({ length: count }, (_, i) => i),
    shape,
  );

/** The nearest whole number, the larger of two. */
const roundUp = (x: Value): Value => floor(add(x, 0.5));

/** The number of its image at each of `shape`, the first axis of which is images. */
const imagesOf = (graph: Graph, shape: Shape): Value =>
  broadcastTo(asInt32(numbersTo(graph, shape[0], [shape[0], 1, 1])), shape);

/** Where rows y and columns x are none outside of images. */
const areInside = (images: Value, y: Value, x: Value): Value =>
  [y, x]
    .flatMap((place, axis) => [greaterEqual(place, 0), lessEqual(place, images.shape[axis + 1] - 1)])
    .reduce((a, b) => logicalAnd(a, b));

/** Pixels of images at whole rows y, columns x and numbers of images, of one shape; `fill` where there is none. */
function pixelsAt(images: Value, image: Operand, y: Value, x: Value, fill: Operand): Value {
  const [batch, height, width, channels] = images.shape;
  const { graph } = images;
  const isInside = areInside(images, y, x);
  const whole = (place: Operand): Value =>
    typeof place === 'number' ? integerConstant(graph, place) : asInt32(place);
  const row = add(mul(whole(image), integerConstant(graph, height)), whole(y));
  const place = add(mul(row, integerConstant(graph, width)), whole(x));
  const pixels = gather(
    reshape(images, [batch * height * width, channels]),
    select(isInside, place, integerConstant(graph, 0)),
  );
  return select(reshape(isInside, [...isInside.shape, 1]), pixels, fill);
}

/** Images read between pixels, the four around a place weighted by its nearness. */
function interpolated(images: Value, image: Operand, y: Value, x: Value, fill: Operand): Value {
  const [top, left] = [y, x].map(floor);
  const [down, right] = [sub(y, top), sub(x, left)].map((share) => reshape(share, [...share.shape, 1]));
  const rowAt = (row: Value) => {
    const [a, b] = [left, add(left, 1)].map((column) => pixelsAt(images, image, row, column, fill));
    return add(a, mul(sub(b, a), right));
  };
  const [above, below] = [rowAt(top), rowAt(add(top, 1))];
  return add(above, mul(sub(below, above), down));
}

/**
 * Boxes [boxes, 4] of images, resized: y₁, x₁, y₂, x₂ as parts of height and width, and each box's number of its image.
 * @param cropSize height and width of the result
 * @param extrapolationValue what is seen outside of an image
 */
export function cropAndResize(
  images: Value,
  boxes: Value,
  boxInd: Value,
  cropSize: Size,
  method: 'bilinear' | 'nearest' = 'bilinear',
  extrapolationValue = 0,
): Value {
  checkImages('cropAndResize', images);
  const { graph } = images;
  const count = boxes.shape[0];
  const places = [0, 1].map((axis) => {
    const corner = (i: number) => mul(slice(asFloat(boxes), [0, i], [-1, 1]), images.shape[axis + 1] - 1);
    const size = cropSize[axis];
    const [begin, end] = [corner(axis), corner(axis + 2)];
    if (size === 1) return mul(add(begin, end), 0.5);
    const steps = numbersTo(graph, size, [1, size]);
    const place = div(add(mul(begin, sub(size - 1, steps)), mul(end, steps)), size - 1);
    // Rounding must not take the last place out of the image.
    return minimum(place, maximum(begin, end));
  });
  const full = [count, ...cropSize];
  const y = broadcastTo(reshape(places[0], [count, cropSize[0], 1]), full);
  const x = broadcastTo(reshape(places[1], [count, 1, cropSize[1]]), full);
  const image = broadcastTo(reshape(asInt32(boxInd), [count, 1, 1]), full);
  const source = asFloat(images);
  const pixels =
    method === 'nearest'
      ? pixelsAt(source, image, roundUp(y), roundUp(x), 0)
      : interpolated(source, image, y, x, 0);
  return select(reshape(areInside(images, y, x), [...full, 1]), pixels, extrapolationValue);
}

/** Images turned about their center by an angle, pixel by pixel; `fillValue` is for all channels or for the first three. */
export function rotateWithOffset(
  images: Value,
  radians: number,
  fillValue: number | readonly number[] = 0,
  center: number | readonly [x: number, y: number] = 0.5,
): Value {
  checkImages('rotateWithOffset', images);
  const { graph } = images;
  const [batch, height, width, channels] = images.shape;
  const [partX, partY = partX] = [center].flat() as number[];
  const [centerX, centerY] = [width * partX, height * partY];
  const angle = constant(graph, [radians]);
  const x = sub(numbersTo(graph, width, [1, width]), centerX);
  const y = sub(numbersTo(graph, height, [height, 1]), centerY);
  const seenX = roundUp(add(sub(mul(x, cos(angle)), mul(y, sin(angle))), centerX));
  const seenY = roundUp(add(add(mul(x, sin(angle)), mul(y, cos(angle))), centerY));
  const fill =
    typeof fillValue === 'number'
      ? fillValue
      : constant(
          graph,
          Array.from({ length: channels }, (_, i) => (i === 3 ? 255 : fillValue[i])),
          [channels],
        );
  const full = [batch, height, width];
  const image = imagesOf(graph, full);
  const turned = pixelsAt(asFloat(images), image, broadcastTo(seenY, full), broadcastTo(seenX, full), fill);
  return ofItsType(images, turned);
}

export type TransformFill = 'constant' | 'reflect' | 'wrap' | 'nearest';

/** Places outside of an axis as places inside, as TensorFlow.js maps them. */
function mapped(place: Value, size: number, mode: TransformFill): Value {
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

/**
 * Images seen through projections [batch or 1, 8]: a₀, a₁, a₂, b₀, b₁, b₂, c₀, c₁ read pixel (x, y) of the result at
 * (a₀·x + a₁·y + a₂, b₀·x + b₁·y + b₂) / (c₀·x + c₁·y + 1).
 */
export function transform(
  images: Value,
  transforms: Value,
  interpolation: 'nearest' | 'bilinear' = 'nearest',
  fillMode: TransformFill = 'constant',
  fillValue = 0,
  outputShape?: Size,
): Value {
  checkImages('transform', images);
  const { graph } = images;
  const [batch, height, width] = images.shape;
  const [rows, columns] = outputShape ?? [height, width];
  const x = numbersTo(graph, columns, [1, 1, columns]);
  const y = numbersTo(graph, rows, [1, rows, 1]);
  const number = (i: number) =>
    reshape(slice(asFloat(transforms), [0, i], [-1, 1]), [transforms.shape[0], 1, 1]);
  const linear = (first: number, constantTerm: Operand) =>
    add(add(mul(number(first), x), mul(number(first + 1), y)), constantTerm);
  const depth = linear(6, 1);
  const full = [batch, rows, columns];
  const place = (first: number, size: number) =>
    broadcastTo(mapped(div(linear(first, number(first + 2)), depth), size, fillMode), full);
  const [placeX, placeY] = [place(0, width), place(3, height)];
  const image = imagesOf(graph, full);
  const source = asFloat(images);
  const seen =
    interpolation === 'nearest'
      ? pixelsAt(source, image, roundUp(placeY), roundUp(placeX), fillValue)
      : interpolated(source, image, placeY, placeX, fillValue);
  return ofItsType(images, seen);
}

/** Images with left and right exchanged. */
export function flipLeftRight(images: Value): Value {
  checkImages('flipLeftRight', images);
  return reverse(images, 2);
}

/** Images of one channel as images of three equal ones. */
export const grayscaleToRGB = (images: Value): Value =>
  tile(images, [...new Array<number>(images.rank - 1).fill(1), 3]);

/** How bright the eye finds red, green and blue: ITU-R BT.601. */
const luma = [0.2989, 0.587, 0.114];

/** Images of three channels as images of one, their brightness. */
export function rgbToGrayscale(images: Value): Value {
  const { shape, rank, graph } = images;
  if (rank < 2 || shape[rank - 1] !== 3) {
    throw graph.error(
      `rgbToGrayscale: takes images of 3 channels, the last axis; got ${formatShape(shape)}.`,
    );
  }
  const gray = sum(mul(asFloat(images), constant(graph, luma, [3])), -1, true);
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
  const weighted = mul(counts, numbersTo(gray.graph, levels, [levels]));
  const [below, belowSum] = [cumsum(counts), cumsum(weighted)];
  const above = sub(gray.size, below);
  const aboveSum = sub(sum(weighted), belowSum);
  const distance = sub(div(belowSum, below), div(aboveSum, above));
  const between = mul(mul(below, above), mul(distance, distance));
  // Where one class is empty there is no distance.
  const isParted = logicalAnd(greater(below, 0), greater(above, 0));
  return asFloat(argMax(select(isParted, between, -1)));
}
