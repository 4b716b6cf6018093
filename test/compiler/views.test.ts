// Parts of arrays that are read where they lie.

import { afterEach, describe, expect, test } from 'vitest';
import { compilerOptions, Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { broadcastTo } from '../../src/graph/ops/broadcasting.ts';
import { add, mul, select, square } from '../../src/graph/ops/elementwise.ts';
import { slice } from '../../src/graph/ops/movement.ts';
import { softmax } from '../../src/graph/ops/softmax.ts';
import { input, reshape } from '../../src/graph/ops/sources.ts';

afterEach(() => {
  compilerOptions.fusion = true;
});

function computed(rows: number, columns: number, build: (x: Value) => Value): number[] {
  const graph = new Graph();
  const x = input(graph, 0, [rows, columns]);
  const y = build(x);
  const program = new Program([y], [], { inputs: [x] });
  engine().write(
    program.addressOf(x),
    Float32Array.from({ length: x.size }, (_, i) => i),
  );
  program.run();
  return Array.from(engine().readFloats(program.addressOf(y), y.size));
}

const row = (x: Value, i: number) => slice(x, [i, 0], [1, -1]);

test('more parts of one array than a map has room for', () => {
  const triples = 20;
  const build = (x: Value) =>
    Array.from({ length: triples }, (_, i) =>
      select(row(x, 3 * i), row(x, 3 * i + 1), row(x, 3 * i + 2)),
    ).reduce((a, b) => add(a, b));
  // Of [0, 1], [2, 3], [4, 5] and so on the second row is taken, but for the first element, which is 0.
  const all = triples * (triples - 1) * 3;
  expect(computed(3 * triples, 2, build)).toEqual([all + 2 * triples + 2, all + 3 * triples]);
});

test('a part of an array that the same map could have computed is read after it', () => {
  // [1, 5] of [2, 5]: broadcast back, it has the shape of what it is a part of.
  const build = (x: Value) => {
    const y = square(x);
    return add(mul(y, 2), row(y, 1));
  };
  const expected = Array.from({ length: 10 }, (_, i) => 2 * i * i + (5 + (i % 5)) ** 2);
  for (const fusion of [true, false]) {
    compilerOptions.fusion = fusion;
    expect(computed(2, 5, build)).toEqual(expected);
  }
});

test('more readings of one array in two ways than a map has room for', () => {
  const build = (x: Value) => {
    const outer = (i: number) => mul(reshape(row(x, i), [3, 1]), reshape(row(x, i), [1, 3]));
    return Array.from({ length: 30 }, (_, i) => outer(i)).reduce((a, b) => add(a, b));
  };
  const expected = [0, 1, 2].flatMap((i) =>
    [0, 1, 2].map((j) =>
      Array.from({ length: 30 }, (_, k) => (3 * k + i) * (3 * k + j)).reduce((a, b) => a + b),
    ),
  );
  expect(computed(30, 3, build)).toEqual(expected);
});

test('a part of a part', () => {
  const build = (x: Value) => slice(slice(x, [1, 0], [3, 4]), [1, 0], [1, 4]);
  expect(computed(5, 4, (x) => add(build(x), 1))).toEqual([9, 10, 11, 12]);
  expect(computed(5, 4, build)).toEqual([8, 9, 10, 11]);
});

test('a repeated array under another shape, which cannot be read in place', () => {
  const build = (x: Value) => add(reshape(broadcastTo(x, [3, 2]), [6]), 1);
  expect(computed(3, 1, build)).toEqual([1, 1, 2, 2, 3, 3]);
});

describe('columns that element-wise nodes read where they lie', () => {
  /** The commands that copy, of the program that computes one array of another. */
  function copiesOf(shape: readonly number[], build: (x: Value) => Value): number {
    const x = input(new Graph(), 0, shape);
    const program = new Program([build(x)], [], { inputs: [x] });
    return program.toString().match(/ (slice|columns) \[/g)?.length ?? 0;
  }

  const columns = (x: Value, begin: number, count: number) => slice(x, [0, begin], [x.shape[0], count]);

  test.each([
    [3, 4, 1, 2],
    [7, 9, 4, 5],
    [40, 33, 32, 1],
    // More than a chunk, whose rows end in the middle of chunks.
    [90, 40, 3, 29],
    [90, 40, 3, 32],
    [3, 1500, 700, 700],
  ])('%d×%d, from %d on %d', (rows, width, begin, count) => {
    const build = (x: Value) => add(mul(columns(x, begin, count), 2), columns(x, 0, count));
    const expected = Array.from({ length: rows * count }, (_, i) => {
      const [row, column] = [Math.floor(i / count), i % count];
      return 2 * (row * width + begin + column) + row * width + column;
    });
    for (const fusion of [true, false]) {
      compilerOptions.fusion = fusion;
      expect(computed(rows, width, build)).toEqual(expected);
    }
    compilerOptions.fusion = true;
    expect(copiesOf([rows, width], build)).toBe(0);
  });

  test('rows of each matrix', () => {
    const build = (x: Value) => mul(slice(reshape(x, [2, 3, 4]), [0, 1, 0], [2, 2, 4]), 1.5);
    const expected = [4, 5, 6, 7, 8, 9, 10, 11, 16, 17, 18, 19, 20, 21, 22, 23].map((each) => 1.5 * each);
    expect(computed(6, 4, build)).toEqual(expected);
    expect(copiesOf([6, 4], build)).toBe(0);
  });

  test('of a part, of what is computed, of what is repeated', () => {
    const of = (x: Value) => columns(x, 1, 2);
    expect(computed(3, 4, (x) => add(of(slice(x, [1, 0], [2, 4])), 1))).toEqual([6, 7, 10, 11]);
    expect(computed(2, 3, (x) => add(of(square(x)), of(x)))).toEqual([2, 6, 20, 30]);
    expect(computed(1, 1, (x) => add(of(broadcastTo(add(x, 5), [2, 3])), 1))).toEqual([6, 6, 6, 6]);
    expect(computed(1, 3, (x) => add(of(broadcastTo(x, [2, 3])), 1))).toEqual([2, 3, 2, 3]);
  });

  test('two axes at once, and what kernels other than products read, are copied', () => {
    expect(copiesOf([3, 4], (x) => mul(slice(x, [1, 1], [2, 2]), 2))).toBe(1);
    expect(copiesOf([4, 4], (x) => softmax(columns(x, 1, 2)))).toBe(1);
  });
});
