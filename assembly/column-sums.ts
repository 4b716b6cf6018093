// Long sums down the columns of (outer, length, inner) arrays: of chunks of rows in single precision, while they are in
// cache, joined in double precision, in order. One command does all, or, for threads where columns are few, one takes
// the chunks and the next joins them.

import { ChunkStep, Layout } from './opcodes';
import { Share } from './share';

/** Columns that a share is made of: four vectors. */
export const stripe: i32 = 16;
/** Bytes of a stripe's row. */
export const stripeBytes: usize = 64;
/** Stripes side by side that are taken together, at the most: the numbers of their columns stay in L1. */
const maxStripes: i32 = 16;
/** Bytes that a number takes of all columns that are taken together. */
export const numberBytes: usize = <usize>(maxStripes * stripe) * 4;
/** Bytes of rows up to which four are added at once: sums in memory must not wait for those of the row before. */
const narrow: usize = 256;
/** Numbers of a column that there is room for while a chunk is taken. */
const maxNumbers: usize = 2;
const float: usize = 4;

/** How commands begin that take such sums. */
@unmanaged
export class ColumnSumsCommand {
  opcode: i32;
  outer: i32;
  length: i32;
  inner: i32;
  /** Bytes from lines that are side by side to the next such, and from one number of a line to the next. */
  group: usize;
  row: usize;
  /** A `ChunkStep`. */
  step: i32;
  /** What is taken of the chunks, [outer, chunks, numbers, inner], where a command does not do all. */
  table: usize;

  @inline get stripes(): i32 {
    return (this.inner + stripe - 1) / stripe;
  }

  @inline get chunks(): i32 {
    return (this.length + Layout.rowsOfSum - 1) / Layout.rowsOfSum;
  }

  @inline rowsOf(chunk: i32): i32 {
    return min(this.length - chunk * Layout.rowsOfSum, Layout.rowsOfSum);
  }

  /** How many columns so many stripes from one on have. */
  columnsOf(first: i32, stripes: i32): i32 {
    return min(this.inner - first * stripe, stripes * stripe);
  }

  /** Where in the table a number of a chunk is that begins at a column. */
  placeOf(whole: i32, chunk: i32, numbers: i32, number: i32, column: i32): usize {
    const row = <usize>((whole * this.chunks + chunk) * numbers + number);
    return this.table + (row * <usize>this.inner + <usize>column) * float;
  }
}

/**
 * Takes some numbers of each column of a chunk: `at` is where its columns begin, in bytes of the arrays, and `bytes` how
 * much of a row they are. A number of all of them takes `numberBytes`.
 */
type Take = (address: usize, at: usize, rowBytes: usize, rows: i32, bytes: usize, taken: usize) => void;
/** Joins the numbers of so many rows to what is known of the rows before. */
type Join = (known: usize, before: i32, rows: i32, taken: usize, columns: i32) => void;
/** Leaves what comes of all rows, for columns from element `at` of the result. */
type Leave = (address: usize, at: i32, columns: i32, known: usize) => void;

/**
 * Does a share of long sums.
 * @param numbers how many are taken of a column of a chunk; what is known of it are as many doubles
 */
export function sumColumns(
  address: usize,
  share: Share,
  numbers: i32,
  take: Take,
  join: Join,
  leave: Leave,
): void {
  if (changetype<ColumnSumsCommand>(address).step == ChunkStep.take) {
    takeChunks(address, share, numbers, take);
  } else {
    joinChunks(address, share, numbers, take, join, leave);
  }
}

function takeChunks(address: usize, share: Share, numbers: i32, take: Take): void {
  const command = changetype<ColumnSumsCommand>(address);
  const taken = share.scratch();
  const units = command.outer * command.chunks * command.stripes;
  const end = share.end(units);
  for (let unit = share.start(units), count = 0; unit < end; unit += count) {
    const row = unit / command.stripes;
    const first = unit - row * command.stripes;
    count = min(min(command.stripes - first, end - unit), maxStripes);
    const whole = row / command.chunks;
    const chunk = row - whole * command.chunks;
    takeChunk(command, whole, chunk, first * stripe, count, taken, take);
    for (let i = 0; i < numbers; i++) {
      const place = command.placeOf(whole, chunk, numbers, i, first * stripe);
      memory.copy(place, taken + <usize>i * numberBytes, <usize>command.columnsOf(first, count) * float);
    }
  }
}

function joinChunks(address: usize, share: Share, numbers: i32, take: Take, join: Join, leave: Leave): void {
  const command = changetype<ColumnSumsCommand>(address);
  const taken = share.scratch();
  const known = taken + maxNumbers * numberBytes;
  const units = command.outer * command.stripes;
  const end = share.end(units);
  for (let unit = share.start(units), count = 0; unit < end; unit += count) {
    const whole = unit / command.stripes;
    const first = unit - whole * command.stripes;
    count = min(min(command.stripes - first, end - unit), maxStripes);
    const columns = command.columnsOf(first, count);
    memory.fill(known, 0, <usize>(2 * numbers) * numberBytes);
    for (let chunk = 0; chunk < command.chunks; chunk++) {
      if (command.step == ChunkStep.all) {
        takeChunk(command, whole, chunk, first * stripe, count, taken, take);
      } else {
        for (let i = 0; i < numbers; i++) {
          const place = command.placeOf(whole, chunk, numbers, i, first * stripe);
          memory.copy(taken + <usize>i * numberBytes, place, <usize>columns * float);
        }
      }
      join(known, chunk * Layout.rowsOfSum, command.rowsOf(chunk), taken, columns);
    }
    leave(address, whole * command.inner + first * stripe, columns, known);
  }
}

function takeChunk(
  command: ColumnSumsCommand,
  whole: i32,
  chunk: i32,
  column: i32,
  stripes: i32,
  taken: usize,
  take: Take,
): void {
  const at =
    <usize>whole * command.group + <usize>(chunk * Layout.rowsOfSum) * command.row + <usize>column * float;
  const bytes = <usize>(stripes * stripe) * float;
  take(changetype<usize>(command), at, command.row, command.rowsOf(chunk), bytes, taken);
}

/** Adds rows to sums, in the order in which they lie in memory. */
export function addRows(x: usize, rowBytes: usize, rows: i32, bytes: usize, sums: usize): void {
  for (; bytes <= narrow && rows >= 4; rows -= 4) {
    const x1 = x + rowBytes;
    const x2 = x1 + rowBytes;
    const x3 = x2 + rowBytes;
    for (let i: usize = 0; i < bytes; i += 16) {
      let sum = f32x4.add(v128.load(sums + i), v128.load(x + i));
      sum = f32x4.add(sum, v128.load(x1 + i));
      sum = f32x4.add(sum, v128.load(x2 + i));
      v128.store(sums + i, f32x4.add(sum, v128.load(x3 + i)));
    }
    x = x3 + rowBytes;
  }
  for (; rows > 0; rows--) {
    for (let i: usize = 0; i < bytes; i += 16) {
      v128.store(sums + i, f32x4.add(v128.load(sums + i), v128.load(x + i)));
    }
    x += rowBytes;
  }
}

/** Adds numbers of single precision to totals of double. */
export function addToTotals(totals: usize, numbers: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const total = totals + (i << 3);
    store<f64>(total, load<f64>(total) + <f64>load<f32>(numbers + (i << 2)));
  }
}

/** Stores totals in single precision. */
export function storeTotals(y: usize, totals: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) store<f32>(y + (i << 2), <f32>load<f64>(totals + (i << 3)));
}
