// The kernel's random numbers against Philox in TypeScript, which has published known answers.

import { describe, expect, test } from 'vitest';
import { Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph } from '../../src/graph/graph.ts';
import { mul } from '../../src/graph/ops/elementwise.ts';
import { philox4x32 } from '../../src/random/philox.ts';
import { newRange } from '../../src/state/range.ts';
import { ProgramTrace } from '../../src/state/trace.ts';

const key = [0x1234567, 0x89abcde] as const;
const step = 5;

function draw(
  shape: readonly number[],
  options: { seed?: number; streams?: number; part?: number } = {},
): Float32Array {
  const randomState = newRange('a random state', [4]);
  randomState.block.write(0, Int32Array.of(...key, step, options.part ?? 0));
  const trace = new ProgramTrace(new Graph(), { randomState });
  for (let i = 0; i < (options.streams ?? 0); i++) trace.randomUniform(shape);
  const y = mul(trace.randomUniform(shape, options.seed), 1);
  const program = new Program([y]);
  program.run();
  return engine().readFloats(program.addressOf(y), y.size);
}

/** Element i is word ⌊i/4⌋ mod 4 of the counter that starts with 4·⌊i/16⌋ + i mod 4. */
function expected(length: number, [key0, key1]: readonly number[], stream = 0, part = 0): number[] {
  const words = new Uint32Array(4);
  return Array.from({ length }, (_, i) => {
    philox4x32([Math.floor(i / 16) * 4 + (i % 4), step, stream, part], [key0, key1], words);
    return (words[Math.floor(i / 4) % 4] >>> 8) * 2 ** -24;
  });
}

describe('randomUniform', () => {
  test.each([1, 5, 16, 17, 511, 512, 513, 2000])('%i numbers', (length) => {
    expect(Array.from(draw([length]))).toEqual(expected(length, key));
  });

  test('another stream has other numbers', () => {
    expect(Array.from(draw([40], { streams: 3 }))).toEqual(expected(40, key, 3));
  });

  test('another part of the step has other numbers', () => {
    expect(Array.from(draw([40], { part: 2 }))).toEqual(expected(40, key, 0, 2));
    expect(Array.from(draw([40], { part: 2, seed: 77 }))).toEqual(expected(40, [77, 0], 0, 2));
  });

  test('a seed of its own takes the place of the key', () => {
    expect(Array.from(draw([40], { seed: 77 }))).toEqual(expected(40, [77, 0]));
  });

  test('outside of training it is a sentence', () => {
    const trace = new ProgramTrace(new Graph());
    expect(() => trace.randomUniform([3])).toThrow('random numbers can be drawn only while training.');
  });
});
