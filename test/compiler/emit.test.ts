// What stands in the first word of a command.

import { expect, test } from 'vitest';
import { Layout } from '../../assembly/opcodes.ts';
import { Opcode } from '../../assembly/words.ts';
import { emit } from '../../src/compiler/emit.ts';
import { fuse } from '../../src/compiler/fuse.ts';
import { planMemory } from '../../src/compiler/plan-memory.ts';
import { prune } from '../../src/compiler/prune.ts';
import { schedule } from '../../src/compiler/schedule.ts';
import { Graph } from '../../src/graph/graph.ts';
import { relu } from '../../src/graph/ops/elementwise.ts';
import { input } from '../../src/graph/ops/sources.ts';

/** The first word of a map that so many threads share, as halves: the opcode, and who shares it. */
function firstWord(threads: number): number[] {
  const x = input(new Graph(), 0, [8]);
  const outputs = [relu(x)];
  const stages = fuse(schedule(prune(outputs)));
  for (const stage of stages) stage.threads = threads;
  const plan = planMemory(stages, { outputs, inputs: [x], pins: new Map() });
  const { emission, commandCount } = emit(stages, outputs, plan);
  expect(commandCount).toBe(1);
  const words = new Int32Array(emission.arenaAt / 4);
  emission.write(words, 0, emission.beginsAt(0));
  const bits = 8 * Layout.threadsAt;
  return [words[0] & ((1 << bits) - 1), words[0] >> bits];
}

test.each([2, 3, 16])('%i threads share a command that says so', (threads) => {
  expect(firstWord(threads)).toEqual([Opcode.map, threads]);
});

test('one thread has a command to itself', () => {
  expect(firstWord(1)).toEqual([Opcode.map, 0]);
});
