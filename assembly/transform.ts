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

/** What is done with a pixel of an image that contributes to one that is seen. */
class Read {
  @inline start(seen: usize): void {
    store<f32>(seen, 0);
  }

  @inline inside(image: usize, seen: usize, weight: f32): void {
    store<f32>(seen, load<f32>(seen) + weight * load<f32>(image));
  }

  @inline outside(seen: usize, weight: f32, fill: f32): void {
    store<f32>(seen, load<f32>(seen) + weight * fill);
  }
}

class Give {
  @inline start(_seen: usize): void {}

  @inline inside(image: usize, seen: usize, weight: f32): void {
    store<f32>(image, load<f32>(image) + weight * load<f32>(seen));
  }

  @inline outside(_seen: usize, _weight: f32, _fill: f32): void {}
}

/** seen = the images through their maps. */
export function transform(address: usize, share: Share): void {
  visit<Read>(changetype<TransformCommand>(address), share);
}

/** images = what the gradients of `seen` give to each pixel. */
export function transformGradient(address: usize, share: Share): void {
  const command = changetype<TransformCommand>(address);
  const bytes = <usize>(command.height * command.width * command.channels) * float;
  const first = share.start(command.batch);
  memory.fill(command.images + <usize>first * bytes, 0, <usize>(share.end(command.batch) - first) * bytes);
  visit<Give>(command, share);
}

/** Goes over the pixels of a share's images. */
function visit<T>(command: TransformCommand, share: Share): void {
  const bytes = <usize>(command.height * command.width * command.channels) * float;
  const end = share.end(command.batch);
  for (let i = share.start(command.batch); i < end; i++) {
    const map = command.maps + <usize>i * mapBytes;
    let seen = command.seen + <usize>i * bytes;
    for (let y = 0; y < command.height; y++) {
      for (let x = 0; x < command.width; x++) {
        const atX = load<f32>(map) * <f32>x + load<f32>(map, 4) * <f32>y + load<f32>(map, 8);
        const atY = load<f32>(map, 12) * <f32>x + load<f32>(map, 16) * <f32>y + load<f32>(map, 20);
        visitPixel<T>(command, command.images + <usize>i * bytes, atX, atY, seen);
        seen += <usize>command.channels * float;
      }
    }
  }
}

function visitPixel<T>(command: TransformCommand, image: usize, x: f32, y: f32, seen: usize): void {
  const t = changetype<T>(0);
  for (let c = 0; c < command.channels; c++) t.start(seen + <usize>c * float);
  if (command.interpolation == Interpolation.nearest) {
    visitTap<T>(command, image, Mathf.floor(x + 0.5), Mathf.floor(y + 0.5), 1, seen);
    return;
  }
  const left = Mathf.floor(x);
  const top = Mathf.floor(y);
  const right = x - left;
  const bottom = y - top;
  visitTap<T>(command, image, left, top, (1 - right) * (1 - bottom), seen);
  visitTap<T>(command, image, left + 1, top, right * (1 - bottom), seen);
  visitTap<T>(command, image, left, top + 1, (1 - right) * bottom, seen);
  visitTap<T>(command, image, left + 1, top + 1, right * bottom, seen);
}

function visitTap<T>(
  command: TransformCommand,
  image: usize,
  x: f32,
  y: f32,
  weight: f32,
  seen: usize,
): void {
  // A weight of nothing reads nothing: not the fill value, nor NaN.
  if (weight == 0) return;
  const t = changetype<T>(0);
  const column = placeOf(x, command.width, command.fillMode);
  const row = placeOf(y, command.height, command.fillMode);
  const isOutside = column < 0 || row < 0;
  const pixel = image + <usize>((row * command.width + column) * command.channels) * float;
  for (let c = 0; c < command.channels; c++) {
    const at = <usize>c * float;
    if (isOutside) t.outside(seen + at, weight, command.fillValue);
    else t.inside(pixel + at, seen + at, weight);
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
