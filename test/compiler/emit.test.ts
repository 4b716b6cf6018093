// What stands in the first word of a command, and where it says what follows it.

import { expect, test } from 'vitest';
import { Layout } from '../../assembly/opcodes.ts';
import { Opcode, WindowFoldWord } from '../../assembly/words.ts';
import { emit } from '../../src/compiler/emit.ts';
import { fuse } from '../../src/compiler/fuse.ts';
import { planMemory } from '../../src/compiler/plan-memory.ts';
import { prune } from '../../src/compiler/prune.ts';
import { schedule } from '../../src/compiler/schedule.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { relu, tanh } from '../../src/graph/ops/elementwise.ts';
import { input } from '../../src/graph/ops/sources.ts';
import { maxPool2d } from '../../src/graph/ops/window-folds.ts';

/** The words of the commands that compute a value. */
function wordsOf(output: Value, inputs: readonly Value[], threads = 1): Int32Array {
  const stages = fuse(schedule(prune([output])));
  for (const stage of stages) stage.threads = threads;
  const plan = planMemory(stages, { outputs: [output], inputs, pins: new Map(), isSharing: true });
  const { emission, commandCount } = emit(stages, [output], plan);
  expect(commandCount).toBe(1);
  const words = new Int32Array(emission.arenaAt / 4);
  emission.write(words, 0, emission.beginsAt(0));
  return words;
}

/** The first word of a map that so many threads share, as halves: the opcode, and who shares it. */
function firstWord(threads: number): number[] {
  const x = input(new Graph(), 0, [8]);
  const words = wordsOf(relu(x), [x], threads);
  const bits = 8 * Layout.threadsAt;
  return [words[0] & ((1 << bits) - 1), words[0] >> bits];
}

test.each([2, 3, 16])('%i threads share a command that says so', (threads) => {
  expect(firstWord(threads)).toEqual([Opcode.map, threads]);
});

test('one thread has a command to itself', () => {
  expect(firstWord(1)).toEqual([Opcode.map, 0]);
});

test('a kernel has the address of the map that follows it, and 0 where none does', () => {
  const x = input(new Graph(), 0, [1, 4, 4, 2]);
  const pool = { size: [2, 2], strides: [2, 2], padding: [0, 0, 0, 0], dilation: [1, 1] } as const;
  const pooled = maxPool2d(x, pool);
  expect(wordsOf(pooled, [x])[WindowFoldWord.epilogue]).toBe(0);
  const words = wordsOf(tanh(pooled), [x]);
  expect(words[words[WindowFoldWord.epilogue] / 4]).toBe(Opcode.map);
});
