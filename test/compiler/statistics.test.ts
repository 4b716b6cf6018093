// Mean and variance, and the sums that a scale and an offset learn from, are taken in one pass over memory each: by the
// same numbers as apart.

import { afterEach, describe, expect, test } from 'vitest';
import { differentiate } from '../../src/compiler/differentiate.ts';
import { compilerOptions, Program } from '../../src/compiler/program.ts';
import { engine } from '../../src/engine/engine.ts';
import { Graph, type Value } from '../../src/graph/graph.ts';
import { sum } from '../../src/graph/ops/broadcasting.ts';
import { add, div, mul, relu, sqrt, sub, tanh } from '../../src/graph/ops/elementwise.ts';
import { mean, variance } from '../../src/graph/ops/reductions.ts';
import { input } from '../../src/graph/ops/sources.ts';
import { RandomStream } from '../../src/random/random-stream.ts';

afterEach(() => {
  compilerOptions.fusion = true;
});

interface Case {
  readonly shape: readonly number[];
  readonly axes: readonly number[];
}

const cases: readonly Case[] = [
  { shape: [6, 5], axes: [0] },
  { shape: [600, 20], axes: [0] },
  { shape: [2, 300, 35], axes: [1] },
  // More columns than are taken together.
  { shape: [260, 270], axes: [0] },
  { shape: [5, 7, 9, 33], axes: [0, 1, 2] },
  { shape: [3, 2500], axes: [1] },
  { shape: [1025], axes: [0] },
];
const titled = cases.map((each) => [`${each.shape} over ${each.axes}`, each] as const);

/** Normal numbers around `center`. */
const numbers = (size: number, center: number, stream: number): Float32Array => {
  const random = new RandomStream(7, stream);
  return Float32Array.from({ length: size }, () => center + random.normal());
};

function run(outputs: readonly Value[], given: ReadonlyMap<Value, Float32Array>) {
  const program = new Program(outputs, [], { inputs: [...given.keys()] });
  for (const [value, data] of given) engine().write(program.addressOf(value), data);
  program.run();
  const results = outputs.map((value) => engine().readFloats(program.addressOf(value), value.size).slice());
  const text = program.toString();
  program.dispose();
  return { results, text };
}

/** In float64: mean and variance for each element that is left. */
function exactMoments(data: Float32Array, { shape, axes }: Case) {
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const groups = new Map<number, number[]>();
  for (const [flat, value] of data.entries()) {
    let [rest, place] = [flat, 0];
    const index = shape.map(() => 0);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = rest % shape[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    for (const [axis, size] of kept.entries()) place = place * size + (size === 1 ? 0 : index[axis]);
    groups.set(place, [...(groups.get(place) ?? []), value]);
  }
  return [...groups.keys()]
    .sort((a, b) => a - b)
    .map((place) => {
      const values = groups.get(place)!;
      const average = values.reduce((a, b) => a + b) / values.length;
      return [average, values.reduce((a, b) => a + (b - average) ** 2, 0) / values.length];
    });
}

describe.each(titled)('%s', (_, each) => {
  const momentsOf = (center: number) => {
    const graph = new Graph();
    const x = input(graph, 0, each.shape);
    const data = numbers(x.size, center, 1);
    return { data, ...run([mean(x, each.axes), variance(x, each.axes)], new Map([[x, data]])) };
  };

  test('mean and variance are of one kernel, with the bits that they have apart', () => {
    const together = momentsOf(0);
    expect(together.text).toContain('moments');
    expect(together.text).not.toContain('= mean(');
    compilerOptions.fusion = false;
    const apart = momentsOf(0);
    expect(apart.text).toMatch(/= mean(Chunks)?\(/);
    expect(apart.results).toEqual(together.results);
  });

  test('they are right far from zero, where a sum of squares would hold nothing', () => {
    const { data, results } = momentsOf(10_000);
    for (const [i, [average, spread]] of exactMoments(data, each).entries()) {
      // 256 numbers are added in single precision, which rounds to 2⁻²⁴ each time.
      expect(Math.abs(results[0][i] / average - 1)).toBeLessThan(256 * 2 ** -24);
      expect(results[1][i] / spread).toBeCloseTo(1, 3);
    }
  });

  /** A normalisation with a scale and an offset, and what both and the input learn. */
  const normalized = () => {
    const graph = new Graph();
    const weightShape = each.shape.map((size, axis) => (each.axes.includes(axis) ? 1 : size));
    const x = input(graph, 0, each.shape);
    const [scale, offset] = [1, 2].map((i) => input(graph, i, weightShape));
    const factors = input(graph, 3, each.shape);
    const deviation = sqrt(add(variance(x, each.axes, true), 1e-3));
    const y = relu(add(mul(sub(x, mean(x, each.axes, true)), div(scale, deviation)), offset));
    const loss = sum(mul(y, factors));
    const gradients = differentiate(loss, [x, scale, offset]) as Value[];
    const given = [x, scale, offset, factors].map((value, i) => [value, numbers(value.size, 0, i)] as const);
    return run([loss, ...gradients], new Map(given));
  };

  test('what a scale and an offset learn is summed together, with the same bits', () => {
    const together = normalized();
    const length = each.axes.reduce((size, axis) => size * each.shape[axis], 1);
    const isLongOverColumns = length > 256 && !each.axes.includes(each.shape.length - 1);
    expect(together.text.includes('pairSums')).toBe(isLongOverColumns);
    // The kernel centers by itself where columns are those of the whole array.
    const isOfWholeColumns = isLongOverColumns && each.axes[0] === 0;
    expect(/pairSums(Chunks)?\(%\d+, %\d+, %\d+\)/.test(together.text)).toBe(isOfWholeColumns);
    // That of the loss: what the mean's gradient is the sum of is what the offset learns, scaled.
    if (isLongOverColumns) expect(together.text.match(/= sum\(/g)).toHaveLength(1);
    compilerOptions.fusion = false;
    expect(normalized().results).toEqual(together.results);
  });
});

test.each([15, 16, 64, 85, 270])(
  'sums of %i columns are of chunks of rows, each in the order of the rows',
  (columns) => {
    const rows = 600;
    const x = input(new Graph(), 0, [rows, columns]);
    const data = numbers(x.size, 0, 1);
    const totals = Array.from({ length: columns }, (_, column) => {
      let total = 0;
      for (let begin = 0; begin < rows; begin += 256) {
        let chunk = 0;
        for (let row = begin; row < Math.min(begin + 256, rows); row++)
          chunk = Math.fround(chunk + data[row * columns + column]);
        total += chunk;
      }
      return total;
    });
    expect(run([sum(x, 0)], new Map([[x, data]])).results[0]).toEqual(Float32Array.from(totals));
  },
);

test.each([0, 1])('the array that is summed by itself too may be operand %i of the product', (place) => {
  const graph = new Graph();
  const arrays = [0, 1].map((i) => input(graph, i, [600, 20]));
  const other = arrays[1 - place];
  const outputs = [sum(mul(arrays[0], arrays[1]), 0), sum(arrays[place], 0), add(other, 1)];
  const given = new Map(arrays.map((array, i) => [array, numbers(array.size, 0, i)]));
  const { results, text } = run(outputs, given);
  expect(text.match(/= pairSums(Chunks)?\(/g)).toHaveLength(1);
  expect(text).not.toMatch(/= sum(Chunks)?\(/);
  compilerOptions.fusion = false;
  expect(run(outputs, given).results).toEqual(results);
});

test('a sum takes no part of a product that nobody sums', () => {
  const graph = new Graph();
  const [a, b] = [0, 1].map((i) => input(graph, i, [600, 20]));
  const given = new Map([a, b].map((array, i) => [array, numbers(array.size, 0, i)]));
  const { text } = run([tanh(mul(a, b)), sum(a, 0)], given);
  expect(text).not.toContain('pairSums');
});

describe('sums of products that are taken as they stand', () => {
  const [rows, columns] = [600, 20];
  const [x, y, column, row] = [
    [rows, columns],
    [rows, columns],
    [rows, 1],
    [1, columns],
  ].map((shape, i) => ({ shape, data: numbers(shape[0] * shape[1], 0, i) }));

  type Source = typeof x;
  const at = ({ shape, data }: Source, i: number, j: number) =>
    data[(shape[0] === 1 ? 0 : i) * shape[1] + (shape[1] === 1 ? 0 : j)];

  test.each([
    ['an array is repeated along columns', x, column, (value: Value) => value, Math.fround],
    ['neither is whole', column, row, (value: Value) => value, Math.fround],
    ['neither is there otherwise', x, y, tanh, Math.tanh],
  ])('where %s', (_, a, b, change, exact) => {
    const graph = new Graph();
    const [left, right] = [a, b].map(({ shape }, i) => input(graph, i, shape));
    const products = sum(mul(change(left), change(right)), 0);
    const alone = sum(change(left), 0);
    const given = new Map([
      [left, a.data],
      [right, b.data],
    ]);
    const { results, text } = run([products, alone], given);
    expect(text).not.toContain('pairSums');
    for (const [j, value] of results[0].entries()) {
      let total = 0;
      for (let i = 0; i < rows; i++) total += exact(at(a, i, j)) * exact(at(b, i, j));
      expect(value).toBeCloseTo(total, 3);
    }
  });
});
