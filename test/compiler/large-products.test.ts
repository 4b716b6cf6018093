// Products whose operands are put in order slab by slab: their bits are those of a few rows at a time, which are read
// where they lie.

import { expect, test } from 'vitest';
import { Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph } from '../../src/graph/graph.ts';
import { add, neg, relu } from '../../src/graph/ops/elementwise.ts';
import { matMul } from '../../src/graph/ops/matmul.ts';
import { slice, transpose } from '../../src/graph/ops/movement.ts';
import { input } from '../../src/graph/ops/sources.ts';

const rowsAtATime = 10;

/** Bits of A·B, and of the same product made of some rows of A at a time. */
function products([m, k, n]: number[], [ta, tb]: boolean[]) {
  const graph = new Graph();
  const a = input(graph, 0, ta ? [k, m] : [m, k]);
  const b = input(graph, 1, tb ? [n, k] : [k, n]);
  const parts = Array.from({ length: m / rowsAtATime }, (_, i) => {
    const begin = i * rowsAtATime;
    const rows = ta ? slice(a, [0, begin], [k, rowsAtATime]) : slice(a, [begin, 0], [rowsAtATime, k]);
    return matMul(rows, b, ta, tb);
  });
  const whole = matMul(a, b, ta, tb);
  const program = new Program([whole, ...parts], [], { inputs: [a, b] });
  for (const value of [a, b]) {
    const values = Float32Array.from({ length: value.size }, (_, i) => Math.sin(i * i + 1));
    engine().write(program.addressOf(value), values);
  }
  program.run();
  const bitsOf = (value: typeof whole) => [
    ...new Uint32Array(engine().readFloats(program.addressOf(value), value.size).buffer),
  ];
  return { whole: bitsOf(whole), parts: parts.flatMap(bitsOf) };
}

// More rows than a tall slab, a block of k and some, more columns than rows of A are read for where they lie.
test.each([
  [false, false],
  [false, true],
  [true, false],
  [true, true],
])('[230, 401]·[401, 330], transposed: %s, %s', (ta, tb) => {
  const { whole, parts } = products([230, 401, 330], [ta, tb]);
  expect(whole.length).toBe(230 * 330);
  expect(whole.every((bits, i) => bits === parts[i])).toBe(true);
});

// The last columns are made beside C, 48 rows at a time: where a few more are left, the last tiles share the rows.
test.each([50, 100])('[%i, 401]·[401, 330], whose last panel is not full', (rows) => {
  const { whole, parts } = products([rows, 401, 330], [false, false]);
  expect(whole).toEqual(parts);
});

// More than 2 MB of B are packed a block of k at a time; B that several products read is not.
test.each([
  [false, false],
  [false, true],
  [true, false],
  [true, true],
])('[140, 801]·[801, 701] in blocks, transposed: %s, %s', (ta, tb) => {
  const [m, k, n] = [140, 801, 701];
  const graph = new Graph();
  const a = input(graph, 0, ta ? [k, m] : [m, k]);
  const [b, copy] = [1, 2].map((i) => input(graph, i, tb ? [n, k] : [k, n]));
  const inBlocks = relu(add(matMul(a, b, ta, tb), 0.5));
  const turned = transpose(matMul(a, neg(b), ta, tb));
  const atOnce = [matMul(a, copy, ta, tb), matMul(neg(a), copy, ta, tb)];
  const outputs = [inBlocks, turned, relu(add(atOnce[0], 0.5)), transpose(atOnce[1])];
  const program = new Program(outputs, [], { inputs: [a, b, copy] });
  expect(program.toString().match(/ spare /g)).toHaveLength(2);
  for (const value of [a, b, copy]) {
    const values = Float32Array.from({ length: value.size }, (_, i) => Math.sin(i * i + 1));
    engine().write(program.addressOf(value), values);
  }
  program.run();
  const [mapped, moved, mappedAtOnce, movedAtOnce] = outputs.map((value) =>
    engine().readFloats(program.addressOf(value), value.size),
  );
  expect(mapped).toEqual(mappedAtOnce);
  expect(moved).toEqual(movedAtOnce);
});

// However a product is shared out, and with any kernel: what is behind the guarantee of the same bits.
test.each([1, 2, 5, 40])('a sum of 900 products is that of three blocks of 300: %i rows', (rows) => {
  const graph = new Graph();
  const [a, b] = [input(graph, 0, [rows, 900]), input(graph, 1, [900, 24])];
  const blocks = [0, 300, 600].map((begin) =>
    matMul(slice(a, [0, begin], [rows, 300]), slice(b, [begin, 0], [300, 24])),
  );
  const outputs = [matMul(a, b), add(add(blocks[0], blocks[1]), blocks[2])];
  const program = new Program(outputs, [], { inputs: [a, b] });
  for (const value of [a, b]) {
    const values = Float32Array.from({ length: value.size }, (_, i) => Math.cos(i * i + 1));
    engine().write(program.addressOf(value), values);
  }
  program.run();
  const [whole, sum] = outputs.map((value) => [...engine().readFloats(program.addressOf(value), value.size)]);
  expect(whole).toEqual(sum);
});
