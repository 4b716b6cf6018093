// Tiles: how many rows a product computes at once, and A in the order in which they read it.

import { transposeColumns } from './pack';

/** Rows of a full tile. */
export const tileRows: i32 = 6;
const float: usize = 4;

/** How many of `left` to take next: at most `most`, the last two times about as many as each other. */
export function part(left: i32, most: i32): i32 {
  if (left <= most) return left;
  return left < 2 * most ? (left + 1) >> 1 : most;
}

/**
 * Copies rows of A in the order in which tiles read them: a tile behind the other, of each its rows' floats of one step
 * of k side by side.
 */
export function packTiles(a: usize, aRow: usize, aColumn: usize, rows: i32, k: i32, target: usize): void {
  while (rows > 0) {
    const height = part(rows, tileRows);
    if (aRow == float) packAcross(a, aColumn, height, k, target);
    else packAlong(a, aRow, height, k, target);
    a += <usize>height * aRow;
    target += <usize>(height * k) * float;
    rows -= height;
  }
}

/** Rows that lie side by side: `height` floats at each step. What is written too far the next step overwrites. */
function packAcross(a: usize, aColumn: usize, height: i32, k: i32, target: usize): void {
  const pitch = <usize>height * float;
  for (; k > 0; k--) {
    v128.store(target, v128.load(a));
    if (height > 4) v128.store(target, v128.load(a, 16), 16);
    a += aColumn;
    target += pitch;
  }
}

/** Rows along memory, transposed four by four. */
function packAlong(a: usize, aRow: usize, height: i32, k: i32, target: usize): void {
  const pitch = <usize>height * float;
  // What is written too far the next step overwrites, and the first four rows, which come last.
  for (let row = height > 4 ? 4 : 0; row >= 0; row -= 4) {
    const last = min(height - row, 4) - 1;
    const a0 = a + <usize>row * aRow;
    transposeColumns(
      a0,
      a0 + <usize>min(1, last) * aRow,
      a0 + <usize>min(2, last) * aRow,
      a0 + <usize>last * aRow,
      target + <usize>row * float,
      pitch,
      k,
    );
  }
}
