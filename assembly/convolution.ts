// Convolution and its two gradients, as products of matrices whose one side is patches of the images:
// packed a block at a time into scratch memory that stays in cache, never as a whole.

import { multiplyBlock } from './gemm';
import { mapRange } from './map';
import { Layout } from './opcodes';
import { addFloats, placeOfPart, startOfPart, sumInParts } from './parts';
import { Add, movePatches, Pack } from './patches';
import { Share } from './share';
import { tileRows } from './tiles';
import { Window } from './window';

const float: usize = 4;
/** The most columns of patches packed at once: with a panel of filters, a tile's part of them stays in L1. */
const blockDepth: i32 = 512;
/** Floats of a slab of patches, which stay in L2, and of a slab of the output, which stay in L1. */
const patchFloats: i32 = 12288;
const outputFloats: i32 = 4096;
/** The same for the filter's gradient, where columns of patches are rows of the product. */
const slabPixels: i32 = 96;
const slabColumns: i32 = 96;

@unmanaged
class ConvolutionCommand {
  opcode: i32;
  window: usize;
  /** Images [batch, height, width, channels]. */
  x: usize;
  /** Filters, packed in panels, or [taps, depth, n of all groups] where they are the result. */
  w: usize;
  /** Bytes from one group's filters to the next's. */
  wGroup: usize;
  /** Output [batch, outHeight, outWidth, n of all groups]. */
  y: usize;
  groups: i32;
  /** Channels of one group: of the images and of the output. */
  depth: i32;
  n: i32;
  /** A map to run on what is finished, or 0. */
  epilogue: usize;
  /** Of the filters' gradient: in how many parts it is summed, and spare memory of its size; 0 where each has an array. */
  parts: i32;
  spare: usize;

  /** Bytes from one pixel of the output, and from one row of the filters, to the next. */
  @inline get rowBytes(): usize {
    return <usize>(this.groups * this.n) * float;
  }

  /** Rows of the filters, of one group. */
  @inline get filterRows(): i32 {
    return changetype<Window>(this.window).taps * this.depth;
  }
}

/** y = patches(x)·w. */
export function convolution(address: usize, share: Share): void {
  const command = changetype<ConvolutionCommand>(address);
  const window = changetype<Window>(command.window);
  const pixels = window.batch * window.outPixels;
  const tiles = (pixels + tileRows - 1) / tileRows;
  const end = min(pixels, share.end(tiles) * tileRows);
  const columns = command.groups * command.n;
  const slab = slabRows(min(blockDepth, window.taps * command.depth), columns);
  for (let pixel = share.start(tiles) * tileRows; pixel < end; pixel += slab) {
    const rows = min(slab, end - pixel);
    for (let group = 0; group < command.groups; group++) {
      convolveSlab(command, window, group, pixel, rows, share.scratch());
    }
    if (command.epilogue) {
      mapRange(command.epilogue, pixel * columns, (pixel + rows) * columns, share.scratch());
    }
  }
}

function convolveSlab(
  command: ConvolutionCommand,
  window: Window,
  group: i32,
  pixel: i32,
  rows: i32,
  patches: usize,
): void {
  const k = window.taps * command.depth;
  const x = command.x + <usize>(group * command.depth) * float;
  const yRow = command.rowBytes;
  const y = command.y + <usize>pixel * yRow + <usize>(group * command.n) * float;
  const w = command.w + <usize>group * command.wGroup;
  const panelRow = <usize>Layout.panelColumns * float;
  for (let depth = 0; depth < k; depth += blockDepth) {
    const block = min(blockDepth, k - depth);
    const pitch = pitchOf(block);
    movePatches<Pack>(window, x, command.depth, pixel, rows, depth, depth + block, patches, pitch);
    multiplyBlock(
      patches,
      pitch,
      float,
      pitch,
      w + <usize>depth * panelRow,
      <usize>k * panelRow,
      panelRow,
      y,
      yRow,
      rows,
      command.n,
      block,
      depth > 0,
      patches,
    );
  }
}

/** dx = the sum of the patches dy·wᵀ, each where it was taken from. A thread computes whole images. */
export function convolutionInputGradient(address: usize, share: Share): void {
  const command = changetype<ConvolutionCommand>(address);
  const window = changetype<Window>(command.window);
  const first = share.start(window.batch);
  const end = share.end(window.batch);
  const imageFloats = window.height * window.width * window.channels;
  const x = command.x + <usize>(first * imageFloats) * float;
  memory.fill(x, 0, <usize>((end - first) * imageFloats) * float);
  const k = window.taps * command.depth;
  const slab = slabRows(min(blockDepth, k), 1);
  for (let group = 0; group < command.groups; group++) {
    // Column blocks outermost: the order of an element's sum is then the order of the patches alone.
    for (let column = 0; column < k; column += blockDepth) {
      for (let pixel = first * window.outPixels; pixel < end * window.outPixels; pixel += slab) {
        const rows = min(slab, end * window.outPixels - pixel);
        const columns = min(blockDepth, k - column);
        scatterSlab(command, window, group, pixel, rows, column, columns, share.scratch());
      }
    }
  }
  if (command.epilogue) {
    mapRange(command.epilogue, first * imageFloats, end * imageFloats, share.scratch());
  }
}

function scatterSlab(
  command: ConvolutionCommand,
  window: Window,
  group: i32,
  pixel: i32,
  rows: i32,
  column: i32,
  columns: i32,
  patches: usize,
): void {
  const yRow = command.rowBytes;
  const y = command.y + <usize>pixel * yRow + <usize>(group * command.n) * float;
  const panelRow = <usize>Layout.panelColumns * float;
  const panel = <usize>command.n * panelRow;
  const w = command.w + <usize>group * command.wGroup + <usize>(column / Layout.panelColumns) * panel;
  const pitch = pitchOf(columns);
  for (let depth = 0; depth < command.n; depth += blockDepth) {
    multiplyBlock(
      y + <usize>depth * float,
      yRow,
      float,
      yRow,
      w + <usize>depth * panelRow,
      panel,
      panelRow,
      patches,
      pitch,
      rows,
      columns,
      min(blockDepth, command.n - depth),
      depth > 0,
      patches,
    );
  }
  const x = command.x + <usize>(group * command.depth) * float;
  movePatches<Add>(window, x, command.depth, pixel, rows, column, column + columns, patches, pitch);
}

/** dw = patches(x)ᵀ·dy, summed over the pixels in parts. Threads share parts and tiles of rows of dw: columns of the patches. */
export function convolutionFilterGradient(address: usize, share: Share): void {
  const command = changetype<ConvolutionCommand>(address);
  const tiles = (command.filterRows + tileRows - 1) / tileRows;
  sumInParts(address, share, command.parts, command.spare != 0, tiles, sumPixels, addRows);
}

/** Sums a part's pixels, for some tiles of rows. */
function sumPixels(address: usize, part: i32, firstTile: i32, endTile: i32, scratch: usize): void {
  const command = changetype<ConvolutionCommand>(address);
  const window = changetype<Window>(command.window);
  const rows = command.filterRows;
  const end = min(rows, endTile * tileRows);
  const dw = placeOfPart(command.w, command.spare, <usize>rows * command.rowBytes, part);
  const pixels = window.batch * window.outPixels;
  const slabs = (pixels + slabPixels - 1) / slabPixels;
  const first = startOfPart(slabs, command.parts, part) * slabPixels;
  const endPixel = min(pixels, startOfPart(slabs, command.parts, part + 1) * slabPixels);
  for (let group = 0; group < command.groups; group++) {
    for (let pixel = first; pixel < endPixel; pixel += slabPixels) {
      const count = min(slabPixels, endPixel - pixel);
      for (let column = firstTile * tileRows; column < end; column += slabColumns) {
        const columns = min(slabColumns, end - column);
        gatherSlab(command, window, group, pixel, count, column, columns, dw, pixel > first, scratch);
      }
    }
  }
}

/** Adds what a part has summed to what others have, for some tiles of rows. */
function addRows(address: usize, firstTile: i32, endTile: i32): void {
  const command = changetype<ConvolutionCommand>(address);
  const first = <usize>(firstTile * tileRows) * command.rowBytes;
  const bytes = <usize>min(command.filterRows, endTile * tileRows) * command.rowBytes - first;
  addFloats(command.w + first, command.spare + first, <i32>(bytes / float));
}

function gatherSlab(
  command: ConvolutionCommand,
  window: Window,
  group: i32,
  pixel: i32,
  rows: i32,
  column: i32,
  columns: i32,
  dw: usize,
  accumulate: bool,
  patches: usize,
): void {
  const yRow = command.rowBytes;
  const offset = <usize>(group * command.n) * float;
  const x = command.x + <usize>(group * command.depth) * float;
  // Short patches are packed whole, which is faster than in parts.
  const k = window.taps * command.depth;
  const begin = k <= slabColumns ? 0 : column;
  const end = k <= slabColumns ? k : column + columns;
  const pitch = pitchOf(end - begin);
  movePatches<Pack>(window, x, command.depth, pixel, rows, begin, end, patches, pitch);
  multiplyBlock(
    patches + <usize>(column - begin) * float,
    float,
    pitch,
    float,
    command.y + <usize>pixel * yRow + offset,
    <usize>Layout.panelColumns * float,
    yRow,
    dw + <usize>column * yRow + offset,
    yRow,
    columns,
    command.n,
    rows,
    accumulate,
    patches,
  );
}

/** Patches of `k` columns packed at once, for outputs of n columns: some tiles, no more than the caches hold. */
function slabRows(k: i32, n: i32): i32 {
  const tiles = min(patchFloats / k, outputFloats / n) / tileRows;
  return max(tiles, 4) * tileRows;
}

/** Bytes from one patch to the next: what packing writes too far falls into the gap, the next patch, or scratch memory behind the last. */
function pitchOf(columns: i32): usize {
  return <usize>((columns + 3) & ~3) * float;
}
