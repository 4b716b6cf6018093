// A concatenation of what element-wise nodes compute has no commands: its parts are written where it lies.

import { afterEach, describe, expect, test } from 'vitest';
import { compilerOptions, Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { broadcastTo } from '../../src/graph/ops/broadcasting.ts';
import { add, neg, relu, square } from '../../src/graph/ops/elementwise.ts';
import { matMul } from '../../src/graph/ops/matmul.ts';
import { concat } from '../../src/graph/ops/movement.ts';
import { softmax } from '../../src/graph/ops/softmax.ts';
import { input } from '../../src/graph/ops/sources.ts';
import type { Shape } from '../../src/graph/shape.ts';
import { waysToCompile } from './ways-to-compile.ts';

const defaults = { ...compilerOptions };

afterEach(() => {
  Object.assign(compilerOptions, defaults);
});

const numbers = (size: number, seed: number): number[] =>
  Array.from({ length: size }, (_, i) => Math.fround(Math.sin(i * i + seed)));

/** What outputs are where inputs are `numbers`, and the program as text. */
function run(shapes: readonly Shape[], build: (...inputs: Value[]) => Value[]) {
  const graph = new Graph();
  const inputs = shapes.map((shape, i) => input(graph, i, shape));
  const outputs = build(...inputs);
  const program = new Program(outputs, [], { inputs });
  for (const [i, value] of inputs.entries()) {
    engine().write(program.addressOf(value), Float32Array.from(numbers(value.size, i)));
  }
  program.run();
  const results = outputs.map((value) => [...engine().readFloats(program.addressOf(value), value.size)]);
  const text = program.toString();
  program.dispose();
  return { results, text };
}

/** Rows of several arrays one behind the other: arrays are of so many rows. */
const joined = (rows: number, ...parts: readonly (readonly number[])[]): number[] =>
  Array.from({ length: rows }, (_, row) =>
    parts.flatMap((part) => {
      const width = part.length / rows;
      return part.slice(row * width, (row + 1) * width);
    }),
  ).flat();

const negated = (values: readonly number[]) => values.map((x) => -x);
const squared = (values: readonly number[]) => values.map((x) => Math.fround(x * x));

describe.each(waysToCompile)('%s', (_, options) => {
  test.each([
    {
      shapes: [
        [5, 3],
        [5, 4],
        [5, 1],
      ],
      axis: 1,
      rows: 5,
    },
    {
      shapes: [
        [40, 128],
        [40, 130],
        [40, 7],
      ],
      axis: 1,
      rows: 40,
    },
    {
      shapes: [
        [2, 3, 5],
        [2, 1, 5],
        [2, 6, 5],
      ],
      axis: 1,
      rows: 2,
    },
    {
      shapes: [
        [3, 7],
        [2, 7],
        [9, 7],
      ],
      axis: 0,
      rows: 1,
    },
  ])('$shapes along axis $axis', ({ shapes, axis, rows }) => {
    Object.assign(compilerOptions, options);
    const { results, text } = run(shapes, (a, b, c) => [concat([neg(a), square(b), neg(c)], axis)]);
    const [a, b, c] = shapes.map((shape, i) =>
      numbers(
        shape.reduce((x, y) => x * y),
        i,
      ),
    );
    expect(results[0]).toEqual(joined(rows, negated(a), squared(b), negated(c)));
    expect(text).toMatch(/joined ×0/);
    expect(text).not.toMatch(/concat/);
  });

  test('of the same parts in other places, and of parts that others read', () => {
    Object.assign(compilerOptions, options);
    const shapes = [
      [6, 4],
      [6, 4],
    ];
    const { results } = run(shapes, (a, b) => {
      const [x, y] = [neg(a), square(b)];
      return [concat([x, y], 1), concat([x, x], 1), concat([y, x], 1), add(x, y)];
    });
    const [x, y] = [negated(numbers(24, 0)), squared(numbers(24, 1))];
    expect(results[0]).toEqual(joined(6, x, y));
    expect(results[1]).toEqual(joined(6, x, x));
    expect(results[2]).toEqual(joined(6, y, x));
    expect(results[3]).toEqual(x.map((each, i) => Math.fround(each + y[i])));
  });

  test('of one number, spread out', () => {
    Object.assign(compilerOptions, options);
    const { results } = run([[], [3, 5]], (number, a) => [concat([broadcastTo(number, [3, 2]), relu(a)], 1)]);
    const [[number], a] = [numbers(1, 0), numbers(15, 1)];
    const positive = a.map((each) => Math.max(each, 0));
    expect(results[0]).toEqual(joined(3, new Array(6).fill(number), positive));
  });

  test('read by a product, behind which a part of it is made', () => {
    Object.assign(compilerOptions, options);
    const shapes = [
      [4, 4],
      [4, 4],
    ];
    const { results } = run(shapes, (a, b) => {
      const product = matMul(concat([neg(a), neg(b)], 1), concat([a, b], 0));
      return [concat([neg(product), square(product)], 1)];
    });
    const [a, b] = [numbers(16, 0), numbers(16, 1)];
    const product = Array.from({ length: 16 }, (_, i) => {
      const [row, column] = [i >> 2, i & 3];
      const terms = [0, 1, 2, 3].flatMap((k) => [
        -a[row * 4 + k] * a[k * 4 + column],
        -b[row * 4 + k] * b[k * 4 + column],
      ]);
      return terms.reduce((x, y) => x + y);
    });
    const exact = joined(
      4,
      negated(product),
      product.map((x) => x * x),
    );
    for (const [i, x] of exact.entries()) expect(results[0][i]).toBeCloseTo(x, 5);
  });
});

test('what kernels other than products compute is copied', () => {
  const { text } = run([[4, 4]], (a) => [concat([softmax(a), neg(a)], 1)]);
  expect(text).toMatch(/concat ×2/);
});
