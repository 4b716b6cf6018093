// Samples on their way into linear memory.

import { describe, expect, test } from 'vitest';
import { Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph } from '../../src/graph/graph.ts';
import { input } from '../../src/graph/ops/sources.ts';
import { FeedBatch, Feeds } from '../../src/training/batch.ts';
import { Feed } from '../../src/training/feed.ts';

const arrays = { uint8: Uint8Array, int32: Int32Array, float32: Float32Array };
const samples = 20;
/** What memory holds before, to see what is written. */
const untouched = 99;

describe.each(Object.entries(arrays))('samples of %s', (dtype, TypedArray) => {
  test.each([1, 2, 48, 49, 100])('of %i elements, in the order asked for and not a byte further', (size) => {
    const data = new TypedArray(samples * size).map((_, i) => (7 * i) % 251);
    const feed = new Feed(data, [size], dtype as keyof typeof arrays, samples);
    const graph = new Graph();
    const count = 5;
    const x = input(graph, 0, [count, size], dtype as keyof typeof arrays);
    const program = new Program([], [], { inputs: [x] });
    const address = program.addressOf(x);
    const bytes = count * size * data.BYTES_PER_ELEMENT;
    const sampleOf = (i: number) => Array.from(data.subarray(i * size, (i + 1) * size));
    const written = (order: Uint32Array | undefined, before: number) => {
      const memory = engine().u8;
      memory.fill(untouched, address, address + bytes + 64);
      const batch = new FeedBatch(new Feeds([feed]), count, order);
      for (let i = 0; i <= before / count; i++) batch.next();
      feed.write(program.array(x), batch);
      expect(memory[address + bytes]).toBe(untouched);
      return Array.from(new TypedArray(memory.slice(address, address + bytes).buffer));
    };
    expect(written(undefined, 5)).toEqual([5, 6, 7, 8, 9].flatMap(sampleOf));
    expect(written(Uint32Array.of(5, 3, 19, 0, 7, 7, 2, 11, 6, 1), 5)).toEqual(
      [7, 2, 11, 6, 1].flatMap(sampleOf),
    );
  });
});
