// Samples on their way into linear memory.

import { describe, expect, test } from 'vitest';
import { engine } from '../../src/engine/engine.ts';
import { Feed } from '../../src/models/feed.ts';

const arrays = { uint8: Uint8Array, int32: Int32Array, float32: Float32Array };
const samples = 20;
/** What memory holds before, to see what is written. */
const untouched = 99;

describe.each(Object.entries(arrays))('samples of %s', (dtype, TypedArray) => {
  test.each([1, 2, 48, 49, 100])('of %i elements, in the order asked for and not a byte further', (size) => {
    const data = new TypedArray(samples * size).map((_, i) => (7 * i) % 251);
    const feed = new Feed(data, [size], dtype as keyof typeof arrays, samples);
    const block = engine().allocate(samples * data.BYTES_PER_ELEMENT * size + 64, 'a test');
    const sampleOf = (i: number) => Array.from(data.subarray(i * size, (i + 1) * size));
    const written = (order: Uint32Array | undefined, start: number, count: number) => {
      const memory = engine().u8;
      memory.fill(untouched, block.address, block.address + block.bytes);
      feed.write(block.address, order, start, count);
      const bytes = count * size * data.BYTES_PER_ELEMENT;
      expect(memory[block.address + bytes]).toBe(untouched);
      return Array.from(new TypedArray(memory.slice(block.address, block.address + bytes).buffer));
    };
    expect(written(undefined, 3, 5)).toEqual([3, 4, 5, 6, 7].flatMap(sampleOf));
    expect(written(Uint32Array.of(5, 3, 19, 0, 7, 7, 2, 11), 2, 5)).toEqual(
      [19, 0, 7, 7, 2].flatMap(sampleOf),
    );
  });
});
