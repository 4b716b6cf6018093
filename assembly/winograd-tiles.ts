// The tiles of Winograd's convolutions (see winograd.ts): taken from images, from gradients, and given to outputs.

import { Window } from './window';

class Tile {
  @inline sum(a: usize, b: usize, c: usize): v128 {
    return f32x4.add(f32x4.add(v128.load(a), v128.load(b)), v128.load(c));
  }

  @inline difference(a: usize, b: usize, c: usize): v128 {
    return f32x4.sub(f32x4.sub(v128.load(a), v128.load(b)), v128.load(c));
  }

  /** A row of (…)B. */
  @inline storeImageRow(t0: v128, t1: v128, t2: v128, t3: v128, target: usize, matrix: usize): void {
    v128.store(target, f32x4.sub(t0, t2));
    v128.store(target + matrix, f32x4.add(t1, t2));
    v128.store(target + 2 * matrix, f32x4.sub(t2, t1));
    v128.store(target + 3 * matrix, f32x4.sub(t1, t3));
  }

  /** A row of (…)Aᵀ. */
  @inline storeGradientRow(a: v128, b: v128, target: usize, matrix: usize): void {
    v128.store(target, a);
    v128.store(target + matrix, f32x4.add(a, b));
    v128.store(target + 2 * matrix, f32x4.sub(a, b));
    v128.store(target + 3 * matrix, f32x4.neg(b));
  }
}

/**
 * BᵀdB of tiles, [16, tiles, channels].
 * @param pixelBytes bytes of all channels of a pixel, of which `bytes` are transformed
 * @param spare room for the channels of 16 pixels
 */
export function transformImages(
  window: Window,
  x: usize,
  pixelBytes: usize,
  bytes: usize,
  first: i32,
  tiles: i32,
  target: usize,
  spare: usize,
): void {
  const tilesHigh = (window.outHeight + 1) >> 1;
  const tilesWide = (window.outWidth + 1) >> 1;
  const matrix = <usize>tiles * bytes;
  const rowBytes = <usize>window.width * pixelBytes;
  for (let tile = first; tile < first + tiles; tile++) {
    const row = tile / tilesWide;
    const image = row / tilesHigh;
    const top = 2 * (row - image * tilesHigh) - window.top;
    const left = 2 * (tile - row * tilesWide) - window.left;
    const source = x + <usize>((image * window.height + top) * window.width + left) * pixelBytes;
    const isInside = top >= 0 && left >= 0 && top + 4 <= window.height && left + 4 <= window.width;
    if (isInside) transformTile(source, rowBytes, pixelBytes, bytes, target, matrix);
    else {
      copyTile(window, top, left, source, rowBytes, pixelBytes, bytes, spare);
      transformTile(spare, 4 * bytes, bytes, bytes, target, matrix);
    }
    target += bytes;
  }
}

/** A tile with zeros around its image. Pixels are small: loops are faster than copies and fills of memory. */
function copyTile(
  window: Window,
  top: i32,
  left: i32,
  source: usize,
  rowBytes: usize,
  pixelBytes: usize,
  bytes: usize,
  target: usize,
): void {
  const zero = f32x4.splat(0);
  for (let y = top; y < top + 4; y++) {
    let pixel = source;
    for (let x = left; x < left + 4; x++) {
      const end = target + bytes;
      if (y >= 0 && y < window.height && x >= 0 && x < window.width) {
        let from = pixel;
        for (; target < end; target += 16) {
          v128.store(target, v128.load(from));
          from += 16;
        }
      } else for (; target < end; target += 16) v128.store(target, zero);
      pixel += pixelBytes;
    }
    source += rowBytes;
  }
}

/** A row of BᵀdB is of two rows of d: added, or one taken from the other. */
function transformTile(
  d: usize,
  rowBytes: usize,
  pixelBytes: usize,
  bytes: usize,
  target: usize,
  matrix: usize,
): void {
  const d1 = d + rowBytes;
  const d2 = d1 + rowBytes;
  subtractRows(d, d2, pixelBytes, bytes, target, matrix);
  addRows(d1, d2, pixelBytes, bytes, target + 4 * matrix, matrix);
  subtractRows(d2, d1, pixelBytes, bytes, target + 8 * matrix, matrix);
  subtractRows(d1, d2 + rowBytes, pixelBytes, bytes, target + 12 * matrix, matrix);
}

function subtractRows(
  a: usize,
  b: usize,
  pixelBytes: usize,
  bytes: usize,
  target: usize,
  matrix: usize,
): void {
  for (const end = a + bytes; a < end; a += 16) {
    const a1 = a + pixelBytes;
    const b1 = b + pixelBytes;
    const t0 = f32x4.sub(v128.load(a), v128.load(b));
    const t1 = f32x4.sub(v128.load(a1), v128.load(b1));
    const t2 = f32x4.sub(v128.load(a1 + pixelBytes), v128.load(b1 + pixelBytes));
    const t3 = f32x4.sub(v128.load(a1 + 2 * pixelBytes), v128.load(b1 + 2 * pixelBytes));
    changetype<Tile>(0).storeImageRow(t0, t1, t2, t3, target, matrix);
    b += 16;
    target += 16;
  }
}

function addRows(a: usize, b: usize, pixelBytes: usize, bytes: usize, target: usize, matrix: usize): void {
  for (const end = a + bytes; a < end; a += 16) {
    const a1 = a + pixelBytes;
    const b1 = b + pixelBytes;
    const t0 = f32x4.add(v128.load(a), v128.load(b));
    const t1 = f32x4.add(v128.load(a1), v128.load(b1));
    const t2 = f32x4.add(v128.load(a1 + pixelBytes), v128.load(b1 + pixelBytes));
    const t3 = f32x4.add(v128.load(a1 + 2 * pixelBytes), v128.load(b1 + 2 * pixelBytes));
    changetype<Tile>(0).storeImageRow(t0, t1, t2, t3, target, matrix);
    b += 16;
    target += 16;
  }
}

/** y = AᵀmA of tiles of products, [16, tiles, n]. */
export function transformOutputs(
  window: Window,
  y: usize,
  bytes: usize,
  first: i32,
  tiles: i32,
  products: usize,
): void {
  const tilesHigh = (window.outHeight + 1) >> 1;
  const tilesWide = (window.outWidth + 1) >> 1;
  const matrix = <usize>tiles * bytes;
  for (let tile = first; tile < first + tiles; tile++) {
    const row = tile / tilesWide;
    const image = row / tilesHigh;
    const top = 2 * (row - image * tilesHigh);
    const left = 2 * (tile - row * tilesWide);
    const target = y + <usize>((image * window.outHeight + top) * window.outWidth + left) * bytes;
    const isWide = left + 1 < window.outWidth;
    outputRow(products, products + 4 * matrix, products + 8 * matrix, matrix, bytes, target, isWide);
    if (top + 1 < window.outHeight) {
      const below = target + <usize>window.outWidth * bytes;
      outputRowBelow(products + 4 * matrix, products + 8 * matrix, matrix, bytes, below, isWide);
    }
    products += bytes;
  }
}

/** The upper row of a tile: of m₀ + m₁ + m₂. */
function outputRow(
  m0: usize,
  m1: usize,
  m2: usize,
  matrix: usize,
  bytes: usize,
  y: usize,
  isWide: bool,
): void {
  for (const end = y + bytes; y < end; y += 16) {
    const a0 = changetype<Tile>(0).sum(m0, m1, m2);
    const a1 = changetype<Tile>(0).sum(m0 + matrix, m1 + matrix, m2 + matrix);
    const a2 = changetype<Tile>(0).sum(m0 + 2 * matrix, m1 + 2 * matrix, m2 + 2 * matrix);
    v128.store(y, f32x4.add(f32x4.add(a0, a1), a2));
    if (isWide) {
      const a3 = changetype<Tile>(0).sum(m0 + 3 * matrix, m1 + 3 * matrix, m2 + 3 * matrix);
      v128.store(y + bytes, f32x4.sub(f32x4.sub(a1, a2), a3));
    }
    m0 += 16;
    m1 += 16;
    m2 += 16;
  }
}

/** The lower row: of m₁ − m₂ − m₃. */
function outputRowBelow(m1: usize, m2: usize, matrix: usize, bytes: usize, y: usize, isWide: bool): void {
  let m3 = m2 + 4 * matrix;
  for (const end = y + bytes; y < end; y += 16) {
    const a0 = changetype<Tile>(0).difference(m1, m2, m3);
    const a1 = changetype<Tile>(0).difference(m1 + matrix, m2 + matrix, m3 + matrix);
    const a2 = changetype<Tile>(0).difference(m1 + 2 * matrix, m2 + 2 * matrix, m3 + 2 * matrix);
    v128.store(y, f32x4.add(f32x4.add(a0, a1), a2));
    if (isWide) {
      const a3 = changetype<Tile>(0).difference(m1 + 3 * matrix, m2 + 3 * matrix, m3 + 3 * matrix);
      v128.store(y + bytes, f32x4.sub(f32x4.sub(a1, a2), a3));
    }
    m1 += 16;
    m2 += 16;
    m3 += 16;
  }
}

/** AeAᵀ of tiles of the output's gradient, [16, tiles, n]. */
export function transformGradients(
  window: Window,
  y: usize,
  bytes: usize,
  first: i32,
  tiles: i32,
  target: usize,
): void {
  const tilesHigh = (window.outHeight + 1) >> 1;
  const tilesWide = (window.outWidth + 1) >> 1;
  const matrix = <usize>tiles * bytes;
  for (let tile = first; tile < first + tiles; tile++) {
    const row = tile / tilesWide;
    const image = row / tilesHigh;
    const top = 2 * (row - image * tilesHigh);
    const left = 2 * (tile - row * tilesWide);
    const e = y + <usize>((image * window.outHeight + top) * window.outWidth + left) * bytes;
    const below = e + <usize>window.outWidth * bytes;
    transformGradient(
      e,
      below,
      left + 1 < window.outWidth,
      top + 1 < window.outHeight,
      bytes,
      target,
      matrix,
    );
    target += bytes;
  }
}

function transformGradient(
  e: usize,
  below: usize,
  isWide: bool,
  isHigh: bool,
  bytes: usize,
  target: usize,
  matrix: usize,
): void {
  const zero = f32x4.splat(0);
  for (const end = e + bytes; e < end; e += 16) {
    const e00 = v128.load(e);
    const e01 = isWide ? v128.load(e + bytes) : zero;
    const e10 = isHigh ? v128.load(below) : zero;
    const e11 = isWide && isHigh ? v128.load(below + bytes) : zero;
    changetype<Tile>(0).storeGradientRow(e00, e01, target, matrix);
    changetype<Tile>(0).storeGradientRow(
      f32x4.add(e00, e10),
      f32x4.add(e01, e11),
      target + 4 * matrix,
      matrix,
    );
    changetype<Tile>(0).storeGradientRow(
      f32x4.sub(e00, e10),
      f32x4.sub(e01, e11),
      target + 8 * matrix,
      matrix,
    );
    changetype<Tile>(0).storeGradientRow(f32x4.neg(e10), f32x4.neg(e11), target + 12 * matrix, matrix);
    below += 16;
    target += 16;
  }
}
