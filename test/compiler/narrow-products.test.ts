// One or two columns behind panels of eight are computed with the panel before them, four rows at a time: their bits are
// those of the same columns among others.

import { expect, test } from 'vitest';
import { Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph } from '../../src/graph/graph.ts';
import { relu, sub } from '../../src/graph/ops/elementwise.ts';
import { matMul } from '../../src/graph/ops/matmul.ts';
import { slice } from '../../src/graph/ops/movement.ts';
import { input } from '../../src/graph/ops/sources.ts';

/** So many columns of the second operand that panels are full. */
const others = 24;

/** Bits of relu(A·B − 0.1) for the first columns of B alone, and of the same columns of the product with all. */
function products([m, k, n]: number[], [ta, tb]: boolean[]) {
  const graph = new Graph();
  const a = input(graph, 0, ta ? [k, m] : [m, k]);
  const b = input(graph, 1, tb ? [n, k] : [k, n]);
  const all = input(graph, 2, [k, others]);
  const [narrow, wide] = [matMul(a, b, ta, tb), matMul(a, all, ta)].map((x) => relu(sub(x, 0.1)));
  const outputs = [narrow, slice(wide, [0, 0], [m, n])];
  const program = new Program(outputs, [], { inputs: [a, b, all] });
  const valueAt = (row: number, column: number) => Math.sin((row * others + column) ** 2 + 1);
  const write = (value: typeof a, of: (i: number) => number) =>
    engine().write(
      program.addressOf(value),
      Float32Array.from({ length: value.size }, (_, i) => of(i)),
    );
  write(a, (i) => Math.cos(i * i + 1));
  write(b, (i) => (tb ? valueAt(i % k, Math.floor(i / k)) : valueAt(Math.floor(i / n), i % n)));
  write(all, (i) => valueAt(Math.floor(i / others), i % others));
  program.run();
  const bits = outputs.map(
    (value) => new Uint32Array(engine().readFloats(program.addressOf(value), value.size).buffer),
  );
  program.dispose();
  return bits;
}

// Rows that are left behind fours, several slabs of rows, A by columns in order and not, several blocks of k.
test.each([3, 4, 6, 7, 50, 130, 200])('%i rows', (m) => {
  for (const n of [9, 10, 11, 17, 18, 23])
    for (const k of [1, 9, 401])
      for (const transposes of [
        [false, false],
        [false, true],
        [true, false],
        [true, true],
      ]) {
        const [narrow, wide] = products([m, k, n], transposes);
        expect(narrow, `${m}, ${k}, ${n}: ${transposes}`).toEqual(wide);
      }
});
