// Windows that treat every channel by itself: pooling, and depthwise convolution with one filter a channel.
// Forwards each output folds the pixels it sees; backwards it gives each of them its part.

import { mapRange } from './map';
import { WindowFold } from './opcodes';
import { addFloats, placeOfPart, startOfPart, sumInParts } from './parts';
import { Share } from './share';
import { MultiplyAdd, storeFirst } from './vectors';
import { Window } from './window';

const float: usize = 4;

@unmanaged
class WindowFoldCommand {
  opcode: i32;
  fold: i32;
  window: usize;
  /** Images [batch, height, width, channels]. */
  x: usize;
  /** Output [batch, outHeight, outWidth, channels]. */
  y: usize;
  /** Weights [taps, channels], where there are any. */
  w: usize;
  /** The gradients, where the command is one. */
  dx: usize;
  dy: usize;
  /** A map to run on what is finished, or 0. */
  epilogue: usize;
  /** Of a gradient of weights: in how many parts it is summed, and spare memory for one; 0 where each has its own array. */
  parts: i32;
  spare: usize;
}

class Maximum {
  @inline start(): f32 {
    return -Infinity;
  }
  /** Keeps NaN. */
  @inline fold(total: v128, x: v128, weight: usize): v128 {
    return v128.bitselect(f32x4.pmax(x, total), total, f32x4.eq(total, total));
  }
  @inline finish(total: v128, count: v128): v128 {
    return total;
  }
  /** The pixel's part of what is left of dy: all, if it is the maximum. */
  @inline part(rest: v128, x: usize, y: usize, weight: usize): v128 {
    return v128.and(rest, f32x4.eq(v128.load(x), v128.load(y)));
  }
  /** What is left for later pixels: nothing after the first maximum. */
  @inline rest(rest: v128, x: usize, y: usize): v128 {
    return v128.andnot(rest, f32x4.eq(v128.load(x), v128.load(y)));
  }
}

class Mean {
  @inline start(): f32 {
    return 0;
  }
  @inline fold(total: v128, x: v128, weight: usize): v128 {
    return f32x4.add(total, x);
  }
  @inline finish(total: v128, count: v128): v128 {
    return f32x4.div(total, count);
  }
  @inline part(rest: v128, x: usize, y: usize, weight: usize): v128 {
    return rest;
  }
  @inline rest(rest: v128, x: usize, y: usize): v128 {
    return rest;
  }
}

class Weighted {
  @inline start(): f32 {
    return 0;
  }
  @inline fold(total: v128, x: v128, weight: usize): v128 {
    return changetype<MultiplyAdd>(0).apply(x, v128.load(weight), total);
  }
  @inline finish(total: v128, count: v128): v128 {
    return total;
  }
  @inline part(rest: v128, x: usize, y: usize, weight: usize): v128 {
    return f32x4.mul(rest, v128.load(weight));
  }
  @inline rest(rest: v128, x: usize, y: usize): v128 {
    return rest;
  }
}

/** y = the fold of what each window sees. A thread computes whole rows of images. */
export function windowFold(address: usize, share: Share): void {
  const command = changetype<WindowFoldCommand>(address);
  const window = changetype<Window>(command.window);
  const rows = window.batch * window.outHeight;
  const rowFloats = window.outWidth * window.channels;
  const end = share.end(rows);
  for (let row = share.start(rows); row < end; row++) {
    if (command.fold == WindowFold.max) eachPixel<Maximum>(command, window, row, false);
    else if (command.fold == WindowFold.mean) eachPixel<Mean>(command, window, row, false);
    else eachPixel<Weighted>(command, window, row, false);
    if (command.epilogue) {
      mapRange(command.epilogue, row * rowFloats, (row + 1) * rowFloats, share.scratch());
    }
  }
}

/** dx = the sum of what each output gives to the pixels it saw. A thread computes whole images. */
export function windowFoldGradient(address: usize, share: Share): void {
  const command = changetype<WindowFoldCommand>(address);
  const window = changetype<Window>(command.window);
  const imageFloats = window.height * window.width * window.channels;
  const end = share.end(window.batch);
  for (let image = share.start(window.batch); image < end; image++) {
    memory.fill(command.dx + <usize>(image * imageFloats) * float, 0, <usize>imageFloats * float);
    for (let y = 0; y < window.outHeight; y++) {
      const row = image * window.outHeight + y;
      if (command.fold == WindowFold.max) eachPixel<Maximum>(command, window, row, true);
      else if (command.fold == WindowFold.mean) eachPixel<Mean>(command, window, row, true);
      else eachPixel<Weighted>(command, window, row, true);
    }
    if (command.epilogue) {
      mapRange(command.epilogue, image * imageFloats, (image + 1) * imageFloats, share.scratch());
    }
  }
}

/** Folds, or gives back, what the windows of one row of output pixels see. */
function eachPixel<F>(command: WindowFoldCommand, window: Window, row: i32, isGradient: bool): void {
  const pixelBytes = <usize>window.channels * float;
  const top = (row % window.outHeight) * window.strideY - window.top;
  const firstY = window.firstTapY(top);
  const rows = window.endTapY(top) - firstY;
  const y = (row / window.outHeight) * window.height + top + firstY * window.dilationY;
  let out = <usize>(row * window.outWidth) * pixelBytes;
  for (let column = 0; column < window.outWidth; column++) {
    const left = column * window.strideX - window.left;
    const firstX = window.firstTapX(left);
    const columns = window.endTapX(left) - firstX;
    const offset = <usize>(y * window.width + left + firstX * window.dilationX) * pixelBytes;
    const w = command.w + <usize>(firstY * window.kernelWidth + firstX) * pixelBytes;
    if (isGradient) scatterPixel<F>(command, window, offset, w, out, rows, columns);
    else foldPixel<F>(window, command.x + offset, w, command.y + out, rows, columns);
    out += pixelBytes;
  }
}

function foldPixel<F>(window: Window, x: usize, w: usize, y: usize, rows: i32, columns: i32): void {
  const rowStep = window.rowStep;
  const columnStep = window.columnStep;
  const weightStep = <usize>window.channels * float;
  const weightRow = <usize>window.kernelWidth * weightStep;
  const count = f32x4.splat(<f32>max(rows * columns, 1));
  const f = changetype<F>(0);
  let channels = window.channels;
  // Four folds, which do not wait for each other.
  for (; channels >= 16; channels -= 16) {
    let total0 = f32x4.splat(f.start());
    let total1 = total0;
    let total2 = total0;
    let total3 = total0;
    for (let row = 0; row < rows; row++) {
      let pixel = x + <usize>row * rowStep;
      let weight = w + <usize>row * weightRow;
      for (let column = 0; column < columns; column++) {
        total0 = f.fold(total0, v128.load(pixel), weight);
        total1 = f.fold(total1, v128.load(pixel, 16), weight + 16);
        total2 = f.fold(total2, v128.load(pixel, 32), weight + 32);
        total3 = f.fold(total3, v128.load(pixel, 48), weight + 48);
        pixel += columnStep;
        weight += weightStep;
      }
    }
    v128.store(y, f.finish(total0, count));
    v128.store(y, f.finish(total1, count), 16);
    v128.store(y, f.finish(total2, count), 32);
    v128.store(y, f.finish(total3, count), 48);
    x += 64;
    w += 64;
    y += 64;
  }
  for (; channels > 0; channels -= 4) {
    let total = f32x4.splat(f.start());
    for (let row = 0; row < rows; row++) {
      let pixel = x + <usize>row * rowStep;
      let weight = w + <usize>row * weightRow;
      for (let column = 0; column < columns; column++) {
        total = f.fold(total, v128.load(pixel), weight);
        pixel += columnStep;
        weight += weightStep;
      }
    }
    storeFirst(y, f.finish(total, count), channels);
    x += 16;
    w += 16;
    y += 16;
  }
}

function scatterPixel<F>(
  command: WindowFoldCommand,
  window: Window,
  offset: usize,
  w: usize,
  out: usize,
  rows: i32,
  columns: i32,
): void {
  const rowStep = window.rowStep;
  const columnStep = window.columnStep;
  const weightStep = <usize>window.channels * float;
  const weightRow = <usize>window.kernelWidth * weightStep;
  const count = f32x4.splat(<f32>max(rows * columns, 1));
  const toX = command.x - command.dx;
  for (let channels = window.channels; channels > 0; channels -= 4) {
    let rest = changetype<F>(0).finish(v128.load(command.dy + out), count);
    for (let row = 0; row < rows; row++) {
      let dx = command.dx + offset + <usize>row * rowStep;
      let weight = w + <usize>row * weightRow;
      for (let column = 0; column < columns; column++) {
        const part = changetype<F>(0).part(rest, dx + toX, command.y + out, weight);
        rest = changetype<F>(0).rest(rest, dx + toX, command.y + out);
        storeFirst(dx, f32x4.add(v128.load(dx), part), channels);
        dx += columnStep;
        weight += weightStep;
      }
    }
    offset += 16;
    w += 16;
    out += 16;
  }
}

/**
 * dw = the sum over all outputs of what each saw, times its gradient, in parts of rows of outputs. Threads share parts and
 * vectors of channels.
 */
export function windowWeightGradient(address: usize, share: Share): void {
  const command = changetype<WindowFoldCommand>(address);
  const vectors = (changetype<Window>(command.window).channels + 3) >> 2;
  sumInParts(address, share, command.parts, command.spare != 0, vectors, sumRows, addChannels);
}

/** Sums what a part's rows of outputs give, for some vectors of channels. */
function sumRows(address: usize, part: i32, firstVector: i32, endVector: i32, scratch: usize): void {
  const command = changetype<WindowFoldCommand>(address);
  const window = changetype<Window>(command.window);
  const first = firstVector << 2;
  const end = min(window.channels, endVector << 2);
  const dw = placeOfPart(command.w, command.spare, <usize>(window.taps * window.channels) * float, part);
  for (let tap = 0; tap < window.taps; tap++) {
    memory.fill(dw + <usize>(tap * window.channels + first) * float, 0, <usize>(end - first) * float);
  }
  const rows = window.batch * window.outHeight;
  const endRow = startOfPart(rows, command.parts, part + 1);
  for (let row = startOfPart(rows, command.parts, part); row < endRow; row++) {
    const top = (row % window.outHeight) * window.strideY - window.top;
    for (let ky = window.firstTapY(top); ky < window.endTapY(top); ky++) {
      const y = (row / window.outHeight) * window.height + top + ky * window.dilationY;
      for (let kx = 0; kx < window.kernelWidth; kx++) {
        accumulateTap(command, window, dw, row, y, ky, kx, first, end);
      }
    }
  }
}

/** Adds what a part has summed to what others have, for some vectors of channels. */
function addChannels(address: usize, firstVector: i32, endVector: i32): void {
  const command = changetype<WindowFoldCommand>(address);
  const window = changetype<Window>(command.window);
  const first = firstVector << 2;
  const count = min(window.channels, endVector << 2) - first;
  for (let tap = 0; tap < window.taps; tap++) {
    const offset = <usize>(tap * window.channels + first) * float;
    addFloats(command.w + offset, command.spare + offset, count);
  }
}

/** Adds to the weights of one tap what one row of output pixels gives. */
function accumulateTap(
  command: WindowFoldCommand,
  window: Window,
  weights: usize,
  row: i32,
  y: i32,
  ky: i32,
  kx: i32,
  first: i32,
  end: i32,
): void {
  const shift = kx * window.dilationX - window.left;
  const from = shift >= 0 ? 0 : (window.strideX - 1 - shift) / window.strideX;
  const to = min(window.outWidth, (window.width - shift + window.strideX - 1) / window.strideX);
  const pixelBytes = <usize>window.channels * float;
  const xStep = <usize>window.strideX * pixelBytes;
  const offset = <usize>first * float;
  let dw = weights + <usize>(ky * window.kernelWidth + kx) * pixelBytes + offset;
  let x = command.x + <usize>(y * window.width + from * window.strideX + shift) * pixelBytes + offset;
  let dy = command.dy + <usize>(row * window.outWidth + from) * pixelBytes + offset;
  let channels = end - first;
  for (; channels >= 16; channels -= 16) {
    accumulateFour(dw, x, dy, to - from, xStep, pixelBytes);
    dw += 64;
    x += 64;
    dy += 64;
  }
  for (; channels > 0; channels -= 4) {
    accumulateOne(dw, x, dy, to - from, xStep, pixelBytes, channels);
    dw += 16;
    x += 16;
    dy += 16;
  }
}

/** Adds products of so many pixels to the weights of 16 channels: four sums, which do not wait for each other. */
function accumulateFour(dw: usize, x: usize, dy: usize, pixels: i32, xStep: usize, dyStep: usize): void {
  const product = changetype<MultiplyAdd>(0);
  let total0 = v128.load(dw);
  let total1 = v128.load(dw, 16);
  let total2 = v128.load(dw, 32);
  let total3 = v128.load(dw, 48);
  for (; pixels > 0; pixels--) {
    total0 = product.apply(v128.load(x), v128.load(dy), total0);
    total1 = product.apply(v128.load(x, 16), v128.load(dy, 16), total1);
    total2 = product.apply(v128.load(x, 32), v128.load(dy, 32), total2);
    total3 = product.apply(v128.load(x, 48), v128.load(dy, 48), total3);
    x += xStep;
    dy += dyStep;
  }
  v128.store(dw, total0);
  v128.store(dw, total1, 16);
  v128.store(dw, total2, 32);
  v128.store(dw, total3, 48);
}

/** The same for the first `channels`, at most four. */
function accumulateOne(
  dw: usize,
  x: usize,
  dy: usize,
  pixels: i32,
  xStep: usize,
  dyStep: usize,
  channels: i32,
): void {
  let total = v128.load(dw);
  for (; pixels > 0; pixels--) {
    total = changetype<MultiplyAdd>(0).apply(v128.load(x), v128.load(dy), total);
    x += xStep;
    dy += dyStep;
  }
  storeFirst(dw, total, channels);
}
