// Convolutions with filters of 3×3 and stride 1 in fewer multiplications: F(2×2, 3×3) of Winograd's family.
// (Lavin and Gray, "Fast algorithms for convolutional neural networks", 2015.)
//
// A tile is 2×2 pixels of the output and the 4×4 of the image that they see. Of tiles d, filters g and gradients e of
// the output, in each channel:  y = Aᵀ(GgGᵀ ⊙ BᵀdB)A,  dg = Gᵀ(Σ BᵀdB ⊙ AeAᵀ)G.
// Summed over channels, or over tiles, the products ⊙ are 16 products of matrices: of 36 multiplications 16 are left.

import { multiplyBlock } from './gemm';
import { mapRange } from './map';
import { Layout } from './opcodes';
import { addFloats, placeOfPart, startOfPart, sumInParts } from './parts';
import { Share } from './share';
import { Window } from './window';
import { transformGradients, transformImages, transformOutputs } from './winograd-tiles';

const float: usize = 4;
/** Elements of a transformed tile: matrices that are multiplied. */
const elements: i32 = 16;
const panelRow: usize = <usize>Layout.panelColumns * float;

@unmanaged
class WinogradFiltersCommand {
  opcode: i32;
  /** The first tap of the first filter, and bytes from one tap, one channel, one output to the next. */
  w: usize;
  tapStep: usize;
  channelStep: usize;
  outputStep: usize;
  /** Transformed, [16, panels, depth, 8]. */
  u: usize;
  depth: i32;
  n: i32;
}

/** u = GgGᵀ, each element's matrix in panels. */
export function winogradFilters(address: usize, share: Share): void {
  const command = changetype<WinogradFiltersCommand>(address);
  const panels = (command.n + Layout.panelColumns - 1) / Layout.panelColumns;
  const end = min(command.n, share.end(panels) * Layout.panelColumns);
  const matrix = <usize>panels * <usize>command.depth * panelRow;
  for (let output = share.start(panels) * Layout.panelColumns; output < end; output += 4) {
    const panel = <usize>(output / Layout.panelColumns) * <usize>command.depth * panelRow;
    let target = command.u + panel + <usize>(output % Layout.panelColumns) * float;
    let w = command.w + <usize>output * command.outputStep;
    for (let channel = command.depth; channel > 0; channel--) {
      transformFilter(w, command.tapStep, command.outputStep, target, matrix, share.scratch());
      w += command.channelStep;
      target += panelRow;
    }
  }
}

/** Four outputs' filters of one channel. @param rows room for twelve vectors */
function transformFilter(
  w: usize,
  tapStep: usize,
  outputStep: usize,
  target: usize,
  matrix: usize,
  rows: usize,
): void {
  const half = f32x4.splat(0.5);
  for (let x: usize = 0; x < 3; x++) {
    const g0 = loadOutputs(w + x * tapStep, outputStep);
    const g1 = loadOutputs(w + (x + 3) * tapStep, outputStep);
    const g2 = loadOutputs(w + (x + 6) * tapStep, outputStep);
    const sum = f32x4.add(g0, g2);
    const row = rows + (x << 4);
    v128.store(row, g0);
    v128.store(row, f32x4.mul(half, f32x4.add(sum, g1)), 48);
    v128.store(row, f32x4.mul(half, f32x4.sub(sum, g1)), 96);
    v128.store(row, g2, 144);
  }
  for (let y: usize = 0; y < 4; y++) {
    const g0 = v128.load(rows);
    const g1 = v128.load(rows, 16);
    const g2 = v128.load(rows, 32);
    const sum = f32x4.add(g0, g2);
    v128.store(target, g0);
    v128.store(target + matrix, f32x4.mul(half, f32x4.add(sum, g1)));
    v128.store(target + 2 * matrix, f32x4.mul(half, f32x4.sub(sum, g1)));
    v128.store(target + 3 * matrix, g2);
    rows += 48;
    target += 4 * matrix;
  }
}

function loadOutputs(w: usize, step: usize): v128 {
  if (step == float) return v128.load(w);
  return f32x4(load<f32>(w), load<f32>(w + step), load<f32>(w + 2 * step), load<f32>(w + 3 * step));
}

@unmanaged
class WinogradCommand {
  opcode: i32;
  window: usize;
  /** Images [batch, height, width, depth]. */
  x: usize;
  /** Transformed filters; of the gradient, where their gradient goes, [16, depth, n]. */
  u: usize;
  /** Output [batch, outHeight, outWidth, n], or its gradient. */
  y: usize;
  depth: i32;
  n: i32;
  /** A map to run on what is finished, or 0. */
  epilogue: usize;
  /** Of the filters' gradient: in how many parts it is summed, and spare memory of its size; 0 where each has an array. */
  parts: i32;
  spare: usize;
}

/**
 * Tiles that are transformed at once, some full tiles of the product where the scratch memory has room: for what both
 * become, or for the images' and a tile at an edge, which is copied before.
 */
function slabTiles(command: WinogradCommand): i32 {
  const floats = <i32>(Layout.slabBytes / 4) / elements;
  const room = min(floats / (command.depth + command.n), floats / command.depth - 1);
  return room < 6 ? room : room - (room % 6);
}

/** y = x * w, of transformed filters. Threads share rows of tiles. */
export function winograd(address: usize, share: Share): void {
  const command = changetype<WinogradCommand>(address);
  const window = changetype<Window>(command.window);
  const tilesHigh = (window.outHeight + 1) >> 1;
  const tilesWide = (window.outWidth + 1) >> 1;
  const most = slabTiles(command);
  const rows = max(1, most / tilesWide);
  const end = share.end(window.batch * tilesHigh);
  const rowFloats = window.outWidth * command.n;
  for (let row = share.start(window.batch * tilesHigh); row < end; row += rows) {
    const last = min(end, row + rows);
    for (let tile = row * tilesWide; tile < last * tilesWide; tile += most) {
      convolveTiles(command, window, tile, min(most, last * tilesWide - tile), share.scratch());
    }
    if (command.epilogue) {
      const first = outRow(window, tilesHigh, row) * rowFloats;
      mapRange(command.epilogue, first, outRow(window, tilesHigh, last) * rowFloats, share.scratch());
    }
  }
}

/** The first row of output pixels, of all images, in a row of tiles. */
function outRow(window: Window, tilesHigh: i32, row: i32): i32 {
  const image = row / tilesHigh;
  return image * window.outHeight + 2 * (row - image * tilesHigh);
}

function convolveTiles(
  command: WinogradCommand,
  window: Window,
  first: i32,
  tiles: i32,
  scratch: usize,
): void {
  const depthBytes = <usize>command.depth * float;
  const nBytes = <usize>command.n * float;
  const panels = (command.n + Layout.panelColumns - 1) / Layout.panelColumns;
  const matrix = <usize>(panels * command.depth) * panelRow;
  const products = scratch + <usize>(elements * tiles) * depthBytes;
  transformImages(window, command.x, depthBytes, depthBytes, first, tiles, scratch, products);
  for (let i: usize = 0; i < <usize>elements; i++) {
    multiplyBlock(
      scratch + i * <usize>tiles * depthBytes,
      depthBytes,
      float,
      depthBytes,
      command.u + i * matrix,
      <usize>command.depth * panelRow,
      panelRow,
      products + i * <usize>tiles * nBytes,
      nBytes,
      tiles,
      command.n,
      command.depth,
      false,
      scratch,
    );
  }
  transformOutputs(window, command.y, nBytes, first, tiles, products);
}

/** Σ BᵀdB ⊙ AeAᵀ over the tiles, in parts. Threads share parts and fours of the images' channels. */
export function winogradGradient(address: usize, share: Share): void {
  const command = changetype<WinogradCommand>(address);
  sumInParts(address, share, command.parts, command.spare != 0, command.depth >> 2, sumTiles, addChannels);
}

/** Sums a part's tiles, for some fours of channels. */
function sumTiles(address: usize, part: i32, first: i32, end: i32, scratch: usize): void {
  const command = changetype<WinogradCommand>(address);
  const window = changetype<Window>(command.window);
  const bytes = <usize>(elements * command.depth * command.n) * float;
  const u = placeOfPart(command.u, command.spare, bytes, part);
  const tiles = window.batch * ((window.outHeight + 1) >> 1) * ((window.outWidth + 1) >> 1);
  // As many for all threads: the order of sums depends on it.
  const most = slabTiles(command);
  const slabs = (tiles + most - 1) / most;
  const firstTile = startOfPart(slabs, command.parts, part) * most;
  const endTile = min(tiles, startOfPart(slabs, command.parts, part + 1) * most);
  for (let tile = firstTile; tile < endTile; tile += most) {
    const count = min(most, endTile - tile);
    sumSlab(command, window, tile, count, first << 2, (end - first) << 2, u, tile > firstTile, scratch);
  }
}

/** Adds what a part has summed to what others have, for some fours of channels. */
function addChannels(address: usize, first: i32, end: i32): void {
  const command = changetype<WinogradCommand>(address);
  const nBytes = <usize>command.n * float;
  let at = <usize>(first << 2) * nBytes;
  for (let i = 0; i < elements; i++) {
    addFloats(command.u + at, command.spare + at, ((end - first) << 2) * command.n);
    at += <usize>command.depth * nBytes;
  }
}

function sumSlab(
  command: WinogradCommand,
  window: Window,
  tile: i32,
  tiles: i32,
  first: i32,
  channels: i32,
  u: usize,
  accumulate: bool,
  scratch: usize,
): void {
  const bytes = <usize>channels * float;
  const nBytes = <usize>command.n * float;
  const gradients = scratch + <usize>(elements * tiles) * bytes;
  const x = command.x + <usize>first * float;
  transformImages(window, x, <usize>command.depth * float, bytes, tile, tiles, scratch, gradients);
  transformGradients(window, command.y, nBytes, tile, tiles, gradients);
  for (let i: usize = 0; i < <usize>elements; i++) {
    multiplyBlock(
      scratch + i * <usize>tiles * bytes,
      float,
      bytes,
      float,
      gradients + i * <usize>tiles * nBytes,
      panelRow,
      nBytes,
      u + (i * <usize>command.depth + <usize>first) * nBytes,
      nBytes,
      channels,
      command.n,
      tiles,
      accumulate,
      scratch,
    );
  }
}

@unmanaged
class WinogradFilterGradientCommand {
  opcode: i32;
  /** [16, size] */
  u: usize;
  /** [9, size] */
  w: usize;
  size: i32;
}

/** dg = GᵀuG. */
export function winogradFilterGradient(address: usize, share: Share): void {
  const command = changetype<WinogradFilterGradientCommand>(address);
  const vectors = command.size >> 2;
  const end = (<usize>share.end(vectors)) << 4;
  const matrix = <usize>command.size * float;
  const half = f32x4.splat(0.5);
  const rows = share.scratch();
  for (let at = (<usize>share.start(vectors)) << 4; at < end; at += 16) {
    for (let x: usize = 0; x < 4; x++) {
      const u = command.u + at + x * matrix;
      const u1 = v128.load(u + 4 * matrix);
      const u2 = v128.load(u + 8 * matrix);
      const sum = f32x4.mul(half, f32x4.add(u1, u2));
      const row = rows + (x << 4);
      v128.store(row, f32x4.add(v128.load(u), sum));
      v128.store(row, f32x4.mul(half, f32x4.sub(u1, u2)), 64);
      v128.store(row, f32x4.add(sum, v128.load(u + 12 * matrix)), 128);
    }
    for (let y: usize = 0; y < 3; y++) {
      const row = rows + (y << 6);
      const u1 = v128.load(row, 16);
      const u2 = v128.load(row, 32);
      const sum = f32x4.mul(half, f32x4.add(u1, u2));
      const w = command.w + at + 3 * y * matrix;
      v128.store(w, f32x4.add(v128.load(row), sum));
      v128.store(w + matrix, f32x4.mul(half, f32x4.sub(u1, u2)));
      v128.store(w + 2 * matrix, f32x4.add(sum, v128.load(row, 48)));
    }
  }
}
