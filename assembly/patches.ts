// Patches: what a window sees from an output pixel, as one row of kernelHeight·kernelWidth·depth floats.
// A block of patches is packed from the images, or added back to them; the whole matrix never exists.

import { storeLanes } from './vectors';
import { Window } from './window';

const float: usize = 4;

/** Copies a run of an image into the patch. May write up to 3 floats too far: the next run overwrites them. */
export class Pack {
  @inline inside(pixel: usize, patch: usize, n: i32): void {
    for (; n > 0; n -= 4) {
      v128.store(patch, v128.load(pixel));
      pixel += 16;
      patch += 16;
    }
  }

  @inline outside(patch: usize, n: i32): void {
    for (; n > 0; n -= 4) {
      v128.store(patch, f32x4.splat(0));
      patch += 16;
    }
  }
}

/** Adds a run of the patch to the image. */
export class Add {
  @inline inside(pixel: usize, patch: usize, n: i32): void {
    for (; n >= 4; n -= 4) {
      v128.store(pixel, f32x4.add(v128.load(pixel), v128.load(patch)));
      pixel += 16;
      patch += 16;
    }
    if (n > 0) storeLanes(pixel, f32x4.add(v128.load(pixel), v128.load(patch)), n);
  }

  @inline outside(patch: usize, n: i32): void {}
}

/**
 * Moves columns `begin` to before `end` of the patches of `count` output pixels, the first of them `first`.
 * @param images the first of the channels that the patches hold, `depth` of them
 * @param pitch bytes from one patch to the next
 */
export function movePatches<Move>(
  window: Window,
  images: usize,
  depth: i32,
  first: i32,
  count: i32,
  begin: i32,
  end: i32,
  patches: usize,
  pitch: usize,
): void {
  let x = first % window.outWidth;
  let y = (first / window.outWidth) % window.outHeight;
  const imageBytes = <usize>(window.height * window.width * window.channels) * float;
  let image = images + <usize>(first / window.outPixels) * imageBytes;
  // Taps that lie side by side in the image are moved together, where no other channels lie between them.
  const taps = window.dilationX == 1 && depth == window.channels ? window.kernelWidth : 1;
  const rowFloats = window.kernelWidth * depth;
  const firstRow = begin / rowFloats;
  const rows = (end - begin) / rowFloats;
  const isRows =
    taps == window.kernelWidth && begin == firstRow * rowFloats && end - begin == rows * rowFloats;
  for (; count > 0; count--) {
    const top = y * window.strideY - window.top;
    const left = x * window.strideX - window.left;
    if (isRows && window.isInside(top, left)) {
      moveRows<Move>(window, image, depth, top + firstRow * window.dilationY, left, rows, patches);
    } else {
      movePatch<Move>(window, image, depth, taps, top, left, begin, end, patches);
    }
    patches += pitch;
    if (++x == window.outWidth) {
      x = 0;
      if (++y == window.outHeight) {
        y = 0;
        image += imageBytes;
      }
    }
  }
}

/** Moves whole rows of a patch, all of it in the image, where they are runs of the image. */
function moveRows<Move>(
  window: Window,
  image: usize,
  depth: i32,
  top: i32,
  left: i32,
  rows: i32,
  patch: usize,
): void {
  const run = window.kernelWidth * depth;
  const rowStep = window.rowStep;
  let pixel = image + <usize>((top * window.width + left) * window.channels) * float;
  for (; rows > 0; rows--) {
    changetype<Move>(0).inside(pixel, patch, run);
    pixel += rowStep;
    patch += <usize>run * float;
  }
}

/** Moves columns `begin` to before `end` of one patch, `taps` side by side at a time. */
function movePatch<Move>(
  window: Window,
  image: usize,
  depth: i32,
  taps: i32,
  top: i32,
  left: i32,
  begin: i32,
  end: i32,
  patch: usize,
): void {
  const run = taps * depth;
  const rowFloats = window.kernelWidth * depth;
  for (let ky = begin / rowFloats; ky * rowFloats < end; ky++) {
    const y = top + ky * window.dilationY;
    const inImage = y >= 0 && y < window.height;
    for (let kx = 0; kx < window.kernelWidth; kx += taps) {
      const start = ky * rowFloats + kx * depth;
      const from = max(begin - start, 0);
      const to = min(end - start, run);
      if (from >= to) continue;
      const x = left + kx * window.dilationX;
      const target = patch + <usize>(start - begin) * float;
      // Floats of the run before, in and after the image's row.
      const enter = inImage ? max(min(-x * depth, to), from) : to;
      const leave = inImage ? max(min((window.width - x) * depth, to), enter) : to;
      const pixel = image + <usize>((y * window.width + x) * window.channels) * float;
      changetype<Move>(0).outside(target + <usize>from * float, enter - from);
      changetype<Move>(0).inside(pixel + <usize>enter * float, target + <usize>enter * float, leave - enter);
      changetype<Move>(0).outside(target + <usize>leave * float, to - leave);
    }
  }
}
