// Scratch registers of maps are used again once nobody reads what they hold.

import { expect, test } from 'vitest';
import { MapWord } from '../../assembly/words.ts';
import { mapWords } from '../../src/compiler/emit-map.ts';
import { fuse } from '../../src/compiler/fuse.ts';
import { Program } from '../../src/compiler/program.ts';
import { prune } from '../../src/compiler/prune.ts';
import { schedule } from '../../src/compiler/schedule.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { add, div, mul, sub } from '../../src/graph/ops/elementwise.ts';
import { input } from '../../src/graph/ops/sources.ts';

/** A program of x, and what it computes of it. */
function run(build: (x: Value) => Value): { stages: number; results: number[] } {
  const x = input(new Graph(), 0, [5]);
  const y = build(x);
  const program = new Program([y], [], { inputs: [x] });
  engine().write(program.addressOf(x), Float32Array.of(-2, -1, 0, 1, 2));
  program.run();
  const results = Array.from(engine().readFloats(program.addressOf(y), 5));
  return { stages: program.toString().split('\n').length - 1, results };
}

test('a chain of twenty instructions takes one register', () => {
  let y: Value = input(new Graph(), 0, [5]);
  const x = y;
  for (let i = 0; i < 20; i++) y = i % 2 === 0 ? mul(y, x) : div(x, y);
  const [step, ...others] = fuse(schedule(prune([y])));
  expect(others).toEqual([]);
  const words = mapWords(step, {
    addressOf: (value) => (value === x || value === y ? 64 : undefined),
    table: () => 0,
  });
  expect(words[MapWord.instructionCount]).toBe(20);
  expect(words[MapWord.operandCount]).toBe(2);
  expect(words[MapWord.registerCount]).toBe(1);
});

test('what is read later keeps its register', () => {
  const { stages, results } = run((x) => {
    const squares = mul(x, x);
    let y = squares;
    for (let i = 0; i < 10; i++) y = sub(mul(y, x), x);
    return add(y, squares);
  });
  expect(stages).toBe(1);
  const expected = [-2, -1, 0, 1, 2].map((x) => {
    let y = x * x;
    for (let i = 0; i < 10; i++) y = y * x - x;
    return y + x * x;
  });
  expect(results).toEqual(expected);
});
