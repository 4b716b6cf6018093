// Gradients of values with many readers: right whatever is joined or stacked, and joined and stacked where they can be.

import { describe, expect, test } from 'vitest';
import { differentiate } from '../../src/compiler/differentiate.ts';
import { prune } from '../../src/compiler/prune.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { add, mul, square, tanh } from '../../src/graph/ops/elementwise.ts';
import { matMul } from '../../src/graph/ops/matmul.ts';
import { concat, slice, transpose } from '../../src/graph/ops/movement.ts';
import { input } from '../../src/graph/ops/sources.ts';
import { expectClose } from '../close.ts';
import { interpret } from '../interpreter.ts';

const rows = 4;
const columns = 3;

/**
 * Expects the gradients of Σ build(x, w), in float64, to be those that central differences give.
 * @returns how many ops of a name they take
 */
function gradients(build: (x: Value, w: Value) => Value) {
  const graph = new Graph();
  const inputs = [input(graph, 0, [rows, columns]), input(graph, 1, [columns, columns])];
  const loss = sum(build(inputs[0], inputs[1]));
  const before = graph.nodes.length;
  const found = differentiate(loss, inputs);
  const given = inputs.map(({ size }, i) =>
    Float64Array.from({ length: size }, (_, j) => Math.sin(i + 1 + j * 0.9)),
  );
  const at = (outputs: Value[]) => interpret(outputs, new Map(inputs.map((value, i) => [value, given[i]])));
  const step = 1e-5;
  const expected = given.map((values) =>
    Float64Array.from(values, (value, i) => {
      values[i] = value + step;
      const [[above]] = at([loss]);
      values[i] = value - step;
      const [[below]] = at([loss]);
      values[i] = value;
      return (above - below) / (2 * step);
    }),
  );
  for (const [i, gradient] of found.entries()) {
    const got = gradient ? at([gradient])[0] : new Float64Array(inputs[i].size);
    expectClose(got, expected[i], 1e-8, `gradient of input ${i}`);
  }
  const needed = prune(found.filter((gradient) => gradient !== undefined));
  const made = needed.filter(({ id }) => id >= before).map(({ op }) => op.name);
  return (name: string) => made.filter((each) => each === name).length;
}

/** Some function of a slice that tells slices apart. */
const weighed = (x: Value, begin: number[], size: number[]) =>
  mul(square(slice(x, begin, size)), begin[0] + 2);
const row = (x: Value, i: number, count = 1) => weighed(x, [i, 0], [count, columns]);
const total = (values: Value[]) => values.map((value) => sum(value)).reduce((a, b) => add(a, b));

describe('slices', () => {
  test('that tile an array are joined, whatever their order', () => {
    const made = gradients((x) => total([row(x, 2), row(x, 0), row(x, 3), row(x, 1)]));
    expect([made('concat'), made('pad')]).toEqual([1, 0]);
  });

  test('of unequal widths along the last axis too', () => {
    const made = gradients((x) => total([weighed(x, [0, 1], [rows, 2]), weighed(x, [0, 0], [rows, 1])]));
    expect([made('concat'), made('pad')]).toEqual([1, 0]);
  });

  test('that are a run of an array are padded once', () => {
    const made = gradients((x) => total([row(x, 1), row(x, 2)]));
    expect([made('concat'), made('pad')]).toEqual([1, 1]);
  });

  test('that are joined are added to what else is read of the array', () => {
    gradients((x) => add(total([row(x, 0, 2), row(x, 2, 2)]), sum(tanh(x))));
  });

  test.each<[string, (x: Value) => Value[]]>([
    ['with a gap', (x) => [row(x, 0), row(x, 2)]],
    ['that overlap', (x) => [row(x, 0, 2), row(x, 1, 2)]],
    ['that overlap from one start', (x) => [row(x, 0, 1), row(x, 0, 2)]],
    ['in both directions', (x) => [weighed(x, [0, 0], [2, 2]), weighed(x, [2, 2], [2, 1])]],
    ['side by side at different heights', (x) => [weighed(x, [0, 0], [2, 2]), weighed(x, [2, 1], [2, 2])]],
    ['of two widths', (x) => [weighed(x, [0, 0], [2, 2]), weighed(x, [2, 0], [2, 3])]],
  ])('%s are added', (_, build) => {
    const made = gradients((x) => total(build(x)));
    expect([made('concat'), made('pad')]).toEqual([0, 2]);
  });
});

describe('products with one matrix', () => {
  test('have one gradient product', () => {
    const made = gradients((x, w) => {
      let h = slice(x, [0, 0], [1, columns]);
      for (let i = 1; i < rows; i++) h = tanh(add(matMul(h, w), slice(x, [i, 0], [1, columns])));
      return h;
    });
    // dh at each of three steps but the first, whose h is needed by x, and dw once.
    expect(made('matMul')).toBe(3 + 1);
  });

  test('of different heights, and transposed, are right', () => {
    gradients((x, w) =>
      total([
        matMul(slice(x, [0, 0], [1, columns]), tanh(w)),
        matMul(slice(x, [1, 0], [3, columns]), tanh(w)),
        matMul(x, tanh(w), false, true),
        matMul(tanh(w), transpose(x)),
        concat([matMul(x, tanh(w)), x], 0),
      ]),
    );
  });
});
