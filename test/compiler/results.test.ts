// What a kernel computes beside its own result. The sums of a matrix's columns, which a bias learns from, are taken where a product packs the matrix anyway.

import { afterEach, expect, test } from 'vitest';
import { compilerOptions, Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { matMul } from '../../src/graph/ops/matmul.ts';
import { input } from '../../src/graph/ops/sources.ts';

afterEach(() => {
  compilerOptions.fusion = true;
});

const height = 14;

/** xᵀ·dz and the sums of dz's columns, x and dz having `rows` rows; how many stages that took. */
function gradients(rows: number, columns: number, isSumFirst = true) {
  const graph = new Graph();
  const x = input(graph, 0, [rows, height]);
  const dz = input(graph, 1, [rows, columns]);
  const builders = [() => sum(dz, 0), () => matMul(x, dz, true)];
  const built = (isSumFirst ? builders : builders.reverse()).map((build) => build());
  const outputs = isSumFirst ? built : built.reverse();
  const program = new Program(outputs, [], { inputs: [x, dz] });
  const values = [x, dz].map(({ size }) => Float32Array.from({ length: size }, (_, i) => Math.sin(i * i)));
  for (const [i, value] of [x, dz].entries()) engine().write(program.addressOf(value), values[i]);
  program.run();
  const [sums, product] = outputs.map((value) => engine().readFloats(program.addressOf(value), value.size));
  return { dz: values[1], sums, product, stages: program.toString().split('\n').length - 1 };
}

test.each([
  [9, 9, 2],
  [20, 13, 2],
  [131, 24, 2],
  [256, 30, 2],
  // Longer sums are in double precision; narrow matrices and those of few rows are not packed.
  [257, 16, 3],
  [20, 8, 2],
  [8, 16, 2],
])('%d rows, %d columns: %d stages', (rows, columns, stages) => {
  const together = gradients(rows, columns);
  // Threads take long sums in two steps.
  const isInSteps = engine().threads > 1 && rows > 256;
  expect(together.stages).toBe(isInSteps ? stages + 1 : stages);
  compilerOptions.fusion = false;
  const apart = gradients(rows, columns);
  expect(together.sums).toEqual(apart.sums);
  expect(together.product).toEqual(apart.product);
  const { dz } = together;
  for (const [column, value] of together.sums.entries()) {
    const exact = Array.from({ length: rows }, (_, row) => dz[row * columns + column]);
    expect(value).toBeCloseTo(
      exact.reduce((a, b) => a + b),
      4,
    );
  }
});

test('in whichever order the two are built', () => {
  const [first, last] = [true, false].map((isSumFirst) => gradients(20, 13, isSumFirst));
  expect(last.stages).toBe(2);
  expect(last.sums).toEqual(first.sums);
  expect(last.product).toEqual(first.product);
});
