// A gradient's place serves other arrays until the gradient is computed.

import { afterEach, expect, test } from 'vitest';
import { compilerOptions, Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph } from '../../src/graph/graph.ts';
import { matMul } from '../../src/graph/ops/matmul.ts';
import { input } from '../../src/graph/ops/sources.ts';
import { newRange } from '../../src/state/range.ts';

afterEach(() => {
  compilerOptions.sharing = true;
});

const [height, width] = [48, 32];

/** y = x·w of `rows` rows and dw = xᵀ·y, which has a place of its own; `isKept`: y is an output too. */
function run(rows: number, isKept: boolean, isScratch = true) {
  const graph = new Graph();
  const x = input(graph, 0, [rows, height]);
  const w = input(graph, 1, [height, width]);
  const y = matMul(x, w);
  const dw = matMul(x, y, true);
  const place = newRange('a gradient', dw.shape, isScratch);
  const outputs = isKept ? [dw, y] : [dw];
  const program = new Program(outputs, [], { inputs: [x, w], pins: new Map([[dw, place]]) });
  for (const value of [x, w]) {
    engine().write(
      program.addressOf(value),
      Float32Array.from({ length: value.size }, (_, i) => Math.sin(i * i)),
    );
  }
  program.run();
  const results = outputs.map((value) => engine().readFloats(program.addressOf(value), value.size));
  return { results, dw: place.read(), bytes: program.bytes };
}

test.each([
  // The panels of w are in the gradient's place.
  { rows: 20, isKept: false, spared: height * width * 4 },
  { rows: 20, isKept: true, spared: height * width * 4 },
  // So few rows need no panels, and y is read while the gradient is written.
  { rows: 4, isKept: false, spared: 0 },
])('$rows rows, y kept: $isKept', ({ rows, isKept, spared }) => {
  const lent = run(rows, isKept);
  expect(lent.results[0]).toEqual(lent.dw);
  compilerOptions.sharing = false;
  const apart = run(rows, isKept);
  expect(lent.results).toEqual(apart.results);
  expect(apart.bytes - lent.bytes).toBeGreaterThanOrEqual(spared);
});

test('what is given is not in its place', () => {
  const graph = new Graph();
  const x = input(graph, 0, [20, height]);
  const w = input(graph, 1, [height, width]);
  const dw = matMul(x, matMul(x, w), true);
  const place = newRange('a gradient', dw.shape, true);
  const program = new Program([dw], [], { inputs: [x, w], pins: new Map([[dw, place]]) });
  for (const value of [x, w]) {
    const [begin, end] = [program.addressOf(value), program.addressOf(value) + value.size * 4];
    const { address, bytes } = place.block;
    expect(begin >= address + bytes || end <= address).toBe(true);
  }
});

test('a place that holds something from run to run serves nothing else', () => {
  const [lent, kept] = [run(20, true, true), run(20, true, false)];
  expect(kept.results).toEqual(lent.results);
  expect(kept.bytes).toBeGreaterThan(lent.bytes);
});
