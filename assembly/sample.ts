// Images read at places between their pixels, blended of the four around each. And the reverse: the gradient at each
// place is added to the pixels that it was read from.

import { FillMode } from './opcodes';
import { Share } from './share';
import { storeFirst } from './vectors';

@unmanaged
class SampleSizes {
  /** Of the images. */
  batch: i32;
  height: i32;
  width: i32;
  channels: i32;
  /** Of what is seen of them. */
  seenBatch: i32;
  seenHeight: i32;
  seenWidth: i32;
}

@unmanaged
class SampleCommand {
  opcode: i32;
  /** Images: read, or filled with gradients. */
  images: usize;
  /** What is seen of them: written, or gradients that are read. */
  seen: usize;
  /** `SampleSizes`. */
  sizes: usize;
  /** The number of the image that each of `seen` is of. */
  numbers: usize;
  /** Whole rows and columns; of those between pixels, the ones before. */
  rows: usize;
  columns: usize;
  /** How far it is from there to the next ones, from 0 to 1; no address where nothing is between. */
  rowShares: usize;
  columnShares: usize;
  /** Whether rows are [batch, height] and columns [batch, width]; if not, they are those of each pixel. */
  isGrid: i32;
  fillMode: i32;
  /** The pixel that is outside of images; for gradients no address. */
  fill: usize;
}

/** seen = the images at their places; or images = what the gradients of `seen` give to each pixel. */
export function sample(address: usize, share: Share): void {
  const command = changetype<SampleCommand>(address);
  const sizes = changetype<SampleSizes>(command.sizes);
  const gives = !command.fill;
  const rowsOfImages = sizes.batch * sizes.height;
  const rowsSeen = sizes.seenBatch * sizes.seenHeight;
  const first = share.start(gives ? rowsOfImages : rowsSeen);
  const end = share.end(gives ? rowsOfImages : rowsSeen);
  if (!gives) {
    for (let row = first; row < end; row++) visitRow(command, row, 0, rowsOfImages);
    return;
  }
  const bytes = (<usize>(sizes.width * sizes.channels)) << 2;
  memory.fill(command.images + <usize>first * bytes, 0, <usize>(end - first) * bytes);
  for (let row = 0; row < rowsSeen; row++) visitRow(command, row, first, end);
}

/** Goes over a row of what is seen, which reads the rows of images from `first` to `end`, or gives to them. */
function visitRow(command: SampleCommand, row: i32, first: i32, end: i32): void {
  const sizes = changetype<SampleSizes>(command.sizes);
  const number = row / sizes.seenHeight;
  const image = load<i32>(command.numbers + ((<usize>number) << 2));
  // Of an image that there is not all rows lie before the first.
  const top = (<u32>image < <u32>sizes.batch ? image : -1) * sizes.height;
  if (!command.fill && (top >= end || top + sizes.height <= first)) return;
  // Read once: memory that is written might be that of the command.
  const bytes = (<usize>sizes.channels) << 2;
  const width = sizes.width;
  const mode = command.fillMode;
  const fill = command.fill;
  const columns = command.columns;
  const columnShares = command.columnShares;
  const isGrid = command.isGrid;
  const start = row * sizes.seenWidth;
  let target = command.seen + <usize>start * bytes;
  let atRow = (<usize>(command.isGrid ? row : start)) << 2;
  let atColumn = (<usize>(command.isGrid ? number * sizes.seenWidth : start)) << 2;
  let above: usize = 0;
  let below: usize = 0;
  let down: f32 = 0;
  let right: f32 = 0;
  for (let i = 0; i < sizes.seenWidth; i++) {
    if (i == 0 || !isGrid) {
      const y = load<i32>(command.rows + atRow);
      if (command.rowShares) down = load<f32>(command.rowShares + atRow);
      above = rowAt(command, top, y, first, end);
      below = down == 0 ? above : rowAt(command, top, y + 1, first, end);
      atRow += 4;
    }
    const x = load<i32>(columns + atColumn);
    if (columnShares) right = load<f32>(columnShares + atColumn);
    const left = placeOf(x, width, mode);
    const a = pixelAt(fill, above, left, bytes);
    if (fill && right == 0 && down == 0) {
      copyPixel(target, a, bytes);
    } else {
      const next = right == 0 ? left : placeOf(x + 1, width, mode);
      const b = pixelAt(fill, above, next, bytes);
      const c = pixelAt(fill, below, left, bytes);
      const d = pixelAt(fill, below, next, bytes);
      if (fill) {
        blend(target, a, b, c, d, right, down, bytes);
      } else {
        give(a, target, (1 - right) * (1 - down), bytes);
        give(b, target, right * (1 - down), bytes);
        give(c, target, (1 - right) * down, bytes);
        give(d, target, right * down, bytes);
      }
    }
    atColumn += 4;
    target += bytes;
  }
}

/** Where a row of an image lies whose first row is `top`; 0 where there is none, or none from `first` to `end`. */
function rowAt(command: SampleCommand, top: i32, place: i32, first: i32, end: i32): usize {
  const sizes = changetype<SampleSizes>(command.sizes);
  const within = placeOf(place, sizes.height, command.fillMode);
  const row = top + within;
  if (within < 0 || row < first || row >= end) return 0;
  return command.images + ((<usize>(row * sizes.width * sizes.channels)) << 2);
}

function pixelAt(fill: usize, row: usize, column: i32, bytes: usize): usize {
  return row && column >= 0 ? row + <usize>column * bytes : fill;
}

function copyPixel(target: usize, source: usize, bytes: usize): void {
  if (bytes == 4) {
    store<i32>(target, load<i32>(source));
    return;
  }
  for (let i: usize = 0; i < bytes; i += 16) {
    storeFirst(target + i, v128.load(source + i), <i32>((bytes - i) >> 2));
  }
}

function blend(
  target: usize,
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  right: f32,
  down: f32,
  bytes: usize,
): void {
  if (bytes == 4) {
    const above = load<f32>(a) + (load<f32>(b) - load<f32>(a)) * right;
    const below = load<f32>(c) + (load<f32>(d) - load<f32>(c)) * right;
    store<f32>(target, above + (below - above) * down);
    return;
  }
  const across = f32x4.splat(right);
  for (let i: usize = 0; i < bytes; i += 16) {
    const above = between(v128.load(a + i), v128.load(b + i), across);
    const below = between(v128.load(c + i), v128.load(d + i), across);
    storeFirst(target + i, between(above, below, f32x4.splat(down)), <i32>((bytes - i) >> 2));
  }
}

function between(a: v128, b: v128, share: v128): v128 {
  return f32x4.add(a, f32x4.mul(f32x4.sub(b, a), share));
}

function give(pixel: usize, seen: usize, weight: f32, bytes: usize): void {
  if (!pixel || weight == 0) return;
  for (let i: usize = 0; i < bytes; i += 16) {
    const given = f32x4.mul(v128.load(seen + i), f32x4.splat(weight));
    storeFirst(pixel + i, f32x4.add(v128.load(pixel + i), given), <i32>((bytes - i) >> 2));
  }
}

/** The row or column that stands for `place`; −1 where the fill does. */
function placeOf(place: i32, size: i32, mode: i32): i32 {
  if (<u32>place < <u32>size) return place;
  if (mode == FillMode.constant) return -1;
  if (mode == FillMode.nearest) return place < 0 ? 0 : size - 1;
  // Reflected at the edge of the last pixel: d c b a | a b c d | d c b a.
  const period = mode == FillMode.wrap ? size : 2 * size;
  const within = ((place % period) + period) % period;
  return within < size ? within : period - 1 - within;
}
