// Long sums down the columns of (outer, length, inner) arrays: of chunks of rows in single precision, while they are in
// cache, joined in double precision, in order. One command does all, or, for threads where columns are few, one takes
// the chunks and the next joins them.

import { ChunkStep, Layout } from './opcodes';
import { Share } from './share';

/** Columns that are taken at once: four vectors. */
export const stripe: i32 = 16;
/** Bytes of a stripe's numbers, of single precision. */
export const stripeBytes: usize = 64;
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

  /** Bytes from the beginning of the arrays to where a chunk's columns begin. */
  offsetOf(whole: i32, chunk: i32, column: i32): usize {
    return <usize>whole * this.group + <usize>(chunk * Layout.rowsOfSum) * this.row + <usize>column * float;
  }

  /** Where in the table the first of `numbers` rows is that a chunk has. */
  placeOf(whole: i32, chunk: i32, numbers: i32, column: i32): usize {
    const row = <usize>((whole * this.chunks + chunk) * numbers);
    return this.table + (row * <usize>this.inner + <usize>column) * float;
  }
}

/** Takes some numbers of each column of a chunk: `at` is where its columns begin, in bytes of the arrays. */
type Take = (address: usize, at: usize, rowBytes: usize, rows: i32, numbers: usize) => void;
/** Joins the numbers of so many rows to what is known of the rows before. */
type Join = (known: usize, before: i32, rows: i32, numbers: usize) => void;
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
  const rowBytes = <usize>command.inner * float;
  const taken = share.scratch();
  const units = command.outer * command.chunks * command.stripes;
  const end = share.end(units);
  for (let unit = share.start(units); unit < end; unit++) {
    const row = unit / command.stripes;
    const column = (unit - row * command.stripes) * stripe;
    const whole = row / command.chunks;
    const chunk = row - whole * command.chunks;
    take(address, command.offsetOf(whole, chunk, column), command.row, command.rowsOf(chunk), taken);
    const bytes = <usize>min(command.inner - column, stripe) * float;
    const place = command.placeOf(whole, chunk, numbers, column);
    for (let i: usize = 0; i < <usize>numbers; i++) {
      memory.copy(place + i * rowBytes, taken + i * stripeBytes, bytes);
    }
  }
}

function joinChunks(address: usize, share: Share, numbers: i32, take: Take, join: Join, leave: Leave): void {
  const command = changetype<ColumnSumsCommand>(address);
  const rowBytes = <usize>command.inner * float;
  const taken = share.scratch();
  const knownBytes = <usize>(2 * numbers) * stripeBytes;
  const known = taken + knownBytes;
  const units = command.outer * command.stripes;
  const end = share.end(units);
  for (let unit = share.start(units); unit < end; unit++) {
    const whole = unit / command.stripes;
    const column = (unit - whole * command.stripes) * stripe;
    const columns = min(command.inner - column, stripe);
    memory.fill(known, 0, knownBytes);
    for (let chunk = 0; chunk < command.chunks; chunk++) {
      const rows = command.rowsOf(chunk);
      if (command.step == ChunkStep.all) {
        take(address, command.offsetOf(whole, chunk, column), command.row, rows, taken);
      } else {
        const place = command.placeOf(whole, chunk, numbers, column);
        for (let i: usize = 0; i < <usize>numbers; i++) {
          memory.copy(taken + i * stripeBytes, place + i * rowBytes, <usize>columns * float);
        }
      }
      join(known, chunk * Layout.rowsOfSum, rows, taken);
    }
    leave(address, whole * command.inner + column, columns, known);
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
