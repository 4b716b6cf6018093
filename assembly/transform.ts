// Images seen through an affine map: each pixel of the result is read where the map sends it. And the reverse: each
// pixel's gradient is added to those that it was read from.

import { FillMode, Interpolation } from './opcodes';
import { Share } from './share';

@unmanaged
class TransformCommand {
  opcode: i32;
  /** Images [batch, height, width, channels]: read, or filled with gradients. */
  images: usize;
  /** Six numbers for each image: pixel (x, y) is read at (a·x + b·y + c, d·x + e·y + f). */
  maps: usize;
  /** What is seen: written, or gradients that are read. */
  seen: usize;
  batch: i32;
  height: i32;
  width: i32;
  channels: i32;
  fillMode: i32;
  interpolation: i32;
  fillValue: f32;
}

const float: usize = 4;
const mapBytes: usize = 6 * float;

/** seen = the images through their maps. */
export function transform(address: usize, share: Share): void {
  const command = changetype<TransformCommand>(address);
  clearImages(command, command.seen, share);
  visit(command, share, false);
}

/** images = what the gradients of `seen` give to each pixel. */
export function transformGradient(address: usize, share: Share): void {
  const command = changetype<TransformCommand>(address);
  clearImages(command, command.images, share);
  visit(command, share, true);
}

function imageBytes(command: TransformCommand): usize {
  return <usize>(command.height * command.width * command.channels) * float;
}

function clearImages(command: TransformCommand, images: usize, share: Share): void {
  const bytes = imageBytes(command);
  const first = share.start(command.batch);
  memory.fill(images + <usize>first * bytes, 0, <usize>(share.end(command.batch) - first) * bytes);
}

/** Goes over the pixels of a share's images. @param gives whether what is seen gives to images, or reads them */
function visit(command: TransformCommand, share: Share, gives: bool): void {
  const bytes = imageBytes(command);
  const end = share.end(command.batch);
  for (let i = share.start(command.batch); i < end; i++) {
    const map = command.maps + <usize>i * mapBytes;
    const image = command.images + <usize>i * bytes;
    let seen = command.seen + <usize>i * bytes;
    for (let y = 0; y < command.height; y++) {
      for (let x = 0; x < command.width; x++) {
        const atX = load<f32>(map) * <f32>x + load<f32>(map, 4) * <f32>y + load<f32>(map, 8);
        const atY = load<f32>(map, 12) * <f32>x + load<f32>(map, 16) * <f32>y + load<f32>(map, 20);
        visitPixel(command, image, atX, atY, seen, gives);
        seen += <usize>command.channels * float;
      }
    }
  }
}

function visitPixel(command: TransformCommand, image: usize, x: f32, y: f32, seen: usize, gives: bool): void {
  if (command.interpolation == Interpolation.nearest) {
    visitTap(command, image, Mathf.floor(x + 0.5), Mathf.floor(y + 0.5), 1, seen, gives);
    return;
  }
  const left = Mathf.floor(x);
  const top = Mathf.floor(y);
  const right = x - left;
  const bottom = y - top;
  visitTap(command, image, left, top, (1 - right) * (1 - bottom), seen, gives);
  visitTap(command, image, left + 1, top, right * (1 - bottom), seen, gives);
  visitTap(command, image, left, top + 1, (1 - right) * bottom, seen, gives);
  visitTap(command, image, left + 1, top + 1, right * bottom, seen, gives);
}

function visitTap(
  command: TransformCommand,
  image: usize,
  x: f32,
  y: f32,
  weight: f32,
  seen: usize,
  gives: bool,
): void {
  // A weight of nothing reads nothing: not the fill value, nor NaN.
  if (weight == 0) return;
  const column = placeOf(x, command.width, command.fillMode);
  const row = placeOf(y, command.height, command.fillMode);
  if (column < 0 || row < 0) {
    if (!gives) addFill(seen, weight * command.fillValue, command.channels);
    return;
  }
  const pixel = image + <usize>((row * command.width + column) * command.channels) * float;
  if (gives) addPixel(pixel, seen, weight, command.channels);
  else addPixel(seen, pixel, weight, command.channels);
}

function addPixel(target: usize, source: usize, weight: f32, channels: i32): void {
  for (; channels > 0; channels--) {
    store<f32>(target, load<f32>(target) + weight * load<f32>(source));
    target += float;
    source += float;
  }
}

function addFill(target: usize, fill: f32, channels: i32): void {
  for (; channels > 0; channels--) {
    store<f32>(target, load<f32>(target) + fill);
    target += float;
  }
}

/** The index that stands for `place` along an axis; −1 where the fill value does. */
function placeOf(place: f32, size: i32, mode: i32): i32 {
  const extent = <f32>size;
  if (place >= 0 && place < extent) return <i32>place;
  if (mode == FillMode.nearest) return place < 0 ? 0 : size - 1;
  if (mode == FillMode.wrap) return clamped(place - extent * Mathf.floor(place / extent), size);
  if (mode == FillMode.constant) return -1;
  // Reflected at the edge of the last pixel: d c b a | a b c d | d c b a.
  const within = place - 2 * extent * Mathf.floor(place / (2 * extent));
  return clamped(within < extent ? within : 2 * extent - 1 - within, size);
}

/** For places so far away, or not a number, that rounding leads out of the axis. */
function clamped(place: f32, size: i32): i32 {
  return place >= 0 && place < <f32>size ? <i32>place : size - 1;
}
