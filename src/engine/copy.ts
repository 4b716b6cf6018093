// Numbers on their way into linear memory and out of it.

/** Numbers as they lie in linear memory. */
export type Numbers = Float32Array | Int32Array | Uint8Array;

/** Up to this many elements are copied one by one; a view of them, or a call, would cost more. */
const maxLooped = 48;

/** Copies `count` numbers, from one place to another. */
export function copy(source: Numbers, from: number, target: Numbers, to: number, count: number): void {
  if (count > maxLooped) target.set(source.subarray(from, from + count), to);
  else for (let i = 0; i < count; i++) target[to + i] = source[from + i];
}
