// Sums over so many products that they are taken in parts, each a sum by itself, which are added in order. Threads do
// several at once, each into an array of its own, for another command to add; one thread does one after the other, and
// adds each from spare memory, while it is in cache.

import { Share } from './share';

/** Sums a part, for units `first` to before `end` of the result, where `placeOfPart` says. */
type SumPart = (address: usize, part: i32, first: i32, end: i32, scratch: usize) => void;
/** Adds what a part has summed in spare memory. */
type AddPart = (address: usize, first: i32, end: i32) => void;

/**
 * Does a share of a sum in parts.
 * @param isInTurn whether there is spare memory, and one array for all parts
 * @param units of one part, which threads can share
 */
export function sumInParts(
  address: usize,
  share: Share,
  parts: i32,
  isInTurn: bool,
  units: i32,
  sum: SumPart,
  add: AddPart,
): void {
  const all = isInTurn ? units : parts * units;
  const end = share.end(all);
  for (let unit = share.start(all); unit < end; ) {
    const part = unit / units;
    const next = min(end, (part + 1) * units);
    const first = unit - part * units;
    const last = next - part * units;
    const endPart = isInTurn ? parts : part + 1;
    for (let each = part; each < endPart; each++) {
      sum(address, each, first, last, share.scratch());
      if (isInTurn && each > 0) add(address, first, last);
    }
    unit = next;
  }
}

/** Where a part is summed. @param bytes from one part's array to the next */
export function placeOfPart(result: usize, spare: usize, bytes: usize, part: i32): usize {
  if (part == 0) return result;
  return spare ? spare : result + <usize>part * bytes;
}

/** The first of `steps` that is in a part. */
export function startOfPart(steps: i32, parts: i32, part: i32): i32 {
  return <i32>((<i64>steps * <i64>part) / <i64>parts);
}

/** Adds so many floats to others. */
export function addFloats(target: usize, source: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(target, f32x4.add(v128.load(target), v128.load(source)));
    target += 16;
    source += 16;
  }
  for (; count > 0; count--) {
    store<f32>(target, load<f32>(target) + load<f32>(source));
    target += 4;
    source += 4;
  }
}
